"""The tree of regions by Kemendagri code (decree Kepmendagri 300.2.2-2138/2025): province to kelurahan."""

from collections.abc import Collection
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, within
from accounts.roles import Action


class Level(models.TextChoices):
    PROVINCE = "province", _("Provinsi")
    CITY = "city", _("Kota/kabupaten")
    DISTRICT = "district", _("Kecamatan")
    VILLAGE = "village", _("Kelurahan")


Row = TypeVar("Row", bound=models.Model, covariant=True)


class RegionalQuerySet(models.QuerySet[Row]):
    """Rows that belong to a region. `path` leads from a row to its region, "__" at its end."""

    path = "region__"

    def below(self, code: str) -> Self:
        """Those of a region and of every region in it: one join over the tree, which also carries the largest sums."""
        return self.filter(**{f"{self.path}links_up__ancestor": code})

    def allowed_to(self, by: Actor, action: Action) -> Self:
        """Those that `by` may reach with this action."""
        return self.filter(within(by, action, f"{self.path}code"))

    def numbered(self, numbers: Collection[int]) -> dict[int, Row]:
        """Those of these numbers that are there. An address may hold one that no column can: it finds nothing."""
        return self.in_bulk([number for number in numbers if abs(number) <= models.BigIntegerField.MAX_BIGINT])


def is_beyond(region: str, day: str) -> Q:
    """The rows whose field `day` lies outside of the days of their region; `region` leads to it, without "__"."""
    return Q(**{f"{region}__opened__gt": F(day)}) | Q(**{f"{region}__closed__lt": F(day)})


class RegionQuerySet(RegionalQuerySet["Region"]):
    path = ""

    def visible_to(self, by: Actor) -> Self:
        """The regions whose figures `by` may read; lists, choices and pages start from here."""
        return self.allowed_to(by, Action.COVERAGE_READ)

    def open_on(self, day: date) -> Self:
        """Those that count on a day: what is offered for it."""
        return self.open_between(day, day)

    def open_between(self, first: date, last: date) -> Self:
        """Those that count on any of these days."""
        return self.filter(Q(opened=None) | Q(opened__lte=last), Q(closed=None) | Q(closed__gte=first))

    def named_on(self, day: date) -> Self:
        """Each with `name_then`, its name on a day."""
        return self.annotate(name_then=name_on(day, OuterRef("pk"), F("name")))


def name_on(day: date | OuterRef, region: OuterRef, name: F) -> Coalesce:
    """The name of a region on a day as an expression: the former one of that day, else `name`, the present one."""
    former = FormerName.objects.filter(region=region, last_day__gte=day).order_by("last_day")
    return Coalesce(Subquery(former.values("name")[:1]), name)


class CountedQuerySet(RegionalQuerySet[Row]):
    """Counts, their changes and targets: whoever reads counts reads all three."""

    def visible_to(self, by: Actor) -> Self:
        """Those of the regions in which `by` reads counts."""
        return self.allowed_to(by, Action.COUNT_READ)


class Region(models.Model):
    """A region is never deleted: one that is merged away gets a `closed` day and keeps its history."""

    code = models.CharField(_("kode"), max_length=13, primary_key=True)
    name = models.CharField(_("nama"), max_length=100)
    level = models.CharField(_("tingkat"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey(
        "self", verbose_name=_("wilayah di atasnya"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    opened = models.DateField(_("dibuka"), null=True, blank=True, help_text="First day; empty: as long as anyone counts.")
    closed = models.DateField(_("ditutup"), null=True, blank=True, help_text="Last day; empty: still open.")
    name_then: str  # only after named_on()

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(opened__isnull=True) | Q(closed__gte=models.F("opened")),
                name="region_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def is_open_on(self, day: date) -> bool:
        """Open from its first day to its last day, both included."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or day <= self.closed)


class FormerName(models.Model):
    """A name that a region had from a first to a last day. Kept by `load_regions` when a region is renamed; those of a
    region follow each other without a gap, and the present name follows the last of them."""

    region = models.ForeignKey(Region, verbose_name=_("wilayah"), on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("nama lama"), max_length=100)
    first_day = models.DateField(_("hari pertama"), null=True, blank=True, help_text="Empty: as long as anyone counts.")
    last_day = models.DateField(_("hari terakhir"))

    class Meta:
        ordering = ["region", "last_day"]
        verbose_name = _("nama lama")
        verbose_name_plural = _("nama lama")
        constraints = [
            models.UniqueConstraint(fields=["region", "last_day"], name="former_name_ends_once"),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__gte=models.F("first_day")), name="former_name_lasts_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegionAlias(models.Model):
    """A spelling that `normalise` cannot derive. Unique per level: 27 kelurahan are named like a kecamatan."""

    region = models.ForeignKey(Region, verbose_name=_("wilayah"), on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(_("ejaan"), max_length=100)
    normalised = models.CharField(max_length=100, db_index=True)

    class Meta:
        verbose_name = _("ejaan lain")
        verbose_name_plural = _("ejaan lain")
        constraints = [models.UniqueConstraint(fields=["region", "normalised"], name="alias_once_per_region")]

    def __str__(self) -> str:
        return self.alias


class RegionTree(models.Model):
    """Every region with itself and each region above it. Kept by `load_regions`; sums roll up over it in one join."""

    pk = models.CompositePrimaryKey("descendant", "ancestor")
    descendant = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="links_up", db_index=False)
    ancestor = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="links_down")

    class Meta:
        verbose_name = _("susunan wilayah")
        verbose_name_plural = _("susunan wilayah")

    def __str__(self) -> str:
        return f"{self.descendant_id} < {self.ancestor_id}"
