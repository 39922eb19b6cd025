"""How many people are still to be recorded, kelurahan by kelurahan: the schedule of the vans shows it."""

from dataclasses import dataclass
from datetime import date

from accounts.rights import Actor, region_not_found
from recording.coverage.figures import Figure, figures_of, period_for, with_figures
from recording.coverage.runs import runs_for
from recording.models import CoverageRun, Document, Level, Period, Region


@dataclass(frozen=True)
class Remaining:
    """A kelurahan in the newest run: people still missing to the KTP target; None without a target."""

    code: str
    name: str
    remaining: int | None
    district: str  # its name


def remaining_below(by: Actor, code: str, day: date, *, today: date) -> list[Remaining]:
    """Every kelurahan of a region that is open on a day, with what remains of its KTP target, by code; [] before the first
    run. `code` may be a kelurahan itself. NotFound for a region that `by` may not see, or that holds none then."""
    runs = runs_for(None, today)
    period = period_for(list(Period.objects.all()), None, runs.shown.as_of) if runs else None
    if runs is None or period is None:
        return []
    regions = Region.objects.visible_to(by).below(code).open_on(day)
    figures = figures_of(with_figures(regions, runs.shown, Document.KTP, period).order_by("code"))
    if not figures:
        raise region_not_found(code)
    names = {figure.code: figure.name for figure in figures}
    return [
        Remaining(figure.code, figure.name, figure.remaining, names.get(figure.code[:8], ""))
        for figure in figures
        if figure.level == Level.VILLAGE
    ]


@dataclass(frozen=True)
class OfficialFigures:
    """The KTP figures of the newest official run in its period. Without a run: number 0, no period, figures of nothing."""

    run: int
    as_of: date | None
    period: Period | None
    regions: list[Figure]


def newest_official_run(today: date) -> CoverageRun | None:
    """The run whose figures count: official, credible, and of the latest day."""
    return CoverageRun.objects.official().credible(today).newest_first().first()


def official_figures(by: Actor, code: str, level: Level, first: date, last: date, *, today: date) -> OfficialFigures:
    """Every region of a level below one that is open on any of these days, by code, in three queries."""
    run = newest_official_run(today)
    period = period_for(list(Period.objects.all()), None, run.as_of) if run else None
    regions = Region.objects.visible_to(by).below(code).filter(level=level).open_between(first, last).order_by("code")
    if run is None or period is None:
        rows = regions.values_list("code", "name", "level", "opened", "closed")
        figures = [Figure(code, name, level, opened=opened, closed=closed) for code, name, level, opened, closed in rows]
        return OfficialFigures(0, None, None, figures)
    return OfficialFigures(run.number, run.as_of, period, figures_of(with_figures(regions, run, Document.KTP, period)))
