"""People by service day, as a run read them, of many regions at once: what its forecasts are made from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Sum

from recording.coverage.forecast.night import NEEDED_WORKING_DAYS
from recording.coverage.workdays import last_working_days
from recording.models import CountChange, CoverageRun, LedgerSum, Level, Period

Rows = Iterable[tuple[str, date, int]]
Counts = dict[str, dict[date, int]]
ABOVE = (Level.PROVINCE, Level.CITY, Level.DISTRICT)  # of these the ledger is summed: see ledger_sums.py


def whole_courses(run: CoverageRun, document: str, period: Period, codes: Collection[str]) -> Counts:
    """Of these regions, which are all kelurahan or none, every day of the period up to the run's."""
    if not codes:
        return {}
    return _by_region(_rows(run, document, period.first_day, period, is_village(next(iter(codes))), region__in=codes))


def recent_courses(run: CoverageRun, document: str, period: Period, recorded: Mapping[str, int], begin: date) -> Counts:
    """Of regions of which `recorded` people are known in all, kelurahan or none of them: the days that a forecast needs,
    and what came before these on the day `begin`."""
    if not recorded:
        return {}
    villages = is_village(next(iter(recorded)))
    since = max(period.first_day, last_working_days(run.as_of, NEEDED_WORKING_DAYS)[0])
    levels = (Level.VILLAGE,) if villages else ABOVE
    counts = _by_region(_rows(run, document, since, period, villages, region__level__in=levels))
    courses = {}
    for code, people in recorded.items():
        courses[code] = recent = counts.get(code, {})
        if before := people - sum(recent.values()):
            recent[begin] = recent.get(begin, 0) + before
    return courses


def is_village(code: str) -> bool:
    return code.count(".") == 3


def _rows(run: CoverageRun, document: str, first: date, period: Period, villages: bool, **which: object) -> Rows:
    of_days = which | {"document": document, "day__range": (first, min(period.last_day, run.as_of))}
    if villages:
        changes = CountChange.objects.filter(pk__lte=run.ledger_position, **of_days).values_list("region_id", "day")
        return changes.annotate(people=Sum("delta"))
    sums = LedgerSum.objects.filter(until__lte=run.ledger_position, **of_days).values_list("region_id", "day")
    return sums.annotate(total=Sum("people"))


def _by_region(rows: Rows) -> Counts:
    counts: Counts = defaultdict(dict)
    for code, day, people in rows:
        counts[code][day] = people
    return counts
