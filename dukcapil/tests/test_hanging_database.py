"""PostgreSQL that hangs, not dead but stopped: pages say so within seconds, and go on by themselves when it does."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from dukcapil.tests.served import served

pytestmark = pytest.mark.skipif(not settings.PRODUCTION, reason="of PostgreSQL")
LIMIT_SECONDS = 6  # on a machine that is busy with other tests; alone it is under three


@contextmanager
def stopped() -> Iterator[None]:
    """The server and all its processes stand still."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    server = int((folder / "postmaster.pid").read_text().split()[0])
    processes = [server, *map(int, Path(f"/proc/{server}/task/{server}/children").read_text().split())]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reversed(processes):
            os.kill(process, signal.SIGCONT)


def test_a_hanging_database_hangs_no_page(committed: None, tmp_path: Path) -> None:
    with served(tmp_path) as portal:
        session = "sessionid=" + "x" * 32
        assert portal.ask("/masuk/").status == 200  # each of its threads keeps a connection now
        assert portal.ask("/", cookie=session).status == 302
        with stopped():
            alive = portal.ask("/healthz", cookie=session)
            pages = [portal.ask(path, cookie=session) for path in ("/", "/masuk/", "/api/v1/coverage/")]
            ready = portal.ask("/readyz", cookie=session)
        deadline = time.monotonic() + 20
        while portal.ask("/masuk/").status != 200:
            assert time.monotonic() < deadline, "it does not go on"
            time.sleep(0.2)
    assert (alive.status, alive.text) == (200, "ok")
    assert alive.seconds < 1
    assert [page.status for page in pages] == [503, 503, 503]
    assert "Basis data sedang tidak dapat dihubungi" in pages[0].text
    assert ready.status == 503
    assert max(answer.seconds for answer in (*pages, ready)) < LIMIT_SECONDS


def test_a_long_answer_is_waited_for(db: None) -> None:
    """The server says that it is there, so nobody is cut off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2.6)")
