"""Days on which a van cannot go out."""

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.acts import Act
from accounts.rights import Actor
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import AbsenceKind, ReportKind, Trip, TripStatus, Van, VanAbsence
from fleet.vans.selectors import own_van
from recording.public import free_text, write_audit

MAX_ABSENCE = timedelta(days=366)
MAX_NOTE_LENGTH = 200


def add_absence(
    *, act: Act, van: int, first_day: date, last_day: date, kind: str, note: str = "", cancel_trips: bool = False
) -> tuple[VanAbsence, int]:
    """The van is absent from `first_day` to `last_day`; answers that and how many trips were cancelled for it.

    Trips on these days refuse it, unless `cancel_trips`: then those without a report are cancelled in the same act.
    Writing the same absence again changes nothing.
    """
    row = own_van(act.by, van)
    note = free_text(note, "note", longest=MAX_NOTE_LENGTH)
    if kind not in AbsenceKind.values:
        raise Refused(N_("Pilih sebabnya."), "kind")
    if last_day < first_day:
        raise Refused(N_("Hari terakhir sebelum hari pertama."), "last_day")
    if last_day - first_day > MAX_ABSENCE:
        raise Refused(N_("Paling lama satu tahun; untuk seterusnya, nonaktifkan mobilnya."), "last_day")
    with one_writer():
        same = VanAbsence.objects.filter(van=row, first_day=first_day, last_day=last_day, kind=kind).first()
        if same:
            return same, 0
        trips = Trip.objects.standing().filter(van=row, day__range=(first_day, last_day))
        trips = trips.exclude(report__kind=ReportKind.IDLE)  # its report already says that the van did not go out
        cancelled = 0
        if cancel_trips:
            reason = f"{AbsenceKind(kind).label}. {note}".strip()[:MAX_NOTE_LENGTH]
            coming = trips.filter(report=None, day__gte=business_date(act.now))
            cancelled = coming.update(status=TripStatus.CANCELLED, reason=reason)
        if remaining := trips.count():
            raise _still_scheduled(remaining, cancel_trips)
        absence = VanAbsence.objects.create(
            van=row, first_day=first_day, last_day=last_day, kind=kind, note=note, by=act.author
        )
        details: dict[str, object] = {"first": first_day.isoformat(), "last": last_day.isoformat(), "kind": kind}
        write_audit(act=act, action="van.absent", subject=row.plate, details=details | {"cancelled": cancelled})
    return absence, cancelled


def _still_scheduled(trips: int, cancel_trips: bool) -> Conflict:
    """Trips that stand on the days of an absence, and what the writer can do about them."""
    if cancel_trips:
        sentence = N_(
            "%(trips)s jadwal pada hari yang sudah lewat atau sudah dilaporkan. Laporkan dulu sebagai tidak "
            "beroperasi, atau mulai sesudah hari itu."
        )
        return Conflict(sentence, "first_day", trips=trips)
    sentence = N_("Mobil ini punya %(trips)s jadwal pada hari-hari itu. Batalkan jadwalnya sekaligus, atau pilih hari lain.")
    return Conflict(sentence, "cancel_trips", trips=trips)


def end_absence(*, act: Act, absence: int, last_day: date) -> None:
    """The van is back after `last_day`; one before the first day removes the absence. Repeated, it changes nothing."""
    row = _visible_absences(act.by).filter(pk=absence).first()
    if row is None:
        raise NotFound(N_("Catatan itu sudah tidak ada."))
    own_van(act.by, row.van_id)
    with one_writer():
        row = _visible_absences(act.by).filter(pk=absence, last_day__gt=last_day).first()
        if row is None:
            return
        details: dict[str, object] = {"first": row.first_day.isoformat(), "last": last_day.isoformat()}
        write_audit(act=act, action="van.back", subject=row.van.plate, details=details)
        if last_day < row.first_day:
            row.delete()
            return
        row.last_day = last_day
        row.save(update_fields=["last_day"])


def _visible_absences(by: Actor) -> QuerySet[VanAbsence]:
    return VanAbsence.objects.filter(van__in=Van.objects.visible_to(by)).select_related("van")
