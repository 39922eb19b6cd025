"""Sending a daily report. What it counts goes into the coverage in the same transaction. Approving it: approval.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from accounts.acts import Act
from accounts.models import User
from dukcapil.errors import N_, Conflict, Refused, Unconfirmed
from dukcapil.locks import one_writer
from fleet.models import (
    ReportKind,
    ReportLine,
    ReportNotFound,
    ReportStatus,
    ReportVersion,
    Trip,
    TripStatus,
    VanAbsence,
    VanReport,
    absence_of,
)
from fleet.reports.body import ReportBody, check_body, questions
from fleet.reports.counts import post_counts
from fleet.reports.days import check_window
from fleet.reports.selectors import check_may_send, other_recordings, trips_to_send, usual_figures
from recording.public import OF_TRIP, free_text

MAX_DEVICE_LENGTH, MAX_TEXT_LENGTH = 40, 500


class AlreadyReported(Conflict):
    """This trip was reported meanwhile: `report` is what stands, and the writer decides."""

    def __init__(self, report: VanReport, author: User | None) -> None:
        self.report = report
        if author and report.by_id == author.pk:
            super().__init__(N_("Anda sudah melaporkan jadwal ini. Bandingkan, lalu putuskan mana yang benar."))
            return
        who = report.by.full_name if report.by else "Sistem"
        super().__init__(N_("%(who)s sudah melaporkan jadwal ini. Bandingkan, lalu putuskan mana yang benar."), who=who)


@dataclass(frozen=True)
class ReportInput:
    """What is sent about a trip.

    `device` is the id of this sending, minted where it was typed. `expected` is the version that the writer saw, 0 for
    none. `confirmed` are the codes of the questions answered with yes. `reason` explains a correction. `token` is the
    trip's token as the writer saw it, "" when nobody looked at a page.
    """

    body: ReportBody
    device: str
    expected: int = 0
    confirmed: Collection[str] = ()
    reason: str = ""
    token: str = ""


@dataclass(frozen=True)
class Sent:
    """The report as it stands; `repeated`: it stood so already and nothing was written."""

    report: VanReport
    repeated: bool = False


def send_report(*, act: Act, trip: int, report: ReportInput) -> Sent:
    """Report a trip, or correct its report. Safe to repeat: the same `device` with the same body is answered as before.

    When another version stands by now than the `expected` one, AlreadyReported carries it. A stop that was moved since
    the writer saw it is not reported for another place. The same figures again change nothing. A correction of a report
    that was sent or approved needs a `reason`, makes a new version and must be approved again. KTP recordings and KIA
    issued of residents are posted to the ledger at once, provisionally; what was blanked is taken out. What is unlikely
    is asked once (Unconfirmed). Refused with a sentence: a trip that was cancelled or not published, a closed day
    without a permit, a body that `check_body` refuses.
    """
    (sent,) = _send(act, {trip: report}, asks=True)
    return sent


def send_reports(*, act: Act, reports: Mapping[int, ReportInput]) -> list[Sent]:
    """The reports of many stops, by the number of the trip, all or none, each as by `send_report`. Only what is unlikely
    is not asked: for a past that is told as a whole."""
    return _send(act, reports, asks=False)


def _send(act: Act, reports: Mapping[int, ReportInput], *, asks: bool) -> list[Sent]:
    check_may_send(act.by, reports)  # whoever may not send them takes no lock
    cleaned = {trip: _clean(report) for trip, report in reports.items()}
    with one_writer():
        stops = trips_to_send(act.by, cleaned)
        sendings = [_Sending(stops[trip], report, getattr(stops[trip], "report", None)) for trip, report in cleaned.items()]
        sent = _sent_before(act, sendings)
        new = [one for one in sendings if one.stop.pk not in sent]
        _check(act, new)
        if asks:
            new = [one._replace(confirmed=_confirmed(act, one)) for one in new]
        sent |= {report.pk: Sent(report) for report in _write(act, new)}
    return [sent[trip] for trip in cleaned]


class _Sending(NamedTuple):
    """What is sent: of which stop, instead of which report, and the questions answered with yes."""

    stop: Trip
    report: ReportInput
    standing: VanReport | None = None
    confirmed: Sequence[str] = ()


def _write(act: Act, checked: Sequence[_Sending]) -> list[VanReport]:
    """The reports, their versions, and in the ledger what they count."""
    stored = _store(act, checked)
    told = [(report, one.report) for report, one in zip(stored, checked, strict=True)]
    ReportVersion.objects.bulk_create(_version(act, *pair) for pair in told)
    for reason in {one.report.reason for one in checked}:
        post_counts(act, [(report, sent.body) for report, sent in told if sent.reason == reason], reason)
    return stored


def _clean(report: ReportInput) -> ReportInput:
    """The same with its free texts stripped; no NIK in them, and a device id of ASCII letters, digits and hyphens."""
    body = replace(report.body, obstacles=free_text(report.body.obstacles, "obstacles", longest=MAX_TEXT_LENGTH))
    reason = free_text(report.reason, "reason", longest=MAX_TEXT_LENGTH)
    device = report.device
    if not 0 < len(device) <= MAX_DEVICE_LENGTH or not device.isascii() or not device.replace("-", "").isalnum():
        raise Refused(N_("Kunci kiriman tidak sah. Muat ulang formulir."), "device")
    return replace(report, body=body, reason=reason)


def _sent_before(act: Act, sendings: Sequence[_Sending]) -> dict[int, Sent]:
    """What is answered already, by trip: a device id that was sent before with its first answer, the figures that stand
    with the report that says them. A device id with another body or from somebody else is refused."""
    versions = ReportVersion.objects.select_related("report__by")
    known = {version.device: version for version in versions.filter(device__in=[one.report.device for one in sendings])}
    author = act.author.pk if act.author else None
    sent = {}
    for stop, report, standing, _ in sendings:
        version = known.get(report.device)
        if version and (version.report_id, version.digest, version.by_id) != (stop.pk, report.body.digest(), author):
            raise Conflict(N_("Kunci kiriman ini sudah dipakai untuk isi lain. Muat ulang formulir."), "device")
        if version:
            sent[stop.pk] = Sent(version.report, repeated=True)
        elif standing and _says_the_same(standing, report.body):
            sent[stop.pk] = Sent(standing, repeated=True)
    return sent


def _says_the_same(standing: VanReport, body: ReportBody) -> bool:
    """Whether the report counts already, with just these figures."""
    if standing.status == ReportStatus.RETURNED:
        return False
    return standing.versions.get(number=standing.version).digest == body.digest()


def _check(act: Act, sendings: Sequence[_Sending]) -> None:
    """Raise the reason why one of these reports cannot be taken, whatever the answers to its questions."""
    stops = [one.stop for one in sendings]
    recorded = other_recordings(stops)
    absences = VanAbsence.objects.of_vans({stop.van_id for stop in stops}, [stop.day for stop in stops])
    for stop, report, standing, _ in sendings:
        if standing and report.expected != standing.version:
            raise AlreadyReported(standing, act.author)
        check_window(stop, standing, act.now)
        _check_not_moved(stop, report.token)
        check_body(report.body, sets=stop.van.sets, already=recorded[stop.van_id, stop.day])
        recorded[stop.van_id, stop.day] += report.body.recordings or 0
        _check_not_absent(stop, report.body, absence_of(absences, stop.van_id, stop.day, stop.opens))
        if standing and standing.status != ReportStatus.RETURNED and not report.reason:
            raise Refused(N_("Tulis alasan perubahan; alasan tersimpan dalam riwayat."), "reason")


def _check_not_moved(stop: Trip, token: str) -> None:
    """A stop that was moved since the writer saw it is not reported for another place."""
    if token and token != stop.token:
        sentence = N_(
            "Jadwal ini diubah sesudah halaman Anda dibuka: sekarang %(plate)s di %(place)s, %(village)s. Muat "
            "ulang halaman, periksa, lalu kirim lagi."
        )
        raise Conflict(sentence, plate=stop.van.plate, place=stop.place, village=stop.village.name)


def _check_not_absent(stop: Trip, body: ReportBody, absence: VanAbsence | None) -> None:
    """A van that is known to be absent served nobody."""
    if absence and body.kind != ReportKind.IDLE:
        sentence = N_("Mobil %(plate)s tercatat tidak beroperasi hari itu: %(why)s.")
        raise Conflict(sentence, plate=stop.van.plate, why=absence.get_kind_display())


def _confirmed(act: Act, sending: _Sending) -> list[str]:
    """The codes of all questions of this trip that were ever answered with yes; Unconfirmed while one is not."""
    stop, report, standing, _ = sending
    before = set(standing.confirmed) if standing else set()
    usual = usual_figures(act.by, stop, standing)
    asked = [question for question in questions(report.body, usual) if question.code not in before]
    if unanswered := [question for question in asked if question.code not in report.confirmed]:
        raise Unconfirmed(N_("Periksa angkanya: ada yang tidak biasa."), unanswered)
    return sorted(before.union(question.code for question in asked))


def _store(act: Act, checked: Sequence[_Sending]) -> list[VanReport]:
    reports = [_report(act, one) for one in checked]
    columns = [column.name for column in VanReport._meta.fields if not column.primary_key]
    VanReport.objects.bulk_create(reports, update_conflicts=True, unique_fields=["trip"], update_fields=columns)
    if any(one.standing for one in checked):
        ReportLine.objects.filter(report__in=reports).delete()
        ReportNotFound.objects.filter(report__in=reports).delete()
    bodies = [(report, one.report.body) for report, one in zip(reports, checked, strict=True)]
    ReportLine.objects.bulk_create(
        ReportLine(report=report, service=service, people=people)
        for report, body in bodies
        for service, people in body.lines.items()
    )
    ReportNotFound.objects.bulk_create(
        ReportNotFound(report=report, reason=reason, people=people)
        for report, body in bodies
        for reason, people in body.not_found.items()
    )
    stops = [one.stop for one in checked]
    for status in {stop.status for stop in stops}:
        Trip.objects.filter(pk__in=[stop.pk for stop in stops if stop.status == status]).update(status=status)
    return reports


def _report(act: Act, checked: _Sending) -> VanReport:
    """The row as it stands from now on; its stop was held, unless the van did not go out."""
    stop, body = checked.stop, checked.report.body
    stop.status = TripStatus.PUBLISHED if body.kind == ReportKind.IDLE else TripStatus.HELD
    report = checked.standing or VanReport(trip=stop, version=0, source=f"{OF_TRIP}{stop.pk}", first_sent_at=act.now)
    report.kind, report.status, report.version = body.kind, ReportStatus.SENT, report.version + 1
    report.elsewhere_ktp, report.elsewhere_kia = body.elsewhere_ktp, body.elsewhere_kia
    report.obstacles, report.idle_reason, report.confirmed = body.obstacles, body.idle_reason, list(checked.confirmed)
    report.sent_at, report.by = act.now, act.author
    report.decided_at, report.decided_by, report.decision, report.wrong_fields = None, None, "", None
    return report


def _version(act: Act, stored: VanReport, report: ReportInput) -> ReportVersion:
    return ReportVersion(
        report=stored,
        number=stored.version,
        device=report.device,
        digest=report.body.digest(),
        body=report.body.as_json(),
        at=act.now,
        by=act.author,
        door=act.door,
        reason=report.reason,
    )
