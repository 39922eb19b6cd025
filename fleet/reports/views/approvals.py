"""The reports that wait for a decision: those without a flag approved in one act, the odd ones apart with their reasons.

After each act the page comes back as it was, at the report after the one that was decided: by the fragment of the form's
address without a script, by static/fleet/reports/approval.js with one.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest
from fleet.models import VanReport
from fleet.pages.forms import chosen_day
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.regions import chosen_region, region_choices
from fleet.pages.stops import stop_in_words
from fleet.pages.tabs import tabs
from fleet.reports.approval import approve_shown, return_report, withdraw_approval
from fleet.reports.reviews import MAX_REVIEWED, Review, marks, waiting_days, waiting_reviews
from fleet.reports.text import Compared, compared, headline, other_services

LIST = "persetujuan"  # the anchor of the list itself
ONLY = "only"  # the button of one report in the form of all
JUST_APPROVED = "just_approved"  # in the session, until the next page: what its bar takes back


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_approvals(request: PortalRequest) -> HttpResponse:
    """The list, of a region and of all days or one. A posted form decides, and leads back to it."""
    require(by=request.user, action=Action.REPORT_DECIDE)
    region = chosen_region(request)
    day = chosen_day(request.GET.get("hari"), date.min)
    if request.method == "POST":
        _decide(request)
        return redirect(_address(region.code, day))
    days = waiting_days(request.user, region.code)
    reviews = waiting_reviews(request.user, region.code, day if day > date.min else None)
    reasonable, odd = _rows(reviews)
    context = {
        "tabs": tabs(request, "report_approvals"),
        "region": region,
        "regions": region_choices(request, region, reverse("report_approvals")),
        "address": _address(region.code, day),
        "days": _day_choices(region.code, day, days),
        "total": sum(n for _day, n in days),
        "more": len(reviews) == MAX_REVIEWED,
        "reasonable": reasonable,
        "odd": odd,
        "after_all": _anchor(odd[0].review) if odd else LIST,
        "just_approved": request.session.pop(JUST_APPROVED, None),
    }
    return render(request, "fleet/reports/approvals.html", context)


@dataclass(frozen=True)
class Row:
    """A report of the list: `next` is the anchor of the one after it; `compared` its figures beside the usual ones, `others`
    whom it served besides."""

    review: Review
    next: str
    headline: str
    others: str
    compared: list[Compared]
    marks: list[tuple[str, str, bool]]


def _rows(reviews: list[Review]) -> tuple[list[Row], list[Row]]:
    """The reasonable ones and the odd ones, in the order in which they stand on the page."""
    ordered = sorted(reviews, key=lambda review: bool(review.flags))
    anchors = [*map(_anchor, ordered), LIST]
    rows = [
        Row(review, after, headline(review.body), other_services(review.body), compared(review.yields), marks(review))
        for review, after in zip(ordered, anchors[1:], strict=True)
    ]
    return [row for row in rows if not row.review.flags], [row for row in rows if row.review.flags]


def _anchor(review: Review) -> str:
    return f"l{review.report.pk}"


def _address(code: str, day: date) -> str:
    query = {"wilayah": code} | ({"hari": day.isoformat()} if day > date.min else {})
    return f"{reverse('report_approvals')}?{urlencode(query)}"


def _day_choices(code: str, chosen: date, days: list[tuple[date, int]]) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is chosen) of all days and of each; none where all reports are of one day."""
    if len(days) < 2 and chosen == date.min:
        return []
    label = _("Semua hari (%(n)s)") % {"n": figures.people(sum(n for _day, n in days))}
    of_days = [(f"{figures.short_day(day)} ({figures.people(n)})", _address(code, day), day == chosen) for day, n in days]
    return [(label, _address(code, date.min), chosen == date.min), *of_days]


def _decide(request: PortalRequest) -> None:
    """Do what was pressed, and say what it did; a refusal is said too, so that the list comes back."""
    acts = {"approve": _approve, "return": _return, "undo": _undo}
    act = _approve if ONLY in request.POST else acts.get(request.POST.get("act", ""))
    if act is None:
        raise unknown_action()
    try:
        act(request)
    except Refused as problem:
        if problem.status in (403, 404):
            raise
        messages.error(request, str(problem))


def _shown(request: PortalRequest, name: str = "report") -> dict[int, int]:
    """The version that was shown of each report of the form, by the number of its trip."""
    pairs = [value.partition(":") for value in request.POST.getlist(name)]
    return {posted_number(trip): posted_number(version) for trip, _colon, version in pairs}


def _approve(request: PortalRequest) -> None:
    """All that are ticked, or the one whose button was pressed."""
    shown = _shown(request, ONLY) or _shown(request)
    if not shown:
        messages.error(request, _("Tidak ada laporan yang dipilih."))
        return
    done = approve_shown(act=by_page(request), versions=shown)
    if done.approved:
        request.session[JUST_APPROVED] = {
            "reports": [f"{report.pk}:{report.version}" for report in done.approved],
            "sentence": _sentence(
                done.approved,
                _("Laporan %(report)s disetujui."),
                ngettext("Disetujui %(n)s laporan.", "Disetujui %(n)s laporan.", len(done.approved)),
            ),
        }
    if done.changed:
        sentence = _("Tidak ikut disetujui, karena berubah sesudah daftar ini dibuka: %(reports)s.")
        messages.error(request, sentence % {"reports": "; ".join(stop_in_words(report.trip) for report in done.changed)})


def _return(request: PortalRequest) -> None:
    for trip, version in _shown(request).items():
        reason, fields = request.POST.get("reason", ""), request.POST.getlist("wrong")
        report = return_report(act=by_page(request), trip=trip, version=version, reason=reason, fields=fields)
        sentence = _("Laporan %(report)s dikembalikan; angkanya keluar dari cakupan sampai diperbaiki.")
        messages.success(request, sentence % {"report": stop_in_words(report.trip)})


def _undo(request: PortalRequest) -> None:
    withdrawn = withdraw_approval(act=by_page(request), versions=_shown(request))
    n = len(withdrawn)
    many = ngettext("Persetujuan %(n)s laporan ditarik; menunggu lagi.", "Persetujuan %(n)s laporan ditarik; menunggu lagi.", n)
    messages.success(request, _sentence(withdrawn, _("Persetujuan %(report)s ditarik; menunggu lagi."), many))


def _sentence(reports: list[VanReport], one: str, many: str) -> str:
    """One report is called by its name, several are counted."""
    return one % {"report": stop_in_words(reports[0].trip)} if len(reports) == 1 else many % {"n": figures.people(len(reports))}
