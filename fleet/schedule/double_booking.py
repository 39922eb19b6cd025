"""A van is in one place at a time, and goes nowhere while it is absent or after it was retired.

The services ask here first, so that the refusal is a sentence. The database keeps the same rules: the constraints
`van_once_in_…` (fleet/models/trips.py) and the triggers (fleet/guards/rules.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time

from django.db import IntegrityError, transaction

from dukcapil.errors import N_, Conflict, Question, Unconfirmed
from fleet.models import Session, Trip, Van, VanAbsence

MIN_TRAVEL = 30  # minutes between two kelurahan; less is asked about


def free_vans(base: str, day: date, session: str, hours: tuple[time, time]) -> list[Van]:
    """Vans of a base that are ready and free in a session of a day and between these hours."""
    standing = Trip.objects.standing().filter(day=day)
    busy = standing.in_session(session) | standing.between(*hours)
    absent = VanAbsence.objects.touching(day, day).values("van")
    vans = Van.objects.filter(base=base).in_use(day)
    return list(vans.exclude(pk__in=busy.values("van")).exclude(pk__in=absent))


def check_vans_are_free(stops: Sequence[Trip], confirmed: Collection[str] = ()) -> None:
    """Raise Conflict when the van of a stop is absent, retired, or elsewhere in its session or its hours: at a stop that
    stands, or at another one of these. Unconfirmed when it has too little time to drive to another kelurahan and nobody
    said that this is right."""
    vans, days = {stop.van_id for stop in stops}, {stop.day for stop in stops}
    absences = VanAbsence.objects.by_van_and_day({(stop.van_id, stop.day) for stop in stops})
    standing = Trip.objects.standing().filter(van__in=vans, day__in=days).exclude(pk__in=[stop.pk or 0 for stop in stops])
    of_day = defaultdict(list)
    for other in standing.select_related("village").order_by("opens"):
        of_day[other.van_id, other.day].append(other)
    asked = []
    for stop in stops:
        others = of_day[stop.van_id, stop.day]
        _check_ready(stop, absences.get((stop.van_id, stop.day)))
        for other in others:
            _check_apart(stop.van, stop, other)
        asked += [question for question in _travel_questions(stop, others) if question.code not in confirmed]
        others.append(stop)
    if asked:
        raise Unconfirmed(N_("Periksa waktu perjalanannya."), asked)


def _check_ready(stop: Trip, absence: VanAbsence | None) -> None:
    van = stop.van
    if not van.is_in_use(stop.day):
        raise Conflict(N_("Mobil %(plate)s sudah tidak dipakai pada hari itu."), "van", plate=van.plate)
    if absence:
        why = absence.get_kind_display()
        raise Conflict(N_("Mobil %(plate)s tidak siap hari itu: %(why)s."), "van", plate=van.plate, why=why)


def _check_apart(van: Van, stop: Trip, other: Trip) -> None:
    """No two stops of a van share a session or an hour."""
    where = {"plate": van.plate, "place": other.place, "village": other.village.name}
    if stop.session == other.session or Session.FULL in (stop.session, other.session):
        raise Conflict(N_("Mobil %(plate)s sudah ada di %(place)s, %(village)s, pada sesi itu."), "session", **where)
    if overlap(stop, other):
        sentence = N_("Mobil %(plate)s sudah ada di %(place)s, %(village)s, pukul %(opens)s–%(closes)s; jamnya bertumpuk.")
        raise Conflict(sentence, "opens", **where, opens=_clock(other.opens), closes=_clock(other.closes))


def overlap(one: Trip, other: Trip) -> bool:
    """Whether two stops share time; one that ends when the other begins does not."""
    return one.opens < other.closes and other.opens < one.closes


def _travel_questions(stop: Trip, others: list[Trip]) -> Iterator[Question]:
    """A code holds the places and the minutes: another stop or other hours are another question."""
    for other in others:
        before, after = (other, stop) if other.opens < stop.opens else (stop, other)
        minutes = _minutes(after.opens) - _minutes(before.closes)
        if other.village_id != stop.village_id and minutes < MIN_TRAVEL:
            code = f"travel:{stop.van_id}:{stop.day}:{stop.village_id}:{other.village_id}:{_clock(other.opens)}:{minutes}"
            sentence = N_(
                "Hanya %(minutes)s menit antara %(place)s, %(village)s (pukul %(opens)s–%(closes)s) dan titik ini di "
                "kelurahan lain. Cukup untuk perjalanannya?"
            )
            where = {"place": other.place, "village": other.village.name}
            hours = {"opens": _clock(other.opens), "closes": _clock(other.closes)}
            yield Question(code, "opens", sentence, {"minutes": minutes, **where, **hours})


def _minutes(hour: time) -> int:
    return hour.hour * 60 + hour.minute


def _clock(hour: time) -> str:
    return f"{hour:%H.%M}"


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Around storing trips: Conflict when the database refuses one. Another process that takes no lock was quicker."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        raise Conflict(N_("Jadwal ini bertabrakan dengan jadwal lain. Muat ulang halamannya."), "session") from problem
