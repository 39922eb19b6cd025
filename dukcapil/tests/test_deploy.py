"""What is delivered for production: its files agree with each other and with the text, and the system takes its units."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from dukcapil.release import VERSION
from dukcapil.testing import in_ci

pytestmark = pytest.mark.once
BASE = Path(__file__).resolve().parents[2]
DEPLOY = BASE / "deploy"
GUIDE = (BASE / "docs" / "operating.md").read_text(encoding="utf-8")
SERVERS = ("portal web", "portal worker", "portal beat")


def test_the_image_copies_all_of_our_apps() -> None:
    written = (DEPLOY / "Dockerfile").read_text()
    copied = [path for line in re.findall(r"^COPY (.+) \S+$", written, re.MULTILINE) for path in line.split()]
    assert [path for path in copied if not (BASE / path).exists()] == []
    assert {"dukcapil", "accounts", "recording", "fleet", "templates", "static", "locale", "manage.py", "portal"} <= set(copied)
    assert re.search(r"^FROM python:3\.11-slim-trixie@sha256:[0-9a-f]{64}$", written, re.MULTILINE)
    assert "--require-hashes" in written
    assert re.search(r"^USER portal$", written, re.MULTILINE)


def test_image_and_server_have_one_postgresql() -> None:
    client = re.search(r"postgresql-client-(\d+)", (DEPLOY / "Dockerfile").read_text())
    server = re.search(r"image: postgres:(\d+)@sha256:[0-9a-f]{64}", (DEPLOY / "compose.yaml").read_text())
    assert client
    assert server
    assert client[1] == server[1]


def test_every_form_starts_the_same_servers() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    composed = {
        " ".join(service["command"][:2]) for service in services.values() if "portal" in service.get("command", [""])[0]
    }
    units = " ".join(path.read_text() for path in (DEPLOY / "systemd").iterdir())
    assert composed == {*SERVERS, "portal migrate"}
    for command in (*SERVERS, "portal start"):
        assert f"`{command}`" in GUIDE
        assert f"ExecStart=/usr/local/bin/{command}" in units


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Their commands as they stand here; and none is exposed more than need be."""
    program = shutil.which("systemd-analyze")
    if program is None:
        assert not in_ci(), "systemd-analyze is missing: install the package systemd"
        pytest.skip("systemd-analyze is missing: install the package systemd")
    for path in (DEPLOY / "systemd").iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace("/usr/local/bin/portal", str(BASE / "portal")))
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 5
    done = subprocess.run([program, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    services = [unit for unit in units if unit.endswith(".service")]
    command = [program, "security", "--offline=true", "--threshold=20", *services]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_packages_are_locked_with_their_hashes() -> None:
    asked = re.findall(r"^([\w\-]+)(?:\[\w+\])?==([\w.]+)", (BASE / "requirements.txt").read_text(), re.MULTILINE)
    locked = re.findall(r"^([\w\-.]+)==([\w.]+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", lock := lock_text(), re.MULTILINE)
    assert {(plain(name), version) for name, version, _hashes in locked} == {
        (plain(name), version) for name, version in asked
    }, "type: make lock"
    assert len(locked) == len(re.findall("^[^ \n]", lock, re.MULTILINE))
    assert "://" not in lock


def lock_text() -> str:
    return (BASE / "requirements.lock").read_text()


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_newest_change_is_this_version() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)$", (BASE / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == VERSION
    assert f"/opt/portal v{VERSION}" in GUIDE
