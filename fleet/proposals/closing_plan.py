"""The closing plan of each city, from the newest official run, the reports and the schedule."""

from collections import Counter
from datetime import date
from functools import lru_cache

from accounts.rights import Actor, require
from accounts.roles import Action
from fleet.models import BaseQuota, Trip, TripStatus, Van
from fleet.planning.yields import PlaceHistory, outlooks
from fleet.proposals.closing import CityToClose, PlaceToClose
from fleet.proposals.histories import known_places
from fleet.proposals.question import Question
from recording.public import Period, Region, working_days


def closing_plan(by: Actor, code: str, today: date) -> list[CityToClose]:
    """Every city of a region in which vans drive, by code; [] before the first official run. The number of queries does not
    grow with the places."""
    require(by=by, action=Action.FLEET_READ, code=code)
    cities = _cities(code, today)
    known = known_places(Question(code, today, 1), cities, [], today=today)
    period = next((period for period in Period.objects.all() if known.as_of and period.holds(known.as_of)), None)
    if period is None:
        return []
    expected = next_visits(tuple(sorted(known.histories.items(), key=lambda item: item[0])))
    stops = Trip.objects.below(code).published().exclude(report__kind="idle")
    in_period = stops.filter(day__range=(period.first_day, period.last_day)).values_list("village", "day", "status")
    held = Counter(village for village, day, status in in_period if status == TripStatus.HELD)
    booked = Counter(village for village, day, status in in_period if status != TripStatus.HELD and day >= today)
    names = dict(Region.objects.below(code).values_list("code", "name"))
    places = [
        PlaceToClose(
            place.code,
            names[place.code],
            names.get(place.code[:8], ""),
            None if place.target is None else max(0, place.target - place.recorded),
            expected[place.code][0],
            held[place.code],
            booked[place.code],
            expected[place.code][1],
        )
        for place in known.places
    ]
    all_days = working_days(period.first_day, period.last_day)
    gone = sum(day < today for day in all_days)
    return [
        CityToClose(city, names[city], tuple(p for p in places if p.code[:5] == city), gone, len(all_days)) for city in cities
    ]


@lru_cache(maxsize=8)
def next_visits(histories: tuple[tuple[str, PlaceHistory], ...]) -> dict[str, tuple[float, float]]:
    """Whom the next visit of each place is expected to record, and how many of its list can still be found. Kept, because a
    page that asks for all places of a province waits half a second for it, and the histories change only with a report or a
    nightly run."""
    return {code: (outlook.means[0], outlook.left) for code, outlook in outlooks(dict(histories), visits=1).items()}


def _cities(code: str, today: date) -> list[str]:
    """The city itself, or those of a province with a van of their own or a quota."""
    if "." in code:
        return [code[:5]]
    bases = set(Van.objects.in_use(today).values_list("base", flat=True))
    bases |= set(BaseQuota.objects.filter(vans__gt=0).values_list("base", flat=True))
    return sorted(base for base in bases if base.startswith(f"{code}."))
