"""A day of the fleet: five numbers, and which reports are expected, came on time, came late, or are missing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rights import Actor
from dukcapil.clock import business_date
from fleet.models import ReportStatus, Trip, TripStatus, Van, VanAbsence
from recording.public import Period, due_day

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
    absences = VanAbsence.objects.of_vans([van for van, _retired in vans], days)
    stops: dict[date, list[tuple[str, str]]] = defaultdict(list)
    rows = Trip.objects.visible_to(by).published().below(code).filter(day__range=(first, last))
    for day, status, village in rows.values_list("day", "status", "village_id"):
        stops[day].append((status, village))
    return [_numbers(day, vans, absences, stops[day]) for day in days]


def _numbers(
    day: date, vans: Iterable[tuple[int, date | None]], absences: Iterable[VanAbsence], stops: list[tuple[str, str]]
) -> DayNumbers:
    """A van that broke down in the course of the day was ready on it."""
    registered = {van for van, retired in vans if retired is None or retired > day}
    absent = {absence.van_id for absence in absences if absence.holds_all_of(day)}
    held = [village for status, village in stops if status == TripStatus.HELD]
    return DayNumbers(day, len(registered), len(registered - absent), len(stops), len(held), len(set(held)))


@dataclass(frozen=True)
class ExpectedReport:
    """A published stop whose day has come, and what became of its report."""

    trip: Trip
    state: str


@dataclass(frozen=True)
class Punctuality:
    """How many reports are expected and how many came: never more than expected. A returned one is out of the coverage
    until it is corrected, so it is missing."""

    expected: int
    came: int

    @property
    def missing(self) -> int:
        return self.expected - self.came


def expected_reports(by: Actor, code: str, first: date, last: date, today: date) -> list[ExpectedReport]:
    """The stops in `code` that expect a report: published and not cancelled (an absent van has none), from `first` to
    `last` but not later than today, by day and van, in two queries."""
    trips = (
        Trip.objects.visible_to(by)
        .published()
        .below(code)
        .filter(day__range=(first, min(last, today)))
        .select_related("van", "village", "report__by")
        .order_by("day", "van__base", "van__plate", "opens")
    )
    periods = list(Period.objects.all())
    return [ExpectedReport(trip, state_of(trip, today, due_day(periods, trip.day))) for trip in trips]


def state_of(trip: Trip, today: date, due: date) -> str:
    """One of the five states. On time is on the day on which it is `due`: the day itself, or when its period was made
    after that; until then a report that has not come is waited for, later it is missing."""
    report = getattr(trip, "report", None)
    if report is None:
        return WAITING if due >= today else MISSING
    if report.status == ReportStatus.RETURNED:
        return RETURNED
    return ON_TIME if business_date(report.first_sent_at) <= due else LATE


def punctuality(expected: list[ExpectedReport]) -> Punctuality:
    return Punctuality(len(expected), sum(report.state in (ON_TIME, LATE) for report in expected))


@dataclass(frozen=True)
class MatrixRow:
    """One van over some days; a cell holds its expected reports of that day, none where it had no stop."""

    van: Van
    cells: list[list[ExpectedReport]]
    sums: Punctuality


def matrix(expected: Iterable[ExpectedReport], days: list[date]) -> list[MatrixRow]:
    """Van x day, by plate within each base."""
    reports: dict[tuple[int, date], list[ExpectedReport]] = defaultdict(list)
    vans: dict[int, Van] = {}
    for report in expected:
        reports[report.trip.van_id, report.trip.day].append(report)
        vans[report.trip.van_id] = report.trip.van
    rows = []
    for van in sorted(vans.values(), key=lambda van: (van.base_id, van.plate)):
        cells = [reports[van.pk, day] for day in days]
        rows.append(MatrixRow(van, cells, punctuality([report for cell in cells for report in cell])))
    return rows


def days_until(last: date, number: int) -> list[date]:
    """The last `number` days up to and including `last`, oldest first."""
    return [last - timedelta(days=back) for back in range(number - 1, -1, -1)]
