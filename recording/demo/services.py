"""Example data, written through the services as if the year had been lived: evenings of counts, nights of runs.

What is written comes from the pure plan (plan.py); here it only gets its moment and the person who does it, so that
ledger, "late" and "corrected" are true. A week is one short transaction: a seeding that was killed goes on with the
first week that is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Max

from accounts.acts import Act
from accounts.models import ApiKey, User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action, KeyScope, Role
from accounts.services import create_user, set_password
from accounts.services.keys import MAX_DAYS, digest_of, issue_key
from dukcapil import clock
from dukcapil.errors import N_, Conflict
from recording.coverage.services import run_due
from recording.demo.days import AS_OF, FIRST_DAY, DemoStop
from recording.demo.plan import PERIOD, DemoPlan, plan
from recording.ledger.checks import CountInput
from recording.ledger.services import record_counts
from recording.models import CoverageRun, DailyCount, Door, Period, Posting, Region, Target
from recording.parsing.region_names import city_of
from recording.regions.region_file import ALIASES, REGIONS, read_aliases, read_regions
from recording.regions.services import load_regions
from recording.targets.services import TargetInput, define_period, set_targets

# A day of the example: an office morning, the evening on which counts are typed in, and the night after it.
MORNING, EVENING, NIGHT = time(7, 0), time(16, 30), time(0, 20)
# Writes the vans' reports of one evening, given the stops, the moment and the example's last day; answers the counts
# that are still to be recorded. The fleet stands above this app: whoever calls `seed` hands it in.
ReportStops = Callable[[list[DemoStop], datetime, date], list[CountInput]]


@dataclass(frozen=True)
class DemoAccount:
    """A person of the example, one at least for each role."""

    username: str
    full_name: str
    role: Role
    jurisdiction: str


STAFF = DemoAccount("dinas", "Dian Dinas", Role.STAFF, "31")
ACCOUNTS = (
    DemoAccount("admin", "Adi Administrator", Role.ADMIN, "31"),
    STAFF,
    DemoAccount("barat", "Budi Barat", Role.HEAD, "31.73"),
    DemoAccount("timur", "Tuti Timur", Role.HEAD, "31.75"),
    DemoAccount("pembaca", "Rina Pembaca", Role.READER, "31"),
    DemoAccount("dasbor", "Dasbor Balai Kota", Role.API, "31"),
)
# No secret: it only reads, and only what is made up. README and the page "API" show it.
DEMO_KEY, KEY_OWNER = "rj_contoh_hanya-untuk-data-contoh-0123456789", "dasbor"


@dataclass(frozen=True)
class Seeded:
    """The example as it now stands. `begins` is the moment at which its clock is to start."""

    until: date
    begins: datetime
    counts: int
    run: int


def seed(*, by: Actor, until: date | None, password: str, report_stops: ReportStops) -> Seeded:
    """The example up to and including `until` (without one: what was begun, else AS_OF), its last night done.

    From the first step on the portal's clock stands in the example, so that nobody takes half of it for real data.
    Refused on a database that holds anything else, for another day than was begun, and for a day without a plan.
    """
    require(by=by, action=Action.USER_MANAGE)
    begun = _begun(until)
    until = begun or until or AS_OF
    rows = list(read_regions(REGIONS))
    demo = plan([row.code for row in rows if row.code.count(".") == 3], until=until)
    start = _at(FIRST_DAY, MORNING)
    clock.set_demo(until, start)
    load_regions(act=Act(by, start, Door.DEMO), rows=rows, aliases=read_aliases(ALIASES))
    people = _people(by=by, password=password, now=start)
    act, first_day, last_day = Act(people[STAFF.username], start, Door.DEMO), date(2021, 1, 1), date(2021, 12, 31)
    define_period(act=act, name=PERIOD, first_day=first_day, last_day=last_day)
    _live(demo, people, until, report_stops)
    begins = _at(until + timedelta(days=1), MORNING)
    give_demo_key(by=by, now=begins)
    run = CoverageRun.objects.aggregate(newest=Max("number"))["newest"]
    return Seeded(until, begins, DailyCount.objects.count(), run)


def renew_passwords(*, by: Actor, password: str, now: datetime) -> None:
    """Give every account of the example this password."""
    for user in User.objects.filter(username__in=[account.username for account in ACCOUNTS]):
        set_password(by=by, username=user.username, password=password, now=now)


def give_demo_key(*, by: Actor, now: datetime) -> None:
    """Issue the example's key when it never was; a year from `now`, at which the example's clock must stand already."""
    require(by=by, action=Action.USER_MANAGE)
    if not ApiKey.objects.filter(prefix=DEMO_KEY.rpartition("_")[0]).exists():
        owner, scopes = User.objects.get(username=KEY_OWNER), [KeyScope.READ]
        name, days = "Kunci contoh", MAX_DAYS
        issue_key(by=by, name=name, scopes=scopes, days=days, now=now, secret=DEMO_KEY, owner=owner)


def demo_key(*, now: datetime) -> str:
    """The example's key while it opens something, else ""."""
    return DEMO_KEY if ApiKey.objects.live(now).filter(digest=digest_of(DEMO_KEY)).exists() else ""


def _begun(until: date | None) -> date | None:
    """The day of an example that was begun here; None on an empty database."""
    found = clock.demo()
    if found is None:
        if any(model.objects.exists() for model in (Region, Period, Target, DailyCount, CoverageRun, User)):
            raise Conflict(
                N_(
                    "Basis data ini sudah dipakai, dan data contoh tidak dicampur dengan data sungguhan. "
                    "Pakai DUKCAPIL_HOME atau basis data yang kosong."
                )
            )
        return None
    if until not in (None, found.until):
        raise Conflict(
            N_("Data contoh di sini sampai %(until)s. Untuk hari lain, pakai DUKCAPIL_HOME atau basis data yang kosong."),
            "until",
            until=found.until.isoformat(),
        )
    return found.until


def _people(*, by: Actor, password: str, now: datetime) -> dict[str, User]:
    people = User.objects.in_bulk([account.username for account in ACCOUNTS], field_name="username")
    for account in ACCOUNTS:
        if account.username not in people:
            email = f"{account.username}@example.com"  # reserved for examples (RFC 2606): nobody is written to
            new = vars(account) | {"password": password, "email": email}
            people[account.username] = create_user(by=by, now=now, **new)
    return people


def _live(demo: DemoPlan, people: dict[str, User], until: date, report_stops: ReportStops) -> None:
    """Day after day, a week in one transaction: a disk flushes 50 times instead of a thousand."""
    newest = Posting.objects.filter(door=Door.DEMO).aggregate(at=Max("at"))["at"]
    weeks_done = (clock.business_date(newest) - FIRST_DAY).days // 7 + 1 if newest else 0
    days = [FIRST_DAY + timedelta(days=number) for number in range((until - FIRST_DAY).days + 1)]
    for first in range(7 * weeks_done, len(days), 7):
        with transaction.atomic():
            for day in days[first : first + 7]:
                _set_targets(demo, people[STAFF.username], day)
                stops = [stop for stop in demo.stops if stop.reported_on == day]
                _record(demo, day, people, report_stops(stops, _at(day, EVENING), until) if stops else [])
                run_due(by=SYSTEM, now=_at(day + timedelta(days=1), NIGHT))


def _set_targets(demo: DemoPlan, staff: User, day: date) -> None:
    """The versions that come into force on this day; on the first day, those that are in force already."""
    in_force = (row for row in demo.targets if row.effective_from == day or row.effective_from <= day == FIRST_DAY)
    targets = [TargetInput(*row) for row in in_force]
    if targets:
        set_targets(act=Act(staff, _at(day, MORNING), Door.DEMO), targets=targets)


def _record(demo: DemoPlan, day: date, people: dict[str, User], of_vans: list[CountInput]) -> None:
    """One posting per person and reason: what is typed in, and what the vans reported."""
    typed = [(entry.reason, CountInput(*entry[1:6])) for entry in demo.entries if entry.on == day]
    by_posting = lambda row: (row[0], _writer(row[1].region))  # noqa: E731
    rows = sorted([*typed, *(("", count) for count in of_vans)], key=by_posting)
    for (reason, username), group in groupby(rows, key=by_posting):
        act = Act(people[username], _at(day, EVENING), Door.DEMO)
        record_counts(act=act, counts=[count for _reason, count in group], reason=reason)


def _writer(region: str) -> str:
    """The head of the city's Sudin where the example has one, else the agency's staff."""
    heads = {account.jurisdiction: account.username for account in ACCOUNTS if account.role == Role.HEAD}
    return heads.get(city_of(region), STAFF.username)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=clock.JAKARTA)
