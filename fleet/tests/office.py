"""The portal as a process of its own on a fixed port: it can really be stopped, and started again."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from dukcapil.testing import child_environment

# Django and the pages are imported once; each start is a fork of that process, which takes no time.
SERVE = """
import os, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]  # the database of the test
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler, ThreadedWSGIServer
from django.urls import get_resolver
application = get_wsgi_application()
get_resolver().url_patterns
for port in sys.stdin:
    child = os.fork()
    if not child:
        server = ThreadedWSGIServer(("127.0.0.1", int(port)), QuietWSGIRequestHandler)
        server.set_app(application)
        server.serve_forever()
    print(child, flush=True)
"""
WAITS = 30


@contextmanager
def ready_server() -> Iterator["subprocess.Popen[str]"]:
    """The process from which servers are forked."""
    command = [sys.executable, "-c", SERVE, str(connection.settings_dict["NAME"])]
    environment = child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings")
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        yield process  # it ends when its input does


class Office:
    """The server of the office. `stop` kills it: every connection is gone."""

    def __init__(self, ready: "subprocess.Popen[str]", port: int) -> None:
        self.ready, self.port = ready, port
        self.address = f"http://127.0.0.1:{port}"
        self.process = 0

    def start(self) -> None:
        assert self.ready.stdin
        assert self.ready.stdout
        print(self.port, file=self.ready.stdin, flush=True)
        self.process = int(self.ready.stdout.readline())
        end = time.monotonic() + WAITS
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < end, "the server does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self.process = 0


@contextmanager
def open_office(ready: "subprocess.Popen[str]", port: int) -> Iterator[Office]:
    """Open as long as the test lasts."""
    office = Office(ready, port)
    office.start()
    yield office
    office.stop()
