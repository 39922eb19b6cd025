"""How the vans do: recordings per visit by place, weekday, session and repeat visit; plan against what was held."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.rights import Actor
from fleet.models import ReportKind, ReportLine, Session, Trip, TripStatus

REPEATS = 4  # the fourth visit and all later ones are shown as one


@dataclass(frozen=True)
class Visit:
    """A held stop with its KTP recordings; `turn` is the how manieth visit to that kelurahan it was, from 1."""

    van: str
    village: str
    name: str
    place: str
    day: date
    session: str
    recordings: int
    turn: int


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
    """Every held stop of a region that told recordings, by day, in one query. A nihil stop was a visit of 0."""
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
        .filter(report__kind__in=(ReportKind.SERVED, ReportKind.NIHIL))  # a returned one is not held until it is mended
        .annotate(people=Coalesce(Subquery(people), -1))
        .filter(people__gte=0)
        .order_by("day", "pk")
        .values_list("van__plate", "village_id", "village__name", "place", "day", "session", "people")
    )
    turns: dict[str, int] = defaultdict(int)
    found = []
    for plate, village, name, place, day, session, recorded in rows:
        turns[village] += 1
        found.append(Visit(plate, village, name, place, day, session, recorded, turns[village]))
    return found


def grouped(found: Iterable[Visit], key: Callable[[Visit], object], label: Callable[[Visit], str]) -> list[Group]:
    """The visits by a key, in its order."""
    groups: dict[object, list[Visit]] = defaultdict(list)
    for visit in found:
        groups[key(visit)].append(visit)
    return [
        Group(
            label(group[0]),
            len(group),
            sum(visit.recordings for visit in group),
            max(visit.recordings for visit in group),
        )
        for _key, group in sorted(groups.items(), key=lambda item: str(item[0]))
    ]


def by_session(found: Iterable[Visit]) -> list[Group]:
    """In the order of the day."""
    order = {session: str(number) for number, session in enumerate(Session.values)}
    return grouped(found, lambda visit: order[visit.session], lambda visit: str(Session(visit.session).label))


def by_repeat(found: Iterable[Visit]) -> list[Group]:
    """First visit to a kelurahan within the span, second, third, and all later ones together."""
    turn = lambda visit: min(visit.turn, REPEATS)  # noqa: E731
    return grouped(found, turn, lambda visit: f"{turn(visit)}{'+' if visit.turn >= REPEATS else ''}")


@dataclass(frozen=True)
class Kept:
    """What a base planned and what it held: stops announced, held, and called off."""

    base: str
    name: str
    announced: int
    held: int
    cancelled: int


def plan_and_held(by: Actor, code: str, first: date, last: date) -> list[Kept]:
    """For each base whose vans stopped, or were to stop, in a region."""
    rows: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[str, str] = {}
    trips = Trip.objects.visible_to(by).below(code).filter(day__range=(first, last))
    for base, name, status in trips.filter(announced=True).values_list("van__base_id", "van__base__name", "status"):
        rows[base][status] += 1
        names[base] = name
    return [
        Kept(base, names[base], sum(rows[base].values()), rows[base][TripStatus.HELD], rows[base][TripStatus.CANCELLED])
        for base in sorted(rows)
    ]
