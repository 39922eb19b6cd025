"""The vans that carry recording sets to the people."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, within
from accounts.roles import Action
from recording.public import Region


class VanQuerySet(models.QuerySet["Van"]):
    def visible_to(self, by: Actor) -> "VanQuerySet":
        """The vans whose base `by` may see."""
        return self.filter(within(by, Action.FLEET_READ, "base__code"))


class Van(models.Model):
    """A van of the agency (base: the province) or of a Sudin (base: its city). Retired, never deleted."""

    plate = models.CharField(_("nomor polisi"), max_length=12, unique=True)
    base = models.ForeignKey(
        Region, verbose_name=_("pangkalan"), on_delete=models.PROTECT, related_name="vans"
    )
    sets = models.PositiveSmallIntegerField(_("alat rekam"), help_text="Recording sets on board.")
    retired = models.DateField(_("berhenti dipakai"), null=True, blank=True)

    objects = VanQuerySet.as_manager()

    class Meta:
        ordering = ["base", "plate"]
        verbose_name = _("mobil keliling")
        verbose_name_plural = _("mobil keliling")
        constraints = [
            models.CheckConstraint(condition=Q(sets__gte=1) & Q(sets__lte=6), name="van_has_one_to_six_sets"),
        ]

    def __str__(self) -> str:
        return self.plate


class BaseQuota(models.Model):
    """How many vans a base should have: 2 for the agency, 3 for a city's Sudin, 0 for Kepulauan Seribu: data."""

    base = models.OneToOneField(
        Region,
        verbose_name=_("pangkalan"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="van_quota",
    )
    vans = models.PositiveSmallIntegerField(_("mobil"))

    class Meta:
        verbose_name = _("kuota mobil")
        verbose_name_plural = _("kuota mobil")

    def __str__(self) -> str:
        return f"{self.base_id}: {self.vans}"
