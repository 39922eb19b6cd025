"""Settings are read anew in processes of their own: what is missing or unsafe stops the start and is named."""

import json
import secrets
import subprocess
import sys
from pathlib import Path
from stat import S_IMODE

import pytest
from django.conf import settings

from dukcapil.testing import DECIDED_HERE, child_environment

pytestmark = pytest.mark.once
EMBEDDED = dict.fromkeys(DECIDED_HERE, "")
KEY = secrets.token_urlsafe(64)
PRODUCTION = EMBEDDED | {
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "portal.example",
}
NAMES = (
    "PRODUCTION",
    "DEBUG",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "CELERY_BROKER_URL",
    "PASSWORD_HASHERS",
)
READ = f"import json, dukcapil.settings as s; print(json.dumps({{name: getattr(s, name) for name in {NAMES}}}))"


def python(home: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        env=child_environment(DUKCAPIL_HOME=str(home), DJANGO_SETTINGS_MODULE="dukcapil.settings", **environment),
    )


def read(home: Path, **environment: str) -> dict[str, object]:
    answer = python(home, "-c", READ, **environment)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, object] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing: REDIS_URL is set"),
        ({"REDIS_URL": ""}, "REDIS_URL is missing: DATABASE_URL is set"),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "mysql://portal@127.0.0.1/portal"}, "DATABASE_URL must begin with postgres://"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing: it signs sessions"),
        ({"SECRET_KEY": KEY[:49]}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "abc" * 30}, "SECRET_KEY is too weak"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is missing: the host names"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "portal.example,*"}, "ALLOWED_HOSTS must name the hosts"),
    ],
)
def test_production_names_a_missing_or_unsafe_variable(change: dict[str, str], sentence: str, tmp_path: Path) -> None:
    answer = python(tmp_path, "manage.py", "check", **PRODUCTION | change)
    assert answer.returncode != 0
    assert sentence in answer.stderr
    assert "SECRET_KEY" in sentence or KEY not in answer.stderr
    assert not (tmp_path / "secret_key").exists(), "no secret is made up in production"


def test_production_with_everything_set_is_safe(tmp_path: Path) -> None:
    found = read(tmp_path, **PRODUCTION)
    assert found == {
        "PRODUCTION": True,
        "DEBUG": False,
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": ["portal.example"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CELERY_BROKER_URL": PRODUCTION["REDIS_URL"],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    }


def test_djangos_own_check_for_production_finds_nothing(tmp_path: Path) -> None:
    everything = PRODUCTION | {"BACKUP_PASSPHRASE": "lima kata yang tidak ditebak"}
    answer = python(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **everything)
    assert answer.returncode == 0, answer.stderr
    answer = python(tmp_path, "manage.py", "check", "--deploy", **PRODUCTION)
    assert "Nobody makes backups" in answer.stderr


def test_without_variables_the_embedded_form_keeps_its_secret(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    first = read(home, **EMBEDDED)
    file = home / "secret_key"
    assert (first["PRODUCTION"], first["DEBUG"]) == (False, False)
    assert first["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert first["SECRET_KEY"] == file.read_text()
    assert len(str(first["SECRET_KEY"])) >= 64
    assert S_IMODE(file.stat().st_mode) == 0o600
    assert read(home, **EMBEDDED)["SECRET_KEY"] == first["SECRET_KEY"]
    assert read(tmp_path / "another", **EMBEDDED)["SECRET_KEY"] != first["SECRET_KEY"]


def test_options_in_the_database_address_are_kept(tmp_path: Path) -> None:
    address = PRODUCTION["DATABASE_URL"] + "?sslmode=require"
    script = "from dukcapil import settings; print(settings.DATABASES['default']['OPTIONS'])"
    answer = python(tmp_path, "-c", script, **PRODUCTION | {"DATABASE_URL": address})
    assert "'sslmode': 'require'" in answer.stdout
    assert "statement_timeout=15s" in answer.stdout


def test_the_embedded_form_behind_tls_secures_its_cookies(tmp_path: Path) -> None:
    found = read(tmp_path, **EMBEDDED | {"ALLOWED_HOSTS": "portal.example, www.portal.example", "BEHIND_TLS": "true"})
    assert found["ALLOWED_HOSTS"] == ["portal.example", "www.portal.example"]
    assert (found["PRODUCTION"], found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (False, True, True)


def test_production_without_tls_does_not_start(tmp_path: Path) -> None:
    answer = python(tmp_path, "manage.py", "check", **PRODUCTION | {"BEHIND_TLS": "false"})
    assert answer.returncode != 0
    assert "BEHIND_TLS" in answer.stderr
