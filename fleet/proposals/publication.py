"""What publishing a proposal would do to the schedule, stop by stop, with the van of each: shown first, then done just so.

Where and when: at the place at which a van last stopped in that kelurahan, in the session, at the hours and with the services
of that stop; where none ever stopped, or only without recordings, at the office of the kelurahan at the usual hours of a
morning.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery

from dukcapil import figures
from dukcapil.errors import N_, Conflict
from fleet.models import Proposal, Service, Session, Trip, TripStatus, Van
from fleet.planning.naming import NamedVan, name_vans
from fleet.planning.plan_file import check_file
from fleet.planning.problem import Plan
from fleet.proposals.inputs import Surroundings, surroundings
from fleet.proposals.question import Question
from fleet.proposals.selectors import question_of
from fleet.schedule.trips import TripInput
from recording.public import Region

OFFICE = N_("Kantor Kelurahan %(village)s")
CHANGED = N_("Jadwal berubah sejak usulan ini dihitung: %(place)s, %(day)s. Minta usulan lagi.")
NO_VAN = N_("Tidak ada lagi mobil yang siap untuk %(place)s pada %(day)s. Minta usulan lagi.")
LENT = N_(
    "Titik di %(place)s pada %(day)s memerlukan mobil dari Sudin lain. Pindahkan dahulu pangkalan mobilnya di halaman Armada, "
    "lalu minta usulan lagi."
)
LEFT_OUT = N_("Diganti jadwal baru; kelurahan ini tidak dikunjungi pada hari itu.")
MOVED = N_("Dipindahkan ke %(day)s.")


@dataclass(frozen=True)
class PublishedStop:
    """A stop of the plan as it would stand. `trip`: the stop that is there already, None for a new one; `was`: its plate, where
    another van takes it."""

    village: Region
    day: date
    van: Van
    wanted: TripInput
    trip: Trip | None = None
    was: str = ""

    @property
    def is_new(self) -> bool:
        return self.trip is None


@dataclass(frozen=True)
class CalledOff:
    """A stop that stands and that the plan does not keep, with the reason that everybody will read."""

    trip: Trip
    reason: str


@dataclass(frozen=True)
class Publication:
    """`problems`: why it cannot be published as it is, each a sentence; then nothing is written."""

    stops: list[PublishedStop]
    called_off: list[CalledOff]
    problems: list[Conflict] = field(default_factory=list)

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as publishing does the same."""
        lines = [
            *(f"{s.trip.pk if s.trip else ''}|{s.van.pk}|{s.day}|{s.village.code}|{s.wanted}" for s in self.stops),
            *(f"{row.trip.pk}|{row.reason}" for row in self.called_off),
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def changes(self) -> bool:
        """Whether publishing would do anything."""
        others = any(stop.was or stop.trip.status == TripStatus.PLANNED for stop in self.stops if stop.trip)
        return bool(self.new or self.called_off or others)

    @property
    def new(self) -> int:
        return sum(stop.is_new for stop in self.stops)


def publication_of(proposal: Proposal) -> Publication:
    """What publishing it would do now. Refused when its plan does not pass the check."""
    plan = check_file(proposal.plan.encode())
    question = question_of(proposal)
    now = surroundings(question, date.fromisoformat(proposal.facts["today"]))
    stops = [(code, day) for code, day in plan["stops"]]
    standing = {(stop.village, stop.day): stop for stop in now.stops if not stop.fixed}
    trips = Trip.objects.select_related("van", "village").in_bulk([stop.trip for stop in standing.values()])
    villages = Region.objects.in_bulk({code for code, _day in [*stops, *standing]})
    problems = list(_changes(proposal, now))
    named = named_vans(question, plan, now, {key: trips[stop.trip] for key, stop in standing.items()})
    vans = Van.objects.select_related("base").in_bulk({number for number in named.values() if number})
    usual = usual_stops({code for code, _day in stops})
    published = []
    for code, day in sorted(stops, key=lambda stop: (stop[1], stop[0])):
        van, trip = vans.get(named.get((code, day), 0)), standing.get((code, day))
        where = {"place": villages[code].name, "day": figures.long_day(date.fromisoformat(day))}
        if van is None:
            problems.append(Conflict(NO_VAN, **where))
        elif "." in van.base_id and van.base_id != code[:5]:
            problems.append(Conflict(LENT, **where))
        else:
            published.append(_stop(villages[code], day, van, trips[trip.trip] if trip else None, usual.get(code)))
    moved = {(move["place"], move["day"]): move["new_day"] for move in proposal.facts.get("moves", [])}
    left_out = [trips[stop.trip] for key, stop in sorted(standing.items()) if key not in stops]
    return Publication(published, [CalledOff(trip, _reason(trip, moved)) for trip in left_out], problems)


def _changes(proposal: Proposal, now: Surroundings) -> Iterable[Conflict]:
    """The first stop that is not as it was when the plan was made: somebody else's, one that moved, was called off, pinned or
    reported."""
    days = {day.day for day in now.days}
    known = {tuple(row) for row in proposal.facts.get("stops", [])}
    stands = {(s.trip, s.van, s.village, s.day, s.published, s.fixed) for s in now.stops if s.day in days}
    other = min(known ^ stands, key=lambda row: (row[3], row[2]), default=None)
    if other:
        name = Region.objects.filter(pk=other[2]).values_list("name", flat=True).first()
        yield Conflict(CHANGED, place=name, day=figures.long_day(date.fromisoformat(str(other[3]))))


def named_vans(
    question: Question, plan: Plan, now: Surroundings, standing: Mapping[tuple[str, str], Trip]
) -> dict[tuple[str, str], int]:
    """The number of the van of each stop: those that the head named and those that stand keep theirs where they can."""
    by_plate = {van.plate: van for van in now.vans}
    plates = {van.number: van.plate for van in now.vans}
    pinned = {key: trip.van.plate for key, trip in standing.items()}
    pinned |= {(pin.village, pin.day): plates[pin.van] for pin in question.pins if pin.van in plates}
    vans = [NamedVan(van.plate, van.base if "." in van.base else "", van.away) for van in now.vans]
    city_of = {place["code"]: plan["problem"]["cities"][place["city"]]["code"] for place in plan["problem"]["places"]}
    before = [stop for stop in now.stops if stop.day < min(plan["problem"]["days"]) and stop.van in plates]
    last_places = {plates[stop.van]: stop.village for stop in sorted(before, key=lambda stop: stop.day)}
    named = name_vans(plan["stops"], city_of, vans, pinned, last_places=last_places)
    return {key: by_plate[plate].number for key, plate in named.items()}


def usual_stops(codes: Iterable[str]) -> dict[str, Trip]:
    """The last stop with recordings in each of these kelurahan, in two queries."""
    last = Trip.objects.standing().filter(village=OuterRef("pk")).order_by("-day", "-pk").values("pk")[:1]
    numbers = Region.objects.filter(pk__in=codes).annotate(last=Subquery(last)).values_list("last", flat=True)
    trips = Trip.objects.filter(pk__in=[number for number in numbers if number])
    return {trip.village_id: trip for trip in trips if {Service.RECORD, Service.RECORD_FIRST} & set(trip.services)}


def _stop(village: Region, day: str, van: Van, trip: Trip | None, usual: Trip | None) -> PublishedStop:
    on = date.fromisoformat(day)
    if trip:
        as_it_stands = TripInput(van.pk, *trip.identity[1:], trip.opens, trip.closes, trip.services)
        return PublishedStop(village, on, van, as_it_stands, trip, "" if trip.van_id == van.pk else trip.van.plate)
    if usual:
        where: tuple[Any, ...] = (usual.session, village.code, usual.place, usual.opens, usual.closes, usual.services)
        return PublishedStop(village, on, van, TripInput(van.pk, on, *where))
    place = str(Conflict(OFFICE, village=village.name))
    return PublishedStop(village, on, van, TripInput(van.pk, on, Session.MORNING, village.code, place))


def _reason(trip: Trip, moved: Mapping[tuple[str, str], str | None]) -> str:
    new = moved.get((trip.village_id, trip.day.isoformat()))
    if new:
        return str(Conflict(MOVED, day=figures.long_day(date.fromisoformat(new))))
    return str(Conflict(LEFT_OUT))
