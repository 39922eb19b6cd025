"""The agency approves a report, or returns it with the reason."""

from collections.abc import Collection, Mapping, Sequence

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound
from dukcapil.locks import one_writer
from fleet.models import ReportStatus, Trip, TripStatus, VanReport
from fleet.models.reports import VanReportQuerySet
from fleet.reports.counts import count_keys
from fleet.vans.free_text import required_text
from recording.public import return_counts, write_audits

MAX_DECISION_LENGTH = 500


def approve_report(*, act: Act, trip: int, version: int) -> VanReport:
    """The agency has seen this version and finds it right; see `approve_reports`."""
    (report,) = approve_reports(act=act, versions={trip: version})
    return report


def approve_reports(*, act: Act, versions: Mapping[int, int]) -> list[VanReport]:
    """The agency has seen these versions, by the number of the trip, and finds them right: all or none. Again: nothing
    changes."""
    _check_may_decide(act.by, versions)  # whoever may not decide takes no lock
    with one_writer():
        reports = _decidable_reports(act.by, versions)
        waiting = [one for one in reports if (one.status, one.version) != (ReportStatus.APPROVED, versions[one.trip_id])]
        for report in waiting:
            _check_version(report, versions[report.trip_id])
            if report.status == ReportStatus.RETURNED:
                raise Conflict(N_("Laporan ini sudah dikembalikan; tunggu perbaikannya."))
        _decide(act, waiting, ReportStatus.APPROVED, "")
    return reports


def return_report(*, act: Act, trip: int, version: int, reason: str) -> VanReport:
    """Send a report back with the reason: its counts are taken out of the coverage until it is sent again."""
    _check_may_decide(act.by, [trip])  # whoever may not decide takes no lock
    sentence = N_("Tulis apa yang harus diperbaiki; pelapor membacanya.")
    reason = required_text(reason, "reason", sentence, MAX_DECISION_LENGTH)
    with one_writer():
        (report,) = _decidable_reports(act.by, [trip])
        if (report.status, report.version) == (ReportStatus.RETURNED, version):
            return report
        _check_version(report, version)
        _decide(act, [report], ReportStatus.RETURNED, reason)
        Trip.objects.filter(pk=report.trip_id).update(status=TripStatus.PUBLISHED)
        return_counts(act=act, keys=count_keys(report), reason=reason)
    return report


def _decidable_reports(by: Actor, trips: Collection[int]) -> list[VanReport]:
    """The reports of these trips; NotFound when `by` may not see one, or there is none."""
    return _decidable(by, trips, VanReport.objects.select_related("trip__van", "trip__village", "by"))


def _check_may_decide(by: Actor, trips: Collection[int]) -> None:
    """Raise what `_decidable_reports` raises, without reading the reports."""
    _decidable(by, trips, VanReport.objects.select_related("trip").only("trip__village"))


def _decidable(by: Actor, trips: Collection[int], reports: VanReportQuerySet) -> list[VanReport]:
    visible = reports.visible_to(by).numbered(trips)
    if not visible.keys() >= set(trips):
        raise NotFound(N_("Laporan itu tidak ditemukan."))
    for report in visible.values():
        require(by=by, action=Action.REPORT_DECIDE, code=report.trip.village_id)
    return [visible[trip] for trip in trips]


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
