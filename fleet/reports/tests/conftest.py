"""A portal that can really be stopped, and the phone of a head of a Sudin."""

import socket
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from accounts.tests import cast
from dukcapil import clock
from dukcapil.tests.visits import Visit
from fleet.reports.tests.phone import EXPECTED, PATIENCE, PHONE
from fleet.tests.office import Office, open_office, ready_server
from recording.tests.world import DAY, NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def ready(django_db_setup: None) -> Iterator["subprocess.Popen[str]"]:
    with ready_server() as process:
        yield process


@pytest.fixture
def office(committed_world: None, ready: "subprocess.Popen[str]") -> Iterator[Office]:
    clock.set_demo(DAY, NOON)
    cast.head_barat()
    cast.head_timur()
    cast.staff()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_office(ready, port) as opened:
        yield opened


@pytest.fixture
def phone(browser: "Browser", office: Office) -> Iterator[Visit]:
    """Budi's phone, logged in."""
    visit = Visit(browser, office.address, viewport=PHONE)
    visit.context.set_default_timeout(PATIENCE)
    visit.log_in("budi")
    yield visit
    visit.problems = [said for said in visit.problems if not any(each in said for each in EXPECTED)]
    visit.done()
