"""Vans and their bases: how many there should be, their papers, and the days on which they cannot go out."""

from collections.abc import Collection, Iterable
from datetime import date, time
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from recording.public import Region, RegionalQuerySet

LATEST = time(23, 59)  # opens no stop later


class VanQuerySet(RegionalQuerySet["Van"]):
    path = "base__"

    def visible_to(self, by: Actor) -> Self:
        """The vans whose base `by` may see."""
        return self.allowed_to(by, Action.FLEET_READ)

    def in_use(self, day: date) -> Self:
        """Those that are not retired by then: the day of retirement is the first without the van."""
        return self.filter(Q(retired=None) | Q(retired__gt=day))


class Van(models.Model):
    """A van of the agency (base: the province) or of a Sudin (base: its city). Retired, never deleted."""

    plate = models.CharField(_("nomor polisi"), max_length=12, unique=True)
    base = models.ForeignKey(Region, verbose_name=_("pangkalan"), on_delete=models.PROTECT, related_name="vans")
    sets = models.PositiveSmallIntegerField(_("alat rekam"), help_text="Recording sets on board.")
    retired = models.DateField(_("dinonaktifkan"), null=True, blank=True)

    objects = VanQuerySet.as_manager()

    class Meta:
        ordering = ["base", "plate"]
        verbose_name = _("mobil keliling")
        verbose_name_plural = _("mobil keliling")
        constraints = [models.CheckConstraint(condition=Q(sets__gte=1) & Q(sets__lte=6), name="van_has_one_to_six_sets")]

    def __str__(self) -> str:
        return self.plate

    def is_in_use(self, day: date) -> bool:
        """The same as `in_use`, of a van that is at hand."""
        return self.retired is None or self.retired > day


class BaseQuota(models.Model):
    """How many vans a base should have: 2 for the agency, 3 for a city's Sudin, 0 for Kepulauan Seribu: data."""

    base = models.OneToOneField(
        Region, verbose_name=_("pangkalan"), on_delete=models.PROTECT, primary_key=True, related_name="van_quota"
    )
    vans = models.PositiveSmallIntegerField(_("mobil"))

    class Meta:
        verbose_name = _("kuota mobil")
        verbose_name_plural = _("kuota mobil")

    def __str__(self) -> str:
        return f"{self.base_id}: {self.vans}"


class PaperKind(models.TextChoices):
    """What a van needs on the road, and how long each is valid stands on the paper itself."""

    STNK = "stnk", _("STNK")  # registration certificate
    KIR = "kir", _("Uji berkala (KIR)")  # roadworthiness test
    INSURANCE = "asuransi", _("Asuransi")


class VanPaper(models.Model):
    """The last day of one paper of a van; renewing it replaces the day, and the trail keeps the old one."""

    van = models.ForeignKey(Van, verbose_name=_("mobil"), on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(_("surat"), max_length=10, choices=PaperKind.choices)
    expires = models.DateField(_("berlaku sampai"))

    class Meta:
        ordering = ["expires", "kind"]
        verbose_name = _("surat mobil")
        verbose_name_plural = _("surat mobil")
        constraints = [models.UniqueConstraint(fields=["van", "kind"], name="paper_once_per_van")]

    def __str__(self) -> str:
        return f"{self.van} {self.kind}"


class AbsenceKind(models.TextChoices):
    MAINTENANCE = "maintenance", _("Perawatan")
    DAMAGE = "damage", _("Rusak")
    LENT = "lent", _("Dipinjamkan")


class VanAbsenceQuerySet(models.QuerySet["VanAbsence"]):
    def touching(self, first: date, last: date) -> "VanAbsenceQuerySet":
        """Those that hold any day from `first` to `last`; one without a last day goes on until further notice."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=first), first_day__lte=last)

    def of_vans(self, vans: Collection[int], days: Collection[date]) -> list["VanAbsence"]:
        """Those of these vans that hold any of the days between the first and the last of these, in one query."""
        return list(self.filter(van__in=vans).touching(min(days, default=date.max), max(days, default=date.min)))


class VanAbsence(models.Model):
    """Days on which a van cannot go out, both ends included: the first from an hour on, if it has one, and until further
    notice without a last one. No trip of it stands on them (fleet/guards/rules.py)."""

    van = models.ForeignKey(Van, verbose_name=_("mobil"), on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField(_("hari pertama"))
    from_hour = models.TimeField(_("mulai pukul"), null=True, blank=True, help_text="NULL: the whole of the first day.")
    last_day = models.DateField(_("hari terakhir"), null=True, blank=True, help_text="NULL: until further notice.")
    kind = models.CharField(_("sebab"), max_length=12, choices=AbsenceKind.choices)
    note = models.CharField(_("keterangan"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = VanAbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("mobil tidak siap")
        verbose_name_plural = _("mobil tidak siap")
        constraints = [models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins")]

    def __str__(self) -> str:
        return f"{self.van} {self.first_day} {self.last_day}"

    def holds(self, day: date, opens: time = LATEST) -> bool:
        """Whether the van cannot go out on that day to a stop that opens then; without an hour, late on that day."""
        if self.first_day > day or (self.last_day and self.last_day < day):
            return False
        return not self.from_hour or day > self.first_day or opens >= self.from_hour

    def holds_all_of(self, day: date) -> bool:
        """Whether the van cannot go out at any hour of that day."""
        return self.holds(day, time.min)


def absence_of(absences: Iterable[VanAbsence], van: int, day: date, opens: time = LATEST) -> VanAbsence | None:
    """The one of these for which the van cannot go out then."""
    return next((row for row in absences if row.van_id == van and row.holds(day, opens)), None)
