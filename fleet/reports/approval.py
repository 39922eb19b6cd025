"""The agency approves a report, or returns it with the reason."""

from collections.abc import Sequence

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound
from dukcapil.locks import one_writer
from fleet.models import ReportStatus, Trip, TripStatus, VanReport
from fleet.reports.counts import count_keys
from fleet.vans.free_text import required_text
from recording.public import return_counts, write_audits

MAX_DECISION_LENGTH = 500


def approve_report(*, act: Act, trip: int, version: int) -> VanReport:
    """The agency has seen this version and finds it right. Again: nothing changes."""
    report = _decidable_report(act.by, trip)
    with one_writer():
        report.refresh_from_db()
        if (report.status, report.version) == (ReportStatus.APPROVED, version):
            return report
        _check_version(report, version)
        if report.status == ReportStatus.RETURNED:
            raise Conflict(N_("Laporan ini sudah dikembalikan; tunggu perbaikannya."))
        _decide(act, [report], ReportStatus.APPROVED, "")
    return report


def approve_reports(*, act: Act, reports: Sequence[VanReport]) -> None:
    """The agency finds all of these right, which were sent, as they stand in the database at this moment."""
    for city in {report.trip.city for report in reports}:
        require(by=act.by, action=Action.REPORT_DECIDE, code=city)
    with one_writer():
        _decide(act, reports, ReportStatus.APPROVED, "")


def return_report(*, act: Act, trip: int, version: int, reason: str) -> VanReport:
    """Send a report back with the reason: its counts are taken out of the coverage until it is sent again."""
    report = _decidable_report(act.by, trip)
    sentence = N_("Tulis apa yang harus diperbaiki; pelapor membacanya.")
    reason = required_text(reason, "reason", sentence, MAX_DECISION_LENGTH)
    with one_writer():
        report.refresh_from_db()
        if (report.status, report.version) == (ReportStatus.RETURNED, version):
            return report
        _check_version(report, version)
        _decide(act, [report], ReportStatus.RETURNED, reason)
        Trip.objects.filter(pk=report.trip_id).update(status=TripStatus.PUBLISHED)
        return_counts(act=act, keys=count_keys(report), reason=reason)
    return report


def _decidable_report(by: Actor, number: int) -> VanReport:
    trip = Trip.objects.visible_to(by).select_related("van", "village", "report__by").filter(pk=number).first()
    report: VanReport | None = getattr(trip, "report", None)
    if trip is None or report is None:
        raise NotFound(N_("Laporan itu tidak ditemukan."))
    require(by=by, action=Action.REPORT_DECIDE, code=trip.village_id)
    return report


def _check_version(report: VanReport, version: int) -> None:
    """A decision is about the version that was read."""
    if report.version != version:
        raise Conflict(N_("Laporan ini baru saja diperbaiki. Periksa versi %(version)s."), version=report.version)


def _decide(act: Act, reports: Sequence[VanReport], status: str, reason: str) -> None:
    decision = {"status": status, "decision": reason, "decided_at": act.now, "decided_by": act.author}
    VanReport.objects.filter(pk__in=[report.pk for report in reports]).update(**decision)
    for report in reports:
        for name, value in decision.items():
            setattr(report, name, value)
    subjects = [
        (report.trip.van.plate, {"trip": report.trip_id, "version": report.version, "reason": reason}) for report in reports
    ]
    write_audits(act=act, action=f"report.{status}", subjects=subjects)
