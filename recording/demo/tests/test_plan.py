"""The demo's numbers: the figures of the press to the last person, and days that look like days."""

import csv
import random
from collections import Counter, defaultdict
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dukcapil.errors import Refused
from dukcapil.region_codes import is_within
from recording.coverage.arithmetic import percent
from recording.demo.days import (
    LATE_CITY,
    LATE_ENTRY,
    LATE_WEEK,
    SATURDAY_DRIVES,
    PlannedCount,
    largest_remainder,
    service_days,
)
from recording.demo.plan import AS_OF, ELIGIBLE, DemoPlan, PlannedTarget, city_targets, plan
from recording.parsing.numbers import MAX_PEOPLE
from recording.regions.region_file import DATA

REGIONS = DATA / "regions_31.csv"
with REGIONS.open(encoding="utf-8", newline="") as lines:
    VILLAGES = [(row["kode"], row["nama"]) for row in csv.DictReader(lines) if row["jenis"] == "kelurahan"]
YEAR_END = date(2021, 12, 31)
CITY_KTP = {
    "31.01": (73, 146, "50.00"),
    "31.71": (1_589, 6_359, "24.99"),
    "31.72": (4_302, 9_773, "44.02"),
    "31.73": (13_770, 13_770, "100.00"),
    "31.74": (6_285, 12_778, "49.19"),
    "31.75": (4_981, 17_174, "29.00"),
}
CITY_KIA = {
    "31.01": (131, 219, "59.82"),
    "31.71": (4_865, 9_538, "51.01"),
    "31.72": (8_209, 14_659, "56.00"),
    "31.73": (20_655, 20_655, "100.00"),
    "31.74": (11_775, 19_168, "61.43"),
    "31.75": (12_365, 25_761, "48.00"),
}


@pytest.fixture(scope="module")
def demo() -> DemoPlan:
    return plan(VILLAGES, until=AS_OF)


@pytest.fixture(scope="module")
def year() -> DemoPlan:
    return plan(VILLAGES, until=YEAR_END)


def recorded(counts: list[PlannedCount], document: str, length: int) -> Counter[str]:
    """People by the first `length` letters of the code: 2 province, 5 city, 8 district, 13 village."""
    found: Counter[str] = Counter()
    for count in counts:
        if count.document == document:
            found[count.region[:length]] += count.people
    return found


def in_force(targets: list[PlannedTarget], document: str, day: date, length: int) -> Counter[str]:
    """Task targets in force on a day, summed like `recorded`."""
    newest: dict[str, PlannedTarget] = {}
    for row in targets:
        if (row.document, row.kind) == (document, "task") and row.effective_from <= day:
            assert row.order == (newest[row.region].order if row.region in newest else 0) + 1
            newest[row.region] = row
    found: Counter[str] = Counter()
    for row in newest.values():
        found[row.region[:length]] += row.people
    return found


@pytest.mark.parametrize(("document", "figures"), [("KTP", CITY_KTP), ("KIA", CITY_KIA)])
def test_every_city_has_its_figure(demo: DemoPlan, document: str, figures: dict[str, tuple[int, int, str]]) -> None:
    people = recorded(demo.counts, document, 5)
    targets = in_force(demo.targets, document, AS_OF, 5)
    assert {
        city: (people[city], targets[city], str(percent(people[city], targets[city]))) for city in targets
    } == figures


def test_the_province_stands_at_31000_of_60000(demo: DemoPlan) -> None:
    assert recorded(demo.counts, "KTP", 2) == {"31": 31_000}
    assert in_force(demo.targets, "KTP", AS_OF, 2) == {"31": 60_000}
    assert in_force(demo.targets, "KIA", AS_OF, 2) == {"31": 90_000}


def test_timur_and_pusat_are_lowest_and_pusat_is_held_back(demo: DemoPlan) -> None:
    for figures in (CITY_KTP, CITY_KIA):
        by_share = sorted(figures, key=lambda city: figures[city][0] / figures[city][1])
        assert set(by_share[:2]) == {"31.71", "31.75"}
    told = [(row.region, row.kind) for row in demo.targets if "sudah pindah" in row.source]
    assert told == [("31.71", "stock")]


def test_targets_are_split_by_eligible_people() -> None:
    assert sum(ELIGIBLE.values()) == 7_953_150
    for city, people in city_targets(60_000).items():
        assert abs(people - 60_000 * ELIGIBLE[city] / 7_953_150) < 1
    assert city_targets(60_000)["31.73"] == 13_770


def test_every_kelurahan_has_a_target_for_both_documents(demo: DemoPlan) -> None:
    for document in ("KTP", "KIA"):
        targets = in_force(demo.targets, document, AS_OF, 13)
        assert set(targets) == {code for code, _ in VILLAGES}
        assert min(targets.values()) >= 1
        assert len(set(targets.values())) > 50, "unevenly"


@pytest.mark.parametrize("document", ["KTP", "KIA"])
def test_a_city_at_its_target_still_holds_gaps(demo: DemoPlan, document: str) -> None:
    for length, over_at_least in ((8, 1), (13, 1)):
        people, targets = (recorded(demo.counts, document, length), in_force(demo.targets, document, AS_OF, length))
        over = [code for code in targets if people[code] > targets[code]]
        below = [code for code in targets if people[code] < targets[code] and is_within(code, "31.73")]
        assert all(is_within(code, "31.73") for code in over)
        assert len(over) >= over_at_least
        assert below
        if length == 8:
            done = [code for code in targets if people[code] >= targets[code]]
            assert len(over) == 1
            assert all(is_within(code, "31.73") for code in done)
            assert 1 < len(done) < 8, "tuntas n dari 8"


def test_one_target_was_revised_in_mid_year(demo: DemoPlan) -> None:
    second = [row for row in demo.targets if row.order == 2]
    assert [row.effective_from for row in second] == [date(2021, 8, 1)]
    first = next(row for row in demo.targets if row[:3] == second[0][:3] and row.order == 1)
    assert first.people != second[0].people
    before = in_force(demo.targets, "KTP", date(2021, 7, 31), 2)["31"]
    assert before == 60_000 - second[0].people + first.people
    assert not [row for row in plan(VILLAGES, until=date(2021, 7, 31)).targets if row.order == 2]


def test_stock_is_eligible_people_with_a_plausible_opening(demo: DemoPlan) -> None:
    stock = [row for row in demo.targets if row.kind == "stock"]
    assert {row.region: row.people for row in stock} == ELIGIBLE
    people = recorded(demo.counts, "KTP", 5)
    for row in stock:
        share = percent(row.opening + people[row.region], row.people)
        assert share is not None
        assert 98 <= share <= 99
        assert row.document == "KTP"
        assert "Desember 2019" in row.source
    assert all(row.opening == 0 and "data contoh" in row.source for row in demo.targets if row.kind == "task")


def test_people_are_served_on_working_days_and_a_few_saturdays(year: DemoPlan) -> None:
    free = holidays.country_holidays("ID", years=2021)
    days = {count.day for count in year.counts}
    assert days == set(service_days())
    assert (min(days), max(days)) == (date(2021, 1, 4), YEAR_END)
    assert not [day for day in days if day in free or day.weekday() == 6]
    assert {day for day in days if day.weekday() == 5} == SATURDAY_DRIVES
    assert len(days) > 240


def test_a_count_has_one_value_and_people(year: DemoPlan) -> None:
    keys = [count[:4] for count in year.counts]
    assert len(keys) == len(set(keys))
    assert all(0 <= count.people <= MAX_PEOPLE for count in year.counts)
    assert {count.source for count in year.counts} == {"mobil", "loket", "jemput-bola"}
    assert {count.region for count in year.counts} <= {code for code, _ in VILLAGES}
    for document in ("KTP", "KIA"):
        assert {c.source for c in year.counts if c.document == document} == {"mobil", "loket", "jemput-bola"}


def test_the_vans_keep_their_rhythm(year: DemoPlan) -> None:
    stops: dict[date, list[str]] = defaultdict(list)
    for count in year.counts:
        if count.source != "loket" and count.document == "KTP":
            assert 5 <= count.people <= 60
        if count.source == "mobil" and count.document == "KTP":
            assert not count.region.startswith("31.01"), "no van drives to the islands"
            stops[count.day].append(count.region)
    assert set(stops) == set(service_days())
    assert all(len(where) == len(set(where)) <= 17 for where in stops.values())
    assert 11 <= sum(map(len, stops.values())) / len(stops) <= 13
    for where in stops.values():
        lent = [max(0, out - 3) for out in Counter(code[:5] for code in where).values()]
        assert sum(lent) <= 2, "the agency has two vans to lend"


def test_one_week_of_one_city_is_entered_late(year: DemoPlan) -> None:
    late = [count for count in year.counts if count.entered_on != count.day]
    assert late
    assert all(count.region.startswith(LATE_CITY) and count.entered_on == LATE_ENTRY for count in late)
    assert {count.day for count in late} == {LATE_WEEK[0] + timedelta(days=number) for number in range(5)}
    same_week = [c for c in year.counts if c.region.startswith(LATE_CITY) and LATE_WEEK[0] <= c.day <= LATE_WEEK[1]]
    assert len(same_week) == len(late)
    unaware = plan(VILLAGES, until=LATE_ENTRY - timedelta(days=1)).counts
    assert not [c for c in unaware if c.region.startswith(LATE_CITY) and LATE_WEEK[0] <= c.day <= LATE_WEEK[1]]


def test_nobody_came_is_told_as_zero(demo: DemoPlan) -> None:
    nihil = [count for count in demo.counts if count.people == 0]
    assert len(nihil) == 24
    assert len({count.region for count in nihil}) > 10


def test_wrong_counts_are_corrected_the_next_day(demo: DemoPlan) -> None:
    values = {count[:4]: count for count in demo.counts}
    assert len(demo.corrections) == 4
    for correction in demo.corrections:
        assert values[correction[:4]].people == correction.right != correction.wrong
        assert values[correction[:4]].entered_on == correction.day
        assert correction.corrected_on == correction.day + timedelta(days=1)
        assert str(correction.wrong) in correction.reason
    assert AS_OF in {correction.corrected_on for correction in demo.corrections}
    evening = plan(VILLAGES, until=AS_OF - timedelta(days=1))
    last = demo.corrections[-1]
    assert next(c.people for c in evening.counts if c[:4] == last[:4]) == last.wrong
    assert last not in evening.corrections


def test_writing_the_entries_in_turn_leaves_the_counts(demo: DemoPlan) -> None:
    values: dict[tuple[str, str, date, str], int] = {}
    before = date.min
    for entry in demo.entries():
        assert before <= entry.on <= AS_OF
        before = entry.on
        key = (entry.region, entry.document, entry.day, entry.source)
        assert (key in values) == bool(entry.reason)
        assert values.get(key) != entry.people
        values[key] = entry.people
    assert values == {count[:4]: count.people for count in demo.counts}


@pytest.mark.parametrize("until", [date(2021, 1, 4), date(2021, 6, 18), date(2021, 9, 15), AS_OF])
def test_a_later_day_only_adds(year: DemoPlan, until: date) -> None:
    known = plan(VILLAGES, until=until)
    assert known.counts
    assert all(count.entered_on <= until for count in known.counts)
    wrong = {correction[:4] for correction in year.corrections if correction.corrected_on > until}
    later = {count[:4]: count for count in year.counts}
    assert all(later[count[:4]] == count for count in known.counts if count[:4] not in wrong)
    assert {c for c in year.counts if c.entered_on <= until and c[:4] not in wrong} <= set(known.counts)


def test_after_the_press_talk_the_work_goes_on(year: DemoPlan) -> None:
    people, before = recorded(year.counts, "KTP", 5), {city: row[0] for city, row in CITY_KTP.items()}
    added = {city: people[city] - before[city] for city in before}
    assert all(people > 0 for people in added.values())
    assert 0 < added["31.73"] < 100
    days_before, days_after = (sum(day <= AS_OF for day in service_days()), sum(day > AS_OF for day in service_days()))
    assert 0.8 < (sum(added.values()) / days_after) / (31_000 / days_before) < 1.2


def test_the_same_seed_gives_the_same_plan(demo: DemoPlan) -> None:
    shuffled = random.Random(1).sample(VILLAGES, len(VILLAGES))
    assert plan(shuffled, until=AS_OF) == demo
    assert plan(VILLAGES, until=AS_OF, seed=32) != demo


@settings(max_examples=8, deadline=None)
@given(st.integers())
def test_the_figures_hold_for_every_seed(seed: int) -> None:
    demo = plan(VILLAGES, until=AS_OF, seed=seed)
    for document, figures in (("KTP", CITY_KTP), ("KIA", CITY_KIA)):
        people, targets = recorded(demo.counts, document, 5), in_force(demo.targets, document, AS_OF, 5)
        assert {city: (people[city], targets[city]) for city in targets} == {
            city: row[:2] for city, row in figures.items()
        }
    assert all(5 <= c.people <= 60 for c in demo.counts if c.document == "KTP" and c.source == "mobil")
    assert len({count[:4] for count in demo.counts}) == len(demo.counts)


@pytest.mark.parametrize("until", [date(2021, 1, 3), date(2022, 1, 1), date.min, date.max])
def test_a_day_outside_the_demo_is_refused(until: date) -> None:
    with pytest.raises(Refused, match="2021-01-04 sampai 2021-12-31") as refusal:
        plan(VILLAGES, until=until)
    assert refusal.value.field == "until"


@pytest.mark.parametrize("villages", [[], VILLAGES[:6], [v for v in VILLAGES if not v[0].startswith("31.01")]])
def test_another_place_than_dki_is_refused(villages: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused, match="load_regions"):
        plan(villages, until=AS_OF)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=60).filter(any))
def test_largest_remainder_gives_each_its_share_and_loses_nobody(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (1, []), (1, [2, -1]), (-1, [1])])
def test_largest_remainder_needs_something_to_go_by(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        largest_remainder(total, weights)
