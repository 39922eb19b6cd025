"""Daily reports: sending one. What it counts goes into the coverage in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from accounts.acts import Act
from accounts.rights import Actor, require, stored_user
from accounts.roles import Action
from dukcapil.authors import author_name
from dukcapil.errors import N_, Conflict, NotFound, Refused, RefusedRows
from dukcapil.locks import one_writer
from fleet.models import (
    ReportKind,
    ReportLine,
    ReportNotFound,
    ReportStatus,
    ReportVersion,
    Trip,
    TripStatus,
    VanReport,
)
from fleet.reports.body import Question, ReportBody, Usual, check, questions
from fleet.reports.days import check_ready, check_window
from recording.public import (
    OF_TRIP,
    CountInput,
    CountKey,
    Document,
    Source,
    current_count,
    free_text,
    record_counts,
    return_counts,
)

LONGEST_DEVICE = 40


class Unconfirmed(Refused):
    """The report may be true but is unlikely: each question wants a yes (its code in `confirmed`)."""

    def __init__(self, asked: Sequence[Question]) -> None:
        super().__init__(N_("Periksa angkanya: ada yang tidak biasa."), "questions")
        self.questions = list(asked)


class Reported(Conflict):
    """Somebody else reported this trip meanwhile: `report` is what stands, and the writer decides."""

    def __init__(self, report: VanReport, by: Actor) -> None:
        if report.by_id and report.by_id == getattr(by, "pk", None):
            super().__init__(N_("Anda sudah melaporkan jadwal ini. Bandingkan, lalu putuskan mana yang benar."))
            self.report = report
            return
        who = author_name(report.by)
        super().__init__(N_("%(who)s sudah melaporkan jadwal ini. Bandingkan, lalu putuskan mana yang benar."), who=who)
        self.report = report


@dataclass(frozen=True)
class Sent:
    """The report as it stands; `repeated`: it stood so already and nothing was written."""

    report: VanReport
    repeated: bool = False


def send_report(
    *,
    act: Act,
    trip: int,
    body: ReportBody,
    device: str,
    expected: int,
    confirmed: Collection[str] = (),
    reason: str = "",
    stop: str = "",
) -> Sent:
    """Report a trip, or correct its report. Safe to repeat: `device` is an id minted where it was typed.

    `expected` is the version that the writer saw, 0 for none: when another stands by now, Reported carries it. `stop`
    is the trip's token as the writer saw it: a stop that was moved meanwhile is not reported for another place. The
    same figures again change nothing. A correction of a report that was sent or approved needs a `reason`, makes a new
    version and must be approved again. KTP recordings and KIA issued of residents are posted to the ledger at once,
    provisionally; what was blanked is taken out. What is unlikely is asked once (Unconfirmed). Refused with a sentence:
    a trip that was cancelled or not published, a closed day without a permit, a body that `check` refuses.
    """
    found = _reportable(act.by, trip)
    body = _clean(body)
    reason = free_text(reason, "reason", longest=500)
    _check_device(device)
    with one_writer():
        if earlier := _same_device(act.by, found, device, body):
            return earlier
        found.refresh_from_db()
        report = VanReport.objects.select_related("by").filter(trip=found).first()
        standing = report is not None and report.status != ReportStatus.RETURNED
        if report and standing and _newest(report).digest == body.digest():
            return Sent(report, repeated=True)
        if report and expected != report.version:
            raise Reported(report, act.by)
        check_window(found, report, act.now)
        _check_stop(found, stop)
        check(body, sets=found.van.sets, already=_of_the_day(found))
        check_ready(found, body)
        if report and standing and not reason:
            raise Refused(N_("Tulis alasan perubahan; alasan tersimpan dalam riwayat."), "reason")
        known = set(report.confirmed) if report else set()
        asked = [question for question in questions(body, usual(act.by, found, report)) if question.code not in known]
        if unanswered := [question for question in asked if question.code not in confirmed]:
            raise Unconfirmed(unanswered)
        report = _store(act.by, found, report, body, sorted(known.union(question.code for question in asked)), act.now)
        ReportVersion.objects.create(
            report=report,
            number=report.version,
            device=device,
            digest=body.digest(),
            body=body.as_json(),
            at=act.now,
            by=act.author,
            door=act.door,
            reason=reason,
        )
        _post(act, report, body, reason=reason)
    return Sent(report)


def _check_device(device: str) -> None:
    """The id minted where the report was typed: ASCII letters, digits and hyphens."""
    if not 0 < len(device) <= LONGEST_DEVICE or not device.isascii() or not device.replace("-", "").isalnum():
        raise Refused(N_("Kunci kiriman tidak sah. Muat ulang formulir."), "device")


def _check_stop(trip: Trip, stop: str) -> None:
    """`stop` is the token that the writer saw; a trip that was moved meanwhile is not reported for another place."""
    if stop and stop != trip.token:
        raise Conflict(
            N_(
                "Jadwal ini diubah sesudah halaman Anda dibuka: sekarang %(plate)s di %(place)s, %(village)s. Muat "
                "ulang halaman, periksa, lalu kirim lagi."
            ),
            plate=trip.van.plate,
            place=trip.place,
            village=trip.village.name,
        )


def count_keys(report: VanReport) -> list[CountKey]:
    """Under which keys its counts stand in the ledger."""
    trip = report.trip
    return [(trip.village_id, document, trip.day, report.source) for document in Document.values]


def usual(by: Actor, trip: Trip, report: VanReport | None) -> Usual:
    """What is known of the van and the kelurahan before this trip, for the questions."""
    former = VanReport.objects.exclude(trip=trip).filter(
        status__in=(ReportStatus.SENT, ReportStatus.APPROVED), kind=ReportKind.SERVED
    )
    visits = former.filter(trip__village=trip.village_id, trip__day__lt=trip.day).order_by("-trip__day")[:12]
    before = former.filter(trip__van=trip.van_id, trip__day__lt=trip.day).order_by("-trip__day").first()
    recordings = [body.recordings or 0 for body in map(body_of, visits.prefetch_related("lines", "not_found"))]
    entered = None
    if report is None or report.source != Source.VAN:
        by_hand = [current_count(by, trip.village_id, document, trip.day, Source.VAN) for document in Document.values]
        entered = sum(count.people or 0 for count in by_hand if count)
    return Usual(trip.van.sets, tuple(recordings), body_of(before) if before else None, entered)


def body_of(report: VanReport) -> ReportBody:
    """The report as it was last told."""
    return ReportBody(
        report.kind,
        {line.service: line.people for line in report.lines.all()},
        report.elsewhere_ktp,
        report.elsewhere_kia,
        {row.reason: row.people for row in report.not_found.all()},
        report.obstacles,
        report.idle_reason,
    )


def _reportable(by: Actor, number: int) -> Trip:
    found = Trip.objects.visible_to(by).select_related("van", "village").filter(pk=number).first()
    if found is None:
        raise NotFound(N_("Jadwal itu tidak ada lagi. Isian tetap tersimpan di perangkat Anda; hubungi Dinas."))
    require(by=by, action=Action.REPORT_WRITE, code=found.village_id)
    return found


def _clean(body: ReportBody) -> ReportBody:
    """The same with its free text stripped; no NIK in it."""
    told = body.as_json() | {"obstacles": free_text(body.obstacles, "obstacles", longest=500)}
    return ReportBody.from_json(told)


def _same_device(by: Actor, trip: Trip, device: str, body: ReportBody) -> Sent | None:
    """The first answer of an id; with another body or from somebody else it is refused."""
    version = ReportVersion.objects.select_related("report__by").filter(device=device).first()
    if version is None:
        return None
    same = (version.report_id, version.digest, version.by_id) == (
        trip.pk,
        body.digest(),
        getattr(stored_user(by), "pk", None),
    )
    if not same:
        raise Conflict(N_("Kunci kiriman ini sudah dipakai untuk isi lain. Muat ulang formulir."), "device")
    return Sent(version.report, repeated=True)


def _newest(report: VanReport) -> ReportVersion:
    return report.versions.get(number=report.version)


def _of_the_day(trip: Trip) -> int:
    """KTP recordings that the van told of its other stops of that day."""
    others = VanReport.objects.exclude(trip=trip).exclude(status=ReportStatus.RETURNED)
    lines = ReportLine.objects.recordings().filter(report__in=others.filter(trip__van=trip.van_id, trip__day=trip.day))
    return int(lines.aggregate(people=Sum("people"))["people"] or 0)


def _store(
    by: Actor, trip: Trip, report: VanReport | None, body: ReportBody, confirmed: list[str], now: datetime
) -> VanReport:
    if report is None:
        report = VanReport(trip=trip, version=0, source=f"{OF_TRIP}{trip.pk}", first_sent_at=now)
    report.kind, report.status, report.version = body.kind, ReportStatus.SENT, report.version + 1
    report.elsewhere_ktp, report.elsewhere_kia = body.elsewhere_ktp, body.elsewhere_kia
    report.obstacles, report.idle_reason, report.confirmed = body.obstacles, body.idle_reason, confirmed
    report.sent_at, report.by = now, stored_user(by)
    report.decided_at, report.decided_by = None, None
    report.decision = ""
    report.save()
    report.lines.all().delete()
    report.not_found.all().delete()
    ReportLine.objects.bulk_create(
        ReportLine(report=report, service=service, people=people) for service, people in body.lines.items()
    )
    ReportNotFound.objects.bulk_create(
        ReportNotFound(report=report, reason=why, people=people) for why, people in body.not_found.items()
    )
    trip.status = TripStatus.PUBLISHED if body.kind == ReportKind.IDLE else TripStatus.HELD
    trip.save(update_fields=["status"])
    return report


def _post(act: Act, report: VanReport, body: ReportBody, *, reason: str) -> None:
    """The ledger follows the report: what it tells is set, what it no longer tells is taken out."""
    why = reason or f"Laporan mobil {report.trip.van.plate}"
    told = {key: body.residents(key[1]) for key in count_keys(report)}
    counts = [CountInput(*key, people) for key, people in told.items() if people is not None]
    blank = [key for key, people in told.items() if people is None]
    if counts:
        try:
            record_counts(act=act, counts=counts, reason=why)
        except RefusedRows as problem:
            raise problem.errors[0][1] from None
    if blank:
        return_counts(act=act, keys=blank, reason=why)
