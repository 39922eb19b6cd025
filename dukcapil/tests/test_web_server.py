"""The web server as production starts it, and senders that take their time."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from dukcapil.testing import child_environment
from dukcapil.tests.served import Served, served

pytestmark = [pytest.mark.once, pytest.mark.django_db]
SLOW = 60


@pytest.fixture(scope="module")
def portal(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("web")) as server:
        yield server


def begun(portal: Served, sent: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", portal.port), timeout=20)
    line.sendall(sent)
    return line


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: lo", b"POST /masuk/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nusername="],
)
def test_slow_senders_keep_nobody_waiting(portal: Served, sent: bytes) -> None:
    with ExitStack() as lines:
        for _ in range(SLOW):
            lines.enter_context(begun(portal, sent))
        answers = [portal.ask(path) for path in ("/healthz", "/masuk/", "/masuk/")]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert max(answer.seconds for answer in answers) < 3


def test_a_request_in_pieces_is_answered(portal: Served) -> None:
    with begun(portal, b"POST /masuk/ HTTP/1.1\r\nHost: localhost\r\nConte") as line:
        time.sleep(0.1)
        line.sendall(b"nt-Length: 10\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"username=a")
        assert b" 403 " in line.recv(100), "no token of a form came along"


def test_a_kept_connection_takes_the_next_request(portal: Served) -> None:
    with begun(portal, b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as line:
        for _ in range(2):
            assert line.recv(2000).startswith(b"HTTP/1.1 200 OK")
            line.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")


def test_a_head_that_stays_away_is_given_up(portal: Served) -> None:
    with begun(portal, b"GET / HTTP/1.1\r\n") as line:
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("address", "proxies", "starts"), [("0.0.0.0", "", False), ("0.0.0.0", "127.0.0.1", False), ("0.0.0.0", "10.0.0.1", True)]
)
def test_beyond_this_machine_only_behind_a_named_proxy(address: str, proxies: str, starts: bool, tmp_path: Path) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", CHECK, address],
        cwd=settings.BASE_DIR,
        env=child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings", TRUSTED_PROXIES=proxies),
        capture_output=True,
        text=True,
    )
    assert (asked.returncode == 0) is starts
    assert starts or "TRUSTED_PROXIES" in asked.stderr


CHECK = """
import sys
from types import SimpleNamespace
from dukcapil.gunicorn_conf import on_starting
on_starting(SimpleNamespace(cfg=SimpleNamespace(address=[(sys.argv[1], 8000)])))
"""
