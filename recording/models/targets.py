"""What should be reached: documents, periods and the versions of targets."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import NegatedExpression
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from recording.models.regions import CountedQuerySet, Region
from recording.parsing.days import ONE_DAY


class Document(models.TextChoices):
    """What is counted. The KIA is issued without biometrics, so it is never called a recording."""

    KTP = "KTP", _("Perekaman KTP-el")
    KIA = "KIA", _("KIA terbit")


FIRST_KTP_EL = date(2009, 6, 23)  # Perpres 26/2009, which introduces the KTP-el: nothing was counted before
DOCUMENTS = frozenset(Document.values)
TARGET_KEY = ("region", "document", "period", "kind")  # what a target is the target of; versions are numbered within


def check_document(document: str, *, field: str = "document", refusal: type[Refused] = Refused) -> None:
    """The refusal of what is none of the documents that are counted; an address that names one is `NotFound`."""
    if document not in DOCUMENTS:
        raise refusal(N_("Dokumen %(document)s tidak dikenal; pilih KTP atau KIA."), field, document=document)


class TargetKind(models.TextChoices):
    TASK = "task", _("Target periode")
    STOCK = "stock", _("Wajib KTP")


class Period(models.Model):
    """A span of days with a name ("2021"). Periods never overlap (the database refuses), so a day has one at most."""

    name = models.CharField(_("nama"), max_length=40, unique=True)
    first_day = models.DateField(_("hari pertama"))
    last_day = models.DateField(_("hari terakhir"))
    made_at = models.DateTimeField(_("dibuat"), null=True, editable=False)  # NULL: before this was noted

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("periode")
        verbose_name_plural = _("periode")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="period_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def waits_for_period(periods: Iterable[Period], day: date) -> bool:
    """Whether no period holds a day. Its counts and reports are kept; they enter the figures with its period."""
    return not any(period.holds(day) for period in periods)


def waits(day: str) -> NegatedExpression:
    """`waits_for_period` in SQL, of the field `day` of the rows that are annotated with it."""
    return ~Exists(Period.objects.filter(first_day__lte=OuterRef(day), last_day__gte=OuterRef(day)))


def days_around(periods: Iterable[Period], day: date) -> tuple[date, date]:
    """The first and the last day of the span that no period holds and in which `day` lies."""
    before = max((period.last_day for period in periods if period.last_day < day), default=None)
    after = min((period.first_day for period in periods if period.first_day > day), default=None)
    return (before + ONE_DAY if before else date.min, after - ONE_DAY if after else date.max)


def days_without_period(periods: Sequence[Period], until: date) -> list[tuple[date, date]]:
    """The spans up to a day that no period holds; none before the first period, which begins the portal's use.
    `periods` by first day."""
    ends = [period.last_day + ONE_DAY for period in periods] or [date.min]
    spans = [days_around(periods, day) for day in ends if day <= until and waits_for_period(periods, day)]
    return [(first, min(last, until)) for first, last in spans]


def due_day(periods: Sequence[Period], day: date) -> date:
    """From when a report of that day is late: the day itself, or the day on which its period was made when people
    waited for that; date.max while it has none. Nobody waited for a period whose predecessor was made afterwards too:
    the portal was not in use then. `periods` by first day."""
    if waits_for_period(periods, day):
        return date.max
    before = next((period for period in reversed(periods) if period.last_day < day), None)
    period = next(period for period in periods if period.holds(day))
    if period.made_at is None or before is None or (before.made_at and business_date(before.made_at) > before.last_day):
        return day
    return max(day, business_date(period.made_at))


class TargetQuerySet(CountedQuerySet["Target"]):
    def uncorrected(self) -> Self:
        """Without those whose own effective date a newer version has: what counts from some day on."""
        same = {name: OuterRef(name) for name in (*TARGET_KEY, "effective_from")}
        return self.exclude(Exists(Target.objects.filter(**same, version__gt=OuterRef("version"))))

    def last_decreed(self) -> Self:
        """Of each target the version that counts last, at the end of its period."""
        same = {name: OuterRef(name) for name in TARGET_KEY}
        newest = Target.objects.filter(**same).order_by("-effective_from", "-version").values("pk")[:1]
        return self.filter(pk=Subquery(newest))


class Target(Authored):
    """One version of one target; never overwritten (the database refuses UPDATE and DELETE).

    In force on a day: the version with the latest `effective_from` that is not later; of several with the same date
    the greatest, which corrects the others. `people` NULL withdraws the target, so that the sum of the children's counts
    again. `opening` (stock only) is how many were recorded before the period began: coverage = (opening + recorded in
    the period) / eligible.
    """

    region = models.ForeignKey(Region, verbose_name=_("wilayah"), on_delete=models.PROTECT, related_name="targets")
    document = models.CharField(_("dokumen"), max_length=3, choices=Document.choices)
    period = models.ForeignKey(Period, verbose_name=_("periode"), on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(_("jenis"), max_length=5, choices=TargetKind.choices)
    version = models.PositiveIntegerField(_("versi"))
    people = models.BigIntegerField(_("jumlah orang"), null=True)
    opening = models.BigIntegerField(_("angka awal"), default=0)
    source = models.CharField(_("sumber"), max_length=200)
    effective_from = models.DateField(_("berlaku sejak"))

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["region", "document", "kind", "version"]
        verbose_name = _("target")
        verbose_name_plural = _("target")
        constraints = [
            models.UniqueConstraint(fields=["region", "document", "period", "kind", "version"], name="target_version_once"),
            models.CheckConstraint(condition=Q(people__gte=0) & Q(opening__gte=0), name="target_not_negative"),
            models.CheckConstraint(condition=~Q(kind="task") | Q(opening=0), name="target_of_a_period_has_no_opening_figure"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.document} {self.kind} v{self.version}"
