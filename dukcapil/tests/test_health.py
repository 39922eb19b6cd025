"""Two answers for a supervisor: the process lives; it can serve."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.testing import child_environment
from recording.coverage.services import NIGHTLY, run_due
from recording.models import JobFailure
from recording.tests.pages import logged_in
from recording.tests.world import DAY, NOON

NIGHT = datetime(2021, 11, 25, 0, 20, tzinfo=clock.JAKARTA)
# A process of its own, because this one's database cannot be taken away. Prints the status of each address.
ASK = """
import django, json, logging
django.setup()
logging.disable()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost", "x-forwarded-proto": "https"})
answers = {path: client.get(path) for path in ("/healthz", "/readyz", "/masuk/", "/")}
print(json.dumps({path: [answer.status_code, answer.get("Retry-After")] for path, answer in answers.items()}))
"""


def ask(**environment: str) -> dict[str, list[object]]:
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
        env=child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings", **environment),
    )
    found: dict[str, list[object]] = json.loads(answer.stdout)
    return found


def test_liveness_is_answered_without_the_database() -> None:
    """Without a fixture of the database this test may not touch it; a browser that asks sends its cookie along."""
    client = logged_in(None)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_an_empty_installation_is_ready(db: None) -> None:
    answer = logged_in(None).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "nightly": "ok", "release": "ok"})


@pytest.mark.usefixtures("at_noon")
def test_a_probe_ends_no_log_in() -> None:
    """The portal's clock is that of the example, years behind the machine's."""
    browser = logged_in(cast.staff())
    assert browser.get("/").status_code == 200
    browser.get("/readyz")
    assert browser.get("/").status_code == 200


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("day", "warnings"), [(30, {}), (31, {"warnings": {"next_period": "missing: 2022"}})])
def test_a_missing_period_is_a_warning(day: int, warnings: dict[str, object]) -> None:
    """The 31st of November: the first of December."""
    now = NIGHT + timedelta(days=day - 25)
    run_due(by=SYSTEM, now=now)
    clock.set_demo(now.date(), now)
    answer = logged_in(None).get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "nightly": "ok", "release": "ok"} | warnings)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("hours", "failed", "status", "nightly"),
    [(0, False, 200, "ok"), (25.9, False, 200, "ok"), (26.1, False, 503, "stale"), (1, True, 503, "failed")],
)
def test_it_is_ready_while_the_nights_are_done(hours: float, failed: bool, status: int, nightly: str) -> None:
    run_due(by=SYSTEM, now=NIGHT)
    if failed:
        JobFailure.objects.create(job=NIGHTLY, day=DAY, at=NOON, error="disk full")
    clock.set_demo(DAY, NIGHT + timedelta(hours=hours))
    answer = logged_in(None).get("/readyz")
    assert (answer.status_code, answer.json()) == (status, {"database": "ok", "nightly": nightly, "release": "ok"})


def test_without_its_database_it_lives_but_is_unready(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").mkdir()  # SQLite cannot open a folder; PostgreSQL is asked at a closed port
    away: dict[str, Any] = {"DUKCAPIL_HOME": str(tmp_path)}
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)
    if settings.PRODUCTION:
        away["DATABASE_URL"] = "postgres://portal@127.0.0.1:1/portal"
    assert ask(**away) == {"/healthz": [200, None], "/readyz": [503, None], "/masuk/": [503, "5"], "/": [503, "5"]}
