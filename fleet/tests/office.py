"""The portal as a process of its own on a fixed port: it can really be stopped, and started again."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from dukcapil.testing import child_environment

SERVE = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]  # the database of the test
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler, ThreadedWSGIServer
application = get_wsgi_application()
server = ThreadedWSGIServer(("127.0.0.1", int(sys.argv[1])), QuietWSGIRequestHandler)
server.set_app(application)
server.serve_forever()
"""
WAITS = 30


class Office:
    """The server of the office. `stop` kills it: every connection is gone."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(self.port), str(connection.settings_dict["NAME"])],
            cwd=settings.BASE_DIR,
            env=child_environment(DJANGO_SETTINGS_MODULE="dukcapil.settings"),
        )
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
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def open_office(port: int) -> Iterator[Office]:
    """Open as long as the test lasts."""
    office = Office(port)
    office.start()
    yield office
    office.stop()
