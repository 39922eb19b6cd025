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
from recording.coverage.arithmetic import bar_width, percent
from recording.coverage.breakdown import FigureBreakdown, figure_breakdown
from recording.coverage.charts.burn_up import shorter_spans
from recording.coverage.charts.tiles import tile_map
from recording.coverage.choices import ChosenFigures
from recording.coverage.course import course_of, pace_of, words_of
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure, RegionCoverage, period_for, plain_figure
from recording.coverage.outlook import outlook
from recording.coverage.views.children import children_columns, missed_below
from recording.coverage.views.strip import change_of, gaps, recent_days
from recording.ledger.rows import source_label
from recording.models import Level, Period, TargetKind, days_around, waits_for_period
from recording.regions.choices import CHART_SPANS, Choices
from recording.targets.selectors import TargetPanel, TargetVersion, versions_on


@dataclass(frozen=True)
class Head:
    """The top of the page; coverage.html adds the forms that belong to one log-in."""

    region: Figure
    document: str
    document_label: str
    ancestors: list[Figure] = field(default_factory=list)
    tabs: list[tuple[str, str, bool]] = field(default_factory=list)
    documents: list[tuple[str, str, str, bool]] = field(default_factory=list)
    periods: list[tuple[str, str, bool]] = field(default_factory=list)
    may_record: bool = False
    record_url: str = ""
    may_recompute: bool = False
    may_make_period: bool = False


def page_without_figures(request: PortalRequest, choices: Choices) -> dict[str, Any]:
    """Without a period, or before anything was ever computed."""
    figure = plain_figure(request.user, choices.code)
    period = period_for(list(Period.objects.all()), choices.period, request.day)
    return {"head": _head(request.user, choices, figure, [], []), "period": period}


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
    versions, speed = versions_on(chosen.periods[period], run.as_of), pace_of(coverage, period, breakdown)
    columns = children_columns(chosen, coverage, breakdown, order)
    return {
        "head": _head(by, choices, coverage.figure, coverage.ancestors, chosen.period_links()),
        "period": period,
        "plan_width": _plan_width(coverage.figure),
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
        "change": change_of(coverage, choices, breakdown.change),
        "recent": recent_days(coverage, choices, breakdown),
        "pace": speed,
        "outlook": outlook(coverage.figure, speed),
        "forecast": words_of(coverage, breakdown),
        "resolved": coverage.figure.resolved,
        "gaps": gaps(coverage, choices),
        "chart": course_of(coverage, period, breakdown, speed, span=choices.span),
        "ranges": _ranges(chosen),
        "tiles": tile_map(coverage.grandchildren) if coverage.figure.level == Level.PROVINCE else None,
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


def _plan_width(figure: Figure) -> str:
    """Where the plan to date stands in the bar; "" where it is the whole target, or there is none."""
    if not figure.target or figure.planned == figure.target:
        return ""
    return bar_width(percent(figure.planned or 0, figure.target))


def _head(by: Actor, choices: Choices, figure: Figure, ancestors: list[Figure], periods: list[tuple[str, str, bool]]) -> Head:
    query = urlencode({"wilayah": choices.code, "dokumen": choices.document})
    return Head(
        figure,
        choices.document,
        choices.document_label,
        ancestors,
        choices.tabs("region"),
        choices.documents(),
        periods if len(periods) > 1 else [],
        may_record=figure.level != Level.PROVINCE and can(by, Action.COUNT_WRITE, choices.code),
        record_url=f"{reverse('record')}?{query}",
        may_recompute=can(by, Action.RUN_START),
        may_make_period=can(by, Action.PERIOD_WRITE),
    )


def _sources(choices: Choices, breakdown: FigureBreakdown) -> list[tuple[str, int, str]]:
    """(words, people, address of its entries) of each source, the largest first."""
    ordered = sorted(breakdown.sources.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (source_label(source), people, f"{choices.url('counts')}&{urlencode({'sumber': source})}") for source, people in ordered
    ]


def _level_label(figures: list[Figure]) -> str:
    return figures[0].level_label if figures else ""


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
