"""The order of a table of regions, by every column and both ways."""

from dataclasses import replace
from datetime import date

import pytest

from recording.coverage.figures import Below, Figure
from recording.coverage.not_recorded import NotRecorded
from recording.coverage.plan import Plan
from recording.coverage.tables.columns import BESIDE, CHILDREN, ONE
from recording.coverage.tables.ordering import KEYS, is_order, next_order, ordered

PLAN = Plan(date(2021, 1, 1), date(2021, 12, 31), date(2021, 7, 2))  # half of the period is over


def figure(code: str, name: str, recorded: int = 0, entries: int = 0, target: int | None = None) -> Figure:
    made = Figure(code, name, "district", recorded, entries, target)
    made.plan = PLAN
    return made


def regions() -> list[Figure]:
    """Two that are equal in everything but their name, one far ahead, one without any report, one without a target."""
    b, a = figure("31.02", "Beta", 20, 2, 100), figure("31.01", "Zeta", 20, 2, 100)
    ahead, silent, aimless = (
        figure("31.03", "Gama", 150, 3, 140),
        figure("31.04", "alfa", target=50),
        figure("31.05", "Delta", 7, 1),
    )
    for each, today, missed, done in ((a, 5, 3, 1), (b, 5, 3, 1), (ahead, 9, 0, 2)):
        each.today, each.not_recorded, each.below = today, NotRecorded({"Pindah": missed}), Below(done, 2)
        each.needed = 10 if each is not ahead else 0
    silent.needed = 4
    for each in (a, b, ahead, silent, aimless):
        each.beside = replace(each)
    return [aimless, silent, ahead, b, a]


# The codes' last digits, smallest first and largest first; in brackets those that are missing.
ORDERS = {
    "nama": ("42531", "13524", ""),
    "persen": ("123", "312", "45"),
    "rekam": ("5123", "3125", "4"),
    "target": ("4123", "3124", "5"),
    "sisa": ("3412", "1243", "5"),
    "rencana": ("4123", "3124", "5"),
    "selisih": ("123", "312", "45"),
    "perhari": ("3412", "1243", "5"),
    "hariini": ("123", "312", "45"),
    "takrekam": ("312", "123", "45"),
    "tuntas": ("123", "312", "45"),
    "status": ("4123", "3124", "5"),
}
ORDERS |= {f"{name}_kia": ORDERS[name] for name in ("persen", "rekam", "target", "sisa")}


@pytest.mark.parametrize("column", KEYS)
def test_every_column_sorts_both_ways(column: str) -> None:
    smallest, largest, missing = ORDERS[column]
    found = {sign: "".join(each.code[-1] for each in ordered(regions(), f"{sign}{column}")) for sign in ("", "-")}
    assert found == {"": smallest + missing, "-": largest + missing}


def test_every_shown_column_can_be_sorted() -> None:
    assert {*ONE, *BESIDE, *CHILDREN} - {"capaian"} == set(KEYS)


@pytest.mark.parametrize(
    ("column", "order", "then"),
    [
        ("sisa", "", "-sisa"),
        ("sisa", "-sisa", "sisa"),
        ("sisa", "sisa", "-sisa"),
        ("persen", "-sisa", "persen"),
        ("nama", "", "nama"),
        ("nama", "nama", "-nama"),
    ],
)
def test_a_second_press_turns_the_order(column: str, order: str, then: str) -> None:
    assert next_order(column, order) == then


@pytest.mark.parametrize(("order", "good"), [("-sisa", True), ("sisa", True), ("--sisa", False), ("kode", False), ("", False)])
def test_only_columns_are_orders(order: str, good: bool) -> None:
    assert is_order(order, ONE) is good


def test_another_tables_column_is_no_order() -> None:
    assert not is_order("sisa_kia", ONE)
    assert not is_order("takrekam", BESIDE)
