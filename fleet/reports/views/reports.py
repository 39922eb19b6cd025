"""Pages of the daily report: the stops of today on a phone, one report, and the decision on it.

A report is sent to the page of its trip, by a plain form or by the script that keeps it until the line is back
(static/fleet/reports/report.js); the script asks for JSON and gets the same answers as a form, in fields.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import can, own_region, require
from accounts.roles import Action
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest
from fleet.models import Trip, VanReport
from fleet.pages.posted import by_page, unknown_act
from fleet.pages.posted import number as number_of
from fleet.pages.tabs import tabs
from fleet.reports.body import ReportBody
from fleet.reports.days import check_window
from fleet.reports.decisions import approve_report, return_report
from fleet.reports.form import ReportForm, report_initial
from fleet.reports.selectors import coming_trips, report_detail, trips_to_report
from fleet.reports.services import Reported, Unconfirmed, body_of, send_report
from fleet.reports.text import headline, message, told_lines
from fleet.schedule.forms import ReasonForm


@never_cache
@require_safe
def report_day(request: PortalRequest) -> HttpResponse:
    """The stops that may be reported now, each with its form, and those of the coming week. Kept on the device by the
    service worker, for the reader alone."""
    require(by=request.user, action=Action.REPORT_WRITE)
    code = own_region(request.user)
    day, now = request.day, request.now
    cards = [_card(trip) for trip in trips_to_report(request.user, code, day, now)]
    coming = coming_trips(request.user, code, day)
    context = {
        "tabs": tabs(request, "report_day"),
        "cards": cards,
        "day": day,
        "coming": coming,
        "coming_forms": [(trip, ReportForm(trip=trip, initial=report_initial(None))) for trip in coming],
        "open": sum(card["form"] is not None for card in cards),
        "user_key": request.user.pk,
    }
    answer = render(request, "fleet/reports/day.html", context)
    answer["X-Keep-Offline"] = str(request.user.pk)
    return answer


def _card(trip: Trip) -> dict[str, Any]:
    """A stop on the page of the day: its form while it waits for a report, else what was told."""
    report: VanReport | None = getattr(trip, "report", None)
    waits = report is None or report.status == "returned"
    form = ReportForm(trip=trip, initial=report_initial(report)) if waits else None
    return {"trip": trip, "report": report, "form": form, **(_in_words(trip, report) if report else {})}


def _in_words(trip: Trip, report: VanReport) -> dict[str, Any]:
    body = body_of(report)
    return {"headline": headline(body), "message": message(trip, body), "lines": told_lines(body)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PortalRequest, number: int) -> HttpResponse:
    """One trip's report with all its versions, and the form that sends or corrects it."""
    if request.method == "POST":
        return _send(request, number)
    found = report_detail(request.user, number)
    form = ReportForm(trip=found.trip, initial=report_initial(found.report))
    return _report_page(request, number, form)


def _report_page(
    request: PortalRequest, number: int, form: ReportForm, *, problem: Refused | None = None, status: int = 200
) -> HttpResponse:
    found = report_detail(request.user, number)
    trip, standing = found.trip, found.report
    own = can(request.user, Action.REPORT_WRITE, trip.village_id)
    versions = [{"version": each, "headline": headline(ReportBody.from_json(each.body))} for each in found.versions]
    context = {
        "tabs": tabs(request, "report_watch"),
        "trip": trip,
        "report": standing,
        "form": form,
        "versions": versions,
        "may_report": own,
        "locked": _lock(trip, standing, request) if own else "",
        "may_decide": standing is not None and can(request.user, Action.REPORT_DECIDE, trip.village_id),
        "questions": _asked(problem),
        "conflict": isinstance(problem, Reported),
        "counts": _count_links(standing),
        "user_key": request.user.pk,
        "return_form": ReasonForm(auto_id="return_%s"),
        **(_in_words(trip, standing) if standing else {}),
    }
    return render(request, "fleet/reports/report.html", context, status=status)


def _lock(trip: Trip, standing: VanReport | None, request: PortalRequest) -> str:
    """Why the trip cannot be reported now, in words; "" when it can."""
    try:
        check_window(trip, standing, request.now)
    except Refused as problem:
        return str(problem)
    return ""


def _count_links(standing: VanReport | None) -> list[tuple[str, str]]:
    """The histories of the counts that the report put into the ledger."""
    if standing is None:
        return []
    trip, body = standing.trip, body_of(standing)
    return [
        (label, reverse("count_history", args=[trip.village_id, document, trip.day.isoformat(), standing.source]))
        for document, label in (("KTP", _("Perekaman KTP-el")), ("KIA", _("KIA terbit")))
        if body.residents(document) is not None
    ]


def _send(request: PortalRequest, number: int) -> HttpResponse:
    try:
        trip = report_detail(request.user, number).trip
        require(by=request.user, action=Action.REPORT_WRITE, code=trip.village_id)
    except Refused as raised:
        if not _wants_json(request):
            raise
        return JsonResponse({"status": "refused", "message": str(raised)}, status=raised.status)
    if request.POST.get("user", str(request.user.pk)) != str(request.user.pk):
        # Somebody else's queue on this device: it waits until that person has logged in.
        return JsonResponse({"status": "login", "message": ""}, status=401)
    form = ReportForm(request.POST, trip=trip)
    problem: Refused | None = None
    if form.is_valid():
        try:
            body = form.body()
            sent = send_report(
                trip=number,
                body=body,
                device=form.device(body, request.user.pk),
                expected=form.expected(),
                confirmed=form.confirmed(),
                stop=form.cleaned_data["stop"],
                reason=form.cleaned_data["reason"],
                act=by_page(request),
            )
        except Refused as raised:
            problem = raised
        else:
            return _sent(request, trip, sent.report)
    if _wants_json(request):
        return _refused_json(form, problem)
    if problem is not None and not isinstance(problem, Unconfirmed):
        form.refuse(problem)
    if isinstance(problem, Reported):  # what is sent next was written with the other version in view
        form.show_version(problem.report.version)
    return _report_page(request, number, form, problem=problem, status=problem.status if problem else form.status)


def _sent(request: PortalRequest, trip: Trip, standing: VanReport) -> HttpResponse:
    body = body_of(standing)
    sentence = _("Laporan %(plate)s terkirim: %(headline)s.") % {"plate": trip.van.plate, "headline": headline(body)}
    if _wants_json(request):
        answer = {"status": "sent", "version": standing.version, "message": sentence, "text": message(trip, body)}
        return JsonResponse(answer)
    messages.success(request, sentence)
    return redirect(f"{reverse('report_day')}#t{trip.pk}" if request.POST.get("expected") == "0" else request.path)


def _wants_json(request: PortalRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused_json(form: ReportForm, problem: Refused | None) -> JsonResponse:
    """Why it was not taken, in the page's language: questions to confirm, a report that stands already, or fields."""
    if isinstance(problem, Unconfirmed):
        told = {"status": "questions", "message": str(problem), "questions": _asked(problem)}
        return JsonResponse(told, status=422)
    if isinstance(problem, Reported):
        body = body_of(problem.report)
        theirs = {"headline": headline(body), "version": problem.report.version}
        return JsonResponse({"status": "conflict", "message": str(problem), "theirs": theirs}, status=409)
    if problem is not None:
        form.refuse(problem)
    errors = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
    status = problem.status if problem else 400
    return JsonResponse({"status": "refused", "message": " ".join(errors.values()), "errors": errors}, status=status)


def _asked(problem: Refused | None) -> list[dict[str, str]]:
    """The questions to confirm, in the page's language."""
    asked = problem.questions if isinstance(problem, Unconfirmed) else []
    return [{"code": each.code, "text": _(each.template) % each.params} for each in asked]


@require_POST
def report_decide(request: PortalRequest, number: int) -> HttpResponse:
    """Approve a report, or return it with the reason; `version` is the one that was read."""
    seen, act = number_of(request.POST.get("version", "")), by_page(request)
    if request.POST.get("act") not in ("approve", "return"):
        raise unknown_act()
    try:
        if request.POST["act"] == "approve":
            approve_report(trip=number, version=seen, act=act)
            messages.success(request, _("Laporan disetujui."))
        else:
            return_report(trip=number, version=seen, reason=request.POST.get("reason", ""), act=act)
            messages.success(request, _("Laporan dikembalikan; angkanya keluar dari cakupan sampai diperbaiki."))
    except Refused as problem:
        if problem.status in (403, 404):
            raise
        messages.error(request, str(problem))
    return redirect(_way_back(request, number))


def _way_back(request: PortalRequest, number: int) -> str:
    return reverse("report_watch") if request.POST.get("from") == "watch" else reverse("report", args=[number])
