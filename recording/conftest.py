"""Fixtures of recording: the small world, rolled back or really committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from subprocess import Popen
from typing import Any

import pytest
from django.db import connection
from django.test.testcases import LiveServerThread

from accounts.rights import SYSTEM
from dukcapil import clock
from dukcapil.models import Demo
from dukcapil.testing import shared_worlds
from recording.coverage import freshness, runs
from recording.coverage.services import recompute_coverage, run_due
from recording.home import live
from recording.imports.spreadsheets import workbook
from recording.imports.tests.forked_reader import Nursery
from recording.publishing import public
from recording.tests import world


@pytest.fixture(scope="session", autouse=True)
def _forked_readers() -> Iterator[None]:
    """Workbooks are read in children that are forked, not started: hundreds of tests read one."""
    nursery = Nursery(workbook.CHILD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "Popen", nursery.popen)
        yield
    nursery.close()


@pytest.fixture
def started_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are read in children that are started, as in production."""
    monkeypatch.setattr(workbook, "Popen", Popen)


@pytest.fixture
def small_world(db: None) -> None:
    """The small world. It stands below the test's transaction already, unless the test really commits."""
    shared_worlds.given("small_world")


@pytest.fixture
def at_noon(small_world: None) -> None:
    """The small world, and the portal's own clock at its noon: for doors that read the clock themselves."""
    Demo.objects.create(pk=1, until=world.DAY, shift=clock.real_now() - world.NOON)


@pytest.fixture
def unlucky(small_world: None) -> None:
    """The database itself refuses a count of 13 people, after the act of writing was stored: a real failure midway."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE recording_dailycount ADD CONSTRAINT unlucky CHECK (people <> 13)")
        else:
            cursor.execute(
                "CREATE TRIGGER unlucky AFTER INSERT ON recording_dailycount WHEN new.people = 13 "
                "BEGIN SELECT RAISE(ABORT, 'unlucky'); END"
            )


@pytest.fixture
def committed_world(committed: None) -> None:
    """The small world, really committed."""
    world.build()


@pytest.fixture
def portal(committed_world: None) -> Iterator[str]:
    """The small world with figures at its noon, served as in production: WhiteNoise gives out the hashed files."""
    clock.set_demo(world.DAY, world.NOON)
    night = world.NOON.replace(hour=0, minute=15)
    world.target(40_000, world.KAPUK)
    world.target(20_000, "31.75.01.1004")
    world.target(60_001, world.DKI)
    world.target(8_000_000, world.DKI, kind="stock", opening=7_900_000)
    world.write(world.count(30_000, day=world.DAY - timedelta(days=1)), now=night - timedelta(hours=3))
    run_due(by=SYSTEM, now=night)
    world.write(world.count(1_000), now=world.NOON)
    recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON)
    with serving() as address:
        yield address


@contextmanager
def serving() -> Iterator[str]:
    """What is committed, served on an address of this machine."""
    untouched = lambda application: application  # noqa: E731 - Django's own would serve files without their hash
    server = LiveServerThread("127.0.0.1", static_handler=untouched)  # type: ignore[arg-type]
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def kept(settings: Any) -> None:
    """What every page asks for is kept as in production, only longer: no test is quick enough for a second. Nothing is left
    of the tests before."""
    for each in (
        clock._demo_row,
        runs._state_of_figures,
        runs._newest_runs,
        freshness._rows,
        public._newest_official,
        live._kept,
    ):
        each.forget()
    settings.KEPT_SECONDS = 60
