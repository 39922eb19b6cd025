"""Everything that the page of coverage shows, put together from the selectors and the pure modules."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Actor, can
from accounts.roles import Action
from dukcapil import figures
from dukcapil.requests import PortalRequest
from recording.coverage.breakdown import FigureBreakdown, figure_breakdown
from recording.coverage.changes import Difference, named_parts
from recording.coverage.charts.burn_up import BurnUp, burn_up, shorter_spans
from recording.coverage.charts.tiles import tile_map
from recording.coverage.choices import ChosenFigures
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure, RegionCoverage, period_for, plain_figure, worst_first
from recording.coverage.pace import Pace, last_week, pace
from recording.coverage.views.children import children_columns, missed_below
from recording.coverage.workdays import is_working_day
from recording.ledger.rows import source_label
from recording.models import ONE_DAY, CoverageRun, Level, Period, RunStatus, TargetKind, days_around, waits_for_period
from recording.regions.choices import CHART_SPANS, Choices
from recording.targets.selectors import TargetPanel, TargetVersion, versions_on

MAX_FURTHEST_BEHIND = 5  # regions two levels below
MAX_SILENT_NAMED = 6  # regions that have not reported; the others are only counted


@dataclass(frozen=True)
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


def page_without_figures(request: PortalRequest, choices: Choices) -> dict[str, Any]:
    """Without a period, or before anything was ever computed."""
    figure = plain_figure(request.user, choices.code)
    period = period_for(list(Period.objects.all()), choices.period, request.day)
    return {"head": _head(request.user, choices, figure, []), "documents": choices.documents(), "period": period}


def coverage_page(by: Actor, chosen: ChosenFigures, order: str = "") -> dict[str, Any]:
    """What templates/recording/coverage/_coverage.html shows of the chosen region and run: two queries beside those of
    `chosen_figures`."""
    choices, run, period = chosen.choices, chosen.run, chosen.period
    coverage = chosen.region_coverage(by)
    breakdown = figure_breakdown(
        choices.code,
        run,
        coverage.previous,
        document=choices.document,
        period=period,
        missed=missed_below(by, chosen, coverage),
    )
    for figure in [*coverage.ancestors, *coverage.children, *coverage.grandchildren]:
        figure.url = choices.url(code=figure.code)
    for child in coverage.children:
        child.today = breakdown.today.get(child.code)
    coverage.figure.today = breakdown.days.get(run.as_of)
    going = _pace(coverage, period, breakdown)
    columns = children_columns(chosen, coverage, breakdown, order)
    versions, furthest = versions_on(chosen.periods[period], run.as_of), _furthest_behind(coverage)
    return {
        "head": _head(by, choices, coverage.figure, coverage.ancestors),
        "documents": choices.documents(),
        "period": period,
        "periods": chosen.period_links(),
        "run": run,
        "row": coverage.figure,
        "stock": coverage.figure.stock,
        "children": coverage.children,
        "columns": columns,
        "children_order": order,
        "children_label": _level_label(coverage.children),
        "below_label": _level_label(coverage.grandchildren),
        "children_done": coverage.done,
        "children_remaining": sum(child.remaining or 0 for child in coverage.children),
        "without_target": coverage.without_target,
        "target_note": _target_note(coverage, versions),
        "change": _change(coverage, choices, breakdown.change),
        "recent": _recent(coverage, choices, breakdown),
        "pace": going,
        "chart": _chart(chosen, coverage, breakdown, going),
        "ranges": _ranges(chosen),
        "tiles": tile_map(coverage.grandchildren) if coverage.figure.level == Level.PROVINCE else None,
        "worst": furthest[0] if furthest else None,
        "furthest": furthest,
        "sources": _sources(choices, breakdown),
        "targets": _targets(by, chosen, coverage, versions),
        "definitions": definitions(choices.document),
        "counts_url": choices.url("counts"),
        "older_run": run != coverage.newest,
        "void_url": reverse("void_run", args=[run.number]) if _may_void(by, chosen) else "",
        "waiting_since": _waiting_since(chosen),
        "newest_url": choices.url(run=None),
    }


def _targets(by: Actor, chosen: ChosenFigures, coverage: RegionCoverage, versions: list[TargetVersion]) -> TargetPanel:
    choices = chosen.choices
    return TargetPanel(
        versions,
        chosen.run.as_of,
        coverage.figure.target is not None,
        _level_label(coverage.children),
        choices.url("region_targets", run=None),
        can(by, Action.TARGET_WRITE, choices.code),
    )


def _may_void(by: Actor, chosen: ChosenFigures) -> bool:
    """On the page of one run, asked for by its number."""
    return chosen.choices.run is not None and not chosen.run.voided and can(by, Action.RUN_START)


def _waiting_since(chosen: ChosenFigures) -> date | None:
    """The first of the days up to the run's that no period holds: their counts are in none of its figures."""
    periods, day = list(chosen.periods), chosen.run.as_of
    return days_around(periods, day)[0] if waits_for_period(periods, day) else None


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


def _change(coverage: RegionCoverage, choices: Choices, difference: Difference | None) -> Change | None:
    if difference is None or coverage.previous is None:
        return None
    previous = coverage.previous
    return Change(
        _changed(difference.recorded, coverage.run, previous.as_of),
        previous.number,
        previous.as_of,
        choices.url(run=previous.number),
        choices.url("explanation"),
        [part for part in named_parts(difference) if part[1]],
        difference.recorded,
        difference.target,
    )


def _changed(people: int, run: CoverageRun, since: date) -> str:
    """By how many people the figure grew or fell since the run before, which need not be of the day before."""
    if run.as_of - since != ONE_DAY:
        before = figures.long_day(since)
    else:  # "yesterday" is only right while the run's own day lasts
        before = _("kemarin") if run.status == RunStatus.PROVISIONAL else _("hari sebelumnya")
    if not people:
        return _("Tidak berubah dari %(before)s") % {"before": before}
    sentence = (
        _("Bertambah %(people)s orang dari %(before)s") if people > 0 else _("Berkurang %(people)s orang dari %(before)s")
    )
    return sentence % {"people": figures.people(abs(people)), "before": before}


def _recent(coverage: RegionCoverage, choices: Choices, breakdown: FigureBreakdown) -> Recent:
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


def _sources(choices: Choices, breakdown: FigureBreakdown) -> list[tuple[str, int, str]]:
    """(words, people, address of its entries) of each source, the largest first."""
    ordered = sorted(breakdown.sources.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (source_label(source), people, f"{choices.url('counts')}&{urlencode({'sumber': source})}") for source, people in ordered
    ]


def _level_label(figures: list[Figure]) -> str:
    return figures[0].level_label if figures else ""


def _furthest_behind(coverage: RegionCoverage) -> list[Figure]:
    behind = [region for region in coverage.grandchildren if region.target is not None and not region.reached]
    return sorted(behind, key=worst_first)[:MAX_FURTHEST_BEHIND]


def _pace(coverage: RegionCoverage, period: Period, breakdown: FigureBreakdown) -> Pace:
    return pace(
        breakdown.days,
        total=coverage.figure.recorded,
        remaining=coverage.figure.remaining,
        first_day=period.first_day,
        last_day=period.last_day,
        as_of=coverage.run.as_of,
    )


def _chart(chosen: ChosenFigures, coverage: RegionCoverage, breakdown: FigureBreakdown, going: Pace) -> BurnUp:
    return burn_up(
        first_day=chosen.period.first_day,
        last_day=chosen.period.last_day,
        as_of=coverage.run.as_of,
        recorded=breakdown.days if coverage.figure.entries else {},
        targets=breakdown.targets,
        expected=going.expected if going.days_left else None,
        span=chosen.choices.span,
    )


def _ranges(chosen: ChosenFigures) -> list[tuple[str, int, bool]]:
    """(address, days, whether it is shown) of the whole period, as 0 days, and of the spans that show less of it; none
    where the period is too young for any."""
    choices, period = chosen.choices, chosen.period
    shorter = shorter_spans(CHART_SPANS, period.first_day, min(chosen.run.as_of, period.last_day))
    spans = [days for days in CHART_SPANS if days in shorter or days == choices.span]
    return [(choices.url(span=days or None), days, days == (choices.span or 0)) for days in (0, *spans)] if spans else []


def _target_note(coverage: RegionCoverage, versions: list[TargetVersion]) -> str:
    """Own target and the sum of the children's both exist and differ: say so."""
    in_force = (version.row for version in versions if version.in_force)
    own = next((target.people for target in in_force if target.kind == TargetKind.TASK), None)
    below = coverage.children_target
    if own is None or below is None or own == below:
        return ""
    return _("Target wilayah ini ditetapkan %(own)s, sedangkan jumlah target wilayah di bawahnya %(below)s.") % {
        "own": figures.people(own),
        "below": figures.people(below),
    }
