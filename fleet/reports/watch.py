"""A day of the fleet: five numbers, and which reports are expected, came on time, came late, or are missing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.rights import Actor
from dukcapil.clock import business_date
from fleet.models import ReportStatus, Trip, TripStatus, Van, VanAbsence

ON_TIME, LATE, RETURNED, MISSING, WAITING = "on_time", "late", "returned", "missing", "waiting"


@dataclass(frozen=True)
class DayNumbers:
    """Five different numbers of a day, never to be mixed: vans registered, vans ready (not absent), stops scheduled
    (published or held), stops held, and distinct kelurahan reached."""

    day: date
    registered: int
    ready: int
    scheduled: int
    held: int
    reached: int


def five_numbers(by: Actor, code: str, days: list[date]) -> list[DayNumbers]:
    """For each of these days, of the vans and the stops in `code` and below, in three queries whatever the days."""
    if not days:
        return []
    first, last = min(days), max(days)
    vans = list(Van.objects.visible_to(by).below(code).values_list("pk", "retired"))
    absences = list(
        VanAbsence.objects.touching(first, last)
        .filter(van__in=[pk for pk, _retired in vans])
        .values_list("van_id", "first_day", "last_day")
    )
    stops: dict[date, list[tuple[str, str]]] = defaultdict(list)
    rows = Trip.objects.visible_to(by).published().below(code).filter(day__range=(first, last))
    for day, status, village in rows.values_list("day", "status", "village_id"):
        stops[day].append((status, village))
    return [_numbers(day, vans, absences, stops[day]) for day in days]


def _numbers(
    day: date,
    vans: Iterable[tuple[int, date | None]],
    absences: Iterable[tuple[int, date, date]],
    stops: list[tuple[str, str]],
) -> DayNumbers:
    registered = {pk for pk, retired in vans if retired is None or retired > day}
    absent = {pk for pk, first, last in absences if first <= day <= last}
    held = [village for status, village in stops if status == TripStatus.HELD]
    return DayNumbers(day, len(registered), len(registered - absent), len(stops), len(held), len(set(held)))


@dataclass(frozen=True)
class Expected:
    """A published stop whose day has come, and what became of its report."""

    trip: Trip
    state: str


@dataclass
class Punctuality:
    """How many reports a set of stops expects, and how many came: never more than expected. A returned one is out of
    the coverage until it is mended, so it is missing."""

    expected: int = 0
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, state: str) -> None:
        self.expected += 1
        self.states[state] += 1

    @property
    def came(self) -> int:
        return self.states[ON_TIME] + self.states[LATE]

    @property
    def missing(self) -> int:
        return self.states[MISSING] + self.states[WAITING] + self.states[RETURNED]


def expected_reports(by: Actor, code: str, first: date, last: date, today: date) -> list[Expected]:
    """The stops in `code` that expect a report: published and not cancelled (an absent van has none), from `first` to
    `last` but not later than today, by day and van, in one query."""
    trips = (
        Trip.objects.visible_to(by)
        .published()
        .below(code)
        .filter(day__range=(first, min(last, today)))
        .select_related("van", "village", "report__by")
        .order_by("day", "van__base", "van__plate", "opens")
    )
    return [Expected(trip, state_of(trip, today)) for trip in trips]


def state_of(trip: Trip, today: date) -> str:
    """On time is on the day itself; a stop of today that has no report yet is waited for, an earlier one missing."""
    report = getattr(trip, "report", None)
    if report is None:
        return WAITING if trip.day >= today else MISSING
    if report.status == ReportStatus.RETURNED:
        return RETURNED
    return ON_TIME if business_date(report.first_sent_at) <= trip.day else LATE


def punctuality(expected: Iterable[Expected]) -> Punctuality:
    """All of them counted."""
    found = Punctuality()
    for each in expected:
        found.add(each.state)
    return found


@dataclass(frozen=True)
class MatrixRow:
    """One van over some days; a cell holds its expected reports of that day, none where it had no stop."""

    van: Van
    cells: list[list[Expected]]
    sums: Punctuality


def matrix(expected: Iterable[Expected], days: list[date]) -> list[MatrixRow]:
    """Van x day, by plate within each base."""
    rows: dict[int, dict[date, list[Expected]]] = defaultdict(lambda: defaultdict(list))
    vans: dict[int, Van] = {}
    for each in expected:
        rows[each.trip.van_id][each.trip.day].append(each)
        vans[each.trip.van_id] = each.trip.van
    ordered = sorted(vans.values(), key=lambda van: (van.base_id, van.plate))
    return [
        MatrixRow(
            van, [rows[van.pk][day] for day in days], punctuality(each for day in days for each in rows[van.pk][day])
        )
        for van in ordered
    ]


def span(last: date, number: int) -> list[date]:
    """The last `number` days up to and including `last`, oldest first."""
    return [last - timedelta(days=back) for back in range(number - 1, -1, -1)]
