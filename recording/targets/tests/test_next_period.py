"""The next period: when it is missing, what waits for it, and how it is made exactly once."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.clock import JAKARTA
from dukcapil.errors import Conflict, NotAllowed, RefusedRows
from dukcapil.tests.processes import together
from recording.coverage.services import recompute_coverage
from recording.ledger.selectors import check_ledger
from recording.ledger.waiting import WaitingCounts, waiting_counts
from recording.models import AuditEntry, CoverageFigure, CoverageRun, Period, days_without_period, due_day, waits_for_period
from recording.targets.next_period import MissingPeriod, make_next_period, missing_period, next_period, readiness
from recording.tests.world import DAY, KAPUK, NOON, count, target, value, write

small_world = pytest.mark.usefixtures("small_world")


def of(*spans: tuple[str, str]) -> list[Period]:
    """Periods named after the year in which they begin."""
    days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans]
    return [Period(name=str(first.year), first_day=first, last_day=last) for first, last in days]


YEARS = of(("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-12-31"))
NEW_YEAR, NEW = date(2022, 1, 1), MissingPeriod("2022", date(2022, 1, 1), date(2022, 12, 31))
MARCH = of(("2021-01-01", "2021-03-15"))
GAP = of(("2020-01-01", "2020-12-31"), ("2021-06-01", "2021-12-31"))

MISSING = [
    (YEARS, date(2021, 11, 30), None, None),
    (YEARS, date(2021, 12, 1), None, NEW),
    (YEARS, date(2021, 12, 31), None, NEW),
    (YEARS, date(2022, 1, 5), None, NEW),
    (YEARS, date(2023, 2, 1), None, MissingPeriod("2023", date(2023, 1, 1), date(2023, 12, 31))),
    (YEARS, date(2023, 2, 1), date(2022, 3, 1), NEW),  # what waits comes first
    (YEARS, date(2021, 6, 1), None, None),
    (YEARS, date(2019, 6, 1), None, None),
    ([], date(2021, 6, 1), None, None),
    ([], date(2021, 6, 1), date(2021, 5, 1), MissingPeriod("2021", date(2021, 1, 1), date(2021, 12, 31))),
    (MARCH, date(2021, 2, 12), None, None),
    (MARCH, date(2021, 2, 13), None, MissingPeriod("2021-03-16 – 2021-12-31", date(2021, 3, 16), date(2021, 12, 31))),
    (GAP, date(2021, 7, 1), None, None),  # a gap that is over, and in which nothing waits
    (GAP, date(2021, 2, 1), None, MissingPeriod("2021-01-01 – 2021-05-31", date(2021, 1, 1), date(2021, 5, 31))),
    (GAP, date(2021, 7, 1), date(2021, 5, 1), MissingPeriod("2021-01-01 – 2021-05-31", date(2021, 1, 1), date(2021, 5, 31))),
]


@pytest.mark.parametrize(("periods", "today", "waiting", "expected"), MISSING)
def test_a_missing_period_is_told_a_month_ahead(
    periods: list[Period], today: date, waiting: date | None, expected: MissingPeriod | None
) -> None:
    assert missing_period(periods, today, waiting) == expected
    if expected:
        made = [*periods, Period(name=expected.name, first_day=expected.first_day, last_day=expected.last_day)]
        assert not any(one.holds(two.first_day) for one in made for two in made if one is not two)
        assert not waits_for_period(made, waiting or max(today, expected.first_day))


def test_days_without_a_period_begin_after_the_first() -> None:
    assert days_without_period(GAP, date(2022, 2, 1)) == [
        (date(2021, 1, 1), date(2021, 5, 31)),
        (date(2022, 1, 1), date(2022, 2, 1)),
    ]
    assert days_without_period(YEARS, date(2021, 12, 31)) == []
    assert days_without_period([], DAY) == [(date.min, DAY)]


DUE = [  # (when 2021 and 2022 were made, a day, from when it is late)
    ("2021-01-02", None, date(2022, 1, 5), date.max),
    ("2020-12-20", "2021-12-20", date(2022, 1, 5), date(2022, 1, 5)),
    ("2020-12-20", "2022-01-09", date(2022, 1, 5), date(2022, 1, 9)),
    ("2020-12-20", "2022-01-09", date(2022, 1, 10), date(2022, 1, 10)),
    ("2020-12-20", "2022-01-09", date(2021, 12, 5), date(2021, 12, 5)),
    ("2022-01-09", "2022-01-09", date(2022, 1, 5), date(2022, 1, 5)),  # the portal was not in use in 2021
]


@pytest.mark.parametrize(("before", "made", "day", "due"), DUE)
def test_a_day_is_due_with_its_period(before: str, made: str | None, day: date, due: date) -> None:
    periods = of(("2021-01-01", "2021-12-31"), *([("2022-01-01", "2022-12-31")] if made else []))
    for period, moment in zip(periods, (before, made), strict=False):
        period.made_at = datetime.fromisoformat(f"{moment}T10:00").replace(tzinfo=JAKARTA)
    assert due_day(periods, day) == due


# Counts of days without a period


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=JAKARTA)


def make(name: str = "2022", *, by: Actor = SYSTEM, day: date = date(2022, 1, 9)) -> Period:
    return make_next_period(act=Act(by, at(day), "page"), name=name)


def recorded(day: date, period: str) -> list[int]:
    """What the newest run of a day says of Kapuk in a period; nothing where it says nothing."""
    run = recompute_coverage(by=SYSTEM, day=day, now=at(day))
    figures = CoverageFigure.objects.filter(run=run, period__name=period, region=KAPUK, document="KTP")
    return list(figures.values_list("recorded", flat=True))


@small_world
def test_waiting_counts_enter_the_figures_once() -> None:
    third, ninth = date(2022, 1, 3), date(2022, 1, 9)
    write(count(30, day=date(2021, 12, 31)), now=at(date(2021, 12, 31)))
    write(count(12, day=third), count(5, day=third, source="mobil"), now=at(third))
    assert value(day=third) == 12
    assert waiting_counts(SYSTEM, list(Period.objects.all()), third) == WaitingCounts(2, 17, third)
    assert waiting_counts(SYSTEM, list(Period.objects.all()), third, "31.75") is None
    assert recorded(third, "2021") == [30]
    assert CoverageFigure.objects.filter(period__name="2022").count() == 0
    make()
    assert recorded(ninth, "2022") == [17]
    assert recorded(ninth, "2021") == [30]
    make()
    assert recorded(ninth, "2022") == [17]
    assert waiting_counts(SYSTEM, list(Period.objects.all()), ninth) is None
    assert check_ledger().mismatches == 0
    assert CoverageRun.objects.filter(as_of=ninth).count() == 1, "nothing changed: the same run"


@small_world
def test_days_before_the_first_period_are_slips() -> None:
    for day in (date(2019, 12, 31), date(1, 1, 1)):
        with pytest.raises(RefusedRows) as refused:
            write(count(1, day=day))
        sentence = "Tanggal itu mendahului periode pertama, 2020, yang mulai Rabu, 1 Januari 2020. Periksa tahunnya."
        assert str(refused.value.errors[0][1]) == sentence


@pytest.mark.usefixtures("small_world")
def test_before_any_period_everything_waits() -> None:
    Period.objects.all().delete()
    with pytest.raises(RefusedRows, match="1 baris ditolak") as refused:
        write(count(1, day=date(21, 11, 25)))
    assert "KTP-el baru ada sejak Selasa, 23 Juni 2009. Periksa tahunnya." in str(refused.value.errors[0][1])
    write(count(4))
    assert next_period([], DAY) == (MissingPeriod("2021", date(2021, 1, 1), date(2021, 12, 31)), WaitingCounts(1, 4, DAY))
    make("2021", day=DAY)
    assert recorded(DAY, "2021") == [4]


# Making it


@small_world
@pytest.mark.parametrize(
    ("who", "may"), [(cast.staff, True), (cast.admin, True), (cast.head_barat, False), (cast.reader, False)]
)
def test_the_agency_makes_the_next_period(who, may: bool) -> None:  # type: ignore[no-untyped-def]
    if not may:
        with pytest.raises(NotAllowed):
            make(by=who(), day=date(2021, 12, 1))
        return
    made = make(by=who(), day=date(2021, 12, 1))
    assert (made.name, made.first_day, made.last_day) == ("2022", NEW_YEAR, date(2022, 12, 31))
    assert make(by=who(), day=date(2021, 12, 1)) == made
    assert AuditEntry.objects.filter(action="period.define", subject="2022").count() == 1


@small_world
@pytest.mark.parametrize(("name", "day"), [("2023", date(2021, 12, 1)), ("2022", date(2021, 11, 30)), ("", date(2021, 12, 1))])
def test_only_the_missing_period_is_made(name: str, day: date) -> None:
    with pytest.raises(Conflict, match="sudah berubah"):
        make(name, day=day)
    assert Period.objects.count() == 2


@pytest.mark.usefixtures("committed_world")
def test_eight_buttons_at_once_make_one_period() -> None:
    assert together(*[partial(make, day=date(2021, 12, 1))] * 8) == [0] * 8
    assert Period.objects.filter(name="2022").count() == 1
    assert AuditEntry.objects.filter(action="period.define", subject="2022").count() == 1


@small_world
def test_monitors_are_warned_from_december() -> None:
    target(1, KAPUK)
    assert [readiness(at(day)) for day in (date(2021, 11, 30), date(2021, 12, 1))] == ["ok", "missing: 2022"]
    make(day=date(2021, 12, 1))
    assert readiness(NOON + timedelta(days=30)) == "ok"
