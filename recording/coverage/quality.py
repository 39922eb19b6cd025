"""How good the data are: nights, what has no target or no report, and days on which nobody entered anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from accounts.rights import Actor
from recording.coverage.figures import Figure, subtree
from recording.models import CoverageRun, CurrentCount, JobDay, Level, Period

NIGHTS_SHOWN = 14


@dataclass(frozen=True)
class Gaps:
    """The open regions of one level without a target, and those with one from which nothing was ever reported."""

    level: str
    label: str
    total: int
    without_target: list[Figure]
    silent: list[Figure]


def gaps(by: Actor, code: str, run: CoverageRun, document: str, period: Period) -> tuple[list[Figure], list[Gaps]]:
    """A region and all below it in a run, and what is missing at each level below it. One query."""
    region, *below = subtree(by, code, run, document, period)
    by_level: dict[str, list[Figure]] = defaultdict(list)
    for figure in below:
        by_level[figure.level].append(figure)
    return [region, *below], [
        Gaps(
            level,
            str(Level(level).label),
            len(figures),
            [figure for figure in figures if figure.target is None],
            [figure for figure in figures if figure.target is not None and not figure.entries],
        )
        for level, figures in by_level.items()
    ]


def people_by_day(by: Actor, code: str, document: str, days: Sequence[date]) -> dict[tuple[str, date], int]:
    """People counted in each region just below `code` on these service days, as stored now; a day without an entry is
    left out: missing is not zero. One query."""
    rows = (
        CurrentCount.objects.visible_to(by)
        .filter(day__in=days, document=document, people__isnull=False)
        .filter(region__links_up__ancestor__parent_id=code)
        .values_list("region__links_up__ancestor_id", "day")
        .annotate(people=Sum("people"))
    )
    return {(child, day): people for child, day, people in rows}


@dataclass(frozen=True)
class Night:
    """One business day and the night that was done for it; None when it was not."""

    day: date
    done: JobDay | None


def nights(last: date, since: date | None) -> list[Night]:
    """The last NIGHTS_SHOWN business days up to `last`, newest first, none before `since`; none at all without it."""
    days = [last - timedelta(days=number) for number in range(NIGHTS_SHOWN)]
    done = {night.day: night for night in JobDay.objects.filter(day__in=days)}
    return [Night(day, done.get(day)) for day in days if since is not None and day >= since]
