"""The page for everybody: only where it is offered, only official figures, the same for whoever asks, and cacheable."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.testing import shared_worlds
from recording.coverage.services import recompute_coverage, run_due
from recording.models import CoverageRun, Period, Region
from recording.publishing.public import public_run
from recording.publishing.views.public_response import ANONYMOUS
from recording.tests import world
from recording.tests.pages import Answer, logged_in, rows, words
from recording.tests.world import DAY, DKI, KAPUK, NOON, count, target, write

PUBLIC, ENGLISH = "/publik/", "/publik/en/"
QUERIES = {"the first": 4, "again": 2}


@pytest.fixture
def offered() -> Iterator[None]:
    """An installation that offers the page."""
    with override_settings(PUBLIC_DASHBOARD=True):
        yield


def tell_story() -> None:
    """Number 1, official, as of yesterday: 30.000 of 60.000. Number 2, provisional, as of today: 31.000."""
    target(30_000, KAPUK)
    target(10_000, "31.73.02.1001")
    target(20_000, "31.75")
    write(count(30_000, day=DAY - timedelta(days=2)), count(7, day=DAY - timedelta(days=2), document="KIA"))
    run_due(by=SYSTEM, now=NOON)
    write(count(1_000, "31.75.01.1004"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


OWN_WORLDS = {"story": tell_story}


@pytest.fixture
def story(at_noon: None) -> None:
    shared_worlds.given("story")


def without_secrets(page: Answer) -> str:
    """A page as it is, but for what is made anew for each answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
@pytest.mark.parametrize("who", [None, cast.reader, cast.admin])
def test_until_it_is_offered_nobody_finds_it(who: Callable[[], User] | None, method: str) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"x-forwarded-proto": "https"})
    if who:
        browser.force_login(who(), backend="accounts.backends.AccountBackend")
    for address in (PUBLIC, ENGLISH, f"{PUBLIC}?dokumen=KIA"):
        page, nowhere = browser.generic(method, address), browser.generic(method, "/tidak-ada/")
        assert (page.status_code, nowhere.status_code) == (404, 404)
        here = without_secrets(page).replace(address, "/tidak-ada/")
        assert here == without_secrets(nowhere)


@pytest.mark.usefixtures("story", "offered")
def test_provisional_figures_are_never_public() -> None:
    page = logged_in(None).get(PUBLIC)
    said = words(page)
    assert page.status_code == 200
    assert "Capaian target · Perekaman KTP-el 2021 tertinggal 23.917 dari rencana 30.000 dari 60.000" in said
    assert "50,00% dari target sisa 30.000" in said
    assert "Angka resmi keadaan per Rabu, 24 November 2021 · nomor 1 · dihitung Kamis, 25 November 2021" in said
    assert "31.000" not in said
    assert "1.000" not in said
    assert "Sementara" not in said
    assert rows(page, f"di {dict(world.REGIONS)[DKI]}") == [
        ["Jakarta Timur", "", "–", "–", "20.000", "20.000", "0/1", "belum ada laporan"],
        ["Jakarta Barat", "", "75,00%", "30.000", "40.000", "10.000", "1/2", "tertinggal 5.945 dari rencana"],
        ["Jakarta Pusat", "", "–", "–", "–", "–", "0/1", "belum ada target"],
    ]
    assert rows(page, "Kecamatan di Kota Administrasi Jakarta Barat") == [
        ["Grogol Petamburan", "", "–", "–", "10.000", "10.000", "belum ada laporan"],
        ["Cengkareng", "", "100%", "30.000", "30.000", "0", "tuntas"],
    ]
    for term in ("Capaian target", "Sisa", "Tuntas", "Angka resmi"):
        assert f"{term} " in said[said.index("Arti angka-angka ini") :]
    assert "Laju" not in said


@pytest.mark.usefixtures("story", "offered")
def test_it_shows_no_kelurahan_and_no_internal_links() -> None:
    html = logged_in(None).get(PUBLIC).content.decode()
    assert "Kapuk" not in html
    local = {link for link in re.findall(r'href="(/[^"]*)"', html) if not link.startswith("/static/")}
    assert local == {PUBLIC, ENGLISH, f"{PUBLIC}?dokumen=KIA", "/masuk/", "/data.json", "/data/cakupan.csv", "/jadwal-publik/"}
    assert "<form" not in html
    assert "csrf" not in html


@pytest.mark.usefixtures("story", "offered")
def test_a_kia_is_issued_and_never_recorded() -> None:
    page = logged_in(None).get(f"{PUBLIC}?dokumen=KIA")
    assert "KIA terbit 2021 belum ada target 7 orang Belum ada target" in words(page)
    assert "Sudah rekam" not in words(page)
    assert "direkam" not in words(page)


@pytest.mark.usefixtures("story", "offered")
def test_each_language_has_its_own_address() -> None:
    browser = logged_in(cast.reader())
    for chosen in ("id", "en"):
        browser.post("/bahasa/", {"language": chosen, "next": "/"})
        for address, language, number in ((PUBLIC, "id", "30.000"), (ENGLISH, "en", "30,000")):
            page = browser.get(address)
            assert page["Content-Language"] == language
            assert f'<html lang="{language}">' in page.content.decode()
            assert number in words(page)
    for other in ("id", "fr", "EN", "e", "..", "en/x"):
        assert browser.get(f"/publik/{other}/").status_code == 404


@pytest.mark.usefixtures("story", "offered")
@pytest.mark.parametrize("document", ["", "SIM", "ktp", "%00", "KTP%20"])
def test_an_unknown_document_is_not_found(document: str) -> None:
    assert logged_in(None).get(f"{PUBLIC}?dokumen={document}").status_code in (400, 404)


@pytest.mark.usefixtures("story", "offered")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_page_is_only_read(method: str) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"x-forwarded-proto": "https"})
    answer = browser.generic(method, PUBLIC)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    head = browser.head(PUBLIC)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.usefixtures("story", "offered")
def test_everybody_gets_the_same_cacheable_answer() -> None:
    bad = logged_in(None)
    bad.cookies["csrftoken"] = "x"  # malformed: on other pages Django answers with a new one
    old = logged_in(cast.staff())
    old.get("/")
    clock.set_demo(DAY, NOON + timedelta(minutes=5))  # the session would be renewed by now
    browsers = [logged_in(None), bad, old, logged_in(cast.admin())]
    answers = [browser.get(PUBLIC) for browser in browsers]
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    for answer in answers:
        assert answer["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies
    for name in (cast.staff().full_name, "Keluar"):
        assert name not in words(answers[2])


@pytest.mark.usefixtures("story", "offered")
def test_an_unchanged_page_answers_304() -> None:
    browser = logged_in(None)
    for address, language in ((PUBLIC, "id"), (ENGLISH, "en")):
        page = browser.get(address)
        for known in (page["ETag"], f"W/{page['ETag']}", f'"other", {page["ETag"]}', "*"):
            again = browser.get(address, headers={"if-none-match": known})
            assert (again.status_code, again.content) == (304, b"")
            for header in ("ETag", "Cache-Control", "Content-Language"):
                assert again[header] == page[header]
            assert again["Content-Language"] == language
            assert not again.cookies
    assert browser.get(PUBLIC, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.usefixtures("story", "offered")
def test_the_etag_changes_with_all_it_shows() -> None:
    browser = logged_in(None)
    marks = [browser.get(address)["ETag"] for address in (PUBLIC, ENGLISH, f"{PUBLIC}?dokumen=KIA")]
    for change in ({"PORTAL_NAME": "Rekam Jayakarta"}, {"STATIC_URL": "/berkas/"}):
        with override_settings(**change):
            marks.append(browser.get(PUBLIC)["ETag"])
    assert browser.get(PUBLIC)["ETag"] == marks[0]
    clock.set_demo(DAY, NOON + timedelta(days=1))
    run_due(by=SYSTEM, now=NOON + timedelta(days=1))
    marks.append(browser.get(PUBLIC)["ETag"])
    assert len(set(marks)) == len(marks)
    assert "31.000 dari 60.000" in words(browser.get(PUBLIC))


@pytest.mark.usefixtures("story", "offered")
def test_a_renamed_region_is_shown_at_once() -> None:
    browser = logged_in(None)
    before = browser.get(PUBLIC)
    rows_of_file = [world.RegionRow(DKI, "Daerah Khusus Jakarta", named_since=date(2021, 11, 1))]
    world.load_regions(act=Act(SYSTEM, NOON, world.Door.COMMAND), rows=rows_of_file)
    after = browser.get(PUBLIC)
    assert "Daerah Khusus Jakarta" in words(after)
    assert before["ETag"] != after["ETag"]


@pytest.mark.usefixtures("story", "offered")
def test_a_cached_page_costs_two_queries() -> None:
    browser = logged_in(None)
    browser.get("/masuk/")  # what the process learns once
    cache.clear()
    found = {}
    for name in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PUBLIC).status_code == 200
        found[name] = len(queries)
    assert found == QUERIES


@pytest.mark.usefixtures("story", "offered", "kept")
def test_the_run_it_shows_is_kept_unchanged() -> None:
    """Asked once a second, and given to all threads."""
    browser = logged_in(None)
    browser.get(PUBLIC)
    run = public_run(ANONYMOUS, DAY)
    before = repr(vars(run))
    cache.clear()
    assert browser.get(PUBLIC).status_code == 200
    assert public_run(ANONYMOUS, DAY) is run
    assert repr(vars(run)) == before
    with CaptureQueriesContext(connection) as queries:
        browser.get(PUBLIC)
    assert len(queries) == 0


@pytest.mark.usefixtures("story", "offered")
def test_a_new_version_shows_its_own_page(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = logged_in(None)
    browser.get(PUBLIC)
    storage: Any = staticfiles_storage
    monkeypatch.setitem(storage.hashed_files, "dukcapil/portal.css", "dukcapil/portal.baru.css")
    assert "dukcapil/portal.baru.css" in browser.get(PUBLIC).content.decode()


@pytest.mark.usefixtures("at_noon", "offered")
@pytest.mark.parametrize("address", [PUBLIC, ENGLISH, f"{PUBLIC}?dokumen=KIA"])
def test_before_the_first_figures_it_says_when(address: str) -> None:
    write(count(5))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert CoverageRun.objects.get().status == "provisional"
    page = logged_in(None).get(address)
    assert page.status_code == 200
    assert "max-age=300" in page["Cache-Control"]
    if address != ENGLISH:
        assert "Belum ada angka resmi" in words(page)
        assert "00.15 WIB" in words(page)


@pytest.mark.django_db
@pytest.mark.usefixtures("offered")
def test_an_empty_installation_has_the_page_as_well() -> None:
    assert not Region.objects.exists()
    assert not Period.objects.exists()
    assert "Belum ada angka resmi" in words(logged_in(None).get(PUBLIC))


@pytest.mark.usefixtures("story", "offered")
def test_several_provinces_are_all_listed() -> None:
    rows_of_file = [world.RegionRow("32", "Jawa Barat"), world.RegionRow("32.73", "Kota Bandung")]
    world.load_regions(act=Act(SYSTEM, NOON, world.Door.COMMAND), rows=rows_of_file)
    page = logged_in(None).get(PUBLIC)
    assert "Daerah Khusus Ibukota Jakarta · Capaian target" in words(page)
    assert "Jawa Barat · Capaian target" in words(page)
    assert [row[0] for row in rows(page, "di Jawa Barat")] == ["Kota Bandung"]
    ids = re.findall(r'\bid="([^"]*)"', page.content.decode())
    assert len(ids) == len(set(ids))


@pytest.mark.django_db
@pytest.mark.parametrize("offers", [True, False])
def test_the_log_in_page_links_to_it(offers: bool) -> None:
    browser = logged_in(None)
    with override_settings(PUBLIC_DASHBOARD=offers):
        assert ('href="/publik/"' in browser.get("/masuk/").content.decode()) == offers
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert ('href="/publik/en/"' in browser.get("/masuk/").content.decode()) == offers


def test_it_is_not_offered_by_default() -> None:
    assert settings.PUBLIC_DASHBOARD is False
