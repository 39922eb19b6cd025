"""Days on which a van cannot go out: recording them where no stop stands, and ending them. With stops on these days:
`fleet/schedule/breakdowns.py`."""

from datetime import date, time, timedelta

from django.db.models import Q, QuerySet

from accounts.acts import Act
from accounts.rights import Actor
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import AbsenceKind, Trip, Van, VanAbsence
from fleet.vans.selectors import own_van
from recording.public import free_text, write_audit

MAX_ABSENCE = timedelta(days=366)
MAX_NOTE_LENGTH = 200


def add_absence(
    *, act: Act, van: int, first_day: date, last_day: date | None, kind: str, note: str = "", from_hour: time | None = None
) -> VanAbsence:
    """The van is absent from `first_day` (from an hour of it on) to `last_day`, or until further notice. Conflict while
    stops stand on these days. Writing the same absence again changes nothing."""
    wanted = checked_absence(
        by=act.by, van=van, first_day=first_day, last_day=last_day, kind=kind, note=note, from_hour=from_hour
    )
    with one_writer():
        return same_absence(wanted) or store_absence(act, wanted)


def checked_absence(
    *, by: Actor, van: int, first_day: date, last_day: date | None, kind: str, note: str = "", from_hour: time | None = None
) -> VanAbsence:
    """The absence as it would be stored, of a van that `by` may change; Refused for what is wrong in it."""
    row = own_van(by, van)
    note = free_text(note, "note", longest=MAX_NOTE_LENGTH)
    if kind not in AbsenceKind.values:
        raise Refused(N_("Pilih sebabnya."), "kind")
    if last_day:
        _check_last_day(first_day, last_day)
    return VanAbsence(van=row, first_day=first_day, from_hour=from_hour, last_day=last_day, kind=kind, note=note)


def _check_last_day(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise Refused(N_("Hari terakhir sebelum hari pertama."), "last_day")
    if last_day - first_day > MAX_ABSENCE:
        raise Refused(N_("Paling lama satu tahun; untuk seterusnya, nonaktifkan mobilnya."), "last_day")


def same_absence(wanted: VanAbsence) -> VanAbsence | None:
    """The one that is stored already with these days and this kind."""
    fields = {"first_day": wanted.first_day, "last_day": wanted.last_day, "from_hour": wanted.from_hour}
    return VanAbsence.objects.filter(van=wanted.van, kind=wanted.kind, **fields).first()


def store_absence(act: Act, wanted: VanAbsence, **details: object) -> VanAbsence:
    """Store it, with its trail; called under the lock. Conflict while stops stand on its days."""
    if remaining := Trip.objects.during(wanted).count():
        sentence = N_(
            "%(trips)s jadwal mobil ini masih berlaku pada hari-hari itu. Pindahkan atau batalkan dahulu; yang sudah lewat "
            "dilaporkan sebagai tidak beroperasi."
        )
        raise Conflict(sentence, "first_day", trips=remaining)
    wanted.by = act.author
    wanted.save()
    days: dict[str, object] = {"first": wanted.first_day.isoformat(), "last": wanted.last_day and wanted.last_day.isoformat()}
    if wanted.from_hour:
        days["from"] = f"{wanted.from_hour:%H:%M}"
    write_audit(act=act, action="van.absent", subject=wanted.van.plate, details=days | {"kind": wanted.kind} | details)
    return wanted


def end_absence(*, act: Act, absence: int, last_day: date) -> None:
    """The van is back after `last_day`; one before the first day removes the absence. Repeated, it changes nothing."""
    row = _visible_absences(act.by).filter(pk=absence).first()
    if row is None:
        raise NotFound(N_("Catatan itu sudah tidak ada."))
    own_van(act.by, row.van_id)
    with one_writer():
        later = Q(last_day=None) | Q(last_day__gt=last_day)
        row = _visible_absences(act.by).filter(later, pk=absence).first()
        if row is None:
            return
        details: dict[str, object] = {"first": row.first_day.isoformat(), "last": last_day.isoformat()}
        write_audit(act=act, action="van.back", subject=row.van.plate, details=details)
        if last_day < row.first_day:
            row.delete()
            return
        _check_last_day(row.first_day, last_day)
        row.last_day = last_day
        row.save(update_fields=["last_day"])


def _visible_absences(by: Actor) -> QuerySet[VanAbsence]:
    return VanAbsence.objects.filter(van__in=Van.objects.visible_to(by)).select_related("van")
