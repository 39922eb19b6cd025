"""What waits for the readers of the front page is read once a second for all of the same reach, and never for another."""

from collections.abc import Callable
from itertools import product

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.roles import Role
from accounts.tests import cast
from dukcapil import clock
from recording.coverage.services import run_due
from recording.home import live
from recording.home.tests.test_home import batch
from recording.models import ImportBatch, ImportState
from recording.tests.pages import forget_pages, logged_in, words
from recording.tests.world import DAY, KAPUK, NOON, count, target, write

EVERYONE = [cast.staff, cast.head_barat, cast.head_timur, cast.reader, cast.reader_barat, cast.admin]


@pytest.fixture(autouse=True)
def story(at_noon: None) -> None:
    target(100, KAPUK)
    write(count(30))
    run_due(by=SYSTEM, now=NOON)
    for region in ("31.73", "31.73", "31.75"):
        batch(ImportState.READY, region=region, at_days=ImportBatch.objects.count())


def shown(who: Callable[[], User], language: str = "id") -> str:
    """What the main part of the front page tells."""
    browser = logged_in(who())
    browser.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    page = browser.get("/").content.decode()
    return words(page[page.index("<main") : page.index("</main>")])


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
def test_nobody_gets_the_list_of_another_reach(order: int, kept: None) -> None:
    """Whoever came first: each sees what nobody before them had left."""
    cases, alone = list(product(EVERYONE, ("id", "en"))), {}
    for case in cases:
        forget_pages()
        live._kept.forget()
        alone[case] = shown(*case)
    live._kept.forget()
    for case in cases[::order]:
        assert shown(*case) == alone[case], case
    waiting = [sum(f"{number} berkas impor menunggu" in alone[who, "id"] for number in (1, 2, 3)) for who in EVERYONE]
    assert waiting == [1, 1, 1, 0, 0, 1]
    assert "2 berkas impor menunggu" in alone[cast.head_barat, "id"]


def test_a_reach_knows_nothing_of_a_reader() -> None:
    reach = live.Reach.of(cast.head_barat())
    assert reach == live.Reach(Role.HEAD, "31.73")
    assert not hasattr(reach, "pk")
    assert live.Reach.of(cast.person("dua", "Dua Barat", Role.HEAD, "31.73")) == reach


def test_the_list_is_read_once_for_all(kept: None) -> None:
    staff, other = logged_in(cast.staff()), logged_in(cast.person("dewi", "Dewi", Role.STAFF, "31"))
    for client in (staff, other):
        client.get("/")
    with CaptureQueriesContext(connection) as captured:
        other.get("/")
    assert len(captured) == 2, "the log-in alone"


def test_a_writer_sees_the_own_change_at_once(kept: None, settings: LazySettings) -> None:
    """The others see it as soon as what is kept is old."""
    writer, other = logged_in(cast.staff()), logged_in(cast.staff())
    three, none = "3 berkas impor menunggu", "berkas impor menunggu"
    assert [three in words(client.get("/")) for client in (writer, other)] == [True, True]
    writer.post("/hitung-ulang/", {})  # whatever it is that they write
    ImportBatch.objects.all().delete()
    assert [none in words(client.get("/")) for client in (other, writer)] == [True, False]
    settings.KEPT_SECONDS = 0.000_001
    assert none not in words(other.get("/"))


def test_the_list_follows_the_day(kept: None) -> None:
    assert "untuk Kamis, 25 November 2021" in shown(cast.head_barat)
    clock.set_demo(DAY, NOON.replace(day=26))
    assert "untuk Jumat, 26 November 2021" in shown(cast.head_barat)
