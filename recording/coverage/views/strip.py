"""The strip at the top of a page of coverage: where most people are missing, the pace, and what changed and why."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dukcapil import figures
from recording.coverage.arithmetic import bar_width, percent
from recording.coverage.breakdown import FigureBreakdown
from recording.coverage.changes import Difference, named_parts
from recording.coverage.figures import Figure, RegionCoverage, worst_first
from recording.coverage.pace import last_week
from recording.coverage.workdays import is_working_day
from recording.models import ONE_DAY, CoverageRun
from recording.regions.choices import BY_PERCENT, Choices

MAX_GAPS = 5  # regions just below
MAX_GAPS_BELOW = 3  # regions two levels below
MAX_SILENT_NAMED = 6  # regions that have not reported; the others are only counted


@dataclass(frozen=True)
class Gap:
    """A region that has not reached its target. `width`: of its bar, against the largest gap beside it, or its own
    percentage."""

    figure: Figure
    width: str


@dataclass(frozen=True)
class Gaps:
    """Where most people are missing: some regions just below, and two levels below, the worst first. `orders` holds
    (label, address, whether it is the chosen one) of each way to order them."""

    level: str
    just_below: list[Gap]
    further_level: str
    further_below: list[Figure]
    by_percent: bool
    orders: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Change:
    """Why the figure differs from the run before: parts that sum exactly to `total`."""

    sentence: str
    since_run: int
    since_as_of: date
    since_url: str
    url: str
    parts: list[tuple[str, int, str]]
    total: int
    target_change: int


@dataclass(frozen=True)
class Recent:
    """People recorded on the run's own day (None: nobody has reported) and in the seven days up to it; `silent` are
    the regions just below without an entry of that day, the first few by name."""

    day: date
    works: bool
    today: int | None
    week: int
    silent: list[str]
    more_silent: int
    today_url: str


def gaps(coverage: RegionCoverage, choices: Choices) -> Gaps | None:
    """None where nobody is missing in any region below, or no target says so."""
    by_percent = choices.gaps == BY_PERCENT
    order = worst_first if by_percent else _most_missing_first
    behind = sorted((region for region in coverage.children if region.remaining), key=order)
    if not behind:
        return None
    further = sorted((region for region in coverage.grandchildren if region.remaining), key=order)
    most = max(region.remaining or 0 for region in behind)
    return Gaps(
        behind[0].level_label,
        [Gap(each, each.bar_width if by_percent else _share(each, most)) for each in behind[:MAX_GAPS]],
        further[0].level_label if further else "",
        further[:MAX_GAPS_BELOW],
        by_percent,
        [(_("Orang"), choices.url(gaps=None), not by_percent), (_("Persen"), choices.url(gaps=BY_PERCENT), by_percent)],
    )


def _most_missing_first(figure: Figure) -> tuple[int, str]:
    return (-(figure.remaining or 0), figure.code)


def _share(figure: Figure, most: int) -> str:
    return bar_width(percent(figure.remaining or 0, most))


def change_of(coverage: RegionCoverage, choices: Choices, difference: Difference | None) -> Change | None:
    if difference is None or coverage.previous is None:
        return None
    previous = coverage.previous
    return Change(
        _changed(difference.recorded, coverage.run, previous.as_of),
        previous.number,
        previous.as_of,
        choices.url(run=previous.number),
        choices.url("explanation"),
        [part for part in named_parts(difference, (coverage.run.as_of - previous.as_of).days) if part[1]],
        difference.recorded,
        difference.target,
    )


def _changed(people: int, run: CoverageRun, since: date) -> str:
    """By how many people the figure grew or fell since the run before, which need not be of the day before."""
    # Never "yesterday": the page may be read on a later day than that of its run.
    before = _("hari sebelumnya") if run.as_of - since == ONE_DAY else figures.long_day(since)
    if not people:
        return _("Tidak berubah dari %(before)s") % {"before": before}
    sentence = (
        _("Bertambah %(people)s orang dari %(before)s") if people > 0 else _("Berkurang %(people)s orang dari %(before)s")
    )
    return sentence % {"people": figures.people(abs(people)), "before": before}


def recent_days(coverage: RegionCoverage, choices: Choices, breakdown: FigureBreakdown) -> Recent:
    day = coverage.run.as_of
    silent = [child.short_name for child in coverage.children if child.code not in breakdown.today]
    return Recent(
        day,
        is_working_day(day),
        breakdown.days.get(day),
        last_week(breakdown.days, day),
        sorted(silent)[:MAX_SILENT_NAMED],
        max(0, len(silent) - MAX_SILENT_NAMED),
        f"{choices.url('counts')}&tanggal={day.isoformat()}",
    )
