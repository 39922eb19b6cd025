"""Example data, written through the services as if the year had been lived: evenings of counts, nights of runs.

What is written comes from the pure plan (plan.py); here it only gets its moment and the person who does it, so that
ledger, "late" and "corrected" are true. All of it is one transaction: nobody ever takes half of it for real data.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from django.db import connection, transaction

from accounts.acts import Act
from accounts.models import ApiKey, User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action, KeyScope, Role
from accounts.services import create_user, set_password
from accounts.services.keys import MAX_DAYS, digest_of, issue_key
from dukcapil import clock
from dukcapil.errors import N_, Conflict
from recording.coverage.forecasting import forecast_due
from recording.coverage.services import run_due
from recording.demo.plan import AS_OF, FIRST_DAY, PERIOD, DemoPlan, DemoStop, Entry, plan
from recording.ledger.checks import CountInput
from recording.ledger.services import record_counts
from recording.models import CoverageRun, DailyCount, Door, Period, Region, Target
from recording.parsing.region_names import city_of
from recording.regions.region_file import ALIASES, REGIONS, read_aliases, read_regions
from recording.regions.services import load_regions
from recording.targets.services import TargetInput, define_period, set_targets

# A day of the example: an office morning, the evening on which counts are typed in, and the night after it.
MORNING, EVENING, NIGHT = time(7, 0), time(16, 30), time(0, 20)
FORECAST_EVERY_WEEKS = 4  # as if the scheduler had seldom got to it: one of each night takes longer than all the rest


class DemoAccount(NamedTuple):
    """A person of the example, one at least for each role."""

    username: str
    full_name: str
    role: Role
    jurisdiction: str


ACCOUNTS = (
    DemoAccount("admin", "Adi Administrator", Role.ADMIN, "31"),
    DemoAccount("dinas", "Dian Dinas", Role.STAFF, "31"),
    DemoAccount("barat", "Budi Barat", Role.HEAD, "31.73"),
    DemoAccount("timur", "Tuti Timur", Role.HEAD, "31.75"),
    DemoAccount("pembaca", "Rina Pembaca", Role.READER, "31"),
    DemoAccount("dasbor", "Dasbor Balai Kota", Role.API, "31"),
)
# No secret: it only reads, and only what is made up. README and the page "API" show it.
DEMO_KEY, KEY_OWNER = "rj_contoh_hanya-untuk-data-contoh-0123456789", "dasbor"

# Who acts for a region at a moment: the head of its city's Sudin where the example has one, else the agency's staff.
ActFor = Callable[[str, datetime], Act]


class Fleet(Protocol):
    """The example's vans. They stand above this app: whoever calls `seed` hands them in."""

    def open(self, until: date, now: datetime) -> None:
        """Before the first day of an example that ends with `until`."""

    def plan_week(self, stops: list[DemoStop], now: datetime) -> None:
        """On Monday morning: the stops of the week."""

    def report(self, stops: list[DemoStop], now: datetime) -> None:
        """In the evening: the stops that are reported then, and whatever else is done about reports."""

    def finish(self, until: date, now: datetime) -> None:
        """In the morning after the last day: what stands out around it, and the days after it."""


@transaction.atomic
def seed(*, by: Actor, until: date | None, password: str, fleet: Callable[[ActFor], Fleet]) -> bool:
    """The example up to and including `until` (without one AS_OF), its last night done; False: it stands already.

    Refused on a database that holds anything else, for another day than that of an example that stands, and for a day
    without a plan.
    """
    require(by=by, action=Action.USER_MANAGE)
    if _stands_already(until):
        give_demo_key(by=by, now=clock.now())
        return False
    until = until or AS_OF
    rows = list(read_regions(REGIONS))
    demo = plan([row.code for row in rows if row.code.count(".") == 3], until=until)
    start, begins = _at(FIRST_DAY, MORNING), _at(until + timedelta(days=1), MORNING)
    clock.set_demo(until, start)
    load_regions(act=Act(by, start, Door.DEMO), rows=rows, aliases=read_aliases(ALIASES))
    act_for = _people(by=by, password=password, now=start)
    first_day, last_day = date(2021, 1, 1), date(2021, 12, 31)
    define_period(act=act_for("31", start), name=PERIOD, first_day=first_day, last_day=last_day)
    vans = fleet(act_for)
    vans.open(until, start)
    _live(demo, until, act_for, vans)
    vans.finish(until, begins)
    clock.set_demo(until, begins)
    give_demo_key(by=by, now=begins)
    return True


def renew_passwords(*, by: Actor, password: str, now: datetime) -> None:
    """Give every account of the example this password."""
    for user in User.objects.filter(username__in=[account.username for account in ACCOUNTS]):
        set_password(by=by, username=user.username, password=password, now=now)


def give_demo_key(*, by: Actor, now: datetime) -> None:
    """Issue the example's key when it never was; a year from `now`, at which the example's clock must stand already."""
    require(by=by, action=Action.USER_MANAGE)
    if not ApiKey.objects.filter(prefix=DEMO_KEY.rpartition("_")[0]).exists():
        owner, scopes = User.objects.get(username=KEY_OWNER), [KeyScope.READ]
        issue_key(by=by, name="Kunci contoh", scopes=scopes, days=MAX_DAYS, now=now, secret=DEMO_KEY, owner=owner)


def demo_key(*, now: datetime) -> str:
    """The example's key while it opens something, else ""."""
    return DEMO_KEY if ApiKey.objects.live(now).filter(digest=digest_of(DEMO_KEY)).exists() else ""


def _stands_already(until: date | None) -> bool:
    """Whether the example is here. Refused when it ends on another day, or when something else is here."""
    found = clock.demo()
    if found is None and any(model.objects.exists() for model in (Region, Period, Target, DailyCount, CoverageRun, User)):
        raise Conflict(
            N_(
                "Basis data ini sudah dipakai, dan data contoh tidak dicampur dengan data sungguhan. "
                "Pakai DUKCAPIL_HOME atau basis data yang kosong."
            )
        )
    if found and until not in (None, found.until):
        sentence = N_("Data contoh di sini sampai %(until)s. Untuk hari lain, pakai DUKCAPIL_HOME atau basis data yang kosong.")
        raise Conflict(sentence, "until", until=found.until.isoformat())
    return found is not None


def _people(*, by: Actor, password: str, now: datetime) -> ActFor:
    acting = {}
    for account in ACCOUNTS:
        email = f"{account.username}@example.com"  # reserved for examples (RFC 2606): nobody is written to
        person = create_user(by=by, now=now, password=password, email=email, **account._asdict())
        if account.role in (Role.STAFF, Role.HEAD):
            acting[account.jurisdiction] = person
    return lambda region, moment: Act(acting.get(city_of(region), acting["31"]), moment, Door.DEMO)


def _live(demo: DemoPlan, until: date, act_for: ActFor, fleet: Fleet) -> None:
    """Day after day: the week is planned on its Monday, counts and reports come in the evening, figures in the night."""
    entries, stops = defaultdict(list), defaultdict(list)
    for entry in demo.entries:
        entries[entry.on].append(entry)
    for stop in demo.stops:
        stops[stop.reported_on].append(stop)
    for day in (FIRST_DAY + timedelta(days=number) for number in range((until - FIRST_DAY).days + 1)):
        if day.weekday() == 0:
            sunday = day + timedelta(days=6)
            fleet.plan_week([stop for stop in demo.stops if day <= stop.day <= sunday], _at(day, MORNING))
        _set_targets(demo, day, act_for)
        _record(entries[day], _at(day, EVENING), act_for)
        fleet.report(stops[day], _at(day, EVENING))
        run_due(by=SYSTEM, now=_at(day + timedelta(days=1), NIGHT))
        if day.day == 1:
            _count_rows()
        weeks, weekday = divmod((day - FIRST_DAY).days, 7)
        if day == until or (weekday == 6 and (weeks + 1) % FORECAST_EVERY_WEEKS == 0):
            forecast_due(by=SYSTEM, now=_at(day + timedelta(days=1), NIGHT))


def _count_rows() -> None:
    """Nobody else sees this transaction, PostgreSQL's own counting of rows neither: it would plan for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _set_targets(demo: DemoPlan, day: date, act_for: ActFor) -> None:
    """The versions that come into force on this day; on the first day, those that are in force already."""
    in_force = (row for row in demo.targets if row.effective_from == day or row.effective_from <= day == FIRST_DAY)
    targets = [TargetInput(*row) for row in in_force]
    if targets:
        set_targets(act=act_for("31", _at(day, MORNING)), targets=targets)


def _record(entries: list[Entry], now: datetime, act_for: ActFor) -> None:
    """What is typed in this evening: one posting per person and reason."""
    postings: dict[tuple[Act, str], list[CountInput]] = defaultdict(list)
    for entry in entries:
        postings[act_for(entry.region, now), entry.reason].append(CountInput(*entry[1:6]))
    for (act, reason), counts in postings.items():
        record_counts(act=act, counts=counts, reason=reason)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=clock.JAKARTA)
