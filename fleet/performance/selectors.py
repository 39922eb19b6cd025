"""How the vans do: people per stop held, reports that came on time, and stops held of those scheduled, by anything that
stops have in common."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from accounts.rights import Actor
from fleet.models import ReportKind, ReportLine, Session, Trip, TripStatus
from fleet.reports.watch import ON_TIME, WAITING, state_of
from recording.public import Period, due_day, short_name

MAX_ORDINAL_SHOWN = 4  # the fourth visit and all later ones are shown as one


@dataclass(frozen=True)
class Stop:
    """An announced stop, and what became of it. `recordings`: its KTP recordings where it was held and reported them, a
    visit; None where not. `ordinal` is the number of the visit to that kelurahan, from 1. `state` is that of its report;
    "" when it was called off."""

    van: int
    plate: str
    base: str
    village: str
    name: str
    place: str
    day: date
    session: str
    held: bool
    state: str
    recordings: int | None
    ordinal: int | None


@dataclass(frozen=True)
class Group:
    """Stops that have something in common. Stops whose report is still waited for are in no number; a nihil stop was a
    visit of 0."""

    label: str
    stops: list[Stop]

    @property
    def over(self) -> list[Stop]:
        """Those that may be judged."""
        return [stop for stop in self.stops if stop.state != WAITING]

    @property
    def scheduled(self) -> int:
        return len(self.over)

    @property
    def held(self) -> int:
        return sum(stop.held for stop in self.over)

    @property
    def cancelled(self) -> int:
        return sum(not stop.state for stop in self.over)

    @property
    def expected(self) -> int:
        """Reports that were to come: of every stop that was not called off."""
        return self.scheduled - self.cancelled

    @property
    def on_time(self) -> int:
        return sum(stop.state == ON_TIME for stop in self.over)

    @property
    def yields(self) -> list[int]:
        """The recordings of each visit."""
        return [stop.recordings for stop in self.stops if stop.recordings is not None]

    @property
    def visits(self) -> int:
        return len(self.yields)

    @property
    def recordings(self) -> int:
        return sum(self.yields)

    @property
    def best(self) -> int | None:
        return max(self.yields, default=None)

    @property
    def per_visit(self) -> Decimal | None:
        """Recordings per visit, half up to one place; None without a visit."""
        if not self.visits:
            return None
        return (Decimal(self.recordings) / self.visits).quantize(Decimal("0.1"), ROUND_HALF_UP)


def stops(by: Actor, code: str, first: date, last: date, today: date, periods: Sequence[Period]) -> list[Stop]:
    """Every stop in a region that was announced for these days, by day, in one query; not one whose publication was
    undone: it is a plan again, and no report of it is waited for. `periods` are all, by first day: they say when a report
    is late."""
    people = (
        ReportLine.objects.recordings()
        .filter(report=OuterRef("report"))
        .values("report")
        .annotate(people=Sum("people"))
        .values("people")
    )
    trips = (
        Trip.objects.visible_to(by)
        .below(code)
        .filter(day__range=(first, last), announced=True)
        .exclude(status=TripStatus.PLANNED)
        .annotate(people=Subquery(people, IntegerField()))
        .select_related("report", "van__base", "village")
        .only(
            *("day", "session", "place", "status", "van__plate", "van__base__name", "village__name"),
            *("report__kind", "report__status", "report__first_sent_at"),
        )
        .order_by("day", "pk")
    )
    number: dict[str, int] = defaultdict(int)
    found = []
    for trip in trips:
        recordings = _recordings(trip)
        if recordings is not None:
            number[trip.village_id] += 1
        called_off = trip.status == TripStatus.CANCELLED
        found.append(
            Stop(
                trip.van_id,
                trip.van.plate,
                short_name(trip.van.base.name),
                trip.village_id,
                trip.village.name,
                trip.place,
                trip.day,
                trip.session,
                trip.status == TripStatus.HELD,
                "" if called_off else state_of(trip, today, due_day(periods, trip.day)),
                recordings,
                None if recordings is None else number[trip.village_id],
            )
        )
    return found


def _recordings(trip: Any) -> int | None:
    """Those of a visit; a trip whose report was returned is not held."""
    report = getattr(trip, "report", None)
    visited = trip.status == TripStatus.HELD and report and report.kind in (ReportKind.SERVED, ReportKind.NIHIL)
    return trip.people if visited else None


def grouped(of: Iterable[Stop], key: Callable[[Stop], object], label: Callable[[Stop], str]) -> list[Group]:
    """The stops by a key, in the order of the key's text; the first stop of a group gives its label."""
    groups: dict[object, list[Stop]] = defaultdict(list)
    for stop in of:
        groups[key(stop)].append(stop)
    return [Group(label(group[0]), group) for _text, group in sorted(groups.items(), key=lambda item: str(item[0]))]


def by_session(of: Iterable[Stop]) -> list[Group]:
    """In the order of the day."""
    order = Session.values
    return grouped(of, lambda stop: order.index(stop.session), lambda stop: str(Session(stop.session).label))


def by_repeat(of: Iterable[Stop]) -> list[Group]:
    """First visit to a kelurahan within the span, second, third, and all later ones together."""
    visits = [stop for stop in of if stop.ordinal]
    return grouped(visits, lambda stop: min(stop.ordinal or 0, MAX_ORDINAL_SHOWN), _ordinal_label)


def _ordinal_label(stop: Stop) -> str:
    ordinal = stop.ordinal or 0
    shown = str(ordinal) if ordinal < MAX_ORDINAL_SHOWN else f"{MAX_ORDINAL_SHOWN}+"
    return _("Kunjungan ke-%(ordinal)s") % {"ordinal": shown}
