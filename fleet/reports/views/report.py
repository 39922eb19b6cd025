"""The page of one report, sending it, and the decision on it.

A report is sent to the page of its trip, by a plain form or by the script that keeps it while offline
(static/fleet/reports/report.js); the script asks for JSON and gets the same answers as a form, in fields.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import can
from accounts.roles import Action
from dukcapil.errors import Refused, Unconfirmed
from dukcapil.requests import PortalRequest
from fleet.models import ReportStatus, Trip, VanReport
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.tabs import tabs
from fleet.reports.approval import approve_report, return_report, withdraw_approval
from fleet.reports.body import ReportBody
from fleet.reports.days import check_window
from fleet.reports.fields import field_labels
from fleet.reports.forms import ReportForm, blank_form, report_initial
from fleet.reports.reviews import marks, review
from fleet.reports.selectors import ReportDetail, body_of, names_of_cities, report_detail, stops_of_day, trip_to_report
from fleet.reports.services import AlreadyReported, send_report
from fleet.reports.text import compared, day_message, headline, in_words
from fleet.reports.views.cards import stop_card
from fleet.schedule.forms import ReasonForm
from recording.public import waiting_sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PortalRequest, number: int) -> HttpResponse:
    """One trip's report with all its versions, and the form that sends or corrects it."""
    if request.method == "POST":
        return _send(request, number)
    detail = report_detail(request.user, number)
    if _wants_json(request):
        return JsonResponse(_standing(request, detail))
    return _report_page(request, number, ReportForm(trip=detail.trip, initial=report_initial(detail.report)))


def _standing(request: PortalRequest, detail: ReportDetail) -> dict[str, object]:
    """What stands of a trip, for the script that keeps a report of it which the portal refused."""
    standing, trip = detail.report, detail.trip
    if standing is None or standing.status == ReportStatus.RETURNED:
        return {"version": standing.version if standing else 0, "counts": False}
    shown = _on_the_card(request, trip) if can(request.user, Action.REPORT_WRITE, trip.village_id) else {}
    return {"version": standing.version, "counts": True, "headline": headline(body_of(standing)), **shown}


def _report_page(
    request: PortalRequest, number: int, form: ReportForm, *, problem: Refused | None = None, status: int = 200
) -> HttpResponse:
    detail = report_detail(request.user, number)
    trip, standing = detail.trip, detail.report
    own = can(request.user, Action.REPORT_WRITE, trip.village_id)
    context = {
        "trip": trip,
        "report": standing,
        "form": form,
        "versions": [{"version": row, "headline": headline(ReportBody.from_json(row.body))} for row in detail.versions],
        "may_report": own,
        "locked": _why_locked(trip, standing, request) if own else "",
        **_decision(request, standing),
        "conflict": isinstance(problem, AlreadyReported),
        "counts": _count_links(standing) if standing else [],
        "user_key": request.user.pk,
        "blank": blank_form(trip.day) if own else None,
        "waiting": waiting_sentence() if standing and trip.waits else "",
        "wrong_labels": field_labels(standing.wrong_fields or ()) if standing else "",
        **(in_words(standing) if standing else {}),
    }
    return render(request, "fleet/reports/report.html", context, status=status)


def _decision(request: PortalRequest, standing: VanReport | None) -> dict[str, Any]:
    """What the page shows to one who decides: the report beside what is usual, and the forms of the decision."""
    if standing is None or not can(request.user, Action.REPORT_DECIDE, standing.trip.village_id):
        return {"may_decide": False, "tabs": tabs(request, "report_watch")}
    (reviewed,) = review(request.user, [standing])
    return {
        "may_decide": True,
        "tabs": tabs(request, "report_approvals"),
        "flags": reviewed.flags,
        "compared": compared(reviewed.yields),
        "marks": marks(reviewed),
        "return_form": ReasonForm(auto_id="return_%s"),
        "withdraw_form": ReasonForm(auto_id="withdraw_%s"),
    }


def _why_locked(trip: Trip, standing: VanReport | None, request: PortalRequest) -> str:
    """Why the trip cannot be reported now; "" when it can."""
    try:
        check_window(trip, standing, request.now)
    except Refused as problem:
        return str(problem)
    return ""


def _count_links(standing: VanReport) -> list[tuple[str, str]]:
    """(label, address) of the histories of the counts that the report put into the ledger."""
    trip, body = standing.trip, body_of(standing)
    return [
        (label, reverse("count_history", args=[trip.village_id, document, trip.day.isoformat(), standing.source]))
        for document, label in (("KTP", _("Perekaman KTP-el")), ("KIA", _("KIA terbit")))
        if body.residents(document) is not None
    ]


def _send(request: PortalRequest, number: int) -> HttpResponse:
    try:
        trip = trip_to_report(request.user, number)
    except Refused as problem:
        if not _wants_json(request):
            raise
        return JsonResponse({"status": "refused", "message": str(problem)}, status=problem.status)
    if request.POST.get("user", str(request.user.pk)) != str(request.user.pk):
        # A report of somebody else, kept on this device: it waits until that person has logged in.
        return JsonResponse({"status": "login", "message": ""}, status=401)
    form = ReportForm(request.POST, trip=trip)
    if form.is_valid():
        try:
            sent = send_report(act=by_page(request), trip=number, report=form.report(request.user.pk))
        except Refused as problem:
            return _refused(request, number, form, problem)
        return _sent(request, trip, sent.report)
    return _refused(request, number, form, None)


def _sent(request: PortalRequest, trip: Trip, standing: VanReport) -> HttpResponse:
    body = body_of(standing)
    sentence = _("Laporan %(plate)s terkirim: %(headline)s.") % {"plate": trip.van.plate, "headline": headline(body)}
    sentence = f"{sentence} {waiting_sentence()}" if trip.waits else sentence
    if _wants_json(request):
        return JsonResponse({"status": "sent", "version": standing.version, "message": sentence, **_on_the_card(request, trip)})
    messages.success(request, sentence)
    return redirect(f"{reverse('report_day')}#t{trip.pk}" if request.POST.get("expected") == "0" else request.path)


def _on_the_card(request: PortalRequest, trip: Trip) -> dict[str, str]:
    """What the page of the day shows from now on: the stop with its receipt, and the text of its city's day."""
    stops = stops_of_day(request.user, trip.city, trip.day)
    card = stop_card(next(stop for stop in stops if stop.pk == trip.pk))
    city = names_of_cities([trip.city])[trip.city]
    html = render_to_string("fleet/reports/_done.html", {"card": card, "trip": trip, "report": card["report"]}, request=request)
    return {"card": html, "city": trip.city, "day": trip.day.isoformat(), "text": day_message(city, trip.day, stops)}


def _refused(request: PortalRequest, number: int, form: ReportForm, problem: Refused | None) -> HttpResponse:
    """The form again; `problem` is the refusal of the service, None when the form itself is wrong."""
    if _wants_json(request):
        return _refused_json(form, problem)
    if problem is None:
        return _report_page(request, number, form, status=form.status)
    if isinstance(problem, Unconfirmed):  # the boxes say it all
        form.questions = problem.questions
    else:
        form.refuse(problem)
    if isinstance(problem, AlreadyReported):  # what is sent next was written with the other version in view
        form.show_version(problem.report.version)
    return _report_page(request, number, form, problem=problem, status=problem.status)


def _refused_json(form: ReportForm, problem: Refused | None) -> JsonResponse:
    """Why it was not taken, in the page's language: questions to confirm, a report that stands already, or fields."""
    if isinstance(problem, Unconfirmed):
        questions = [{"code": question.code, "text": str(question)} for question in problem.questions]
        return JsonResponse({"status": "questions", "message": str(problem), "questions": questions}, status=422)
    if isinstance(problem, AlreadyReported):
        theirs = {"headline": headline(body_of(problem.report)), "version": problem.report.version}
        return JsonResponse({"status": "conflict", "message": str(problem), "theirs": theirs}, status=409)
    if problem is not None:
        form.refuse(problem)
    errors = {name: " ".join(map(str, problems)) for name, problems in form.errors.items()}
    sentences = " ".join(errors.values())
    return JsonResponse({"status": "refused", "message": sentences, "errors": errors}, status=form.status)


def _wants_json(request: PortalRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


@require_POST
def report_decide(request: PortalRequest, number: int) -> HttpResponse:
    """Approve a report, return it with the reason and the fields that are wrong, or take its approval back; `version` is
    the one that was read."""
    version, act, action = posted_number(request.POST.get("version", "")), by_page(request), request.POST.get("act")
    reason = request.POST.get("reason", "")
    if action not in ("approve", "return", "withdraw"):
        raise unknown_action()
    try:
        if action == "approve":
            approve_report(trip=number, version=version, act=act)
            messages.success(request, _("Laporan disetujui."))
        elif action == "return":
            return_report(trip=number, version=version, reason=reason, fields=request.POST.getlist("wrong"), act=act)
            messages.success(request, _("Laporan dikembalikan; angkanya keluar dari cakupan sampai diperbaiki."))
        elif withdraw_approval(versions={number: version}, reason=reason, act=act):
            messages.success(request, _("Persetujuan ditarik; laporan menunggu persetujuan lagi."))
    except Refused as problem:
        if problem.status in (403, 404):
            raise
        messages.error(request, str(problem))
    return redirect("report", number=number)
