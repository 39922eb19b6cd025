"""The log is JSON, line by line: with its zone and its request, without personal data, refusals in one line."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory

from dukcapil.access import NUMBER, path_without_secrets
from dukcapil.errors import Refused
from dukcapil.log_lines import JsonLine, WithoutRefusals, request_id
from dukcapil.testing import child_environment

pytestmark = pytest.mark.once


def record(raised: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    info = (type(raised), raised, None) if raised else None
    made = logging.LogRecord("portal", logging.ERROR, "x.py", 1, "it %s", ("failed",), info)
    vars(made).update(extra)
    return made


def line(made: logging.LogRecord) -> dict[str, Any]:
    text = JsonLine().format(made)
    assert "\n" not in text
    read: dict[str, Any] = json.loads(text)
    return read


def test_a_line_says_when_and_of_which_request() -> None:
    token = request_id.set("abcdef123456")
    try:
        read = line(record(fields={"status": 200}))
    finally:
        request_id.reset(token)
    assert read.pop("time").endswith("+07:00")
    words = {"level": "ERROR", "logger": "portal", "message": "it failed", "request": "abcdef123456", "status": 200}
    assert read == words


@pytest.mark.parametrize(
    ("raised", "traced"),
    [
        (OperationalError("server closed the connection\n\tin the middle"), False),
        (Refused("%(n)s terlalu banyak", n=3), False),
        (OSError(28, "No space left on device"), False),
        (OSError(13, "Permission denied"), True),
        (ZeroDivisionError("division"), True),
    ],
)
def test_only_the_unforeseen_brings_its_traceback(raised: BaseException, traced: bool) -> None:
    read = line(record(raised))
    assert read["error"].startswith(type(raised).__name__)
    assert ("traceback" in read) is traced


@pytest.mark.parametrize(
    ("status", "raised", "told"),
    [
        (404, None, False),
        (403, None, False),
        (503, None, False),
        (503, OperationalError("away"), False),
        (500, ZeroDivisionError("division"), True),
        (0, None, True),
    ],
)
def test_a_refusal_is_told_by_its_request_alone(status: int, raised: BaseException | None, told: bool) -> None:
    assert WithoutRefusals().filter(record(raised, status_code=status)) is told


@pytest.mark.parametrize(
    ("path", "told"), [("/cari/3171012345678901/", "/cari/…/"), ("/wilayah/31.73/", "/wilayah/31.73/"), ("/" + "a" * 900, 200)]
)
def test_a_path_holds_no_number_of_a_person(path: str, told: str | int) -> None:
    shown = path_without_secrets(RequestFactory().get(path, {"q": "Budi"}))
    assert shown == told or len(shown) == told


ASK = """
import django
django.setup()
from django.test import Client
browser = Client(raise_request_exception=False, headers={"x-forwarded-proto": "https", "host": "localhost"})
for path in ("/masuk/", "/tidak-ada/", "/jadwal/kalender/RAHASIA.ics", "/healthz"):
    browser.get(path + "?q=Budi", HTTP_COOKIE="sessionid=" + "a" * 32)
"""


def test_requests_without_a_database_leave_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").mkdir()
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)  # pages need the names of the files there
    environment = {"DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": "", "DUKCAPIL_HOME": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env=child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings", **environment),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(text) for text in asked.stderr.splitlines()]
    assert [(read["status"], read["path"]) for read in lines] == [
        (503, "/masuk/"),
        (503, "/tidak-ada/"),
        (503, "/jadwal/kalender/<str:token>.ics"),
    ]
    assert all(read["why"].startswith("OperationalError") for read in lines)
    assert "Budi" not in asked.stderr
    assert "RAHASIA" not in asked.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "kept"), [("proxy-0123456789", True), ("", False), ("a b\r\nx", False), ("x" * 65, False)])
def test_an_answer_carries_the_number_of_its_request(given: str, kept: bool) -> None:
    number = Client(headers={"x-forwarded-proto": "https"}).get("/masuk/", headers={"x-request-id": given})["X-Request-ID"]
    assert (number == given) is kept
    assert NUMBER.fullmatch(number)
