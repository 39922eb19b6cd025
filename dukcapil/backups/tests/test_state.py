"""When a backup is due, and when its age is worth an alarm."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dukcapil import clock
from dukcapil.backups import state
from dukcapil.models import Backup

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NOW = datetime(2021, 11, 25, 3, 0, tzinfo=UTC)  # ten in the morning in Jakarta
NIGHT = datetime(2021, 11, 24, 18, 40, tzinfo=UTC)  # 1.40 of the same day there


@pytest.fixture(autouse=True)
def _passphrase(settings: Any) -> None:
    settings.BACKUP_PASSPHRASE = "kata sandi untuk cadangan"


def attempt(started_at: datetime, *, proved: bool = False, failure: str = "") -> Backup:
    return Backup.objects.create(started_at=started_at, proved_at=started_at if proved else None, failure=failure)


@pytest.mark.parametrize(
    ("attempts", "due"),
    [
        ([], True),
        ([(NIGHT, True, "")], False),
        ([(NIGHT - timedelta(minutes=15), True, "")], True),  # before this night's half past one
        ([(NIGHT, False, "disk full")], True),
        ([(NOW - timedelta(minutes=50), False, "disk full")], False),  # a failed one is tried again after an hour
        ([(NOW - timedelta(minutes=70), False, "")], True),  # so is one that was killed
    ],
)
def test_a_night_without_a_proved_copy_is_due(attempts: list[tuple[datetime, bool, str]], due: bool) -> None:
    for started_at, proved, failure in attempts:
        attempt(started_at, proved=proved, failure=failure)
    assert state.is_due(NOW) is due


@pytest.mark.parametrize(("hours", "failure", "word"), [(25, "", "ok"), (27, "", "old"), (27, "disk full", "failed")])
def test_old_backups_are_told(hours: int, failure: str, word: str) -> None:
    attempt(NOW - timedelta(hours=hours), proved=True)
    attempt(NOW - timedelta(hours=1), failure=failure)
    assert state.readiness(NOW) == word


def test_before_the_first_backup_the_installation_counts() -> None:
    installed = clock.real_now()
    assert state.readiness(installed + timedelta(hours=1)) == "ok"
    assert state.readiness(installed + timedelta(hours=27)) == "old"


def test_nobody_is_alarmed_where_none_are_made(settings: Any) -> None:
    settings.BACKUP_PASSPHRASE = ""
    assert (state.age(NOW), state.readiness(NOW), state.is_due(NOW)) == (None, "ok", False)
    assert state.warning(NOW) == "no passphrase"


def test_an_example_is_never_backed_up() -> None:
    clock.set_demo(NOW.date(), NOW)
    assert not state.is_due(NOW)
    assert (state.readiness(NOW), state.warning(NOW)) == ("ok", "ok")
