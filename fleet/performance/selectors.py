"""How the vans do: recordings per visit by place, weekday, session and repeat visit; plan against what was held."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.rights import Actor
from fleet.models import ReportKind, ReportLine, Session, Trip, TripStatus

MAX_ORDINAL_SHOWN = 4  # the fourth visit and all later ones are shown as one


@dataclass(frozen=True)
class Visit:
    """A held stop with its KTP recordings; `ordinal` is the number of the visit to that kelurahan, from 1."""

    village: str
    name: str
    place: str
    day: date
    session: str
    recordings: int
    ordinal: int


@dataclass(frozen=True)
class Group:
    """Visits that have something in common: how many, their recordings, and their best day."""

    label: str
    visits: int
    recordings: int
    best: int

    @property
    def per_visit(self) -> Decimal:
        """Recordings per visit, half up to one place."""
        return (Decimal(self.recordings) / self.visits).quantize(Decimal("0.1"), ROUND_HALF_UP)


def visits(by: Actor, code: str, first: date, last: date) -> list[Visit]:
    """Every held stop of a region that reported recordings, by day, in one query. A nihil stop was a visit of 0."""
    people = (
        ReportLine.objects.recordings()
        .filter(report=OuterRef("pk"))
        .values("report")
        .annotate(people=Sum("people"))
        .values("people")
    )
    rows = (
        Trip.objects.visible_to(by)
        .below(code)
        .filter(day__range=(first, last), status=TripStatus.HELD)
        .filter(report__kind__in=(ReportKind.SERVED, ReportKind.NIHIL))  # a trip whose report was returned is not held
        .annotate(people=Coalesce(Subquery(people), -1))
        .filter(people__gte=0)
        .order_by("day", "pk")
        .values_list("village_id", "village__name", "place", "day", "session", "people")
    )
    number: dict[str, int] = defaultdict(int)
    held = []
    for village, name, place, day, session, recorded in rows:
        number[village] += 1
        held.append(Visit(village, name, place, day, session, recorded, number[village]))
    return held


def grouped(held: Iterable[Visit], key: Callable[[Visit], object], label: Callable[[Visit], str]) -> list[Group]:
    """The visits by a key, in the order of the key's text; the first visit of a group gives its label."""
    groups: dict[object, list[Visit]] = defaultdict(list)
    for visit in held:
        groups[key(visit)].append(visit)
    rows = []
    for _key, group in sorted(groups.items(), key=lambda item: str(item[0])):
        recordings = [visit.recordings for visit in group]
        rows.append(Group(label(group[0]), len(group), sum(recordings), max(recordings)))
    return rows


def by_session(held: Iterable[Visit]) -> list[Group]:
    """In the order of the day."""
    order = Session.values
    return grouped(held, lambda visit: order.index(visit.session), lambda visit: str(Session(visit.session).label))


def by_repeat(held: Iterable[Visit]) -> list[Group]:
    """First visit to a kelurahan within the span, second, third, and all later ones together."""
    return grouped(held, lambda visit: min(visit.ordinal, MAX_ORDINAL_SHOWN), _ordinal_label)


def _ordinal_label(visit: Visit) -> str:
    return str(visit.ordinal) if visit.ordinal < MAX_ORDINAL_SHOWN else f"{MAX_ORDINAL_SHOWN}+"


@dataclass(frozen=True)
class PlannedAndHeld:
    """What a base planned and what it held: stops announced, held, and called off."""

    base: str
    name: str
    announced: int
    held: int
    cancelled: int


def plan_and_held(by: Actor, code: str, first: date, last: date) -> list[PlannedAndHeld]:
    """For each base whose vans stopped, or were to stop, in a region."""
    stops: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    trips = Trip.objects.visible_to(by).below(code).filter(day__range=(first, last), announced=True)
    for base, name, status in trips.values_list("van__base_id", "van__base__name", "status"):
        stops[base, name][status] += 1
    return [
        PlannedAndHeld(base, name, number.total(), number[TripStatus.HELD], number[TripStatus.CANCELLED])
        for (base, name), number in sorted(stops.items())
    ]
