""" "Angka resmi": every run by its number, to be opened as it was, and two of them side by side."""

from dataclasses import dataclass
from operator import attrgetter
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts import Act
from accounts.rights import can, home_region, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.figures import long_day
from dukcapil.requests import PortalRequest
from dukcapil.task_queue import wake_workers
from recording.coverage import figures
from recording.coverage.clock_check import jump_words, open_question
from recording.coverage.runs import RunLine, Runs, known_runs, run_numbered, run_of, run_of_day, runs_page
from recording.coverage.voiding import confirm_clock, is_ahead, void_run
from recording.models import CoverageRun, Door
from recording.parsing.days import parse_day
from recording.regions.choices import Choices, chosen_region, page_number, run_number
from recording.regions.selectors import visible_region
from recording.targets.selectors import periods_with_targets


@require_safe
def run_list(request: PortalRequest) -> HttpResponse:
    """The runs, newest first, with what each said of the reader's widest region. ?tanggal= opens that day's run; for a
    day without one the nearest are offered (recording/home/nearest.py)."""
    code = home_region(request.user)
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    region = visible_region(request.user, code)
    choices, number = Choices.of(request, code), page_number(request)
    if request.GET.get("tanggal"):
        return _open_day(request, choices)
    lines, more = runs_page(code, choices.document, number, request.day)
    may_decide = can(request.user, Action.RUN_START)
    jump = open_question(request.now) if may_decide else None
    context = {
        "pair": [line.run for line in lines if line.run.credible][:2],
        "clock_question": jump_words(jump) if jump else "",
        "ahead": [run for run in map(attrgetter("run"), lines) if may_decide and is_ahead(run, request.now)],
        "region": region,
        "choices": choices,
        "lines": [_addresses(line, choices) for line in lines],
        "documents": [(v, label, _list_url(v), here) for v, label, _url, here in choices.documents()],
        "previous_url": _list_url(choices.document, number - 1) if number > 1 else "",
        "next_url": _list_url(choices.document, number + 1) if more else "",
    }
    return render(request, "recording/coverage/runs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: PortalRequest, number: int) -> HttpResponse:
    """Declare a run void, with a reason; the run itself stays as it is."""
    require(by=request.user, action=Action.RUN_START)
    run = run_numbered(number, request.day)
    problem, reason = None, request.POST.get("reason", "")
    if request.method == "POST":
        try:
            void_run(act=Act(request.user, request.now, Door.PAGE), number=number, reason=reason)
        except Refused as refusal:
            problem = refusal
        else:
            messages.success(request, _("Nomor %(number)s dinyatakan tidak berlaku.") % {"number": number})
            return redirect("runs")
    context = {"run": run, "problem": problem, "reason": reason}
    return render(request, "recording/coverage/void_run.html", context, status=problem.status if problem else 200)


@require_POST
def clock_is_right(request: PortalRequest) -> HttpResponse:
    """Confirm the clock after a leap of time: the missed nights are then made."""
    if confirm_clock(act=Act(request.user, request.now, Door.PAGE)):
        wake_workers("recording.run_due")
        messages.success(request, _("Jam dipastikan benar. Malam yang terlewat segera dihitung."))
    return redirect("runs")


@dataclass(frozen=True)
class Side:
    """One region in two runs; None where a run does not know the region."""

    name: str
    url: str
    first: figures.Figure
    second: figures.Figure

    @property
    def difference(self) -> int:
        return self.second.recorded - self.first.recorded


@require_safe
def compare(request: PortalRequest) -> HttpResponse:
    """Two runs (?a= and ?b=) of a region and of those just below it, side by side."""
    code = chosen_region(request)
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices = Choices.of(request, code)
    first, second = run_number(request, "a"), run_number(request, "b")
    if first is None or second is None:
        raise NotFound(N_("Pilih dua angka untuk dibandingkan, misalnya dari daftar Angka resmi."))
    periods = list(periods_with_targets(code, choices.document))
    runs = known_runs([first, second], request.day)
    pair = run_of(runs, first), run_of(runs, second)
    period = figures.period_for(periods, choices.period, pair[1].as_of)
    if period is None:
        return render(request, "recording/coverage/nothing_yet.html")
    sides = [
        figures.region_coverage(
            by=request.user, code=code, document=choices.document, period=period, runs=Runs(run, None, runs[0])
        )
        for run in pair
    ]
    context = {
        "choices": choices,
        "period": period,
        "first": pair[0],
        "second": pair[1],
        "page": sides[1],
        "whole": Side(sides[1].figure.short_name, "", sides[0].figure, sides[1].figure),
        "sides": _sides(sides[0], sides[1], choices, pair[0].number, pair[1].number),
        "documents": [(v, label, _compare_url(code, v, *pair), here) for v, label, _url, here in choices.documents()],
        "explanation": f"{reverse('explanation', args=[code])}?"
        + urlencode({"dokumen": choices.document, "dari": first, "sampai": second}),
    }
    for figure in sides[1].ancestors:
        figure.url = _compare_url(figure.code, choices.document, *pair)
    return render(request, "recording/coverage/compare_runs.html", context)


def _open_day(request: PortalRequest, choices: Choices) -> HttpResponse:
    try:
        day = parse_day(request.GET["tanggal"])
    except Refused as problem:
        raise NotFound(problem.template, problem.field, **problem.params) from problem
    run = run_of_day(day, request.day)
    if run is None:
        raise NotFound(N_("Tidak ada angka untuk %(day)s."), "tanggal", day=long_day(day))
    return redirect(choices.url(run=run.number))


def _list_url(document: str, number: int = 1) -> str:
    return f"{reverse('runs')}?{urlencode({'dokumen': document, 'halaman': number})}"


def _compare_url(code: str, document: str, first: CoverageRun, second: CoverageRun) -> str:
    query = {"a": first.number, "b": second.number, "wilayah": code, "dokumen": document}
    return f"{reverse('compare_runs')}?{urlencode(query)}"


def _addresses(line: RunLine, choices: Choices) -> dict[str, object]:
    query = urlencode({"dokumen": choices.document, "sampai": line.run.number})
    return {
        "line": line,
        "url": choices.url(run=line.run.number),
        "why": f"{reverse('explanation', args=[choices.code])}?{query}",
    }


def _sides(first: figures.RegionCoverage, second: figures.RegionCoverage, choices: Choices, a: int, b: int) -> list[Side]:
    """The regions that either run shows, in the order of the second one (worst first)."""
    before = {figure.code: figure for figure in first.children}
    after = {figure.code: figure for figure in second.children}

    def side(code: str) -> Side:
        figure = after.get(code) or before[code]
        none = figures.Figure(figure.code, figure.name, figure.level)
        address = f"{reverse('compare_runs')}?" + urlencode({"a": a, "b": b, "wilayah": code, "dokumen": choices.document})
        return Side(figure.short_name, address, before.get(code, none), after.get(code, none))

    return [side(code) for code in dict.fromkeys([*after, *before])]
