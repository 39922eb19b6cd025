"""The fleet's part of the work list on the front page (settings.WORK_LIST_SOURCES)."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import can, home_region, own_region
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.models import VanReport
from fleet.reports.fields import field_labels
from fleet.reports.selectors import trips_to_report, waiting_for_decision
from fleet.schedule.selectors import visible_requests
from fleet.vans.selectors import papers_ending
from recording.public import WorkItem

EXPIRES_SOON = timedelta(days=14)
MAX_PAPERS_NAMED = 4


def items(request: PortalRequest) -> list[WorkItem]:
    """Returned reports or those to decide on, requests, and papers that end. Which reports are due stands beside the list
    (fleet/notifications/morning.py)."""
    if not can(request.user, Action.REPORT_WRITE):
        return []
    deciding = can(request.user, Action.REPORT_DECIDE)
    reports = _decisions(request) if deciding else _reports(request)
    return [*reports, *(_requests(request) if deciding else []), *_papers(request)]


def _reports(request: PortalRequest) -> list[WorkItem]:
    trips = trips_to_report(request.user, own_region(request.user), request.day, request.now)
    url = reverse("report_day")
    returned = [trip.report for trip in trips if hasattr(trip, "report") and trip.report.status == "returned"]
    return [WorkItem(_returned(report), f"{url}#t{report.pk}", _("Perbaiki"), urgent=True) for report in returned]


def _returned(report: VanReport) -> str:
    values = {"plate": report.trip.van.plate, "why": report.decision, "fields": field_labels(report.wrong_fields or ())}
    if not report.wrong_fields:
        return _("Laporan %(plate)s dikembalikan: %(why)s") % values
    return _("Laporan %(plate)s dikembalikan (%(fields)s): %(why)s") % values


def _decisions(request: PortalRequest) -> list[WorkItem]:
    n = waiting_for_decision(request.user, home_region(request.user)).count()
    sentence = ngettext("%(n)s laporan mobil menunggu persetujuan.", "%(n)s laporan mobil menunggu persetujuan.", n)
    return [WorkItem(sentence % {"n": n}, reverse("report_approvals"), _("Periksa"))] if n else []


def _requests(request: PortalRequest) -> list[WorkItem]:
    """For the agency: those that wait for its answer."""
    n = sum(row.status == "open" for row in visible_requests(request.user, request.day))
    sentence = ngettext("%(n)s permintaan mobil Dinas menunggu jawaban.", "%(n)s permintaan mobil Dinas menunggu jawaban.", n)
    return [WorkItem(sentence % {"n": n}, reverse("van_requests"), _("Jawab"), urgent=True)] if n else []


def _papers(request: PortalRequest) -> list[WorkItem]:
    """Papers of the vans that the reader may change."""
    ending = papers_ending(request.user, request.day, EXPIRES_SOON)
    papers = [paper for paper in ending if can(request.user, Action.VAN_WRITE, paper.van.base_id)]
    names = ", ".join(f"{paper.van.plate} ({paper.get_kind_display()})" for paper in papers[:MAX_PAPERS_NAMED])
    sentence = ngettext(
        "Masa berlaku %(n)s surat kendaraan berakhir dalam 14 hari: %(names)s.",
        "Masa berlaku %(n)s surat kendaraan berakhir dalam 14 hari: %(names)s.",
        len(papers),
    )
    values = {"n": len(papers), "names": names}
    return [WorkItem(sentence % values, reverse("vans"), _("Lihat mobilnya"))] if papers else []
