"""The example's numbers: the figures of the press to the last person, and a year of visits as in life."""

import csv
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import mean

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.coverage.arithmetic import percent
from recording.demo.days import (
    AS_OF,
    LATE_CITY,
    LATE_ENTRY,
    MAX_AT_STOP,
    REACHED_BY_VAN,
    SATURDAY_DRIVES,
    DemoStop,
    largest_remainder,
    service_days,
    visit_yields,
)
from recording.demo.plan import BARAT, ELIGIBLE, DemoPlan, city_targets, plan
from recording.demo.tests.press import CITIES, PROVINCE
from recording.parsing.numbers import MAX_PEOPLE
from recording.regions.region_file import DATA

with (DATA / "regions_31.csv").open(encoding="utf-8", newline="") as lines:
    VILLAGES = [row["kode"] for row in csv.DictReader(lines) if row["jenis"] == "kelurahan"]
YEAR_END = date(2021, 12, 31)
LATE_DAYS = {date(2021, 6, 14) + timedelta(days=number) for number in range(5)}
CITY, DISTRICT, VILLAGE = 5, 8, 13  # letters of the code


@pytest.fixture(scope="module")
def demo() -> DemoPlan:
    return plan(VILLAGES, until=AS_OF)


@pytest.fixture(scope="module")
def year() -> DemoPlan:
    return plan(VILLAGES, until=YEAR_END)


def recorded(demo: DemoPlan, document: str, length: int) -> Counter[str]:
    """People by the first `length` letters of the code."""
    people = {entry[1:5]: entry.people for entry in demo.entries if entry.document == document}
    sums: Counter[str] = Counter()
    for (region, *_key), number in people.items():
        sums[region[:length]] += number
    for stop in demo.stops:
        sums[stop.region[:length]] += stop.ktp if document == "KTP" else stop.kia
    return sums


def targets(demo: DemoPlan, document: str, length: int, day: date = AS_OF) -> Counter[str]:
    """Task targets in force on a day, summed like `recorded`."""
    rows = sorted(demo.targets, key=lambda row: row.effective_from)
    newest = {
        row.region: row.people for row in rows if (row.document, row.kind) == (document, "task") and row.effective_from <= day
    }
    sums: Counter[str] = Counter()
    for region, people in newest.items():
        sums[region[:length]] += people
    return sums


def visits(demo: DemoPlan) -> dict[str, list[DemoStop]]:
    """The stops of each kelurahan in the order of their days."""
    found = defaultdict(list)
    for stop in sorted(demo.stops, key=lambda stop: stop.day):
        found[stop.region].append(stop)
    return found


def test_targets_are_split_by_eligible_people(demo: DemoPlan) -> None:
    assert sum(ELIGIBLE.values()) == 7_953_150
    for city, people in city_targets(60_000).items():
        assert abs(people - 60_000 * ELIGIBLE[city] / 7_953_150) < 1
    for document in CITIES:
        of_villages = targets(demo, document, VILLAGE)
        assert set(of_villages) == set(VILLAGES)
        assert min(of_villages.values()) >= 1
        assert len(set(of_villages.values())) > 50, "unevenly"


@pytest.mark.parametrize("document", CITIES)
@pytest.mark.parametrize("length", [DISTRICT, VILLAGE])
def test_a_city_at_its_target_still_holds_gaps(demo: DemoPlan, document: str, length: int) -> None:
    people, target = recorded(demo, document, length), targets(demo, document, length)
    over = [code for code in target if people[code] > target[code]]
    assert over
    assert all(code.startswith(BARAT) for code in over)
    assert [code for code in target if code.startswith(BARAT) and people[code] < target[code]]
    if length == DISTRICT:
        done = [code for code in target if people[code] >= target[code]]
        assert len(over) == 1
        assert all(code.startswith(BARAT) for code in done)
        assert 1 < len(done) < 8, "tuntas n dari 8"


def test_one_target_was_revised_in_mid_year(demo: DemoPlan) -> None:
    (second,) = [row for row in demo.targets if "Revisi" in row.source]
    first, last = sorted((row for row in demo.targets if row[:3] == second[:3]), key=lambda row: row.effective_from)
    assert (last, second.effective_from) == (second, date(2021, 8, 1))
    assert first.people < second.people
    before = targets(demo, "KTP", CITY, date(2021, 7, 31)).total()
    assert before == 60_000 - second.people + first.people
    assert second not in plan(VILLAGES, until=date(2021, 7, 31)).targets


def test_stock_is_eligible_people_with_a_plausible_opening(demo: DemoPlan) -> None:
    stock = [row for row in demo.targets if row.kind == "stock"]
    assert {row.region: row.people for row in stock} == ELIGIBLE
    people = recorded(demo, "KTP", CITY)
    for row in stock:
        share = percent(row.opening + people[row.region], row.people)
        assert share is not None
        assert 98 <= share <= 99
        assert row.document == "KTP"
        assert "Desember 2019" in row.source
    assert [row.region for row in demo.targets if "sudah pindah" in row.source] == ["31.71"]
    assert all(row.opening == 0 and "data contoh" in row.source for row in demo.targets if row.kind == "task")


def test_people_are_served_on_workdays_and_few_saturdays(year: DemoPlan) -> None:
    free = holidays.country_holidays("ID", years=2021)
    days = {entry.day for entry in year.entries} | {stop.day for stop in year.stops}
    assert days == set(service_days())
    assert (min(days), max(days)) == (date(2021, 1, 4), YEAR_END)
    assert not [day for day in days if day in free or day.weekday() == 6]
    assert {day for day in days if day.weekday() == 5} == SATURDAY_DRIVES
    assert len(days) > 240


def test_about_twelve_areas_a_day_are_reached(year: DemoPlan) -> None:
    stops = defaultdict(list)
    for stop in year.stops:
        stops[stop.day].append(stop.region)
        assert not stop.region.startswith("31.01"), "no van drives to the islands"
    assert set(stops) == set(service_days())
    assert 11 <= mean(map(len, stops.values())) <= 13
    for regions in stops.values():
        assert len(regions) == len(set(regions)) <= 17
        lent = [max(0, out - 3) for out in Counter(code[:CITY] for code in regions).values()]
        assert sum(lent) <= 2, "the agency has two vans to lend"


def test_each_further_visit_yields_less(year: DemoPlan) -> None:
    """The same kelurahan are compared: those that were visited at least eight times."""
    often = [stops for stops in visits(year).values() if len(stops) >= 8]
    assert len(often) > 150
    for document in ("ktp", "kia"):
        means = [mean(getattr(stops[turn], document) for stops in often) for turn in range(8)]
        assert means == sorted(means, reverse=True)
        assert means[0] > 1.5 * means[3] > 0
    at_stops = [stop.ktp for stop in year.stops]
    assert 0 <= min(at_stops) < max(at_stops) <= MAX_AT_STOP


@given(st.integers(), st.integers(0, 2_000), st.integers(1, 25))
def test_a_visit_takes_its_share_of_those_left(seed: int, reachable: int, number: int) -> None:
    yields = list(visit_yields(random.Random(seed), reachable, [AS_OF] * number))
    take_up, left = min(0.5, 1.6 / number), reachable
    for people in yields:
        likely = take_up * left
        assert min(0.7 * likely - 0.5, left, MAX_AT_STOP) <= people <= min(1.3 * likely + 0.5, left, MAX_AT_STOP)
        left -= people


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
    late = [(stop.region[:CITY], stop.reported_on) for stop in year.stops if stop.reported_on != stop.day]
    late += [(row.region[:CITY], row.on) for row in year.entries if row.on != row.day and not row.reason]
    in_week = [stop for stop in year.stops if stop.region.startswith(LATE_CITY) and stop.day in LATE_DAYS]
    assert set(late) == {(LATE_CITY, LATE_ENTRY)}
    assert {stop.day for stop in in_week if stop.reported_on == LATE_ENTRY} == LATE_DAYS


def test_entries_in_turn_leave_one_value_each(demo: DemoPlan) -> None:
    values: dict[tuple[object, ...], int] = {}
    assert [entry.on for entry in demo.entries] == sorted(entry.on for entry in demo.entries)
    for entry in demo.entries:
        assert (entry[1:5] in values) == bool(entry.reason)
        assert values.get(entry[1:5]) != entry.people
        assert 0 <= entry.people <= MAX_PEOPLE
        values[entry[1:5]] = entry.people
    assert {key[0] for key in values} <= set(VILLAGES)
    for document in CITIES:
        assert {key[3] for key in values if key[1] == document} == {"loket", "jemput-bola"}
    nihil = [key for key, people in values.items() if people == 0]
    assert (len(nihil), len({key[0] for key in nihil})) == (24, 24)


def test_wrong_counts_are_corrected_the_next_day(demo: DemoPlan) -> None:
    corrections = [entry for entry in demo.entries if entry.reason]
    assert [entry.on for entry in corrections] == [date(2021, 3, 10), date(2021, 5, 20), date(2021, 9, 16), date(2021, 11, 25)]
    for right in corrections:
        (wrong,) = [entry for entry in demo.entries if entry[1:5] == right[1:5] and entry != right]
        assert wrong.on == right.day == right.on - timedelta(days=1)
        assert right.reason == f"Salah ketik: tertulis {wrong.people}, seharusnya {right.people}."


def test_a_later_day_only_adds(demo: DemoPlan, year: DemoPlan) -> None:
    assert [entry for entry in year.entries if entry.on <= AS_OF] == demo.entries
    assert [stop for stop in year.stops if stop.reported_on <= AS_OF] == demo.stops
    people, before = recorded(year, "KTP", CITY), recorded(demo, "KTP", CITY)
    added = {city: people[city] - before[city] for city in before}
    assert all(number > 0 for number in added.values()), "the work goes on"
    assert added[BARAT] < 100, "the vans have left"


def test_the_same_seed_gives_the_same_plan(demo: DemoPlan) -> None:
    shuffled = random.Random(1).sample(VILLAGES, len(VILLAGES))
    assert plan(shuffled, until=AS_OF) == demo
    assert plan(VILLAGES, until=AS_OF, seed=32) != demo


@settings(max_examples=8, deadline=None)
@example(33)
@given(st.integers())
def test_the_figures_hold_for_every_seed(seed: int) -> None:
    demo = plan(VILLAGES, until=AS_OF, seed=seed)
    for document, figures in CITIES.items():
        people, target = recorded(demo, document, CITY), targets(demo, document, CITY)
        assert {city: (people[city], target[city]) for city in target} == {c: row[:2] for c, row in figures.items()}
        assert (people.total(), target.total()) == PROVINCE[document]
    assert all(0 <= stop.ktp <= MAX_AT_STOP for stop in demo.stops)
    assert len({(stop.region, stop.day) for stop in demo.stops}) == len(demo.stops)


@pytest.mark.parametrize("until", [date(2021, 1, 3), date(2022, 1, 1), date.min, date.max])
def test_a_day_outside_the_demo_is_refused(until: date) -> None:
    with pytest.raises(Refused, match="2021-01-04 sampai 2021-12-31") as refusal:
        plan(VILLAGES, until=until)
    assert refusal.value.field == "until"


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=60).filter(any))
def test_largest_remainder_loses_nobody(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (1, []), (1, [2, -1]), (-1, [1])])
def test_largest_remainder_needs_something_to_go_by(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        largest_remainder(total, weights)
