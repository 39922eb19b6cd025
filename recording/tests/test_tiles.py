"""The map of kecamatan: every one has a place and a name of its own, roughly where it lies."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import pytest

from recording.region_file import REGIONS
from recording.tiles import PLACES, SIDE, tile_map


@dataclass
class Shown:
    code: str
    percent: Decimal | None = None


with REGIONS.open(encoding="utf-8") as lines:
    DISTRICTS = [row["kode"] for row in csv.DictReader(lines) if row["kode"].count(".") == 2]


def test_all_44_kecamatan_have_a_place_of_their_own() -> None:
    assert set(PLACES) == set(DISTRICTS)
    assert len({(place.row, place.column) for place in PLACES.values()}) == 44
    assert len({place.short for place in PLACES.values()}) == 44


def test_the_kecamatan_of_a_city_lie_together() -> None:
    cities = defaultdict(set)
    for code, place in PLACES.items():
        cities[code[:5]].add((place.row, place.column))
    for city, cells in cities.items():
        reached: set[tuple[int, int]] = set()
        todo = [next(iter(cells))]
        while todo:
            row, column = todo.pop()
            if (row, column) in cells - reached:
                reached.add((row, column))
                todo += [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert reached == cells, city


NORTH_OF = [
    ("31.72.01", "31.73.04"),
    ("31.01.01", "31.72.01"),
    ("31.71.01", "31.74.02"),
    ("31.74.04", "31.74.02"),
]


@pytest.mark.parametrize(("north", "south"), [*NORTH_OF[:3], NORTH_OF[3][::-1]])
def test_north_is_up(north: str, south: str) -> None:
    assert PLACES[north].row < PLACES[south].row


@pytest.mark.parametrize(
    ("west", "east"),
    [("31.73.06", "31.73.01"), ("31.72.01", "31.72.04"), ("31.71.07", "31.75.06"), ("31.74.10", "31.75.10")],
)
def test_west_is_left(west: str, east: str) -> None:
    assert PLACES[west].column < PLACES[east].column


def test_the_keyboard_goes_from_the_north_west_in_rows_and_no_two_tiles_touch() -> None:
    found = tile_map(Shown(code) for code in reversed(DISTRICTS))
    assert found is not None
    places = [(tile.y, tile.x) for tile in found.tiles]
    assert places == sorted(places)
    assert all(tile.x + SIDE <= found.width and tile.y + SIDE <= found.height for tile in found.tiles)
    for one in found.tiles:
        assert not [
            other for other in found.tiles
            if other is not one and abs(other.x - one.x) < SIDE and abs(other.y - one.y) < SIDE
        ]  # fmt: skip


def test_the_percentage_in_a_tile_is_cut_and_never_says_100_too_early() -> None:
    shares = {
        "31.71.01": Decimal("99.99"),
        "31.71.02": Decimal("100.00"),
        "31.71.03": Decimal("0.01"),
        "31.71.04": None,
    }
    found = tile_map(Shown(code, percent) for code, percent in shares.items())
    assert found is not None
    assert {tile.figure.code: tile.share for tile in found.tiles} == {
        "31.71.01": 99, "31.71.02": 100, "31.71.03": 0, "31.71.04": None,
    }  # fmt: skip


def test_another_province_has_no_map() -> None:
    assert tile_map([Shown("32.73.01")]) is None
    assert tile_map([]) is None
