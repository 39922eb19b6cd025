"""Coverage as everybody reads it: the figures of a run, of one region with its children, of a subtree, of levels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Q

from accounts.rights import Actor, region_not_found
from dukcapil.errors import N_, NotFound
from dukcapil.region_codes import is_strictly_within
from recording.coverage.arithmetic import Coverage, band
from recording.coverage.changes import Comparison, Difference, differences
from recording.coverage.not_recorded import NotRecorded
from recording.coverage.plan import Plan
from recording.coverage.runs import Runs
from recording.coverage.standing import Standing
from recording.models import CoverageRun, Level, Period, Region
from recording.parsing.region_names import is_code, line_of, short_name
from recording.regions.selectors import visible_region


@dataclass
class Figure:
    """One region's figures in one run, under the name of the run's day. `entries` 0 means that nobody has entered anything:
    missing, not zero. `plan`: that of the period as of the run's day, where a page tells how the figure stands."""

    code: str
    name: str
    level: str
    recorded: int = 0
    entries: int = 0
    target: int | None = None
    eligible: int | None = None
    opening: int | None = None
    opened: date | None = None
    closed: date | None = None
    url: str = ""
    below: "Below | None" = None
    today: int | None = None  # people recorded on the run's own day, where a page tells it
    plan: Plan | None = None
    # What tables of regions tell (recording/coverage/tables/): in what the region lies, people per working day that are needed
    # until the end of the period, who could not be recorded, and its figure of the other document.
    place: str = ""
    needed: int | None = None
    not_recorded: NotRecorded | None = None
    beside: "Figure | None" = None

    @property
    def short_name(self) -> str:
        return short_name(self.name)

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)

    @property
    def coverage(self) -> Coverage:
        """Against the target of the period (capaian target)."""
        return Coverage(self.recorded, self.target)

    @property
    def stock(self) -> Coverage | None:
        """Recorded ever against the eligible (cakupan); None where the eligible are not known."""
        return None if self.eligible is None else Coverage(self.recorded + (self.opening or 0), self.eligible)

    @property
    def percent(self) -> Decimal | None:
        return self.coverage.percent

    @property
    def remaining(self) -> int | None:
        return self.coverage.remaining

    @property
    def surplus(self) -> int:
        return self.coverage.surplus

    @property
    def reached(self) -> bool:
        return self.coverage.reached

    @property
    def resolved(self) -> Coverage | None:
        """Recorded, and confirmed that they cannot be, against the target (daftar tertangani); None where nobody was
        confirmed, or there is no target."""
        confirmed = self.not_recorded.confirmed if self.not_recorded else 0
        return Coverage(self.recorded + confirmed, self.target) if self.target and confirmed else None

    @property
    def planned(self) -> int | None:
        """People that the straight plan wants by the run's day; None without a target. All of it without a plan."""
        return self.target if self.target is None or self.plan is None else self.plan.to_date(self.target)

    @property
    def ahead(self) -> int | None:
        """People recorded beyond the plan to date, negative behind it; None without a target."""
        return None if self.planned is None else self.recorded - self.planned

    @property
    def behind(self) -> int:
        """People missing to the plan to date; 0 without a target."""
        return max(0, -(self.ahead or 0))

    @property
    def standing(self) -> Standing:
        """The target first, then the plan to date."""
        if self.target is None:
            return Standing.NONE
        if self.reached:
            return Standing.OVER if self.surplus else Standing.DONE
        if not self.entries:
            return Standing.SILENT
        return Standing.BEHIND if self.behind else Standing.ON_PLAN

    @property
    def band(self) -> int | None:
        return band(self.percent)

    @property
    def bar_width(self) -> str:
        return self.coverage.bar_width


@dataclass(frozen=True)
class Below:
    """How many of the regions just below one have reached their target, of how many ("kecamatan tuntas n/m")."""

    done: int
    total: int


@dataclass
class RegionCoverage:
    """A region in a run: its own figure, those above it (highest first), those just below it (worst first), and those
    two levels below it (by code), from which each child knows how many of its own are done."""

    run: CoverageRun
    previous: CoverageRun | None
    newest: CoverageRun
    figure: Figure
    ancestors: list[Figure]
    children: list[Figure]
    grandchildren: list[Figure]

    @property
    def without_target(self) -> int:
        return sum(child.target is None for child in self.children)

    @property
    def done(self) -> int:
        """How many children have reached their target ("kecamatan tuntas n dari m")."""
        return sum(child.reached for child in self.children)

    @property
    def children_target(self) -> int | None:
        """The sum of the children's targets; None when not one child has any."""
        targets = [child.target for child in self.children if child.target is not None]
        return sum(targets) if targets else None


def period_for(periods: list[Period], name: str | None, day: date) -> Period | None:
    """The period of that name, else the one that holds the day, else the last one begun; None without any."""
    if name is not None:
        for period in periods:
            if period.name == name:
                return period
        raise NotFound(N_("Periode %(name)s tidak ada."), "period", name=name)
    begun = [period for period in periods if period.first_day <= day]
    return begun[-1] if begun else (periods[0] if periods else None)


def region_coverage(*, by: Actor, code: str, document: str, period: Period, runs: Runs) -> RegionCoverage:
    """A region with the regions above and just below it in one query. Unknown or not visible: NotFound."""
    if not is_code(code):
        raise region_not_found(code[:40])
    rows = with_figures(Region.objects.visible_to(by), runs.shown, document, period)
    near = Q(code__in=line_of(code)) | Q(parent=code) | Q(parent__parent=code)
    figures = figures_of(rows.filter(near), plan_of(runs.shown, period))
    own = next((figure for figure in figures if figure.code == code), None)
    if own is None:
        raise region_not_found(code)
    day = runs.shown.as_of
    above = [figure for figure in figures if is_strictly_within(code, figure.code)]
    below = [figure for figure in figures if is_strictly_within(figure.code, code) and shown_figure(figure, day)]
    depth = code.count(".") + 1
    children = [figure for figure in below if figure.code.count(".") == depth]
    grandchildren = sorted((f for f in below if f.code.count(".") > depth), key=lambda f: f.code)
    for child in children:
        its_own = [figure for figure in grandchildren if is_strictly_within(figure.code, child.code)]
        child.below = Below(sum(figure.reached for figure in its_own), len(its_own))
    return RegionCoverage(
        *runs, own, sorted(above, key=lambda f: len(f.code)), sorted(children, key=worst_first), grandchildren
    )


def subtree(by: Actor, code: str, run: CoverageRun, document: str, period: Period) -> list[Figure]:
    """A region and everything below it in a run, down to the kelurahan, by code, in one query; NotFound as above."""
    if not is_code(code):
        raise region_not_found(code[:40])
    rows = with_figures(Region.objects.visible_to(by).below(code), run, document, period)
    figures = figures_of(rows.order_by("code"), plan_of(run, period))
    if not figures:
        raise region_not_found(code)
    return [figure for figure in figures if figure.code == code or shown_figure(figure, run.as_of)]


def plain_figure(by: Actor, code: str) -> Figure:
    """A region before anything was ever computed: its name and no numbers."""
    region = visible_region(by, code)
    return Figure(region.code, region.name, region.level)


def with_figures(regions, run, document, period):  # type: ignore[no-untyped-def]
    """Rows for `figures_of`: regions with what a run says of them; nothing in place of the numbers without a figure."""
    of_run = FilteredRelation("figures", condition=Q(figures__run=run, figures__document=document, figures__period=period))
    numbers = (f"of_run__{name}" for name in ("recorded", "entries", "target", "eligible", "opening"))
    named = regions.named_on(run.as_of).annotate(of_run=of_run)
    return named.values_list("code", "name_then", "level", *numbers, "opened", "closed")


def figures_of(rows: Iterable[tuple[Any, ...]], plan: Plan | None = None) -> list[Figure]:
    """The figures of rows of `with_figures`."""
    return [figure_of(row, plan) for row in rows]


def figure_of(row: tuple[Any, ...], plan: Plan | None = None) -> Figure:
    code, name, level, recorded, entries, *others = row
    figure = Figure(code, name, level, recorded or 0, entries or 0, *others)
    figure.plan = plan
    return figure


def plan_of(run: CoverageRun, period: Period) -> Plan:
    """The straight plan of a period as of a run's day."""
    return Plan(period.first_day, period.last_day, run.as_of)


def shown_figure(figure: Figure, day: date) -> bool:
    """One that is not open on the day is listed where it has figures in the period."""
    is_open = (figure.opened or day) <= day <= (figure.closed or day)
    return is_open or figure.entries > 0 or figure.target is not None


def worst_first(figure: Figure) -> tuple[bool, Decimal, str]:
    """Smallest percentage first; without a target last."""
    return (figure.percent is None, figure.percent or Decimal(0), figure.code)


def change_since_previous(coverage: RegionCoverage, document: str, period: Period) -> Difference | None:
    """Why the region's figure differs from the run before; None when there is none."""
    if coverage.previous is None:
        return None
    code = coverage.figure.code
    return differences(Comparison(coverage.previous, coverage.run, document, period), [code])[code]


def run_figures(run: CoverageRun, document: str, period: Period, levels: list[str]) -> list[Figure]:
    """All regions of these levels in a run, by code, also those without a figure. For doors that see everything."""
    rows = with_figures(Region.objects.filter(level__in=levels), run, document, period).order_by("code")
    return [figure for figure in figures_of(rows, plan_of(run, period)) if shown_figure(figure, run.as_of)]
