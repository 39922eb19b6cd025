"""Days on which a van cannot go out."""

from datetime import date, timedelta

from accounts.acts import Act
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import AbsenceKind, ReportKind, Trip, TripStatus, Van, VanAbsence
from fleet.vans.services import own_van
from recording.public import free_text, write_audit

LONGEST = timedelta(days=366)


def add_absence(
    *, act: Act, van: int, first_day: date, last_day: date, kind: str, note: str = "", cancel_trips: bool = False
) -> tuple[VanAbsence, int]:
    """The van is absent from `first_day` to `last_day`; answers that and how many trips were cancelled for it.

    Trips on these days refuse it, unless `cancel_trips`: then those without a report are cancelled in the same act.
    Writing the same absence again changes nothing.
    """
    found = own_van(act.by, van)
    note = free_text(note, "note", longest=200)
    if kind not in AbsenceKind.values:
        raise Refused(N_("Pilih sebabnya."), "kind")
    if last_day < first_day:
        raise Refused(N_("Hari terakhir sebelum hari pertama."), "last_day")
    if last_day - first_day > LONGEST:
        raise Refused(N_("Paling lama satu tahun; untuk seterusnya, hentikan mobilnya."), "last_day")
    with one_writer():
        known = VanAbsence.objects.filter(van=found, first_day=first_day, last_day=last_day, kind=kind).first()
        if known:
            return known, 0
        standing = Trip.objects.standing().filter(van=found, day__range=(first_day, last_day))
        standing = standing.exclude(report__kind=ReportKind.IDLE)  # told already that it did not go out
        cancelled = 0
        if cancel_trips:
            why = f"{AbsenceKind(kind).label}. {note}".strip()[:200]
            coming = standing.filter(report=None, day__gte=business_date(act.now))
            cancelled = coming.update(status=TripStatus.CANCELLED, reason=why)
        left = standing.count()
        if left:
            raise _still_scheduled(left, cancel_trips)
        absence = VanAbsence.objects.create(
            van=found, first_day=first_day, last_day=last_day, kind=kind, note=note, by=act.author
        )
        details: dict[str, object] = {
            "first": first_day.isoformat(),
            "last": last_day.isoformat(),
            "kind": kind,
            "cancelled": cancelled,
        }
        write_audit(act=act, action="van.absent", subject=found.plate, details=details)
    return absence, cancelled


def _still_scheduled(trips: int, cancel_trips: bool) -> Conflict:
    """Trips that stand on the days of an absence, and what the writer can do about them."""
    if cancel_trips:
        sentence = N_(
            "%(trips)s jadwal pada hari yang sudah lewat atau sudah dilaporkan. Laporkan dulu sebagai tidak "
            "beroperasi, atau mulai sesudah hari itu."
        )
        return Conflict(sentence, "first_day", trips=trips)
    sentence = N_(
        "Mobil ini punya %(trips)s jadwal pada hari-hari itu. Batalkan jadwalnya sekaligus, atau pilih hari lain."
    )
    return Conflict(sentence, "cancel_trips", trips=trips)


def end_absence(*, act: Act, absence: int, last_day: date) -> None:
    """The van is back after `last_day`; before the first day: the absence never was. Repeated, it changes nothing."""
    own = VanAbsence.objects.filter(van__in=Van.objects.visible_to(act.by))
    found = own.select_related("van").filter(pk=absence).first()
    if found is None:
        raise NotFound(N_("Catatan itu sudah tidak ada."))
    own_van(act.by, found.van_id)
    with one_writer():
        found = own.select_related("van").filter(pk=absence).first()
        if found is None:
            return
        if found.last_day <= last_day:
            return
        details: dict[str, object] = {"first": found.first_day.isoformat(), "last": last_day.isoformat()}
        write_audit(act=act, action="van.back", subject=found.van.plate, details=details)
        if last_day < found.first_day:
            found.delete()
            return
        found.last_day = last_day
        found.save(update_fields=["last_day"])
