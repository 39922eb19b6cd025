"""A period that was mistyped is corrected while no official figure was made with it; what its days hold is shown before."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Sum

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from recording.audit import write_audit
from recording.ledger.checks import check_year
from recording.models import ONE_DAY, PERIOD_CORRECT, CoverageFigure, CurrentCount, Period, RunStatus
from recording.parsing.free_text import free_text


@dataclass(frozen=True)
class PeriodContent:
    """How many days a period would have, and the counts of these days that stand in the portal already."""

    first_day: date
    last_day: date
    days: int
    counts: int
    people: int


def period_content(by: Actor, first_day: date, last_day: date) -> PeriodContent:
    """Refused when the last day comes before the first."""
    check_days(first_day, last_day)
    counts = CurrentCount.objects.visible_to(by).filter(day__range=(first_day, last_day), people__isnull=False)
    found = counts.aggregate(counts=Count("day"), people=Sum("people"))
    return PeriodContent(first_day, last_day, (last_day - first_day + ONE_DAY).days, found["counts"], found["people"] or 0)


def check_days(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Refused(N_("Hari terakhir mendahului hari pertama."), "last_day")
    check_year(first_day, "first_day")


def correctable(periods: list[Period]) -> set[str]:
    """The names of those that no official run has read, also none that is void: its figures are frozen with their days."""
    read = CoverageFigure.objects.filter(run__status=RunStatus.OFFICIAL, period__in=periods).values_list("period", flat=True)
    taken = set(read.distinct())
    return {period.name for period in periods if period.pk not in taken}


def correct_period(*, act: Act, period: str, name: str, first_day: date, last_day: date) -> Period:
    """Give the period another name and other days; the same ones again change nothing. Targets stay with it."""
    require(by=act.by, action=Action.PERIOD_WRITE)
    name = free_text(name, "name", longest=40)
    if not name:
        raise Refused(N_("Beri nama periode, misalnya 2021."), "name")
    check_days(first_day, last_day)
    with one_writer():
        stored = Period.objects.filter(name=period).first()
        if stored is None:
            raise NotFound(N_("Periode %(name)s tidak ada."), "period", name=period[:40])
        before = (stored.name, stored.first_day, stored.last_day)
        if before == (name, first_day, last_day):
            return stored
        if stored.name not in correctable([stored]):
            raise Conflict(
                N_("Periode %(name)s sudah dipakai angka resmi; tanggalnya tidak dapat diubah lagi."), name=stored.name
            )
        others = Period.objects.exclude(pk=stored.pk)
        if others.filter(name=name).exists():
            raise Conflict(N_("Periode %(name)s sudah ada dengan tanggal lain."), "name", name=name)
        other = others.filter(first_day__lte=last_day, last_day__gte=first_day).first()
        if other:
            raise Refused(N_("Tanggalnya bertumpuk dengan periode %(other)s."), "first_day", other=other.name)
        newest = stored.targets.aggregate(newest=Max("effective_from"))["newest"]
        if newest and newest > last_day:
            raise Refused(N_("Ada target periode ini yang baru berlaku sesudah hari terakhir itu."), "last_day")
        stored.name, stored.first_day, stored.last_day = name, first_day, last_day
        stored.save(update_fields=["name", "first_day", "last_day"])
        days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
        was = {"name": before[0], "first_day": before[1].isoformat(), "last_day": before[2].isoformat()}
        write_audit(act=act, action=PERIOD_CORRECT, subject=name, details=days | {"before": was})
    return stored
