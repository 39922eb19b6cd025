""" "Mengapa berubah?": the difference between any two runs, region by region, down to the rows of the ledger."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage import figures
from recording.coverage.changes import UNCOVERED, Comparison, Difference, changes_behind, changes_page, differences, part_words
from recording.coverage.runs import Runs, known_runs, run_before, run_of, run_on
from recording.ledger.rows import change_row, source_label
from recording.models import CoverageRun, Period, name_on
from recording.regions.choices import Choices, run_number
from recording.regions.selectors import visible_region
from recording.targets.selectors import periods_with_targets

MAX_RUNS_OFFERED = 40  # the newest, in the lists of the form


@dataclass(frozen=True)
class Pair:
    """The two chosen runs, with the period of the later one; `swapped`: the address named them the other way round."""

    choices: Choices
    earlier: CoverageRun
    later: CoverageRun
    period: Period
    periods: list[Period]
    runs: list[CoverageRun]
    swapped: bool

    @property
    def compared(self) -> Comparison:
        return Comparison(self.earlier, self.later, self.choices.document, self.period)

    @property
    def days(self) -> int:
        """From the day of the earlier run to that of the later one."""
        return (self.later.as_of - self.earlier.as_of).days

    def url(self, to: str = "explanation", **other: object) -> str:
        """The address of a page about these two runs with other choices."""
        chosen = {
            "code": self.choices.code,
            "dokumen": self.choices.document,
            "periode": self.period.name,
            "dari": self.earlier.number,
            "sampai": self.later.number,
        } | other
        return f"{reverse(to, args=[chosen.pop('code')])}?{urlencode(chosen)}"


@dataclass(frozen=True)
class Line:
    """One region: its figure in the later run, and what it was before. `cells` are (name, people, address) by cause."""

    figure: figures.Figure
    difference: Difference
    cells: list[tuple[str, int, str]]

    @property
    def before(self) -> int:
        return self.figure.recorded - self.difference.recorded

    @property
    def target_before(self) -> int | None:
        return ((self.figure.target or 0) - self.difference.target) or None


@require_safe
def explanation(request: PortalRequest, code: str) -> HttpResponse:
    """The difference between ?dari= and ?sampai= of a region and of those just below it, by cause."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    pair = _pair(request, code)
    if pair is None:
        visible_region(request.user, code)
        return render(request, "recording/coverage/nothing_yet.html")
    coverage = figures.region_coverage(
        by=request.user,
        code=code,
        document=pair.choices.document,
        period=pair.period,
        runs=Runs(pair.later, pair.earlier, pair.runs[0]),
    )
    for figure in coverage.ancestors:
        figure.url = pair.choices.url("explanation", code=figure.code)
    context = {
        "page": coverage,
        "pair": pair,
        "tabs": pair.choices.tabs("explanation"),
        "offered": _offered(pair),
        "shortcuts": _shortcuts(pair),
        "documents": [(v, label, pair.url(dokumen=v), here) for v, label, _url, here in pair.choices.documents()],
        "periods": [(p.name, pair.url(periode=p.name), p == pair.period) for p in pair.periods],
        "older_region": coverage.figure.code,
    } | _lines(pair, coverage)
    return render(request, "recording/coverage/explanation.html", context)


@require_safe
def ledger_rows(request: PortalRequest, code: str) -> HttpResponse:
    """The rows of the ledger behind one cell of the explanation: ?bagian= names its cause. From the position ?mulai= on, or
    before ?sebelum=; nonsense is the newest page."""
    require(by=request.user, action=Action.COUNT_READ, code=code)
    pair, part = _pair(request, code), request.GET.get("bagian", "")
    words = part_words(pair.days if pair else 1)
    if part not in words:
        raise NotFound(N_("Bagian %(part)s tidak dikenal."), "part", part=part[:40])
    if pair is None:
        return render(request, "recording/coverage/nothing_yet.html")
    region = visible_region(request.user, code, pair.later.as_of)
    difference = differences(pair.compared, [code])[code]
    behind = changes_behind(pair.compared, code, part).select_related("posting__by", "region")
    behind = behind.annotate(name_then=name_on(pair.later.as_of, OuterRef("region_id"), F("region__name")))
    found = changes_page(behind, start=_position(request, "mulai"), before=_position(request, "sebelum"))
    context = {
        "region_name": region.name_then,
        "pair": pair,
        "part": part,
        "name": words[part][0],
        "meaning": words[part][1],
        "total": getattr(difference, part),
        "rows": [_row(row) for row in found.rows],
        "back": pair.url(),
        "newest_url": pair.url("ledger_rows", bagian=part) if found.newer_before else "",
        "previous_url": pair.url("ledger_rows", bagian=part, sebelum=found.newer_before) if found.newer_before else "",
        "next_url": pair.url("ledger_rows", bagian=part, mulai=found.older_from) if found.older_from else "",
    }
    return render(request, "recording/coverage/ledger_rows.html", context)


def _position(request: PortalRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _pair(request: PortalRequest, code: str) -> Pair | None:
    """The two runs of the address: by default the newest one (?run= or ?sampai=) and the one before it."""
    choices = Choices.of(request, code)
    until = run_number(request, "sampai") or choices.run
    since = run_number(request, "dari")
    periods = list(periods_with_targets(code, choices.document))
    runs = known_runs([number for number in (since, until) if number is not None], request.day)
    if not runs:
        return None
    later = run_of(runs, until) if until is not None else runs[0]
    earlier = run_of(runs, since) if since is not None else (run_before(runs, later) or later)
    swapped = earlier.number > later.number
    if swapped:
        earlier, later = later, earlier
    period = figures.period_for(periods, choices.period, later.as_of)
    return Pair(choices, earlier, later, period, periods, runs, swapped) if period else None


def _lines(pair: Pair, coverage: figures.RegionCoverage) -> dict[str, object]:
    """The lines of the table, the largest change first, and the names of the causes that occur."""
    shown = [coverage.figure, *coverage.children]
    by_code = differences(pair.compared, [figure.code for figure in shown])
    parts = {
        part: words
        for part, words in part_words(pair.days).items()
        if part == "new" or any(getattr(difference, part) for difference in by_code.values())
    }

    def line(figure: figures.Figure) -> Line:
        difference = by_code[figure.code]
        figure.url = pair.url(code=figure.code)
        return Line(
            figure,
            difference,
            [
                (words[0], getattr(difference, part), pair.url("ledger_rows", code=figure.code, bagian=part))
                for part, words in parts.items()
            ],
        )

    lines = sorted((line(child) for child in coverage.children), key=lambda row: -abs(row.difference.recorded))
    return {"whole": line(coverage.figure), "lines": lines, "parts": list(parts.values())}


def _offered(pair: Pair) -> list[CoverageRun]:
    chosen = [run for run in pair.runs[MAX_RUNS_OFFERED:] if run in (pair.earlier, pair.later)]
    return [*pair.runs[:MAX_RUNS_OFFERED], *chosen]


def _shortcuts(pair: Pair) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the chosen one) of the spans that people ask for, up to the same later run."""
    spans = [(_("1 hari"), 1), (_("7 hari"), 7), (_("30 hari"), 30)]
    days = [(label, pair.later.as_of - timedelta(days=number)) for label, number in spans]
    days.append((_("sejak awal periode"), pair.period.first_day))
    older = [run for run in pair.runs if run.number < pair.later.number]
    runs = [(label, run_on(older, day) or (older[-1] if older else None)) for label, day in days]
    return [(label, pair.url(dari=run.number), run == pair.earlier) for label, run in runs if run]


def _row(change: Any) -> dict[str, object]:
    row = change_row(change)
    return row | {
        "day": change.day,
        "region_name": change.name_then,
        "region_code": change.region_id,
        "source_label": source_label(change.source),
        "uncovered": change.part == UNCOVERED,
        "history_url": reverse(
            "count_history", args=[change.region_id, change.document, change.day.isoformat(), change.source]
        ),
    }
