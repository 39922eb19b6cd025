"""Counts of days that no period holds yet: kept in the ledger, in no figure until the period is made."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, Sum
from django.utils.translation import gettext as _

from accounts.rights import Actor
from recording.models import CurrentCount, Period, days_without_period


@dataclass(frozen=True)
class WaitingCounts:
    """`counts` of `people` wait for a period; the oldest of them is of `first_day`."""

    counts: int
    people: int
    first_day: date


def waiting_counts(by: Actor, periods: list[Period], today: date, code: str = "") -> WaitingCounts | None:
    """What waits in a region and below it ("": everywhere that `by` sees); None when nothing does. `periods` by first
    day. Without a query while every day up to today has a period."""
    days = Q()
    for first, last in days_without_period(periods, today):
        days |= Q(day__range=(first, last))
    if not days:
        return None
    counts = CurrentCount.objects.visible_to(by).filter(days, people__isnull=False)
    row = (counts.below(code) if code else counts).aggregate(counts=Count("day"), people=Sum("people"), first_day=Min("day"))
    return WaitingCounts(**row) if row["counts"] else None


def waiting_sentence() -> str:
    """What a writer is told of such a count or report."""
    return _("Hari itu menunggu periodenya: angkanya tersimpan dan masuk cakupan begitu Dinas membuat periode.")
