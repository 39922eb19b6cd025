"""A small world for tests: one province, three cities, a few districts and villages, the periods 2020 and 2021."""

from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.clock import JAKARTA
from recording.ledger.checks import CountInput
from recording.ledger.services import Written, record_counts
from recording.models import DailyCount, Door, Period, Target
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import TargetInput, define_period, set_target

DAY = date(2021, 11, 25)
NOON = datetime(2021, 11, 25, 12, 0, tzinfo=JAKARTA)
YEARS_LATER = date(2099, 1, 1)  # a day on which every run that a test makes speaks of the past
REGIONS = [
    ("31", "Daerah Khusus Ibukota Jakarta"),
    ("31.71", "Kota Administrasi Jakarta Pusat"),
    ("31.71.01", "Gambir"),
    ("31.71.01.1001", "Gambir"),
    ("31.71.01.1002", "Cideng"),
    ("31.73", "Kota Administrasi Jakarta Barat"),
    ("31.73.01", "Cengkareng"),
    ("31.73.01.1001", "Cengkareng Barat"),
    ("31.73.01.1004", "Kapuk"),
    ("31.73.02", "Grogol Petamburan"),
    ("31.73.02.1001", "Grogol"),
    ("31.75", "Kota Administrasi Jakarta Timur"),
    ("31.75.01", "Matraman"),
    ("31.75.01.1004", "Palmeriam"),
]
KAPUK, BARAT, DKI = "31.73.01.1004", "31.73", "31"


def build() -> None:
    """Load the regions and the two periods."""
    rows = [RegionRow(code, name) for code, name in REGIONS]
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=rows)
    for year in (2020, 2021):
        define_period(
            act=Act(SYSTEM, NOON, Door.COMMAND), name=str(year), first_day=date(year, 1, 1), last_day=date(year, 12, 31)
        )


def period(name: str = "2021") -> Period:
    return Period.objects.get(name=name)


def count(people: int, code: str = KAPUK, *, day: date = DAY, document: str = "KTP", source: str = "loket") -> CountInput:
    return CountInput(code, document, day, source, people)


def write(*counts: CountInput, now: datetime = NOON, reason: str = "uji", key: str | None = None) -> Written:
    """Record counts as the operator."""
    return record_counts(act=Act(SYSTEM, now, Door.COMMAND), counts=counts, reason=reason, key=key)


def target(people: int | None, code: str, *, since: date = date(2021, 1, 1), kind: str = "task", opening: int = 0) -> None:
    wanted = TargetInput(code, "KTP", "2021", people, "SK 1/2021", since, kind=kind, opening=opening)
    set_target(act=Act(SYSTEM, NOON, Door.COMMAND), target=wanted)


def value(code: str = KAPUK, *, day: date = DAY, document: str = "KTP", source: str = "loket") -> int | None:
    """The stored people of one count; None when missing."""
    row = DailyCount.objects.filter(region_id=code, document=document, day=day, source=source).first()
    return row.people if row else None


def versions(code: str) -> list[int | None]:
    return list(Target.objects.filter(region_id=code).order_by("version").values_list("people", flat=True))


def after(days: int = 0, hours: float = 0) -> datetime:
    return NOON + timedelta(days=days, hours=hours)
