"""`manage.py start` for real, without any configuration: it answers, heals itself, and leaves nobody behind."""

import http.client
import http.cookiejar
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dukcapil.testing import DECIDED_HERE, child_environment
from dukcapil.testing.databases import new_installation
from dukcapil.testing.servers import free_port

pytestmark = [pytest.mark.once, pytest.mark.django_db]  # of the tests' own database an installation gets its empty one

WAITS = 60.0
UNTIL = date(2021, 1, 5)
WRITING_KEY = """
from accounts.models import User
from accounts.services.keys import issue_key
from dukcapil import clock
owner = User.objects.get(username="dinas")
print(issue_key(by=owner, name="uji", scopes=["counts:write"], days=1, now=clock.now(), jurisdiction="")[1])
"""


class Portal:
    """`manage.py start` as a process, with its own folder and port; nothing but DUKCAPIL_HOME is set."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self.port = home, free_port()
        home.mkdir(exist_ok=True)
        self.log = home / "start.log"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start", "--port", str(self.port), *options],
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=output,
                env=environment(home),
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[str, int]:
        """The newest process of each name, as the log tells."""
        return {name: int(number) for name, number in re.findall(r"(\w+) started as process (\d+)", self.printed)}

    def status(self, path: str) -> int:
        """0 while nobody answers."""
        try:
            with build_opener().open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as answer:
            return answer.code
        except (URLError, ConnectionError):
            return 0

    def days_done(self) -> list[str]:
        with closing(sqlite3.connect(self.home / "portal.sqlite3", timeout=20)) as line:
            return [day for (day,) in line.execute("SELECT day FROM recording_jobday ORDER BY day")]

    def end(self) -> None:
        """In order; what stays behind all the same is killed, when it is a process of this folder."""
        self.process.terminate()
        self.process.wait()
        for number in self.children().values():
            if alive(number) and f"DUKCAPIL_HOME={self.home}" in Path(f"/proc/{number}/environ").read_text():
                os.kill(number, signal.SIGKILL)


def environment(home: Path) -> dict[str, str]:
    return child_environment(DUKCAPIL_HOME=str(home), **dict.fromkeys(DECIDED_HERE, ""))


def manage(home: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment(home), capture_output=True, text=True
    )


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAITS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def alive(process: int) -> bool:
    """A zombie, which only waits for its parent to ask, is not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def logged_in(portal: Portal, username: str, password: str) -> tuple[OpenerDirector, str]:
    """A browser after the log-in form, and the page on which it landed."""
    browser = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"http://127.0.0.1:{portal.port}/masuk/"
    form = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
    return browser, browser.open(address, urlencode(fields).encode()).read().decode()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """What `make run` starts the second time. Its example is a short one, made by the same command."""
    home = tmp_path_factory.mktemp("demo")
    new_installation(home)
    assert manage(home, "seed_demo", "--until", UNTIL.isoformat()).returncode == 0
    portal = Portal(home, "--demo")
    try:
        until(lambda: "Ctrl-C" in portal.printed, "it never printed its address")
        yield portal
    finally:
        portal.end()


def test_it_prints_its_address_and_working_accounts(demo: Portal) -> None:
    assert f"http://127.0.0.1:{demo.port}/" in demo.printed
    found = re.search(r"kata sandi semuanya: (\S+)\n((?:  \S+ .*\n)+)", demo.printed)
    assert found
    names = [line.split()[0] for line in found[2].splitlines()]
    assert names == ["admin", "dinas", "barat", "timur", "pembaca", "dasbor"]
    for name in names:
        _browser, page = logged_in(demo, name, found[1])
        assert "Data contoh" in page
        assert "5 Januari 2021" in page


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/masuk/", 200)])
def test_it_answers(path: str, status: int, demo: Portal) -> None:
    assert demo.status(path) == status


@pytest.mark.parametrize("name", ["web", "scheduler"])
def test_a_child_that_was_killed_comes_back(name: str, demo: Portal) -> None:
    first = demo.children()[name]
    os.kill(first, signal.SIGKILL)
    until(lambda: demo.children()[name] != first, "it was not started again")
    until(lambda: demo.status("/healthz") == 200, "the web server does not answer")
    assert not alive(first)
    assert alive(demo.children()[name])


def test_a_port_in_use_is_told(demo: Portal, tmp_path: Path) -> None:
    answer = manage(tmp_path, "start", "--port", str(demo.port))
    assert answer.returncode == 1
    assert f"Port {demo.port} sudah dipakai. Pilih yang lain" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "portal.sqlite3").exists(), "nothing was begun"


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_a_nonexistent_port_is_told(port: str) -> None:
    with pytest.raises(CommandError) as told:
        call_command("start", f"--port={port}")
    assert str(told.value) == f"Port {port} tidak ada; pilih antara 1 dan 65535."


def test_a_body_in_chunks_is_read(demo: Portal) -> None:
    """By gunicorn itself: what it gives the portal says where the body ends, but not how long it is."""
    made = manage(demo.home, "shell", "--no-imports", "--command", WRITING_KEY)
    count = {"region": "31.71.01.1001", "document": "KTP", "day": UNTIL.isoformat(), "source": "potongan", "people": 3}
    body = json.dumps([count]).encode()
    headers = {"Authorization": f"Bearer {made.stdout.strip()}", "Content-Type": "application/json"}
    line = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=30)
    line.request("POST", "/api/v1/counts/", iter([body[:20], body[20:]]), headers, encode_chunked=True)
    answer = line.getresponse()
    found = json.load(answer)
    line.close()
    assert (answer.status, found.get("new")) == (200, 1), (found, made.stderr)


def test_missed_nights_are_done_after_the_start(demo: Portal) -> None:
    """The last test with this portal: it is ended by Ctrl-C, its clock put on, and started again."""
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait() == 0
    assert not any(alive(number) for number in demo.children().values())
    assert "Traceback" not in demo.printed
    assert demo.status("/healthz") == 0
    assert demo.days_done()[-1] == UNTIL.isoformat()
    with closing(sqlite3.connect(demo.home / "portal.sqlite3")) as line, line:
        line.execute("UPDATE dukcapil_demo SET shift = shift - ?", [timedelta(days=3) // timedelta(microseconds=1)])
    again = Portal(demo.home)
    try:
        until(lambda: again.days_done()[-1] == "2021-01-08", "the missed nights were not done")
        until(lambda: again.status("/readyz") == 200, "not ready")
    finally:
        again.end()
    assert demo.days_done() == [f"2021-01-0{day}" for day in range(4, 9)]


def test_killing_the_server_leaves_no_orphan(tmp_path: Path) -> None:
    portal = Portal(tmp_path / "empty")
    try:
        until(lambda: portal.status("/masuk/") == 200, "it does not answer")
        until(lambda: portal.status("/readyz") == 200, "it is not ready")
        web = portal.children()["web"]
        workers = Path(f"/proc/{web}/task/{web}/children").read_text().split()
        everybody = [*portal.children().values(), *map(int, workers)]
        assert len(everybody) >= 3
        portal.process.kill()
        portal.process.wait()
        until(lambda: not any(alive(number) for number in everybody), "an orphan is left")
    finally:
        portal.end()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", portal.port))


def test_in_production_it_says_what_to_start_instead(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        env=environment(tmp_path)
        | {
            "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "".join(map(chr, range(48, 123))),
            "ALLOWED_HOSTS": "portal.example",
        },
    )
    assert answer.returncode == 1
    assert "gunicorn, the worker and beat are started separately" in answer.stderr
