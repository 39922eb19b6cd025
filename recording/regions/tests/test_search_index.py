"""Searching names: what is found for what was typed, in which order."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recording.regions.search_index import Known, RegionIndex
from recording.tests.world import REGIONS

pytestmark = pytest.mark.once

LEVELS = {2: "province", 5: "city", 8: "district", 13: "village"}
MORE = [("31.73.01.1005", "Kapuk Muara"), ("31.75.01.1005", "Pisangan Kapuk"), ("31.75.02", "Kebayoran Lama")]
OTHERS = [("31.73.02.1001", "Gerogol Lama", True), ("31.75.01.1004", "Pal Meriam", False), ("31.75.01.1004", "Kapuh", False)]


@pytest.fixture(scope="module")
def index() -> RegionIndex:
    regions = [Known(code, name, LEVELS[len(code)]) for code, name in [*REGIONS, *MORE]]
    closed = Known("31.71.02", "Kapuk", "district", None, date(2020, 12, 31))
    return RegionIndex([*regions, closed], OTHERS)


def codes(index: RegionIndex, text: str, limit: int = 8) -> list[str]:
    return [hit.region.code for hit in index.search(text, limit, lambda region: True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kapuk", ["31.73.01.1004", "31.71.02", "31.73.01.1005", "31.75.01.1005"]),  # so called, closed; begins; inside
        ("kap", ["31.73.01.1004", "31.73.01.1005", "31.75.01.1004", "31.71.02", "31.75.01.1005"]),
        ("kapuk m", ["31.73.01.1005"]),
        ("Gambir", ["31.71.01", "31.71.01.1001"]),  # the larger first
        ("Kec. Gambir", ["31.71.01"]),
        ("kel gambir", ["31.71.01.1001"]),
        ("gerogol", ["31.73.02.1001"]),  # a former name
        ("jakbar", ["31.73"]),
        ("Kota Adm. Jakarta Bar", ["31.73"]),
        ("cengkareng barat", ["31.73.01.1001"]),
        ("gambir jakarta pusat", ["31.71.01", "31.71.01.1001"]),
        ("Gambir, Pusat", ["31.71.01", "31.71.01.1001"]),
        ("kapok", ["31.73.01.1004"]),
        ("Cengkerang", ["31.73.01"]),
        ("kebayoran lamma", ["31.75.02"]),
        ("zzzz", []),
        ("", []),
        ("  ", []),
        ("…", []),
        ("31.73.01", ["31.73.01", "31.73.01.1001", "31.73.01.1004", "31.73.01.1005"]),
        ("3173011004", ["31.73.01.1004"]),
        ("99", []),
    ],
)
def test_what_was_typed_finds_regions_in_order(index: RegionIndex, text: str, found: list[str]) -> None:
    assert codes(index, text)[: len(found) or 1] == found


def test_a_limit_keeps_the_best(index: RegionIndex) -> None:
    assert codes(index, "kapuk", limit=2) == ["31.73.01.1004", "31.71.02"]
    assert codes(index, "31", limit=3) == ["31", "31.71", "31.71.01"]


def test_only_what_may_be_found_is(index: RegionIndex) -> None:
    hits = index.search("kapuk", 8, lambda region: region.code.startswith("31.75"))
    assert [hit.region.code for hit in hits] == ["31.75.01.1005"]
    hits = index.search("31", 8, lambda region: region.level == "city")
    assert [hit.region.code for hit in hits] == ["31.71", "31.73", "31.75"]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Kapuk", ("", False, False)),
        ("gerog", ("Gerogol Lama", True, False)),
        ("kapuh", ("Kapuh", False, False)),
        ("Mattraman", ("", False, True)),
        ("31.73", ("", False, False)),
    ],
)
def test_a_hit_says_how_it_was_found(index: RegionIndex, text: str, how: tuple[str, bool, bool]) -> None:
    hit = index.search(text, 1, lambda region: True)[0]
    assert (hit.spelling, hit.is_former, hit.is_alike) == how


def test_whole_names_are_called_so(index: RegionIndex) -> None:
    assert [hit.region.code for hit in index.called("kapuk")] == ["31.73.01.1004", "31.71.02"]
    assert [hit.region.code for hit in index.called("Kec. Gambir")] == ["31.71.01"]
    assert index.called("Kap") == []


SIGNS = ["'", "--", "• ", "OR 1=1", "\n", "Kapuk", ", Jakarta Barat", "( ", "é"]


@given(text=st.lists(st.sampled_from(SIGNS) | st.text(max_size=9)).map(" ".join))
@example(text="' OR 1=1 --")
@example(text="• B 9009 PKD, Jelambar")
def test_any_text_has_an_answer(index: RegionIndex, text: str) -> None:
    """Also one that begins with signs alone, which are no name."""
    assert len(codes(index, text)) <= 8
    assert {hit.region.code for hit in index.called(text)} <= index.regions.keys()
