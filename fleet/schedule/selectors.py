"""Reading the schedule: a trip, the week of a base, requests, and what helps to choose a kelurahan while planning."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import reduce
from itertools import combinations
from operator import or_

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.region_codes import within_region
from fleet.models import ReportLine, ReportStatus, RequestStatus, Trip, TripStatus, Van, VanAbsence, VanRequest, absence_of
from fleet.schedule.double_booking import overlap
from recording.public import Level, Region, is_beyond, is_code, is_working_day, remaining_below

MAX_FORMER_PLACES = 40


def visible_trip(by: Actor, number: int) -> Trip:
    """The trip with its van, kelurahan and report; NotFound when `by` may not see it."""
    trip = Trip.objects.visible_to(by).select_related("van__base", "village", "report").filter(pk=number).first()
    if trip is None:
        raise NotFound(N_("Jadwal itu tidak ditemukan; mungkin sudah dihapus."))
    return trip


def own_trip(by: Actor, number: int) -> Trip:
    """The trip, when `by` may change it: the place and the van must both be within reach."""
    trip = visible_trip(by, number)
    require(by=by, action=Action.TRIP_WRITE, code=trip.van.base_id)
    return trip


def village_with_code(code: str) -> Region:
    """The kelurahan with that code; Refused for anything else."""
    return villages_with_codes([code])[code]


def villages_with_codes(codes: Collection[str]) -> dict[str, Region]:
    """The kelurahan with these codes; Refused when one is anything else."""
    villages = Region.objects.filter(level=Level.VILLAGE).in_bulk([code for code in codes if is_code(code)])
    if not villages.keys() >= set(codes):
        raise Refused(N_("Pilih kelurahannya."), "village")
    return villages


def vans_to_plan(by: Actor, day: date) -> list[Van]:
    """The vans in use on a day whose schedule `by` may change."""
    vans = Van.objects.visible_to(by).in_use(day).select_related("base")
    return [van for van in vans if can(by, Action.TRIP_WRITE, van.base_id)]


@dataclass(frozen=True)
class Cell:
    """A van on a day: its stops by hour, and why it cannot go out, if so: on the whole day or from an hour of it on."""

    van: Van
    day: date
    trips: list[Trip]
    absence: VanAbsence | None

    @property
    def closed(self) -> bool:
        """Whether it cannot go out at any hour."""
        return self.absence is not None and self.absence.holds_all_of(self.day)

    @property
    def overlaps(self) -> bool:
        """Whether stops share hours: planned before the portal refused that."""
        standing = [trip for trip in self.trips if trip.status != TripStatus.CANCELLED]
        return any(overlap(one, other) for one, other in combinations(standing, 2))


@dataclass(frozen=True)
class WeekOfBase:
    """`rows` are the vans of the base with their seven cells; `lent`: stops of other vans in this city, which its Sudin
    reports but does not plan."""

    base: Region
    rows: list[tuple[Van, list[Cell]]]
    lent: list[Trip]

    @property
    def trips(self) -> list[Trip]:
        """The stops of its vans."""
        return [trip for _van, cells in self.rows for cell in cells for trip in cell.trips]

    @property
    def planned(self) -> int:
        """How many stops still wait to be published."""
        return sum(trip.status == TripStatus.PLANNED for trip in self.trips)

    @property
    def standing(self) -> int:
        return sum(trip.status != TripStatus.CANCELLED for trip in self.trips)


@dataclass(frozen=True)
class Week:
    """`days` pairs each day with whether offices work on it."""

    monday: date
    days: list[tuple[date, bool]]
    bases: list[WeekOfBase]


def monday_of(day: date) -> date:
    """Weeks start on Monday."""
    return day - timedelta(days=day.weekday())


def week_of(by: Actor, bases: Sequence[Region], monday: date) -> Week:
    """The week of these bases in four queries, however many; cancelled stops are shown too, with their reason."""
    days = [monday + timedelta(days=number) for number in range(7)]
    codes = [base.code for base in bases]
    vans = list(Van.objects.visible_to(by).in_use(monday).filter(base__in=codes).select_related("base"))
    places = reduce(or_, (within_region("village__code", code) for code in codes if "." in code), Q(van__base__in=codes))
    trips = list(
        Trip.objects.visible_to(by)
        .filter(places, day__range=(monday, days[-1]))
        .select_related("van", "village", "report")
        .order_by("day", "opens", "pk")
    )
    absences = VanAbsence.objects.of_vans([van.pk for van in vans], days)
    weeks = [_week_of_base(base, days, vans, trips, absences) for base in bases]
    return Week(monday, [(day, is_working_day(day)) for day in days], weeks)


def _week_of_base(base: Region, days: list[date], vans: list[Van], trips: list[Trip], absences: list[VanAbsence]) -> WeekOfBase:
    own = [van for van in vans if van.base_id == base.code]
    numbers = {van.pk for van in own}
    rows = [(van, [_cell(van, day, trips, absences) for day in days]) for van in own]
    lent = [trip for trip in trips if trip.van_id not in numbers and trip.city == base.code]
    return WeekOfBase(base, rows, lent)


def _cell(van: Van, day: date, trips: list[Trip], absences: list[VanAbsence]) -> Cell:
    stops = [trip for trip in trips if trip.van_id == van.pk and trip.day == day]
    absence = absence_of(absences, van.pk, day, time.min) or absence_of(absences, van.pk, day)
    return Cell(van, day, stops, absence)


def bases_to_plan(by: Actor, day: date) -> list[Region]:
    """The bases that have vans and whose schedule `by` may read; first those whose schedule `by` may change."""
    codes = Van.objects.visible_to(by).in_use(day).values("base")
    bases = Region.objects.filter(pk__in=codes)
    return sorted(bases, key=lambda base: (not can(by, Action.TRIP_WRITE, base.code), base.code))


@dataclass(frozen=True)
class MonthOfBase:
    """`days`: (day, how many stops stand on it, whether offices work on it), of the whole month."""

    base: Region
    days: list[tuple[date, int, bool]]

    @property
    def stops(self) -> int:
        return sum(stops for _day, stops, _works in self.days)

    @property
    def empty_workdays(self) -> int:
        """Days on which offices work and no van goes out."""
        return sum(works and not stops for _day, stops, works in self.days)

    @property
    def workdays(self) -> int:
        return sum(works for _day, _stops, works in self.days)


def month_of(by: Actor, first: date, last: date) -> list[MonthOfBase]:
    """How many stops the vans of each base have on each of these days, in three queries; first the bases whose schedule
    `by` may change. A van in use on any of these days is in use on the first of them: it only ever leaves."""
    bases = bases_to_plan(by, first)
    stops = Trip.objects.visible_to(by).standing().filter(van__base__in=bases, day__range=(first, last))
    counts = {(base, day): n for base, day, n in stops.values_list("van__base", "day").annotate(n=Count("pk")).order_by()}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    works = {day: is_working_day(day) for day in days}
    return [MonthOfBase(base, [(day, counts.get((base.code, day), 0), works[day]) for day in days]) for base in bases]


@dataclass(frozen=True)
class Prospect:
    """A kelurahan to choose while planning: people that remain to its target (None without one), the last day on which
    a van was there, how many days ago, and how many were recorded then (None: not reported)."""

    code: str
    name: str
    district: str
    remaining: int | None
    last_day: date | None
    days_ago: int | None
    last_yield: int | None


def prospects(by: Actor, code: str, day: date, *, today: date) -> list[Prospect]:
    """The kelurahan of a region that are open on the day, most remaining first, in a handful of queries."""
    last_days = dict(
        Trip.objects.below(code).filter(status=TripStatus.HELD, day__lt=day).values_list("village").annotate(last=Max("day"))
    )
    yields: dict[tuple[str, date], int] = {}
    lines = ReportLine.objects.recordings().below(code)
    lines = lines.filter(
        report__trip__day__in=set(last_days.values()), report__status__in=(ReportStatus.SENT, ReportStatus.APPROVED)
    )
    for village, on, people in lines.values_list("report__trip__village", "report__trip__day", "people"):
        yields[village, on] = yields.get((village, on), 0) + people
    rows = []
    for row in remaining_below(by, code, day, today=today):
        last = last_days.get(row.code)
        ago, last_yield = ((day - last).days, yields.get((row.code, last))) if last else (None, None)
        rows.append(Prospect(row.code, row.name, row.district, row.remaining, last, ago, last_yield))
    return sorted(rows, key=lambda row: (-(row.remaining or 0), row.code))


def former_places(by: Actor, code: str) -> list[str]:
    """Places at which vans stopped in a region, the most frequent first."""
    trips = Trip.objects.visible_to(by).standing().below(code)
    places = trips.values_list("place").annotate(times=Count("pk")).order_by("-times", "place")[:MAX_FORMER_PLACES]
    return [place for place, _times in places]


def visible_requests(by: Actor, today: date) -> list[VanRequest]:
    """Requests for vans of the agency that `by` may see: open ones, and those of days that are still to come."""
    return list(
        VanRequest.objects.visible_to(by)
        .filter(Q(status=RequestStatus.OPEN) | Q(day__gte=today))
        .select_related("village", "by", "answered_by", "trip__van")
        .order_by("status", "day", "pk")
    )


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


def requests_beyond_days() -> list[str]:
    """Open requests for a van on days on which their kelurahan is not open, a sentence each."""
    requests = VanRequest.objects.filter(is_beyond("village", "day"), status=RequestStatus.OPEN)
    return [
        _("Permintaan mobil ke %(place)s, %(village)s, pada %(day)s: kelurahannya tidak buka hari itu.")
        % {"place": request.place, "village": request.village, "day": figures.long_day(request.day)}
        for request in requests.select_related("village").order_by("day", "pk")
    ]


def stops_beyond_days(trips: QuerySet[Trip] | None = None) -> list[str]:
    """Those of the trips (without any: of all that stand) on days on which their kelurahan is not open, a sentence each."""
    trips = Trip.objects.standing() if trips is None else trips
    stops = trips.filter(is_beyond("village", "day")).select_related("van", "village").order_by("day", "pk")
    return [
        _("Jadwal %(plate)s (%(status)s) di %(place)s, %(village)s, pada %(day)s: kelurahannya tidak buka hari itu.")
        % {
            "plate": stop.van.plate,
            "status": TripStatus(stop.status).label,
            "place": stop.place,
            "village": stop.village,
            "day": figures.long_day(stop.day),
        }
        for stop in stops
    ]
