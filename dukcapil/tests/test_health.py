"""What monitors are told: the process lives; the work is done, or which part of it is not."""

import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.rights import SYSTEM
from accounts.tests import cast
from accounts.tests.browser import visitor
from dukcapil import clock, heartbeat, own_checks
from dukcapil.models import Heartbeat
from dukcapil.testing import child_environment
from fleet.models import Notice
from recording.coverage.services import NIGHTLY, run_due
from recording.models import ImportBatch, JobFailure
from recording.tests.pages import logged_in, words
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


@pytest.fixture(autouse=True)
def alive(request: pytest.FixtureRequest) -> None:
    """Whoever does the tasks has just given a sign of life, where the test has a database."""
    if {"db", "small_world", "at_noon", "all_well", "committed"} & set(request.fixturenames):
        request.getfixturevalue("committed" if "committed" in request.fixturenames else "db")
        heartbeat.beat(clock.real_now())


def ready() -> tuple[int, dict[str, Any]]:
    """The status, and what is not well."""
    answer = logged_in(None).get("/readyz")
    checks: dict[str, Any] = answer.json()
    checks.get("warnings", {}).pop("backups_made", None)  # nobody has set a passphrase here
    return answer.status_code, {name: told for name, told in checks.items() if told not in ("ok", {})}


def test_liveness_is_answered_without_the_database() -> None:
    """Without a fixture of the database this test may not touch it; a browser that asks sends its cookie along."""
    client = logged_in(None)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok", "no-store")
    assert not answer.cookies
    assert client.post("/healthz").status_code == 405


def test_an_empty_installation_is_ready(db: None) -> None:
    assert ready() == (200, {})
    names = {
        "database",
        "migrations",
        "release",
        "disk",
        "tasks",
        "backup",
        "nightly",
        "imports",
        "proposals",
        "webhooks",
        "emails",
    }
    assert set(logged_in(None).get("/readyz").json()) - {"warnings", "queue"} == names


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
    assert ready() == (200, warnings)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("hours", "failed", "status", "wrong"),
    [(0, False, 200, ""), (25.9, False, 200, ""), (26.1, False, 503, "stale"), (1, True, 503, "failed")],
)
def test_it_is_ready_while_the_nights_are_done(hours: float, failed: bool, status: int, wrong: str) -> None:
    run_due(by=SYSTEM, now=NIGHT)
    if failed:
        JobFailure.objects.create(job=NIGHTLY, day=DAY, at=NOON, error="disk full")
    clock.set_demo(DAY, NIGHT + timedelta(hours=hours))
    assert ready() == (status, {"nightly": wrong} if wrong else {})


def test_silence_is_noticed_and_heals(db: None) -> None:
    now = clock.real_now()
    heartbeat.beat(now - heartbeat.SILENT_AFTER - timedelta(seconds=1))
    silent = "worker" if settings.PRODUCTION else "scheduler"
    assert ready() == (503, {"tasks": silent})
    Heartbeat.objects.all().delete()
    assert ready() == (503, {"tasks": silent}), "there was never a sign"
    heartbeat.beat(now)
    assert ready() == (200, {})
    assert timedelta(0) < heartbeat.SILENT_AFTER <= timedelta(seconds=60) - heartbeat.EVERY


def test_a_task_that_never_ends_is_noticed(db: None) -> None:
    now = clock.real_now()
    heartbeat.beat(now, "recording.run_due", now - timedelta(minutes=5))
    assert ready() == (200, {})
    heartbeat.beat(now, "recording.run_due", now - timedelta(hours=1))
    assert ready() == (503, {"tasks": "stuck: recording.run_due"})


@pytest.mark.usefixtures("at_noon")
def test_work_that_nobody_takes_up_is_noticed() -> None:
    staff = cast.staff()
    staff.email = "staf@contoh.go.id"
    staff.save()
    batch = ImportBatch.objects.create(
        kind="counts", state="importing", key="k", file_name="a.csv", size=1, digest="", by=staff, door="page", at=NOON
    )
    Notice.objects.create(kind="digest", day=DAY, to=staff, subject="x", text="x", at=NOON)
    clock.set_demo(DAY, NOON + timedelta(minutes=4))
    assert ready() == (200, {})
    clock.set_demo(DAY, NOON + timedelta(minutes=21))
    assert ready() == (503, {"imports": "waiting: 1", "emails": "unsent: 1"})
    Notice.objects.update(sent_at=NOON)
    ImportBatch.objects.filter(pk=batch.pk).update(working_until=NOON + timedelta(minutes=22))
    assert ready() == (200, {})


def test_a_missing_migration_is_named(db: None) -> None:
    last = MigrationRecorder.Migration.objects.filter(app="fleet").latest("name")
    MigrationRecorder(connection).record_unapplied("fleet", last.name)
    assert ready() == (503, {"migrations": f"pending: fleet.{last.name}"})


def test_a_disk_that_is_nearly_full_is_named(db: None, tmp_path: Path, settings: LazySettings) -> None:
    settings.IMPORTS = tmp_path
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_checks, "MAX_FREE_BYTES", shutil.disk_usage(tmp_path).total)
        patch.setattr(own_checks, "FREE_SHARE", 1.0)
        status, wrong = ready()
    assert (status, wrong["disk"].startswith("full: ")) == (503, True)
    assert ready() == (200, {})


@pytest.fixture
def all_well(at_noon: None) -> None:
    run_due(by=SYSTEM, now=NIGHT)


@pytest.mark.usefixtures("all_well")
def test_numbers_are_for_this_machine_or_a_token(settings: LazySettings) -> None:
    here, elsewhere = logged_in(None), visitor()
    told = here.get("/metrics")
    assert told.status_code == 200
    lines = dict(line.rsplit(" ", 1) for line in told.content.decode().splitlines() if not line.startswith("#"))
    assert lines["portal_ready"] == lines['portal_check{check="tasks"}'] == "1"
    wanted = {"portal_nights_overdue", "portal_imports_waiting", "portal_emails_unsent", "portal_reports_returned"}
    assert wanted <= set(lines)
    assert here.get("/metrics", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 403
    assert elsewhere.get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "rahasia-monitor"
    assert here.get("/metrics").status_code == 403
    assert elsewhere.get("/metrics", headers={"authorization": "Bearer rahasia-monitor"}).status_code == 200


@pytest.mark.usefixtures("all_well")
def test_the_page_says_the_same_in_words() -> None:
    browser = logged_in(cast.staff())
    assert "Semua pekerjaan berjalan." in words(browser.get("/keadaan/"))
    Heartbeat.objects.all().delete()
    said = words(browser.get("/keadaan/"))
    assert "1 dari" in said
    assert "hidupkan kembali" in said


def test_without_its_database_it_lives_but_is_unready(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").mkdir()  # SQLite cannot open a folder; PostgreSQL is asked at a closed port
    away: dict[str, Any] = {"DUKCAPIL_HOME": str(tmp_path)}
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)
    if settings.PRODUCTION:
        away["DATABASE_URL"] = "postgres://portal@127.0.0.1:1/portal"
    assert ask(**away) == {"/healthz": [200, None], "/readyz": [503, None], "/masuk/": [503, "5"], "/": [503, "5"]}
