"""The list of counts by places: whatever is stored, its pages are the list in its order, down and up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from recording.conftest import small_world
from recording.ledger import count_pages
from recording.ledger.count_pages import ROWS_PER_PAGE, Place, counts_page
from recording.ledger.selectors import current_count, history
from recording.ledger.services import return_counts
from recording.models import CurrentCount
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, write

__all__ = ["small_world"]

pytestmark = pytest.mark.usefixtures("small_world")
TIMUR = "31.75.01.1004"
REGIONS = (BARAT, KAPUK, "31.73.02.1001", TIMUR)
STORED = st.tuples(st.integers(0, 5), st.sampled_from(REGIONS), st.sampled_from(["loket", "mobil", "trip-7", "a"]))


def places(rows: list[CurrentCount]) -> list[Place]:
    return [Place.of(row) for row in rows]


def test_pages_of_counts_come_newest_first() -> None:
    days = [DAY - timedelta(days=back) for back in range(ROWS_PER_PAGE + 1)]
    write(*(count(1, day=day) for day in days), count(2, BARAT, day=DAY), count(9, "31.75.01"))
    first = counts_page(SYSTEM, BARAT, "KTP")
    assert len(first.rows) == ROWS_PER_PAGE
    assert [(row.day, row.region_id) for row in first.rows[:3]] == [(DAY, BARAT), (DAY, KAPUK), (days[1], KAPUK)]
    last = counts_page(SYSTEM, BARAT, "KTP", start=first.older_from)
    assert ([row.day for row in last.rows], last.older_from) == (days[-2:], None)
    beyond = Place(days[-1] - timedelta(days=1))
    assert counts_page(SYSTEM, BARAT, "KTP", start=beyond) == ([], beyond, None)


def test_a_page_holds_one_document_without_returned_counts() -> None:
    write(count(1), count(2, document="KIA"), count(3, BARAT))
    return_counts(act=Act(SYSTEM, NOON, "page"), keys=[count(0, BARAT).key], reason="keliru")
    assert [row.people for row in counts_page(SYSTEM, BARAT, "KTP").rows] == [1]
    assert [row.people for row in counts_page(SYSTEM, DKI, "KIA").rows] == [2]


@pytest.mark.parametrize(
    ("who", "sees"), [(cast.reader, 1), (cast.head_timur, 1), (cast.reader_barat, 0), (cast.api_client, 1)]
)
def test_counts_are_listed_for_entitled_readers(who: Callable[[], Actor], sees: int) -> None:
    write(count(1, TIMUR))
    assert len(counts_page(who(), DKI, "KTP").rows) == sees
    assert len(history(who(), TIMUR, "KTP", DAY, "loket")) == sees
    assert (current_count(who(), TIMUR, "KTP", DAY, "loket") is not None) == bool(sees)


def test_what_one_may_not_see_shortens_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another city's newest counts alone would fill the page."""
    monkeypatch.setattr(count_pages, "ROWS_PER_PAGE", 3)
    write(*(count(1, TIMUR, day=DAY - timedelta(days=back)) for back in range(5)))
    write(*(count(1, day=DAY - timedelta(days=back)) for back in range(10, 14)))
    page = counts_page(cast.reader_barat(), DKI, "KTP")
    assert [row.day for row in page.rows] == [DAY - timedelta(days=back) for back in (10, 11, 12)]


def test_a_place_inside_a_day_shortens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts of one region on the day of the place alone are more than a page, but not all of them are asked for."""
    monkeypatch.setattr(count_pages, "ROWS_PER_PAGE", 3)
    write(*(count(1, source=source) for source in ("a", "b", "loket", "mobil")))
    write(*(count(1, BARAT, day=DAY - timedelta(days=back)) for back in (1, 2)))
    page = counts_page(SYSTEM, DKI, "KTP", start=Place(DAY, KAPUK, "mobil"))
    assert [row.day for row in page.rows] == [DAY - timedelta(days=back) for back in (0, 1, 2)]


def test_a_place_inside_a_day_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_pages, "ROWS_PER_PAGE", 3)
    earlier = DAY - timedelta(days=9)
    write(*(count(1, day=earlier, source=source) for source in ("a", "b", "loket", "mobil")))
    write(
        *(count(1, region, day=DAY - timedelta(days=back)) for back, region in ((0, BARAT), (1, BARAT), (2, TIMUR), (3, TIMUR)))
    )
    page = counts_page(SYSTEM, DKI, "KTP", before=Place(earlier, KAPUK, "b"))
    assert [(DAY - row.day).days for row in page.rows] == [2, 3, 9]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stored=st.sets(STORED, max_size=30),
    size=st.integers(1, 7),
    probed=st.integers(1, 20),
    begin=STORED,
    code=st.sampled_from([DKI, BARAT, KAPUK]),
)
def test_pages_together_are_the_whole_list(
    small_world: None, stored: set[tuple[int, str, str]], size: int, probed: int, begin: tuple[int, str, str], code: str
) -> None:
    with pytest.MonkeyPatch.context() as patch, rolled_back():
        patch.setattr(count_pages, "ROWS_PER_PAGE", size)
        patch.setattr(count_pages, "MAX_PROBED", probed)
        write(*(count(1, region, day=DAY - timedelta(days=back), source=source) for back, region, source in stored))
        below = [(back, region, source) for back, region, source in sorted(stored) if region.startswith(code)]
        expected = [Place(DAY - timedelta(days=back), region, source) for back, region, source in below]
        assert walked_down(code, None) == expected
        place = Place(DAY - timedelta(days=begin[0]), *begin[1:])
        assert walked_down(code, place) == [each for each in expected if order(each) >= order(place)]
        assert walked_up(code) == expected


def order(place: Place) -> tuple[int, str, str]:
    return (-place.day.toordinal(), place.region, place.source)


def walked_down(code: str, start: Place | None) -> list[Place]:
    found: list[Place] = []
    while True:
        page = counts_page(SYSTEM, code, "KTP", start=start)
        assert len(page.rows) <= count_pages.ROWS_PER_PAGE
        found += places(page.rows)
        if page.older_from is None:
            return found
        start = page.older_from


def walked_up(code: str) -> list[Place]:
    """From the oldest page, until the newest one, which is full, comes and overlaps with the one before."""
    page = counts_page(SYSTEM, code, "KTP", oldest=True)
    found = places(page.rows)
    while page.newer_before is not None:
        page = counts_page(SYSTEM, code, "KTP", before=page.newer_before)
        found = [*places(page.rows), *(place for place in found if place not in places(page.rows))]
    return found


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written within is taken out again, so that one test may write again and again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
