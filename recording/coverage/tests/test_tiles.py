"""The map of kecamatan: every one has a place and a name of its own, roughly where it lies."""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from recording.coverage.charts.tiles import PLACES, SIDE, tile_map
from recording.coverage.figures import Figure
from recording.regions.region_file import REGIONS


@dataclass
class Shown:
    code: str
    percent: Decimal | None = None


with REGIONS.open(encoding="utf-8") as lines:
    DISTRICTS = [row["kode"] for row in csv.DictReader(lines) if row["kode"].count(".") == 2]


def test_all_44_kecamatan_have_their_own_place() -> None:
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


@pytest.mark.parametrize(
    ("north", "south"),
    [
        ("31.01.01", "31.72.01"),  # the islands, Penjaringan on the coast
        ("31.72.01", "31.73.04"),  # Penjaringan, Tambora
        ("31.72.04", "31.75.06"),  # Cilincing, Cakung
        ("31.71.01", "31.74.02"),  # Gambir, Setiabudi
        ("31.74.02", "31.74.04"),  # Setiabudi, Pasar Minggu
        ("31.74.04", "31.74.09"),  # Pasar Minggu, Jagakarsa at the southern end
    ],
)
def test_north_is_up(north: str, south: str) -> None:
    assert PLACES[north].row < PLACES[south].row


@pytest.mark.parametrize(
    ("west", "east"),
    [
        ("31.73.06", "31.73.01"),  # Kalideres, Cengkareng
        ("31.72.01", "31.72.04"),  # Penjaringan, Cilincing
        ("31.71.07", "31.75.06"),  # Tanah Abang, Cakung
        ("31.74.10", "31.75.10"),  # Pesanggrahan, Cipayung
        ("31.72.06", "31.75.06"),  # Kelapa Gading, Cakung
    ],
)
def test_west_is_left(west: str, east: str) -> None:
    assert PLACES[west].column < PLACES[east].column


def test_tiles_follow_in_rows_without_overlap() -> None:
    found = tile_map(Shown(code) for code in reversed(DISTRICTS))
    assert found is not None
    places = [(tile.y, tile.x) for tile in found.tiles]
    assert places == sorted(places)
    assert all(tile.x + SIDE <= found.width and tile.y + SIDE <= found.height for tile in found.tiles)
    for one in found.tiles:
        assert not [
            other for other in found.tiles if other is not one and abs(other.x - one.x) < SIDE and abs(other.y - one.y) < SIDE
        ]


def test_a_tiles_percentage_is_never_rounded_up() -> None:
    shares = {"31.71.01": Decimal("99.99"), "31.71.02": Decimal("100.00"), "31.71.03": Decimal("0.01"), "31.71.04": None}
    found = tile_map(Shown(code, percent) for code, percent in shares.items())
    assert found is not None
    assert {tile.figure.code: tile.share for tile in found.tiles} == {
        "31.71.01": 99,
        "31.71.02": 100,
        "31.71.03": 0,
        "31.71.04": None,
    }


def test_a_tile_fits_a_finger_at_390_pixels() -> None:
    found = tile_map(Shown(code) for code in DISTRICTS)
    assert found is not None
    assert SIDE / found.width * 324 >= 36  # the panel leaves 324 pixels of 390


def test_a_region_without_a_place_is_named() -> None:
    found = tile_map([Shown("31.71.01"), Shown("31.71.99")])
    assert found is not None
    assert [figure.code for figure in found.outside] == ["31.71.99"]
    assert [tile.figure.code for tile in found.tiles] == ["31.71.01"]


def figure(code: str, recorded: int, target: int | None, entries: int = 1) -> Figure:
    name = "Cakung" if code == "31.75.06" else "Baru"
    return Figure(code, name, "district", recorded, entries, target, url=f"/wilayah/{code}/")


def drawn(*figures: Figure) -> str:
    with translation.override("id"):
        page = render_to_string("recording/coverage/_tiles.html", {"map": tile_map(figures)})
    return re.sub(r"(?<=>)\s+|\s+(?=<)", "", re.sub(r"\s+", " ", page))  # between elements of a picture none shows


@pytest.mark.parametrize(
    ("recorded", "target", "entries", "name", "look", "inside"),
    [
        (1_234, 5_120, 1, "Cakung: 24,10%, 1.234 dari 5.120", "tile-1", "24%"),
        (9_999, 10_000, 1, "Cakung: 99,99%, 9.999 dari 10.000", "tile-4", "99%"),
        (10_000, 10_000, 1, "Cakung: 100%, 10.000 dari 10.000", "tile-5", "100%"),
        (1, 10_000, 1, "Cakung: 0,01%, 1 dari 10.000", "tile-0", "&lt;1%"),
        (0, 10_000, 1, "Cakung: 0%, 0 dari 10.000", "tile-0", "0%"),
        (12_000, 1_000, 1, "Cakung: 1.200,00%, 12.000 dari 1.000", "tile-5", "&gt;999"),
        (0, 10_000, 0, "Cakung: belum ada laporan", "tile-none", "–"),
        (5, None, 1, "Cakung: belum ada target", "tile-none", "–"),
    ],
)
def test_a_tiles_link_says_its_colour_in_words(
    recorded: int, target: int | None, entries: int, name: str, look: str, inside: str
) -> None:
    page = drawn(figure("31.75.06", recorded, target, entries))
    assert f'<a class="tile {look}" href="/wilayah/31.75.06/" aria-label="{name}">' in page
    assert ">CKG</text>" in page
    assert f">{inside}</text>" in page


def test_the_keyboard_may_skip_the_map() -> None:
    page = drawn(figure("31.75.06", 1, 2), figure("31.75.99", 1, 2))
    assert page.index('href="#sesudah-peta"') < page.index("<svg") < page.index('id="sesudah-peta"')
    assert '<a class="term" href="/wilayah/31.75.99/">Baru</a>' in page


def test_another_province_has_no_map() -> None:
    assert tile_map([Shown("32.73.01")]) is None
    assert tile_map([]) is None
