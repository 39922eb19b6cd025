"""A built page is kept for the next reader: but only for one who may see the same, in the same language, and without
what belongs to one reader alone."""

import gzip
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.roles import Role
from accounts.tests import cast
from dukcapil import clock
from dukcapil.models import Demo
from recording.coverage.runs import newest_runs
from recording.coverage.services import recompute_coverage
from recording.models import JobFailure
from recording.tests.pages import forget_pages, logged_in
from recording.tests.world import BARAT, DAY, NOON, after, count, write

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
def computed(at_noon: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: moment)  # a page tells its minute
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
        forget_pages()
        alone[who] = figures_of(who())
    forget_pages()
    for who in pair[::order]:
        assert figures_of(who()) == alone[who], who.__name__


def page_of(user: User, language: str, choices: str, *, compressed: bool) -> str:
    """The whole page but for the tokens of its forms."""
    browser = logged_in(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = browser.get(f"/wilayah/{BARAT}/{choices}", headers={"accept-encoding": "gzip"} if compressed else {})
    assert answer.headers.get("Content-Encoding", "") == ("gzip" if compressed else "")
    page = gzip.decompress(answer.content) if compressed else answer.content
    return TOKEN.sub("", page.decode())


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
def test_all_dimensions_of_a_page_are_its_own(order: int) -> None:
    """Whoever asks for what, after whatever others have asked: each gets what an empty cache would show."""
    write(count(20))
    recompute_coverage(by=SYSTEM, day=DAY, now=after(hours=1))
    readers = (cast.reader(), cast.reader_barat(), cast.staff(), cast.head_barat())
    choices = ("", "?dokumen=KIA", "?run=1", "?dokumen=KIA&run=1")
    cases = list(product(readers, ("id", "en"), choices, (False, True)))
    alone = {}
    for case in cases:
        if not case[3]:
            forget_pages()
            alone[case[:3]] = page_of(*case[:3], compressed=False)
    forget_pages()
    assert len(set(alone.values())) == len(alone)
    for user, language, choice, compressed in cases[::order]:
        assert page_of(user, language, choice, compressed=compressed) == alone[user, language, choice]


@pytest.mark.parametrize("who", [cast.reader, cast.staff, cast.admin], ids=lambda who: who.__name__)
@pytest.mark.parametrize("address", ["/", "/?dokumen=KIA"])
def test_building_a_page_changes_no_kept_run(who: Callable[[], User], address: str, kept: None) -> None:
    """All threads are given the same."""
    browser = logged_in(who())
    browser.get("/")
    forget_pages()
    runs = newest_runs(DAY)
    assert runs
    assert newest_runs(DAY) is runs
    before = deepcopy([vars(run) for run in runs if run])
    assert browser.get(address).status_code == 200
    assert [_plain(vars(run)) for run in runs if run] == [_plain(values) for values in before]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"_state": dict(vars(values["_state"])["fields_cache"])}


def test_a_city_reader_gets_no_link_above() -> None:
    to_the_province = 'href="/wilayah/31/?'
    assert to_the_province in figures_of(cast.reader())
    assert to_the_province not in figures_of(cast.reader_barat())
    assert to_the_province in figures_of(cast.reader())


def test_each_language_has_a_page_of_its_own() -> None:
    indonesian, english = figures_of(cast.reader()), figures_of(cast.reader(), "en")
    assert ("Cakupan" in english, indonesian == english) == (False, False)
    assert figures_of(cast.reader()) == indonesian


def whole_page(user: User) -> str:
    return TOKEN.sub("", logged_in(user).get("/").content.decode())


def test_each_reader_gets_own_name_and_number() -> None:
    first = cast.person("ani", "Ani <b>'&\"", Role.READER, "31")
    second = cast.person("budi", "Budi {{ csrf_token }}", Role.READER, "31")
    for reader, other in ((first, second), (second, first)):
        page = whole_page(reader)
        assert page.count(escape(reader.full_name)) == 3
        assert f'data-user="{reader.pk}"' in page
        assert escape(other.full_name) not in page
        forget_pages()
        assert whole_page(reader) == page, "as it would be without the other one"


def test_a_kept_page_leads_back_to_its_address() -> None:
    """By the switch of languages, also where somebody else opened the same figures by another one."""
    browser = logged_in(cast.reader())
    for address in ("/", "/?utm=1&x=%22%3E", "/wilayah/31/", "/wilayah/31/?dokumen=KTP"):
        page = browser.get(address).content.decode()
        assert f'name="next" value="{escape(address)}"' in page
        assert "aria-current" in page


def test_a_kept_page_tells_its_own_minute() -> None:
    browser, told = logged_in(cast.reader()), []
    for hour in (0, 1):
        clock.set_demo(DAY, after(hours=hour))
        told.append(browser.get("/").content.decode())
    offline = [re.findall(r"Angka di layar tetap dari .*? pukul (\d\d\.\d)", page) for page in told]
    assert offline == [["12.0"], ["13.0"]]


def test_a_kept_page_tells_whether_figures_are_examples() -> None:
    shift = clock.real_now() - NOON
    browser = logged_in(cast.reader())
    assert "Data contoh" in browser.get("/").content.decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "real_now", lambda real=clock.real_now: real() - shift)
        Demo.objects.all().delete()
        assert "Data contoh" not in browser.get("/").content.decode()


def test_a_header_is_that_of_the_readers_role() -> None:
    """Whoever came first."""
    staff, reader = whole_page(cast.staff()), whole_page(cast.reader())
    assert ['href="/impor/"' in page for page in (staff, reader)] == [True, False]
    assert ["Dian Dinas · Staf Dinas" in page for page in (staff, reader)] == [True, False]


def test_forms_of_a_kept_page_carry_own_tokens() -> None:
    """A page that somebody else had built first."""
    logged_in(cast.staff()).get("/")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.person("dewi", "Dewi", Role.STAFF, "31"))
    page = browser.get("/").content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert len(tokens) == 2
    for token in tokens:
        assert browser.post("/hitung-ulang/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert browser.post("/hitung-ulang/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403


def test_a_message_reaches_its_reader_once() -> None:
    browser, other = logged_in(cast.staff()), logged_in(cast.person("dewi", "Dewi", Role.STAFF, "31"))
    browser.post("/hitung-ulang/", {})
    seen = ["Tidak ada yang berubah" in who.get("/").content.decode() for who in (other, browser, browser, other)]
    assert seen == [False, True, False, False]


def test_a_kept_page_follows_the_nights(django_assert_num_queries: Any, request: pytest.FixtureRequest) -> None:
    """What its frame says of them is not kept longer than they are."""
    browser = logged_in(cast.reader())
    assert "gagal" not in browser.get("/").content.decode()
    JobFailure.objects.create(job="coverage", day=DAY, at=NOON, error="uji")
    assert "gagal" in browser.get("/").content.decode()
    request.getfixturevalue("kept")
    browser.get("/")
    with django_assert_num_queries(2):  # the log-in: rights are asked every time
        browser.get("/")
