"""What may become of a stop whose van cannot come: which other van takes it, and when it could be held instead."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.rights import Actor, can
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import Conflict, Question, Refused
from fleet.models import Session, Trip, Van, VanAbsence
from fleet.schedule.double_booking import Bookings, drives
from fleet.schedule.trips import HOURS
from recording.public import check_open, is_working_day

SEARCHED_AHEAD = timedelta(days=14)
MAX_SLOTS = 3  # of the stop's own session, and as many of others
OTHER_SESSIONS = (Session.MORNING, Session.MIDDAY, Session.AFTERNOON)
OTHER, CANCEL = "other", "cancel"  # another day, called off
SAME_VILLAGE, SAME_DISTRICT, SAME_CITY, ELSEWHERE = range(4)


@dataclass(frozen=True)
class VanOffer:
    """A van for a stop at its day and hours. `refusal`: why it cannot come; `questions`: about its time to drive;
    `nearest`: (minutes to drive, the other stop of that day); `allowed`: whether the reader plans this van."""

    van: Van
    refusal: Conflict | None
    questions: list[Question]
    nearest: tuple[int, Trip] | None
    distance: int
    own_base: bool
    allowed: bool
    absent: bool

    @property
    def free(self) -> bool:
        return self.refusal is None

    @property
    def open(self) -> bool:
        """Whether it can be chosen."""
        return self.free and self.allowed

    @property
    def value(self) -> str:
        return f"van:{self.van.pk}"


@dataclass(frozen=True)
class Slot:
    """Another day or session in which a van has room for the stop."""

    van: Van
    day: date
    session: str
    hours: tuple[time, time]
    works: bool

    @property
    def label(self) -> str:
        return str(Session(self.session).label)

    @property
    def value(self) -> str:
        return f"slot:{self.van.pk}:{self.day.isoformat()}:{self.session}"


@dataclass(frozen=True)
class Offers:
    """Of one stop: `vans` nearest first, those that cannot come last; `slots` by time; `vans_to_plan`: for another day."""

    vans: list[VanOffer]
    slots: list[Slot]
    vans_to_plan: list[Van]

    @property
    def values(self) -> set[str]:
        """Of everything that can be chosen."""
        return {OTHER, CANCEL, *(offer.value for offer in self.vans if offer.open), *(slot.value for slot in self.slots)}

    @property
    def best(self) -> str:
        """The value of what is proposed: the nearest van that is free and has the time to drive; "" without one."""
        return next((offer.value for offer in self.vans if offer.open and not offer.questions), "")


def offers_for(by: Actor, stops: Sequence[Trip], now: datetime, absence: VanAbsence | None = None) -> dict[int, Offers]:
    """What may become of each of these stops, by its number, in four queries. `absence`: of their own van, as if it stood
    already; without one their own van is offered too."""
    if not stops:
        return {}
    vans = _vans_that_may_come(by, stops)
    first, last = min(stop.day for stop in stops), max(stop.day for stop in stops) + SEARCHED_AHEAD
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    bookings = Bookings([van.pk for van in vans], days, without=[stop.pk for stop in stops])
    if absence:
        bookings.absences.append(absence)
    return {stop.pk: _offers(by, stop, vans, bookings, now, absence) for stop in stops}


def _vans_that_may_come(by: Actor, stops: Sequence[Trip]) -> list[Van]:
    """Those of the cities and provinces in which the stops lie: no other van may go there."""
    bases = {stop.village_id[:length] for stop in stops for length in (2, 5)}
    return list(Van.objects.visible_to(by).filter(base__in=bases).select_related("base"))


def _offers(
    by: Actor, stop: Trip, vans: Sequence[Van], bookings: Bookings, now: datetime, absence: VanAbsence | None
) -> Offers:
    near = [van for van in vans if stop.village_id.startswith(f"{van.base_id}.")]
    offers = [
        _van_offer(by, stop, van, bookings)
        for van in near
        if van.is_in_use(stop.day) and not (absence and van.pk == absence.van_id)
    ]
    offers.sort(key=lambda offer: (not offer.open, not offer.free, bool(offer.questions), offer.distance, offer.van.plate))
    own = [van for van in near if can(by, Action.TRIP_WRITE, van.base_id)]
    own.sort(key=lambda van: (van.pk != stop.van_id, van.base_id != stop.van.base_id, van.plate))
    return Offers(offers, _slots(stop, own, bookings, now), own)


def _van_offer(by: Actor, stop: Trip, van: Van, bookings: Bookings) -> VanOffer:
    wanted = _moved(stop, van)
    others = bookings.beside(wanted)
    refusal = bookings.refusal(wanted)
    return VanOffer(
        van=van,
        refusal=refusal,
        questions=bookings.questions(wanted),
        nearest=min(drives(wanted, others), key=lambda drive: drive[0], default=None),
        distance=min((_distance(stop, other) for other in others), default=SAME_CITY if "." in van.base_id else ELSEWHERE),
        own_base=van.base_id == stop.van.base_id,
        allowed=can(by, Action.TRIP_WRITE, van.base_id),
        absent=refusal is not None and refusal.field == "van",
    )


def _distance(stop: Trip, other: Trip) -> int:
    """How far apart two stops are, as the codes of their kelurahan tell it."""
    for distance, length in ((SAME_VILLAGE, 13), (SAME_DISTRICT, 8), (SAME_CITY, 5)):
        if stop.village_id[:length] == other.village_id[:length]:
            return distance
    return ELSEWHERE


def _slots(stop: Trip, vans: Sequence[Van], bookings: Bookings, now: datetime) -> list[Slot]:
    """The next ones of the stop's own session, and of others, each with the first of these vans that has room."""
    sessions = [stop.session] if stop.session == Session.FULL else [stop.session, *OTHER_SESSIONS]
    own: list[Slot] = []
    others: list[Slot] = []
    for day, session in _times_after(stop, sessions):
        found = own if session == stop.session else others
        if len(found) < MAX_SLOTS and (slot := _slot(stop, day, session, vans, bookings, now)):
            found.append(slot)
        if len(own) == len(others) == MAX_SLOTS:
            break
    return sorted([*own, *others], key=lambda slot: (slot.day, slot.hours))


def _times_after(stop: Trip, sessions: Collection[str]) -> Iterator[tuple[date, str]]:
    """Days and sessions after the stop's own, by time."""
    order = sorted(set(sessions), key=lambda session: HOURS[session])
    for ahead in range(SEARCHED_AHEAD.days + 1):
        day = stop.day + timedelta(days=ahead)
        yield from ((day, session) for session in order if ahead or HOURS[session] > HOURS[stop.session])


def _slot(stop: Trip, day: date, session: str, vans: Sequence[Van], bookings: Bookings, now: datetime) -> Slot | None:
    hours = (stop.opens, stop.closes) if session == stop.session else HOURS[session]
    if datetime.combine(day, hours[0], JAKARTA) <= now or not _is_open(stop, day):
        return None
    for van in vans:
        wanted = _moved(stop, van, day, session, hours)
        if not bookings.refusal(wanted) and not bookings.questions(wanted):
            return Slot(van, day, session, hours, is_working_day(day))
    return None


def _is_open(stop: Trip, day: date) -> bool:
    try:
        check_open(stop.village, day, "day")
    except Refused:
        return False
    return True


def _moved(stop: Trip, van: Van, day: date | None = None, session: str = "", hours: tuple[time, time] | None = None) -> Trip:
    """The stop as it would be, not stored."""
    opens, closes = hours or (stop.opens, stop.closes)
    wanted = Trip(van=van, day=day or stop.day, session=session or stop.session, village=stop.village, place=stop.place)
    wanted.opens, wanted.closes = opens, closes
    return wanted
