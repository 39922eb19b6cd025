"""A van is in one place at a time, and goes nowhere while it is absent or after it was retired.

The services ask here first, so that the refusal is a sentence. The database keeps the same rules: the constraints
`van_once_in_…` (fleet/models/trips.py) and the triggers (fleet/guards/rules.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from dukcapil.errors import N_, Conflict
from fleet.models import Trip, Van, VanAbsence


def free_vans(base: str, day: date, session: str) -> list[Van]:
    """Vans of a base that are ready and free in a session of a day."""
    busy = Trip.objects.standing().in_session(session).filter(day=day).values("van")
    absent = VanAbsence.objects.touching(day, day).values("van")
    vans = Van.objects.filter(base=base).in_use(day)
    return list(vans.exclude(pk__in=busy).exclude(pk__in=absent))


def check_van_is_free(van: Van, day: date, session: str, *, apart_from: int = 0) -> None:
    """Raise Conflict when the van is absent, retired, or elsewhere in that session; `apart_from` is the trip that is
    being moved."""
    if not van.is_in_use(day):
        raise Conflict(N_("Mobil %(plate)s sudah tidak dipakai pada hari itu."), "van", plate=van.plate)
    absence = VanAbsence.objects.touching(day, day).filter(van=van).first()
    if absence:
        raise Conflict(
            N_("Mobil %(plate)s tidak siap hari itu: %(why)s."), "van", plate=van.plate, why=absence.get_kind_display()
        )
    trips = Trip.objects.standing().in_session(session).filter(van=van, day=day).exclude(pk=apart_from)
    other = trips.select_related("village").first()
    if other:
        raise Conflict(
            N_("Mobil %(plate)s sudah ada di %(place)s, %(village)s, pada sesi itu."),
            "session",
            plate=van.plate,
            place=other.place,
            village=other.village.name,
        )


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Around storing trips: Conflict when the database refuses one. Another process that takes no lock was quicker."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        raise Conflict(N_("Jadwal ini bertabrakan dengan jadwal lain. Muat ulang halamannya."), "session") from problem
