"""`seed_demo` as a door: what it refuses, what it prints, and that a sudden death in the middle is mended."""

import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.tests.processes import fork, join
from fleet.models import Van, VanAbsence, VanReport, VanRequest
from recording.coverage import services as runs
from recording.demo import services as demo
from recording.demo.plan import plan
from recording.ledger.selectors import check_ledger
from recording.models import CoverageRun, Level, Region, Target
from recording.tests import world

UNTIL = "2021-01-05"
PASSWORD_FILE = Path(settings.HOME) / "demo_password"


@pytest.fixture(autouse=True)
def _no_password_yet() -> Iterator[None]:
    PASSWORD_FILE.unlink(missing_ok=True)
    yield
    PASSWORD_FILE.unlink(missing_ok=True)


def seed(**options: Any) -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def empty_run() -> None:
    runs.recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON)


@pytest.mark.parametrize("real", [world.build, cast.admin, empty_run])
def test_a_database_in_use_is_left_alone(real: Callable[[], object], db: None) -> None:
    real()
    before = (Region.objects.count(), User.objects.count(), CoverageRun.objects.count())
    with pytest.raises(CommandError, match="tidak dicampur dengan data sungguhan"):
        seed(until=UNTIL)
    assert (Region.objects.count(), User.objects.count(), CoverageRun.objects.count()) == before
    assert clock.demo() is None


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("kemarin", "tulis seperti 2021-11-25"),
        ("", "tulis seperti 2021-11-25"),
        ("2021-02-30", "tulis seperti 2021-11-25"),
        ("25/11/2021", "tulis seperti 2021-11-25"),
        ("2021-01-03", "2021-01-04 sampai 2021-12-31"),
        ("2022-01-01", "2021-01-04 sampai 2021-12-31"),
    ],
)
def test_a_day_outside_the_example_is_refused(until: str, sentence: str, db: None) -> None:
    with pytest.raises(CommandError, match=sentence):
        seed(until=until)
    assert clock.demo() is None
    assert not Region.objects.exists()


def test_the_example_ends_on_the_requested_day(db: None) -> None:
    answer = json.loads(seed(until=UNTIL, json=True))
    assert (answer["until"], answer["changed"], answer["run"]) == (UNTIL, True, 2)
    assert CoverageRun.objects.latest("number").as_of == date(2021, 1, 5)
    assert clock.business_date(clock.now()) == date(2021, 1, 6)
    assert json.loads(seed(until=UNTIL, json=True))["changed"] is False
    assert json.loads(seed(json=True))["until"] == UNTIL
    with pytest.raises(CommandError, match=f"sampai {UNTIL}"):
        seed(until="2021-01-04")
    assert CoverageRun.objects.count() == 2


def test_accounts_are_printed_of_an_example_only(db: None) -> None:
    with pytest.raises(CommandError, match="Tidak ada data contoh"):
        seed(accounts=True)


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_the_second_week(*, by: Any, now: datetime) -> None:
    runs.run_due(by=by, now=now)
    if clock.business_date(now) == date(2021, 1, 14):
        die()


def die_at_the_last_step(until: date, now: datetime) -> None:
    if clock.business_date(now) > until:
        die()
    set_demo(until, now)


set_demo = clock.set_demo  # the real one, for the death above


@pytest.mark.usefixtures("committed")
def test_running_again_finishes_a_killed_seeding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed again and again, each time further on. Up to 20 January one count has been corrected."""
    last = date(2021, 1, 20)
    deaths: list[tuple[Any, str, Callable[..., None]]] = [
        (demo, "load_regions", die),
        (demo, "set_targets", die),
        (demo, "run_due", die_in_the_second_week),
        (clock, "set_demo", die_at_the_last_step),
    ]
    for module, name, death in deaths:
        with monkeypatch.context() as patched:
            patched.setattr(module, name, death)
            assert join([fork(lambda: seed(until=last.isoformat()))]) == [-signal.SIGKILL]
        row = clock.demo()
        assert row
        assert (row.until, clock.business_date(clock.now()).year) == (last, 2021)
        assert clock.business_date(clock.now()) <= last, "half an example never looks whole"
    seed()
    days = [date(2021, 1, 4) + timedelta(days=number) for number in range((last - date(2021, 1, 4)).days + 1)]
    assert list(CoverageRun.objects.order_by("number").values_list("number", "as_of")) == list(enumerate(days, 1))
    known = plan(Region.objects.filter(level=Level.VILLAGE).values_list("code", flat=True), until=last)
    proof = check_ledger()
    assert (proof.mismatches, proof.changes) == (0, len(known.entries) + 2 * len(known.stops))
    assert proof.changes == proof.keys + 1
    assert (Target.objects.count(), User.objects.count(), Van.objects.count()) == (540, 6, 17)
    assert VanReport.objects.count() == len(known.stops) + 1, "and the one that was returned"
    assert (VanAbsence.objects.count(), VanRequest.objects.count()) == (1, 1)
    assert demo.demo_key(now=clock.now() + timedelta(days=365)) == demo.DEMO_KEY
    assert clock.business_date(clock.now()) == last + timedelta(days=1)
