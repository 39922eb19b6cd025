"""A van is in one place at a time, and goes nowhere while it is absent or after it was retired.

The services ask here first, so that the refusal is a sentence. The database keeps the same rules: the constraints
`van_once_in_…` (fleet/models/trips.py) and the triggers (fleet/guards/rules.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time

from django.db import IntegrityError, transaction

from dukcapil.errors import N_, Conflict, Question, Unconfirmed
from fleet.models import Session, Trip, Van, VanAbsence, absence_of

MIN_TRAVEL = 30  # minutes between two kelurahan; less is asked about


class Bookings:
    """The absences and the stops of some vans on some days: whether another stop has room beside them. Read in two
    queries; `without`: stops that are being moved."""

    def __init__(self, vans: Collection[int], days: Collection[date], without: Collection[int] = ()) -> None:
        self.absences = VanAbsence.objects.of_vans(vans, days)
        self._stops: dict[tuple[int, date], list[Trip]] = defaultdict(list)
        standing = Trip.objects.standing().filter(van__in=vans, day__in=days).exclude(pk__in=without)
        for stop in standing.select_related("van", "village").order_by("opens"):
            self.add(stop)

    def add(self, stop: Trip) -> None:
        self._stops[stop.van_id, stop.day].append(stop)

    def beside(self, stop: Trip) -> list[Trip]:
        """The stops of its van on its day."""
        return self._stops[stop.van_id, stop.day]

    def check(self, stop: Trip) -> None:
        """Conflict when its van is absent, retired, or elsewhere in its session or its hours."""
        _check_ready(stop, absence_of(self.absences, stop.van_id, stop.day, stop.opens))
        for other in self.beside(stop):
            _check_apart(stop.van, stop, other)

    def refusal(self, stop: Trip) -> Conflict | None:
        """What `check` would say."""
        try:
            self.check(stop)
        except Conflict as problem:
            return problem
        return None

    def questions(self, stop: Trip) -> list[Question]:
        """Those about the time to drive between it and the stops beside it."""
        return list(travel_questions(stop, self.beside(stop)))


def free_vans(base: str, day: date, session: str, hours: tuple[time, time]) -> list[Van]:
    """Vans of a base that are ready and free in a session of a day and between these hours."""
    vans = list(Van.objects.filter(base=base).in_use(day))
    bookings = Bookings([van.pk for van in vans], [day])
    opens, closes = hours
    wanted = [Trip(van=van, day=day, session=session, opens=opens, closes=closes) for van in vans]
    return [stop.van for stop in wanted if not bookings.refusal(stop)]


def check_vans_are_free(stops: Sequence[Trip], confirmed: Collection[str] = ()) -> None:
    """Raise Conflict when the van of a stop is absent, retired, or elsewhere in its session or its hours: at a stop that
    stands, or at another one of these. Unconfirmed when it has too little time to drive to another kelurahan and nobody
    said that this is right."""
    vans, days = {stop.van_id for stop in stops}, {stop.day for stop in stops}
    bookings = Bookings(vans, days, without=[stop.pk or 0 for stop in stops])
    asked = []
    for stop in stops:
        bookings.check(stop)
        asked += [question for question in bookings.questions(stop) if question.code not in confirmed]
        bookings.add(stop)
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


def drives(stop: Trip, others: Iterable[Trip]) -> list[tuple[int, Trip]]:
    """(minutes to drive, the other stop) of each of these in another kelurahan."""
    found = []
    for other in others:
        before, after = (other, stop) if other.opens < stop.opens else (stop, other)
        if other.village_id != stop.village_id:
            found.append((_minutes(after.opens) - _minutes(before.closes), other))
    return found


def travel_questions(stop: Trip, others: Iterable[Trip]) -> Iterator[Question]:
    """A code holds the places and the minutes: another stop or other hours are another question."""
    for minutes, other in drives(stop, others):
        if minutes < MIN_TRAVEL:
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
