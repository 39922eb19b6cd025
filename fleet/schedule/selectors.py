"""Reading the schedule: the week of a base, a day, and what one wants to know of a kelurahan while one plans."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from accounts.rights import Actor, can
from accounts.roles import Action
from dukcapil.region_codes import within_region
from fleet.models import ReportLine, ReportStatus, RequestStatus, Trip, TripStatus, Van, VanAbsence, VanRequest
from recording.public import Region, is_working_day, remaining_below

SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True)
class Cell:
    """A van on a day: its stops by hour, and why it cannot go out, if so."""

    van: Van
    day: date
    trips: list[Trip]
    absence: VanAbsence | None


@dataclass(frozen=True)
class Week:
    """`days` pairs each day with whether offices work on it; `rows` are the vans of the base with their seven cells;
    `lent`: stops of the agency's vans in this city, which its Sudin reports but does not plan."""

    monday: date
    days: list[tuple[date, bool]]
    rows: list[tuple[Van, list[Cell]]]
    lent: list[Trip]

    @property
    def planned(self) -> int:
        """How many stops still wait to be published."""
        return sum(
            trip.status == TripStatus.PLANNED for _van, cells in self.rows for cell in cells for trip in cell.trips
        )


def monday_of(day: date) -> date:
    """Weeks start on Monday."""
    return day - timedelta(days=day.weekday())


def week_of(by: Actor, base: str, monday: date) -> Week:
    """The week of a base in four queries; cancelled stops are shown too, with their reason."""
    days = [monday + timedelta(days=number) for number in range(7)]
    vans = list(Van.objects.visible_to(by).in_use(monday).filter(base=base).select_related("base"))
    trips = list(
        Trip.objects.visible_to(by)
        .filter(Q(van__base=base) | within_region("village__code", base), day__range=(monday, monday + SIX_DAYS))
        .select_related("van", "village", "report")
        .order_by("day", "opens", "pk")
    )
    absences = list(VanAbsence.objects.touching(monday, days[-1]).filter(van__in=vans))
    own = {van.pk for van in vans}
    rows = [(van, [_cell(van, day, trips, absences) for day in days]) for van in vans]
    lent = [trip for trip in trips if trip.van_id not in own and "." in base]
    return Week(monday, [(day, is_working_day(day)) for day in days], rows, lent)


def _cell(van: Van, day: date, trips: list[Trip], absences: list[VanAbsence]) -> Cell:
    found = [trip for trip in trips if trip.van_id == van.pk and trip.day == day]
    away = next((a for a in absences if a.van_id == van.pk and a.first_day <= day <= a.last_day), None)
    return Cell(van, day, found, away)


def bases_to_plan(by: Actor, day: date) -> list[Region]:
    """The bases that have vans and whose schedule `by` may read, the own ones first."""
    codes = Van.objects.visible_to(by).in_use(day).values("base")
    found = list(Region.objects.filter(pk__in=codes))
    return sorted(found, key=lambda base: (not can(by, Action.TRIP_WRITE, base.code), base.code))


@dataclass(frozen=True)
class Prospect:
    """A kelurahan as one plans: people that remain to its target (None without one), when a van was last there, how
    many days ago, and how many were recorded then (None: not told)."""

    code: str
    name: str
    district: str
    remaining: int | None
    last_day: date | None
    days_ago: int | None
    last_yield: int | None


def prospects(by: Actor, code: str, day: date) -> list[Prospect]:
    """The kelurahan of a region, most remaining first, in a handful of queries."""
    last = dict(
        Trip.objects.below(code)
        .filter(status=TripStatus.HELD, day__lt=day)
        .values_list("village")
        .annotate(last=Max("day"))
    )
    yields: dict[tuple[str, date], int] = {}
    wanted = (
        ReportLine.objects.recordings()
        .below(code)
        .filter(report__trip__day__in=set(last.values()), report__status__in=(ReportStatus.SENT, ReportStatus.APPROVED))
    )
    for village, on, people in wanted.values_list("report__trip__village", "report__trip__day", "people"):
        yields[village, on] = yields.get((village, on), 0) + people
    found = []
    for row in remaining_below(by, code):
        visited = last.get(row.code)
        found.append(
            Prospect(
                row.code,
                row.name,
                row.district,
                row.remaining,
                visited,
                (day - visited).days if visited else None,
                yields.get((row.code, visited)) if visited else None,
            )
        )
    return sorted(found, key=lambda each: (-(each.remaining or 0), each.code))


def former_places(by: Actor, code: str) -> list[str]:
    """Places at which vans stopped in a region, the most frequent first."""
    trips = Trip.objects.visible_to(by).standing().below(code)
    counted = trips.values_list("place").annotate(times=Count("pk")).order_by("-times", "place")[:40]
    return [place for place, _times in counted]


def requests_seen(by: Actor, today: date) -> list[VanRequest]:
    """Requests for vans of the agency that `by` may see: open ones, and those of days that are still to come."""
    return list(
        VanRequest.objects.visible_to(by)
        .filter(Q(status=RequestStatus.OPEN) | Q(day__gte=today))
        .select_related("village", "by", "answered_by", "trip__van")
        .order_by("status", "day", "pk")
    )


def free_vans(base: str, day: date, session: str) -> list[Van]:
    """Vans of a base that are ready and free in a session of a day."""
    busy = Trip.objects.standing().in_session(session).filter(day=day).values("van")
    absent = VanAbsence.objects.touching(day, day).values("van")
    vans = Van.objects.filter(base=base).in_use(day)
    return list(vans.exclude(pk__in=busy).exclude(pk__in=absent))


def published_stops(code: str | None, first: date, last: date) -> list[Trip]:
    """What a calendar or the public page may show: stops in a region (None: everywhere) that were published once, also
    those that were cancelled after that, so that people who meant to come learn it."""
    trips = Trip.objects.all() if code is None else Trip.objects.below(code)
    return list(
        trips.filter(announced=True, day__range=(first, last))
        .exclude(status=TripStatus.PLANNED)
        .select_related("van", "village", "report")
        .order_by("day", "opens", "pk")
    )
