"""Another release in one command: built beside, switched in one step, taken back when it is not ready.

The releases here are stand-ins whose `portal` writes down what it is asked; the script between them is the real one.
"""

import io
import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from dukcapil import release
from dukcapil.testing import child_environment

pytestmark = pytest.mark.once
SCRIPT = Path(settings.BASE_DIR) / "deploy" / "upgrade.sh"
PORTAL = """#!/bin/sh
echo "{name} $1" >>{log}
case "$1" in {fails}) exit 1 ;; esac
"""


class Root:
    """A folder of releases, the first of which runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        builder = folder / "source" / "deploy" / "release.sh"
        builder.parent.mkdir(parents=True)
        builder.write_text('test -e "$1/releases/$2" && echo "$1/releases/$2"\n')
        subprocess.run(["git", "init", "--quiet", str(folder / "source")], check=True)
        self.add("v1")
        (folder / "current").symlink_to("releases/v1")

    def add(self, name: str, fails: str = "nothing") -> None:
        place = self.folder / "releases" / name
        (place / "deploy").mkdir(parents=True)
        (place / "portal").write_text(PORTAL.format(name=name, log=self.log, fails=fails))
        (place / "portal").chmod(0o755)
        (place / "RELEASE").write_text(name)
        shutil.copy(SCRIPT, place / "deploy")

    def call(self, *words: str) -> tuple[int, list[str], str]:
        """Exit code, what the releases were asked, what was said."""
        self.log.write_text("")
        script = self.folder / "current" / "deploy" / "upgrade.sh"
        environment = child_environment(PORTAL_RESTART="true", READY_SECONDS="1") | {"PORTAL_USER": ""}
        done = subprocess.run([str(script), *words], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, self.log.read_text().splitlines(), done.stderr

    @property
    def current(self) -> str:
        return os.readlink(self.folder / "current")


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(tmp_path)


def test_an_upgrade_switches_and_a_rollback_returns(root: Root) -> None:
    root.add("v2")
    code, asked, said = root.call("upgrade", "v2")
    assert (code, root.current) == (0, "releases/v2"), said
    assert asked == ["v2 check", "v1 backup", "v1 ready", "v2 migrate", "v2 ready"]
    assert root.call("rollback")[0] == 0
    assert root.current == "releases/v1"
    assert root.call("rollback")[0] == 0
    assert root.current == "releases/v2"


@pytest.mark.parametrize(
    ("fails", "words"),
    [("check", "does not start with these settings"), ("migrate", "not brought up to date"), ("ready", "going back to v1")],
)
def test_a_bad_release_leaves_the_old_one(fails: str, words: str, root: Root) -> None:
    root.add("v2", fails)
    code, _asked, said = root.call("upgrade", "v2")
    assert (code, root.current) == (1, "releases/v1")
    assert words in said
    assert root.call("rollback")[2].strip().endswith("no release before v1 is known.")


def test_without_a_backup_nothing_changes(root: Root) -> None:
    shutil.rmtree(root.folder / "releases" / "v1")
    root.add("v1", "backup")
    root.add("v2")
    code, asked, said = root.call("upgrade", "v2")
    assert (code, root.current, asked) == (1, "releases/v1", ["v2 check", "v1 backup"])
    assert "without a backup nothing is changed" in said


def test_what_is_unknown_or_runs_already_is_told(root: Root) -> None:
    assert "v9 was not built; v1 goes on" in root.call("upgrade", "v9")[2]
    assert "v1 runs already" in root.call("upgrade", "v1")[2]


def test_a_process_knows_when_another_release_runs(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    root.add("v2")
    monkeypatch.setattr(release, "_FOLDER", root.folder / "releases" / "v1")
    monkeypatch.setattr(release, "_STARTED_AS", "v1")
    assert release.readiness() == "ok"
    root.call("upgrade", "v2")
    assert release.readiness() == "another release"
    root.call("rollback")
    (root.folder / "releases" / "v1" / "RELEASE").write_text("v1 other files")
    assert release.readiness() == "another release"
    monkeypatch.setattr(release, "_STARTED_AS", "")
    assert release.readiness() == "ok", "a working copy"


@pytest.mark.parametrize(
    ("status", "body", "besides", "code"),
    [
        (200, b'{"database": "ok", "tasks": "worker"}', "", 0),  # told, but not for long enough to be unready
        (503, b'{"database": "ok", "backup": "old"}', "", 1),
        (503, b'{"database": "ok", "backup": "old"}', "backup", 0),  # it was old before
        (503, b'{"backup": "old", "release": "another release"}', "backup", 1),
        (503, b"no JSON", "no_answer", 1),
        (0, b"", "no_answer", 1),
    ],
)
def test_what_was_wrong_before_is_no_hindrance(status: int, body: bytes, besides: str, code: int) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        if status:
            threading.Thread(target=server.handle_request, daemon=True).start()
        else:
            server.server_close()
        try:
            call_command("ready", address=f"http://127.0.0.1:{server.server_port}", besides=besides, stdout=io.StringIO())
            found = 0
        except SystemExit as ended:
            found = int(str(ended.code))
    assert found == code
