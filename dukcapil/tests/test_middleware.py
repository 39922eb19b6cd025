"""What every request gets: one time, one language, and never a 500, whatever a visitor or a database does."""

import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.tests import cast
from accounts.tests.browser import visitor
from dukcapil import clock
from dukcapil.middleware import ClockMiddleware
from dukcapil.models import Demo
from dukcapil.requests import PortalRequest
from dukcapil.testing import child_environment
from recording.conftest import at_noon, small_world
from recording.tests import world
from recording.tests.pages import logged_in

__all__ = ["at_noon", "small_world"]

# Every page that is read, and the questions that it understands.
PAGES = [
    "/",
    "/?dokumen=KTP&periode=2021&run=1",
    "/wilayah/31.73/?dokumen=KIA",
    "/wilayah/31.73/catatan/?mulai=2021-11-25,31.73,loket&sebelum=2021-11-01",
    "/catat/?wilayah=31.73.01.1004&dokumen=KTP&tanggal=2021-11-25&sumber=loket",
    "/riwayat/31.73.01.1004/KTP/2021-11-25/loket/",
    "/armada/",
    "/sandi/",
    "/sandi/selesai/",
    "/healthz",
    "/bahasa/?next=/armada/",
    "/kelola/",
    "/kelola/recording/target/?q=1&p=1&o=1",
    "/kelola/recording/target/1/change/",
    "/kelola/recording/region/31.73/change/",
    "/kelola/recording/",
    "/kelola/accounts/user/?role__exact=head",
    "/kelola/r/1/1/",
    "/kelola/fleet/van/",
]
# In the place of a part of the path, or of a value of the query. NUL, lone surrogates, halves of UTF-8, other digits,
# right-to-left marks, what is too long, what looks like another thing.
NASTY = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "%C3%28",
    "%E2%80%AE31",
    "%D9%A3%D9%A1",
    "%F0%9F%9A%90",
    "%0A%0D",
    "-1",
    "1e9",
    "9" * 400,
    "..%2f..%2fetc",
    "a" * 3_000,
    "2021-02-30",
    "0000-00-00",
    "31.73%20",
]


def variants(page: str) -> list[str]:
    """The page's address with one part replaced by something nasty, each part in turn, and an unknown question."""
    path, _mark, query = page.partition("?")
    parts, asked = path.split("/"), [pair.split("=") for pair in query.split("&") if pair]
    found = []
    for nasty in NASTY:
        for place, part in enumerate(parts):
            if part and place > 1:
                found.append("/".join([*parts[:place], nasty, *parts[place + 1 :]]))
        for place, (name, _value) in enumerate(asked):
            pairs = [*asked[:place], [name, nasty], *asked[place + 1 :]]
            found.append(f"{path}?{'&'.join('='.join(pair) for pair in pairs)}")
        found.append(f"{path}?{nasty}=1")
    return found


def get(browser: Client, address: str) -> Any:
    """Ask for the address as it is written: the test client would encode or shorten it."""
    path, _mark, query = address.partition("?")
    return browser.get("/", PATH_INFO=_as_the_server_does(path), QUERY_STRING=query)


def _as_the_server_does(path: str) -> str:
    """PEP 3333: decoded bytes, each as one character."""
    return unquote_to_bytes(path).decode("latin-1")


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("page", PAGES)
def test_no_address_makes_a_page_fail(page: str) -> None:
    world.write(world.count(5))
    world.target(500, world.BARAT)
    browser = logged_in(cast.admin())
    browser.raise_request_exception = False
    assert get(browser, page).status_code < 500
    failed = [address for address in variants(page) if get(browser, address).status_code >= 500]
    assert failed == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/%00", "/wilayah/31%00/", "/masuk/?next=%00", "/?a=b&c=%00d"])
def test_a_nul_is_refused_before_any_query(address: str, django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = get(visitor(), address)
    assert answer.status_code == 400
    assert "tanda yang tidak dapat dibaca" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "messages", "anything"])
def test_a_nul_in_a_quoted_cookie_is_refused(name: str) -> None:
    browser = visitor()
    browser.raise_request_exception = False
    answer = browser.get("/masuk/", HTTP_COOKIE=f'{name}="abcdefgh\\000ijkl"')
    assert answer.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie",
    [
        'sessionid="\\377\\376abcdefghijk"',
        "sessionid=" + "x" * 4_000,
        "sessionid=../../etc/passwd",
        "sessionid=",
        "csrftoken=x",
        "csrftoken=" + "é" * 32,
        "messages=[[",
        "django_language=",
        ";;;=;",
        "=",
        "sessionid",
    ],
)
def test_a_malformed_cookie_is_as_good_as_none(cookie: str) -> None:
    browser = visitor()
    browser.raise_request_exception = False
    assert browser.get("/masuk/", HTTP_COOKIE=cookie).status_code == 200
    assert browser.get("/", HTTP_COOKIE=cookie)["Location"] == "/masuk/?next=/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "accepts", "language"),
    [
        (None, "", "id"),
        (None, "en-GB,en;q=0.9", "id"),
        ("en", "", "en"),
        ("id", "en", "id"),
        ("EN", "", "id"),
        ("fr", "", "id"),
        ("../../etc", "", "id"),
        ("x" * 3_000, "", "id"),
        ("en\r\nSet-Cookie: a=b", "", "id"),
        ("é", "", "id"),
    ],
)
def test_the_language_is_the_chosen_or_indonesian(cookie: str | None, accepts: str, language: str) -> None:
    browser = visitor()
    if cookie is not None:
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = browser.get("/masuk/", headers={"accept-language": accepts})
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.django_db
def test_no_request_leaves_its_language_behind() -> None:
    english = visitor()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert [browser.get("/masuk/")["Content-Language"] for browser in (english, visitor())] == ["en", "id"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "language"), [("en", "en"), ("id", "id"), ("fr", "id"), ("", "id"), ("en\x00", "id"), ("../x", "id")]
)
def test_the_switch_takes_only_offered_languages(wanted: str, language: str) -> None:
    browser = visitor()
    assert browser.post("/bahasa/", {"language": wanted, "next": "/masuk/"})["Location"] == "/masuk/"
    assert browser.get("/masuk/")["Content-Language"] == language


@pytest.mark.django_db
@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_switch_leads_nowhere_else(goal: str) -> None:
    answer = visitor().post("/bahasa/", {"language": "en", "next": goal})
    assert answer["Location"] == "/"


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(
    "page", ["/", "/wilayah/31.73/", "/wilayah/31.73/catatan/", "/kinerja/", "/riwayat/31.73.01.1004/KTP/2021-11-25/loket/"]
)
def test_a_read_only_page_answers_405_to_writes(page: str, method: str) -> None:
    answer = logged_in(cast.admin()).generic(method, page)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.usefixtures("at_noon")
def test_a_head_request_gets_the_pages_headers() -> None:
    answer = logged_in(cast.admin()).head("/armada/")
    assert (answer.status_code, answer.content) == (200, b"")


# The clock


def at(moment: datetime) -> PortalRequest:
    """The request as the clock's middleware leaves it, with the demo's clock standing at a moment."""
    Demo.objects.all().delete()
    Demo.objects.create(pk=1, until=world.DAY, shift=clock.real_now() - moment)
    request = PortalRequest()
    ClockMiddleware(lambda request: HttpResponse())(request)
    return request


@pytest.mark.django_db
def test_the_requests_day_is_that_of_jakarta() -> None:
    evening = datetime(2021, 11, 25, 23, 59, tzinfo=clock.JAKARTA)
    before, after = at(evening), at(evening + timedelta(minutes=2))
    assert (before.day, after.day) == (date(2021, 11, 25), date(2021, 11, 26))
    assert timedelta(0) <= before.now - evening < timedelta(minutes=1)
    assert before.demo == Demo.objects.get()


@pytest.mark.django_db
def test_a_request_has_one_time_throughout() -> None:
    seen: list[tuple[datetime, date]] = []

    def view(request: PortalRequest) -> HttpResponse:
        seen.append((request.now, request.day))
        clock.set_demo(world.DAY, clock.real_now() - timedelta(days=400))  # it jumps while the view works
        seen.append((request.now, request.day))
        return HttpResponse()

    ClockMiddleware(view)(PortalRequest())
    assert seen[0] == seen[1]
    assert clock.business_date(seen[0][0]) == seen[0][1]
    assert clock.now() < seen[0][0] - timedelta(days=399)


# A database that is really away

ASK = """
import django, json
django.setup()
from django.test import Client
answers = {}
for name, cookie in (("visitor", ""), ("somebody", "sessionid=" + "a" * 32)):
    browser = Client(raise_request_exception=False, headers={"x-forwarded-proto": "https", "host": "localhost"})
    for method, path in (("GET", "/"), ("GET", "/masuk/"), ("POST", "/masuk/"), ("GET", "/kelola/"), ("GET", "/readyz"),
                         ("GET", "/wilayah/31/"), ("POST", "/catat/"), ("GET", "/healthz"), ("GET", "/tidak/ada/")):
        answer = browser.generic(method, path, HTTP_COOKIE=cookie)
        text = answer.content.decode()
        answers[f"{name} {method} {path}"] = [
            answer.status_code, answer.get("Retry-After"), "Basis data sedang tidak dapat dihubungi" in text,
            "Traceback" in text,
        ]
print(json.dumps(answers))
"""


def away(tmp_path: Path) -> dict[str, str]:
    """The environment of a portal whose database does not answer: a port where nobody is, a file that is a folder."""
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)  # pages need the names of the files there
    if settings.PRODUCTION:
        return child_environment(DATABASE_URL="postgres://portal@127.0.0.1:9/portal", DUKCAPIL_HOME=str(tmp_path))
    (tmp_path / "portal.sqlite3").mkdir()
    return child_environment(DUKCAPIL_HOME=str(tmp_path))


def test_without_its_database_every_page_answers_503(tmp_path: Path) -> None:
    environment = away(tmp_path) | {"DJANGO_SETTINGS_MODULE": "dukcapil.settings", "LOG_LEVEL": "CRITICAL"}
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    answers = json.loads(asked.stdout)
    assert len(answers) == 18
    for question, (status, retry, words, traced) in answers.items():
        assert not traced, question
        if question.endswith("GET /healthz"):
            assert status == 200
        elif question.endswith("GET /readyz"):
            assert status == 503
        else:
            assert (status, retry, words) == (503, "5", True), question


@pytest.mark.usefixtures("at_noon")
def test_a_form_only_address_says_so_in_words() -> None:
    answer = logged_in(cast.admin()).get("/hitung-ulang/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "hanya menerima kiriman formulir" in answer.content.decode()


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("query", [f"at__year={'9' * 30}", f"pk__in={'9' * 30}"])
@pytest.mark.parametrize("table", ["recording/target", "recording/posting", "accounts/accountevent"])
def test_a_filter_out_of_range_is_refused(table: str, query: str) -> None:
    answer = logged_in(cast.admin()).get(f"/kelola/{table}/?{query}")
    assert answer.status_code in (200, 302, 400)
