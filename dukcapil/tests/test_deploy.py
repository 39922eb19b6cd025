"""What is delivered for production: its files agree with each other and with the text."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
DEPLOY = BASE / "deploy"


def test_the_image_copies_all_of_our_apps() -> None:
    copied = re.findall(r"^COPY (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert [path for path in copied if not (BASE / path).exists()] == []
    assert {"dukcapil", "accounts", "recording", "fleet", "templates", "static", "locale", "manage.py"} <= set(copied)


def test_compose_runs_the_servers_of_the_guide() -> None:
    """One way to start each process, in the guide and in the files."""
    guide = (BASE / "docs" / "operating.md").read_text(encoding="utf-8")
    written = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "Dockerfile").read_text()
    commands = [re.findall(r'"([^"]+)"', line) for line in written.splitlines() if re.search(r"command: \[|^CMD", line)]
    ours = {" ".join(words) for words in commands if words[0] in ("gunicorn", "celery")}
    assert len(ours) == 3
    for command in ours:
        assert command.replace("0.0.0.0", "127.0.0.1") in guide
