"""The example's numbers: the figures of the press to the last person, and a year of visits as in life."""

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
    CORRECTED_DAYS,
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
    city_targets,
    largest_remainder,
    plan,
    service_days,
)
from recording.demo.tests import press
from recording.parsing.numbers import MAX_PEOPLE
from recording.regions.region_file import DATA

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


def targets(demo: DemoPlan, document: str, length: int, day: date = AS_OF) -> Counter[str]:
    """Task targets in force on a day, summed."""
    rows = [row for row in demo.targets if (row.document, row.kind) == (document, "task") and row.effective_from <= day]
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
    assert all(0 <= people <= MAX_AT_STOP for stop in demo.stops for people in stop[3:])
    assert len({(stop.region, stop.day) for stop in demo.stops}) == len(demo.stops)
    out = Counter((stop.day, stop.region[:CITY]) for stop in demo.stops)
    lent = Counter({day: 0 for day, _city in out})
    for (day, _city), vans in out.items():
        lent[day] += max(0, vans - 3)
    assert max(lent.values()) <= 2, "the agency has two vans to lend"
    assert not any(city == "31.01" for _day, city in out), "no van drives to the islands"


@pytest.mark.parametrize("document", press.CITIES)
def test_targets_are_split_by_eligible_people(document: str, demo: DemoPlan) -> None:
    assert sum(city.eligible for city in CITIES.values()) == 7_953_150
    total = press.PROVINCE[document][1]
    for code, people in city_targets(total).items():
        assert abs(people - total * CITIES[code].eligible / 7_953_150) < 1
    of_villages = targets(demo, document, VILLAGE)
    assert set(of_villages) == set(VILLAGES)
    assert min(of_villages.values()) >= 1
    assert len(set(of_villages.values())) > 50, "unevenly"


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


def test_one_target_was_revised_in_mid_year(demo: DemoPlan) -> None:
    (second,) = [row for row in demo.targets if "Revisi" in row.source]
    first, last = sorted((row for row in demo.targets if row[:3] == second[:3]), key=lambda row: row.effective_from)
    assert (last, second.effective_from) == (second, date(2021, 8, 1))
    before = targets(demo, "KTP", CITY, date(2021, 7, 31)).total()
    assert before == 60_000 - second.people + first.people < 60_000
    assert second not in plan(VILLAGES, until=date(2021, 7, 31)).targets


def test_stock_is_eligible_people_with_a_plausible_opening(demo: DemoPlan) -> None:
    stock, people = [row for row in demo.targets if row.kind == "stock"], recorded(demo, "KTP", CITY)
    assert {row.region: (row.document, row.people) for row in stock} == {
        c: ("KTP", city.eligible) for c, city in CITIES.items()
    }
    assert all(98 <= (percent(row.opening + people[row.region], row.people) or 0) <= 99 for row in stock)
    assert all("Desember 2019" in row.source for row in stock)
    assert [row.region for row in demo.targets if "sudah pindah" in row.source] == ["31.71"]
    assert all(row.opening == 0 and "data contoh" in row.source for row in demo.targets if row.kind == "task")


def test_people_are_served_on_workdays_and_few_saturdays(year: DemoPlan) -> None:
    free = holidays.country_holidays("ID", years=2021)
    days = {entry.day for entry in year.entries} | {stop.day for stop in year.stops}
    assert days == set(service_days())
    assert (min(days), max(days)) == (date(2021, 1, 4), date(2021, 12, 31))
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
    week = {day for day in service_days() if LATE_WEEK[0] <= day <= LATE_WEEK[1]}
    assert set(late) == {(LATE_CITY, day, LATE_ENTRY) for day in week}
    assert not [stop for stop in year.stops if stop.region.startswith(LATE_CITY) and stop.reported_on in week]


def test_entries_in_turn_leave_one_value_each(demo: DemoPlan) -> None:
    values: dict[tuple[object, ...], int] = {}
    assert [entry.on for entry in demo.entries] == sorted(entry.on for entry in demo.entries)
    for entry in demo.entries:
        assert (entry[1:5] in values) == bool(entry.reason)
        assert values.get(entry[1:5]) != entry.people
        assert 0 <= entry.people <= MAX_PEOPLE
        values[entry[1:5]] = entry.people
    assert {key[0] for key in values} <= set(VILLAGES)
    assert {(key[1], key[3]) for key in values} == {(d, source) for d in press.CITIES for source in ("loket", "jemput-bola")}
    assert len({key[0] for key, people in values.items() if people == 0}) == NIHIL_DAYS


def test_wrong_counts_are_corrected_the_next_day(demo: DemoPlan) -> None:
    corrections = [entry for entry in demo.entries if entry.reason]
    assert [entry.day for entry in corrections] == list(CORRECTED_DAYS)
    for right in corrections:
        (wrong,) = [entry for entry in demo.entries if entry[1:5] == right[1:5] and entry != right]
        assert wrong.on == right.day == right.on - timedelta(days=1)
        assert right.reason == f"Salah ketik: tertulis {wrong.people}, seharusnya {right.people}."


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


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=60).filter(any))
def test_largest_remainder_loses_nobody(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (1, []), (1, [2, -1]), (-1, [1])])
def test_largest_remainder_needs_something_to_go_by(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        largest_remainder(total, weights)
