"""A built page is kept for the next reader: but only for one who may see the same, in the same language."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage
from recording.tests.pages import logged_in
from recording.tests.world import BARAT, DAY, NOON, count, write

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# The same role with another region, and another role with the same one.
PAIRS = [
    (cast.reader, cast.reader_barat),
    (cast.api_client, cast.api_barat),
    (cast.reader, cast.staff),
    (cast.staff, cast.head_barat),
    (cast.head_barat, cast.head_timur),
]


@pytest.fixture(autouse=True)
def computed(at_noon: None) -> None:
    write(count(10))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def figures_of(user: User, language: str = "id") -> str:
    """The main part of the city's page, as this reader gets it."""
    browser = logged_in(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get(f"/wilayah/{BARAT}/").content.decode()
    return TOKEN.sub("", page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize("order", [1, -1], ids=["first", "second"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0].__name__}-{pair[1].__name__}")
def test_nobody_gets_the_page_of_another_reach(pair: tuple[Callable[[], User], ...], order: int) -> None:
    """Whoever comes first: each sees what an empty cache would show."""
    alone = {}
    for who in pair:
        cache.clear()
        alone[who] = figures_of(who())
    cache.clear()
    for who in pair[::order]:
        assert figures_of(who()) == alone[who], who.__name__


def test_a_city_reader_gets_no_link_above() -> None:
    to_the_province = 'href="/wilayah/31/?'
    assert to_the_province in figures_of(cast.reader())
    assert to_the_province not in figures_of(cast.reader_barat())
    assert to_the_province in figures_of(cast.reader())


def test_each_language_has_a_page_of_its_own() -> None:
    indonesian, english = figures_of(cast.reader()), figures_of(cast.reader(), "en")
    assert ("Cakupan" in english, indonesian == english) == (False, False)
    assert figures_of(cast.reader()) == indonesian
