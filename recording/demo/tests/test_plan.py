"""The example's numbers: the figures of the press to the last person, and a year of visits as in life. What becomes of
them in the portal: dukcapil/tests/test_seed_demo.py."""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import mean

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.coverage.arithmetic import percent
from recording.demo.plan import (
    AS_OF,
    BARAT,
    CITIES,
    FIRST_DAY,
    LAST_DAY,
    LATE_CITY,
    LATE_ENTRY,
    LATE_WEEK,
    MAX_AT_STOP,
    NIHIL_DAYS,
    REACHED_BY_VAN,
    SATURDAY_DRIVES,
    DemoPlan,
    DemoStop,
    plan,
    service_days,
)
from recording.demo.tests import press
from recording.regions.region_file import DATA

pytestmark = pytest.mark.once

with (DATA / "regions_31.csv").open(encoding="utf-8", newline="") as lines:
    VILLAGES = [row["kode"] for row in csv.DictReader(lines) if row["jenis"] == "kelurahan"]
CITY, DISTRICT, VILLAGE = 5, 8, 13  # letters of the code


@pytest.fixture(scope="module")
def demo() -> DemoPlan:
    return plan(VILLAGES, until=AS_OF)


@pytest.fixture(scope="module")
def year() -> DemoPlan:
    return plan(VILLAGES, until=LAST_DAY)


def summed(people: Iterable[tuple[str, int]], length: int) -> Counter[str]:
    """People of kelurahan by the first `length` letters of the code."""
    sums: Counter[str] = Counter()
    for code, number in people:
        sums[code[:length]] += number
    return sums


def recorded(demo: DemoPlan, document: str, length: int) -> Counter[str]:
    """Summed; a later entry corrects an earlier one."""
    entered = {entry[1:5]: (entry.region, entry.people) for entry in demo.entries if entry.document == document}
    told = [(stop.region, stop.ktp if document == "KTP" else stop.kia) for stop in demo.stops]
    return summed([*entered.values(), *told], length)


def targets(demo: DemoPlan, document: str, length: int) -> Counter[str]:
    """Task targets of the last day, summed."""
    rows = [row for row in demo.targets if (row.document, row.kind) == (document, "task")]
    newest = {row.region: row.people for row in sorted(rows, key=lambda row: row.effective_from)}
    return summed(newest.items(), length)


def visits(demo: DemoPlan) -> dict[str, list[DemoStop]]:
    """The stops of each kelurahan in the order of their days."""
    found = defaultdict(list)
    for stop in sorted(demo.stops, key=lambda stop: stop.day):
        found[stop.region].append(stop)
    return found


@settings(max_examples=8, deadline=None)
@example(33)
@given(st.integers())
def test_the_figures_hold_for_every_seed(seed: int) -> None:
    demo = plan(VILLAGES, until=AS_OF, seed=seed)
    for document, figures in press.CITIES.items():
        people, target = recorded(demo, document, CITY), targets(demo, document, CITY)
        assert {city: (people[city], target[city]) for city in target} == {c: row[:2] for c, row in figures.items()}
        assert (people.total(), target.total()) == press.PROVINCE[document]
        assert set(targets(demo, document, VILLAGE)) == set(VILLAGES), "no kelurahan is left without a target"
    assert all(0 <= people <= MAX_AT_STOP for stop in demo.stops for people in stop[3:])
    assert len({(stop.region, stop.day) for stop in demo.stops}) == len(demo.stops)
    out = Counter((stop.day, stop.region[:CITY]) for stop in demo.stops)
    lent = Counter({day: 0 for day, _city in out})
    for (day, _city), vans in out.items():
        lent[day] += max(0, vans - 3)
    assert max(lent.values()) <= 2, "the agency has two vans to lend"
    assert not any(city == "31.01" for _day, city in out), "no van drives to the islands"


@pytest.mark.parametrize("document", press.CITIES)
@pytest.mark.parametrize("length", [DISTRICT, VILLAGE])
def test_a_city_at_its_target_still_holds_gaps(demo: DemoPlan, document: str, length: int) -> None:
    people, target = recorded(demo, document, length), targets(demo, document, length)
    over = [code for code in target if people[code] > target[code]]
    done = [code for code in target if people[code] >= target[code]]
    assert all(code.startswith(BARAT) for code in over)
    assert [code for code in target if code.startswith(BARAT) and people[code] < target[code]]
    assert len(over) == 1 if length == DISTRICT else over
    assert length == VILLAGE or (all(code.startswith(BARAT) for code in done) and 1 < len(done) < 8), "tuntas n dari 8"


def test_stock_is_eligible_people_with_a_plausible_opening(demo: DemoPlan) -> None:
    stock, people = [row for row in demo.targets if row.kind == "stock"], recorded(demo, "KTP", CITY)
    eligible = {city: ("KTP", known.eligible) for city, known in CITIES.items()}
    assert {row.region: (row.document, row.people) for row in stock} == eligible
    assert all(98 <= (percent(row.opening + people[row.region], row.people) or 0) <= 99 for row in stock)
    assert all(row.opening == 0 and "data contoh" in row.source for row in demo.targets if row.kind == "task")


def test_people_are_served_on_workdays_and_few_saturdays(year: DemoPlan) -> None:
    free = holidays.country_holidays("ID", years=2021)
    days = {entry.day for entry in year.entries} | {stop.day for stop in year.stops}
    assert days == set(service_days())
    assert not [day for day in days if day in free or day.weekday() == 6]
    assert [(day.month, day.day) for day in sorted(days) if day.weekday() == 5] == SATURDAY_DRIVES
    areas = Counter(stop.day for stop in year.stops)
    assert set(areas) == days
    assert 11 <= mean(areas.values()) <= 13, "about twelve areas a day"


@pytest.mark.parametrize("document", ["ktp", "kia"])
def test_each_further_visit_yields_less(document: str, year: DemoPlan) -> None:
    """The same kelurahan are compared: those that were visited at least eight times."""
    often = [stops for stops in visits(year).values() if len(stops) >= 8]
    assert len(often) > 150
    means = [mean(getattr(stops[turn], document) for stops in often) for turn in range(8)]
    assert means == sorted(means, reverse=True)
    assert means[0] > 1.5 * means[3] > 0


def test_whoever_cannot_be_reached_stays_unrecorded(demo: DemoPlan, year: DemoPlan) -> None:
    people, target, goals = (recorded(year, "KTP", VILLAGE), targets(year, "KTP", VILLAGE), recorded(demo, "KTP", VILLAGE))
    not_found: Counter[str] = Counter()
    for code, stops in visits(year).items():
        assert sum(stop.ktp for stop in stops) <= goals[code] * REACHED_BY_VAN["KTP"] // 100
        missing = sum(stop.not_found for stop in stops)
        assert missing <= max(0, target[code] - people[code]), "nobody is both recorded and not found"
        not_found[code[:CITY]] += missing
    shares = {city: not_found[city] / people for city, people in targets(year, "KTP", CITY).items()}
    assert set(sorted(shares, key=lambda city: -shares[city])[:2]) == {"31.71", "31.75"}, "many moved away"
    assert min(shares["31.71"], shares["31.75"]) > 0.4
    assert shares[BARAT] == 0, "whom the list holds was found"


def test_one_week_of_one_city_is_entered_late(year: DemoPlan) -> None:
    late = [(stop.region[:CITY], stop.day, stop.reported_on) for stop in year.stops if stop.reported_on != stop.day]
    late += [(row.region[:CITY], row.day, row.on) for row in year.entries if row.on != row.day and not row.reason]
    assert set(late) == {(LATE_CITY, day, LATE_ENTRY) for day in service_days(*LATE_WEEK)}


def test_entries_in_turn_leave_one_value_each(demo: DemoPlan) -> None:
    values: dict[tuple[object, ...], int] = {}
    assert [entry.on for entry in demo.entries] == sorted(entry.on for entry in demo.entries)
    for entry in demo.entries:
        assert (entry[1:5] in values) == bool(entry.reason)
        assert values.get(entry[1:5]) != entry.people >= 0
        values[entry[1:5]] = entry.people
    assert len({key[0] for key, people in values.items() if people == 0}) == NIHIL_DAYS


def test_a_later_day_only_adds(demo: DemoPlan, year: DemoPlan) -> None:
    assert [entry for entry in year.entries if entry.on <= AS_OF] == demo.entries
    assert [stop for stop in year.stops if stop.reported_on <= AS_OF] == demo.stops
    added = recorded(year, "KTP", CITY)
    added.subtract(recorded(demo, "KTP", CITY))
    assert all(number > 0 for number in added.values()), "the work goes on"
    assert added[BARAT] < 100, "the vans have left"


def test_the_same_seed_gives_the_same_plan(demo: DemoPlan) -> None:
    assert plan(random.Random(1).sample(VILLAGES, len(VILLAGES)), until=AS_OF) == demo
    assert plan(VILLAGES, until=AS_OF, seed=32) != demo


@pytest.mark.parametrize("until", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1), date.min, date.max])
def test_a_day_outside_the_demo_is_refused(until: date) -> None:
    with pytest.raises(Refused, match="2021-01-04 sampai 2021-12-31") as refusal:
        plan(VILLAGES, until=until)
    assert refusal.value.field == "until"
