"""What of the fleet waits for a reader, for the front page (settings.INBOX_SOURCES)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import can, home_region, own_region
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.reports.selectors import trips_to_report, waiting_for_decision
from fleet.schedule.selectors import requests_seen
from fleet.vans.selectors import papers_ending
from recording.public import InboxItem

SOON = timedelta(days=14)


def items(request: PortalRequest) -> list[InboxItem]:
    """Returned reports first, then reports of today, decisions, requests, and papers that end."""
    if not can(request.user, Action.REPORT_WRITE):
        return []
    day = request.day
    deciding = can(request.user, Action.REPORT_DECIDE)
    return [
        *(_decisions(request) if deciding else _reports(request)),
        *_requests(request, deciding),
        *_papers(request, day),
    ]


def _reports(request: PortalRequest) -> list[InboxItem]:
    trips = trips_to_report(request.user, own_region(request.user), request.day, request.now)
    returned = [trip for trip in trips if hasattr(trip, "report") and trip.report.status == "returned"]
    open_ones = [trip for trip in trips if not hasattr(trip, "report")]
    found, url = [], reverse("report_day")
    for trip in returned:
        values = {"plate": trip.van.plate, "why": trip.report.decision}
        found.append(InboxItem(_("Laporan %(plate)s dikembalikan: %(why)s") % values, url, _("Perbaiki"), urgent=True))
    if open_ones:
        sentence = ngettext("%(n)s laporan mobil ditunggu.", "%(n)s laporan mobil ditunggu.", len(open_ones))
        found.append(InboxItem(sentence % {"n": len(open_ones)}, url, _("Isi laporan"), urgent=True))
    return found


def _decisions(request: PortalRequest) -> list[InboxItem]:
    waiting = waiting_for_decision(request.user, home_region(request.user))
    if not waiting:
        return []
    sentence = ngettext("%(n)s laporan mobil menunggu putusan.", "%(n)s laporan mobil menunggu putusan.", len(waiting))
    return [InboxItem(sentence % {"n": len(waiting)}, reverse("report_watch"), _("Periksa"))]


def _requests(request: PortalRequest, deciding: bool) -> list[InboxItem]:
    """For the agency: those that wait for its answer."""
    seen = requests_seen(request.user, request.day) if deciding else []
    waiting = [each for each in seen if each.status == "open"]
    if not waiting:
        return []
    sentence = ngettext(
        "%(n)s permintaan mobil Dinas menunggu jawaban.", "%(n)s permintaan mobil Dinas menunggu jawaban.", len(waiting)
    )
    return [InboxItem(sentence % {"n": len(waiting)}, reverse("van_requests"), _("Jawab"), urgent=True)]


def _papers(request: PortalRequest, day: date) -> list[InboxItem]:
    papers = [
        paper
        for paper in papers_ending(request.user, day, SOON)
        if can(request.user, Action.VAN_WRITE, paper.van.base_id)
    ]
    if not papers:
        return []
    names = ", ".join(f"{paper.van.plate} ({paper.get_kind_display()})" for paper in papers[:4])
    sentence = ngettext(
        "%(n)s surat mobil habis dalam 14 hari: %(names)s.",
        "%(n)s surat mobil habis dalam 14 hari: %(names)s.",
        len(papers),
    )
    return [InboxItem(sentence % {"n": len(papers), "names": names}, reverse("vans"), _("Lihat mobilnya"))]
