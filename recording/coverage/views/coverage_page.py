"""Everything that the page of coverage shows, put together from the selectors and the pure modules."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Actor, can
from accounts.roles import Action
from dukcapil import figures
from dukcapil.requests import PortalRequest
from recording.coverage.arithmetic import bar_width
from recording.coverage.breakdown import FigureBreakdown, figure_breakdown
from recording.coverage.changes import Difference, named_parts
from recording.coverage.charts.burn_up import BurnUp, burn_up
from recording.coverage.charts.tiles import TileMap, tile_map
from recording.coverage.choices import Asked
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure, RegionCoverage, period_for, plain_figure, region_coverage, worst_first
from recording.coverage.pace import Pace, last_week, pace
from recording.coverage.workdays import is_working_day
from recording.models import CoverageRun, Level, Period, Source, TargetKind
from recording.regions.choices import Choices
from recording.targets import selectors as targets

FURTHEST = 5  # regions two levels below that are furthest behind
NAMED = 6  # of the regions that have not reported; the others are counted


@dataclass
class Head:
    """The top of the page; coverage.html adds the forms that belong to one log-in."""

    region: Figure
    document: str
    document_label: str
    ancestors: list[Figure] = field(default_factory=list)
    tabs: list[tuple[str, str, bool]] = field(default_factory=list)
    may_record: bool = False
    record_url: str = ""
    may_recompute: bool = False


@dataclass(frozen=True)
class Change:
    """Why the figure differs from the run before: parts that sum exactly to `total`."""

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


@dataclass
class Page:
    """Everything that templates/recording/coverage/_coverage.html shows."""

    head: Head
    documents: list[tuple[str, str, str, bool]]
    period: Period | None = None
    periods: list[tuple[str, str, bool]] = field(default_factory=list)
    run: CoverageRun | None = None
    row: Figure | None = None
    stock: dict[str, object] | None = None
    children: list[Figure] = field(default_factory=list)
    today: dict[str, int] = field(default_factory=dict)
    children_label: str = ""
    below_label: str = ""
    children_done: int = 0
    children_remaining: int = 0
    without_target: int = 0
    target_note: str = ""
    change: Change | None = None
    recent: Recent | None = None
    pace: Pace | None = None
    chart: BurnUp | None = None
    tiles: TileMap[Figure] | None = None
    worst: Figure | None = None
    furthest: list[Figure] = field(default_factory=list)
    sources: list[tuple[str, int, str]] = field(default_factory=list)
    targets: list[dict[str, object]] = field(default_factory=list)
    own_target: bool = False
    definitions: list[tuple[str, str, str]] = field(default_factory=list)
    counts_url: str = ""
    older_run: bool = False
    newest_url: str = ""


def page_without_figures(request: PortalRequest, choices: Choices) -> Page:
    """Without a period, or before anything was ever computed."""
    figure = plain_figure(request.user, choices.code)
    period = period_for(list(Period.objects.all()), choices.period, request.day)
    return Page(_head(request.user, choices, figure, []), choices.documents(), period=period)


def coverage_page(by: Actor, asked: Asked) -> Page:
    """The region of the address as of the run asked for: two queries beside those of `asked`."""
    choices, run, period = asked.choices, asked.run, asked.period
    found = region_coverage(by=by, code=choices.code, document=choices.document, period=period, runs=asked.runs)
    told = figure_breakdown(choices.code, run, found.previous, document=choices.document, period=period)
    for figure in [*found.ancestors, *found.children, *found.grandchildren]:
        figure.url = choices.url(code=figure.code)
    page = Page(
        head=_head(by, choices, found.figure, found.ancestors),
        documents=choices.documents(),
        period=period,
        periods=asked.period_links(),
        run=run,
        row=found.figure,
        stock=_stock(found.figure),
        change=_change(found, choices, told.change),
        recent=_recent(found, choices, told),
        sources=_sources(choices, told),
        definitions=definitions(choices.document),
        counts_url=choices.url("counts"),
        older_run=run != found.newest,
        newest_url=choices.url(run=None),
    )
    _add_children(page, found, told)
    _add_course(page, found, told)
    _add_targets(page, found, targets.versions_on(asked.periods[period], run.as_of))
    return page


def _head(by: Actor, choices: Choices, figure: Figure, ancestors: list[Figure]) -> Head:
    query = urlencode({"wilayah": choices.code, "dokumen": choices.document})
    return Head(
        figure,
        choices.document,
        choices.document_label,
        ancestors,
        choices.tabs("region"),
        may_record=figure.level != Level.PROVINCE and can(by, Action.COUNT_WRITE, choices.code),
        record_url=f"{reverse('record')}?{query}",
        may_recompute=can(by, Action.RUN_START),
    )


def _stock(figure: Figure) -> dict[str, object] | None:
    stock = figure.stock
    if stock is None:
        return None
    return {
        "recorded": stock.recorded,
        "eligible": stock.target,
        "percent": stock.percent,
        "bar_width": bar_width(stock.percent),
    }


def _change(found: RegionCoverage, choices: Choices, difference: Difference | None) -> Change | None:
    if difference is None or found.previous is None:
        return None
    former = found.previous
    return Change(
        former.number,
        former.as_of,
        choices.url(run=former.number),
        choices.url("explanation"),
        [part for part in named_parts(difference) if part[1]],
        difference.recorded,
        difference.target,
    )


def _recent(found: RegionCoverage, choices: Choices, told: FigureBreakdown) -> Recent:
    day = found.run.as_of
    silent = [child.short_name for child in found.children if child.code not in told.today]
    return Recent(
        day,
        is_working_day(day),
        told.days.get(day),
        last_week(told.days, day),
        sorted(silent)[:NAMED],
        max(0, len(silent) - NAMED),
        f"{choices.url('counts')}&tanggal={day.isoformat()}",
    )


def _sources(choices: Choices, told: FigureBreakdown) -> list[tuple[str, int, str]]:
    """(words, people, address of its entries) of each source, the largest first."""
    labels = dict(Source.choices)
    ordered = sorted(told.sources.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (str(labels.get(source, source)), people, f"{choices.url('counts')}&{urlencode({'sumber': source})}")
        for source, people in ordered
    ]


def _add_children(page: Page, found: RegionCoverage, told: FigureBreakdown) -> None:
    page.children, page.children_done = found.children, found.done
    page.without_target = found.without_target
    page.children_label = found.children[0].level_label if found.children else ""
    page.below_label = found.grandchildren[0].level_label if found.grandchildren else ""
    page.children_remaining = sum(child.remaining or 0 for child in found.children)
    for child in found.children:
        child.today = told.today.get(child.code)
    page.row.today = told.days.get(found.run.as_of) if page.row else None  # type: ignore[union-attr]


def _add_course(page: Page, found: RegionCoverage, told: FigureBreakdown) -> None:
    """How it went so far and what is still required: chart, pace and map."""
    period, run, figure = page.period, page.run, found.figure
    if period is None or run is None:
        return
    page.pace = pace(
        told.days,
        total=figure.recorded,
        remaining=figure.remaining,
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=run.as_of,
    )
    page.chart = burn_up(
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=run.as_of,
        recorded=told.days if figure.entries else {},
        targets=told.targets,
    )
    if figure.level == Level.PROVINCE:
        page.tiles = tile_map(found.grandchildren)
    behind = [each for each in found.grandchildren if each.target is not None and not each.reached]
    page.furthest = sorted(behind, key=worst_first)[:FURTHEST]
    page.worst = page.furthest[0] if page.furthest else None


def _add_targets(page: Page, found: RegionCoverage, versions: list[targets.TargetVersion]) -> None:
    page.targets = [_version(version) for version in versions]
    page.own_target = any(v.in_force and v.row.kind == TargetKind.TASK for v in versions)
    page.target_note = _target_note(found, versions)


def _target_note(found: RegionCoverage, versions: list[targets.TargetVersion]) -> str:
    """Own target and the sum of the children's both exist and differ: say so."""
    own = next((v.row.people for v in versions if v.in_force and v.row.kind == TargetKind.TASK), None)
    below = found.children_target
    if own is None or below is None or own == below:
        return ""
    return _("Target wilayah ini ditetapkan %(own)s, sedangkan jumlah target wilayah di bawahnya %(below)s.") % {
        "own": figures.people(own),
        "below": figures.people(below),
    }


def _version(version: targets.TargetVersion) -> dict[str, object]:
    row = version.row
    return {
        "version": row.version,
        "people": row.people,
        "source": row.source,
        "effective_from": row.effective_from,
        "kind_label": TargetKind(row.kind).label,
        "in_force": version.in_force,
    }
