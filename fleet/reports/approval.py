"""The agency approves reports, takes an approval back, or returns a report with the reason and the fields that are wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound
from dukcapil.locks import one_writer
from fleet.models import ReportStatus, Trip, TripStatus, VanReport
from fleet.models.reports import VanReportQuerySet
from fleet.reports.counts import count_keys
from fleet.reports.fields import known_fields
from fleet.vans.free_text import required_text
from recording.public import return_counts, write_audits

MAX_DECISION_LENGTH = 500
WITHOUT_REASON_TIME = timedelta(minutes=10)  # so long one takes back an own approval without saying why


@dataclass(frozen=True)
class Approval:
    """What an approval of many did: these are `approved` by it; what `changed` since it was shown was left out."""

    approved: list[VanReport]
    changed: list[VanReport]


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
        _decide(act, waiting, ReportStatus.APPROVED)
    return reports


def approve_shown(*, act: Act, versions: Mapping[int, int]) -> Approval:
    """Approve the reports of a list as it was shown, by the number of the trip. What was corrected or returned since is
    left out; what was approved in that version already stays as it is."""
    _check_may_decide(act.by, versions)
    with one_writer():
        reports = _decidable_reports(act.by, versions)
        same = [one for one in reports if one.version == versions[one.trip_id] and one.status != ReportStatus.RETURNED]
        waiting = [one for one in same if one.status == ReportStatus.SENT]
        _decide(act, waiting, ReportStatus.APPROVED)
    return Approval(waiting, [one for one in reports if one not in same])


def withdraw_approval(*, act: Act, versions: Mapping[int, int], reason: str = "") -> list[VanReport]:
    """Approved reports wait for a decision again, in the versions that were approved; the ledger holds their counts all the
    while. Answers those that were taken back: what was corrected or returned since is left as it is. Needs a reason, but
    from whoever approved them all within the last ten minutes. Again: nothing changes."""
    _check_may_decide(act.by, versions)
    with one_writer():
        reports = _decidable_reports(act.by, versions)
        approved = [one for one in reports if (one.status, one.version) == (ReportStatus.APPROVED, versions[one.trip_id])]
        if not all(_is_own_and_fresh(one, act) for one in approved):
            sentence = N_("Tulis alasannya; alasan tersimpan dalam riwayat.")
            reason = required_text(reason, "reason", sentence, MAX_DECISION_LENGTH)
        _set_decision(approved, status=ReportStatus.SENT, decision="", decided_at=None, decided_by=None)
        _write_trail(act, "report.withdrawn", approved, reason=reason)
    return approved


def return_report(*, act: Act, trip: int, version: int, reason: str, fields: Collection[str] = ()) -> VanReport:
    """Send a report back with the reason, and the names of the fields that are wrong: its counts are taken out of the
    coverage until it is sent again."""
    _check_may_decide(act.by, [trip])  # whoever may not decide takes no lock
    sentence = N_("Tulis apa yang harus diperbaiki; pelapor membacanya.")
    reason, wrong = required_text(reason, "reason", sentence, MAX_DECISION_LENGTH), known_fields(fields)
    with one_writer():
        (report,) = _decidable_reports(act.by, [trip])
        if (report.status, report.version) == (ReportStatus.RETURNED, version):
            return report
        _check_version(report, version)
        _decide(act, [report], ReportStatus.RETURNED, reason, wrong)
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


def _is_own_and_fresh(report: VanReport, act: Act) -> bool:
    own = report.decided_by_id == (act.author.pk if act.author else None)
    return own and report.decided_at is not None and act.now <= report.decided_at + WITHOUT_REASON_TIME


def _decide(act: Act, reports: Sequence[VanReport], status: str, reason: str = "", wrong: Collection[str] = ()) -> None:
    fields = list(wrong) or None
    _set_decision(reports, status=status, decision=reason, wrong_fields=fields, decided_at=act.now, decided_by=act.author)
    _write_trail(act, f"report.{status}", reports, reason=reason, **({"fields": fields} if fields else {}))


def _set_decision(reports: Sequence[VanReport], **columns: object) -> None:
    VanReport.objects.filter(pk__in=[report.pk for report in reports]).update(**columns)
    for report in reports:
        for name, value in columns.items():
            setattr(report, name, value)


def _write_trail(act: Act, action: str, reports: Sequence[VanReport], **details: object) -> None:
    """One entry for each report."""
    subjects = [(report.trip.van.plate, {"trip": report.trip_id, "version": report.version, **details}) for report in reports]
    write_audits(act=act, action=action, subjects=subjects)
