"""The portal at eight o'clock: a year of DKI, its people, and the stops whose reports are about to be sent."""

import argparse
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.roles import Role
from accounts.services.people import create_user
from benchmarks import data
from benchmarks.imports import counts_file
from benchmarks.imports.counts_file import CountsFile
from benchmarks.load.schedule import moments
from dukcapil import clock
from dukcapil.clock import business_date
from fleet.models import Session, Trip, TripStatus
from fleet.schedule.trips import HOURS, USUAL_SERVICES
from fleet.vans.services import register_van
from recording.coverage.services import run_due
from recording.models import Door, Level, Region
from recording.regions.region_file import REGIONS, read_regions
from recording.regions.services import load_regions

PASSWORD = "delapan-pagi-8"
CITIES = ("31.71", "31.72", "31.73", "31.74", "31.75")
READERS_PER_CITY, IMPORTER = 5, "dinas"
SESSIONS = (Session.MORNING, Session.MIDDAY, Session.AFTERNOON, Session.EVENING)
OPEN_DAYS = 4  # today and three days back may be reported
IMPORTED_ROWS, QUICK_ROWS = 195_000, 40_000  # the page gives a file of more than 1 MB to a worker
MINUTE, QUICK_MINUTE = 60.0, 15.0  # seconds


@dataclass(frozen=True)
class Office:
    """What the people do (`plan`, for the generator), the file that is imported, and what each report will have said:
    people by document, by the number of the stop."""

    plan: dict[str, Any]
    file: CountsFile
    reported: dict[int, dict[str, int]]
    seconds: float
    yesterday: date


def prepare(asked: argparse.Namespace, engine: str, folder: Path) -> Office:
    """Fill the empty database. `asked` says how many pages and reports there are in a minute."""
    now = clock.real_now()
    seconds = QUICK_MINUTE if asked.quick else MINUTE
    people = _live_until(now)
    trips = _publish_stops(round(asked.reports * seconds / 60), now)
    forms = {trip.pk: _form(trip, number) for number, trip in enumerate(trips)}
    readers = [name for name in people if name.startswith("pembaca")]
    pages = moments(round(asked.pages * seconds / 60), seconds)
    reports = zip(moments(len(trips), seconds), trips, strict=True)
    file = counts_file.make(folder, QUICK_ROWS if asked.quick else IMPORTED_ROWS)
    plan = {
        "scheme": "https" if engine == "postgres" else "http",
        "password": PASSWORD,
        "people": people,
        "pages": [(at, readers[turn % len(readers)]) for turn, at in enumerate(pages)],
        "reports": [(at, f"sudin{trip.city[3:]}", trip.pk, forms[trip.pk]) for at, trip in reports],
        "importer": IMPORTER,
        "file": str(file.path),
    }
    reported = {number: {"KTP": int(form["record"]), "KIA": int(form["kia"])} for number, form in forms.items()}
    return Office(plan, file, reported, seconds, business_date(now) - timedelta(days=1))


def _live_until(now: datetime) -> list[str]:
    """A year with its night; the names of all accounts."""
    today = business_date(now)
    load_regions(act=Act(SYSTEM, now, Door.COMMAND), rows=read_regions(REGIONS))
    data.define_years(data.FIRST_YEAR, today.year)
    data.set_targets_of_villages(today.year)
    data.add_counts(today - timedelta(days=365), today - timedelta(days=1))
    run_due(by=SYSTEM, now=now)
    accounts = [(f"pembaca{city[3:]}-{turn}", Role.READER, city) for city in CITIES for turn in range(READERS_PER_CITY)]
    accounts += [*((f"sudin{city[3:]}", Role.HEAD, city) for city in CITIES), (IMPORTER, Role.STAFF, "31")]
    for name, role, code in accounts:
        create_user(by=SYSTEM, username=name, full_name=name, role=role, jurisdiction=code, password=PASSWORD, now=now)
    return [name for name, _role, _code in accounts]


def _publish_stops(number: int, now: datetime) -> list[Trip]:
    """So many stops of the days that may be reported, over as many vans as they need, evenly from all cities."""
    today = business_date(now)
    slots = [(today - timedelta(days=back), session) for back in range(OPEN_DAYS) for session in SESSIONS]
    villages = {city: list(_villages(city)) for city in CITIES}
    trips = []
    for turn in range(number):
        city, place = CITIES[turn % len(CITIES)], turn // len(CITIES)
        day, session = slots[place % len(slots)]
        plate = f"B {1000 + place // len(slots)} P{'ABCDE'[turn % len(CITIES)]}"
        van = register_van(act=Act(SYSTEM, now, Door.COMMAND), plate=plate, base=city, sets=2)
        village, (opens, closes) = villages[city][place % len(villages[city])], HOURS[session]
        stop = {"van": van, "day": day, "session": session, "village_id": village, "opens": opens, "closes": closes}
        trips.append(Trip(**stop, place="RW 05", services=USUAL_SERVICES, status=TripStatus.PUBLISHED, announced=True))
    return Trip.objects.bulk_create(trips)


def _villages(city: str) -> Any:
    return Region.objects.below(city).filter(level=Level.VILLAGE).order_by("code").values_list("code", flat=True)


def _form(trip: Trip, number: int) -> dict[str, str]:
    """A report about which nothing is asked back: few people, and never those of the van's stop before."""
    record, kia = 5 + number * 7 % 25, number % 9
    return {"device": f"bench-{trip.pk}", "expected": "0", "stop": trip.token, "record": str(record), "kia": str(kia)}
