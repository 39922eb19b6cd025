"""The pytest plugin that comes before all others (pytest.ini): it decides what the tests run on.

`TEST_ENGINE=sqlite` (the default) tests the embedded form, `TEST_ENGINE=postgres` the production form on servers of
`TEST_DATABASE_URL` and `TEST_REDIS_URL`; a server that is not given is started from its wheel and ends with this
process, however that ends. Settings are read after this module was imported, hence the environment is set here.
"""

import atexit
import gc
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.template.base import Template
from django.test import TransactionTestCase, override_settings
from django.test import utils as django_testing
from django.utils import translation
from pytest_django import DjangoDbBlocker

from dukcapil.static_files import collect_static
from dukcapil.testing.clients import share_middleware
from dukcapil.testing.databases import empty_every_table
from dukcapil.testing.network import given_hosts, refuse_network
from dukcapil.testing.servers import Missing, start_postgres, start_redis
from dukcapil.testing.worlds import SharedWorlds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ENGINES = ("sqlite", "postgres")
shared_worlds = SharedWorlds()
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DECIDED_HERE = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "PORTAL_NAME",
    "BEHIND_TLS",
    "PUBLIC_DASHBOARD",
    "WEBHOOKS_ALLOW_PRIVATE_ADDRESSES",
    "API_REQUESTS_A_MINUTE",
    "BACKUP_FOLDER",
    "BACKUP_PASSPHRASE",
    "BACKUP_KEEP_DAYS",
)


def prepare(engine: str, *, durable: bool = False) -> Path:
    """Set the environment for one engine and return the fresh folder that everything lives in.

    `durable`: PostgreSQL waits for the disk, as in production. Raises Missing when the engine is not on this machine. The
    folder lies under the system's temporary directory: PostgreSQL, started by root, opens the folders above its data for
    reading.
    """
    if engine not in ENGINES:
        raise Missing(f"TEST_ENGINE={engine} is unknown; write one of: {', '.join(ENGINES)}.")
    home = Path(tempfile.mkdtemp(prefix="portal-test-"))
    # Registered before the servers are, and so run after they ended.
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    given = {name: os.environ.get(name, "") for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL")}
    for name in DECIDED_HERE:
        os.environ.pop(name, None)
    os.environ["DUKCAPIL_HOME"] = str(home)
    os.environ["PORTAL_ENV"] = os.devnull  # what is installed on this machine is no matter of the tests
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the processes that tests start need not compile everything again
    if engine == "postgres":
        os.environ["DATABASE_URL"] = given["TEST_DATABASE_URL"] or start_postgres(home / "postgres", durable=durable)
        os.environ["REDIS_URL"] = given["TEST_REDIS_URL"] or start_redis(home / "redis")
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
        os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
    return home


def child_environment(**changes: str) -> dict[str, str]:
    """The environment for a process that a test starts: this one's with `changes`; an empty value takes a name out."""
    return {name: value for name, value in {**os.environ, **changes}.items() if value}


# The plugin


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before every plain hook: the environment is ready when pytest-django reads the settings."""
    try:
        prepare(os.environ.get("TEST_ENGINE") or "sqlite")
    except Missing as problem:
        sys.stderr.write(f"NOT TESTED: {problem}\n")
        raise SystemExit(1 if in_ci() else 0) from problem
    return (yield)


def pytest_configure() -> None:
    """From here on nothing may leave this machine, except to a test server that was given by its address."""
    refuse_network(given_hosts())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A browser test that fails is tried once more, and the summary says so: on a busy machine Chromium itself now and
    then loses a click. What is really broken fails twice. They come last: see `browser`."""
    engine, both = os.environ.get("TEST_ENGINE") or "sqlite", "TEST_BOTH" in os.environ
    tested = [item for item in items if is_tested([mark.name for mark in item.iter_markers()], engine, both=both)]
    chosen = set(tested)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = sorted(tested, key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def is_tested(marks: Iterable[str], engine: str, *, both: bool) -> bool:
    """Whether a test with these marks is done on an engine; `both`: the other one is tested as well (`make test`).

    What is marked `once`, the same on every engine, is tested on SQLite, and where both are tested everything else that
    Chromium does on PostgreSQL: so they take the same time. PostgreSQL that is tested alone leaves out the first.
    """
    if "once" in marks:
        return engine == "sqlite"
    return engine == "postgres" or not (both and "browser" in marks)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_report_header() -> str:
    """Which form of the portal these tests are about."""
    if "DATABASE_URL" in os.environ:
        return "engine: PostgreSQL and Redis (production form)"
    return "engine: SQLite (embedded form)"


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """Right before a test's own transaction begins (pytest-django's fixture for all kinds of them)."""
    if fixturedef.argname == "_django_db_helper":
        shared_worlds.prepare(request)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """And days that pass in an instant: only the tests of the jumped clock are asked about leaps of time, and nothing is
    kept for a second."""
    quick = {"PASSWORD_HASHERS": ["dukcapil.testing.hashing.QuickArgon2"], "LEAPS_ARE_ASKED_ABOUT": False, "KEPT_SECONDS": 0}
    with override_settings(**quick):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Pages are rendered with the hashed names of production, so a file that a template misspells goes red."""
    collect_static()


@pytest.fixture(scope="session", autouse=True)
def _shared_middleware(_quick_hashes: None, _static_files: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        share_middleware(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_templates(django_test_environment: None) -> Iterator[None]:
    """Templates are rendered as in production; Django's test client would copy the context of each part of a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", vars(django_testing._TestState)["saved_data"].template_render)
        yield


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that read the `context` of an answer."""
    monkeypatch.setattr(Template, "_render", vars(django_testing)["instrumented_test_render"])


@pytest.fixture(autouse=True)
def _clean_slate() -> None:
    """No test sees what another one left in the cache (counters, for example) or the language that it chose."""
    for name in settings.CACHES:
        caches[name].clear()
    translation.deactivate()


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Real commits, for tests with several connections or processes; every table is emptied afterwards."""


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_every_table())
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without one: a failure in CI, elsewhere a skip that says what to install."""
    for name in CHROMIUM:
        if path := shutil.which(name):
            return path
    sentence = "Chromium is missing: install the system's package `chromium-headless-shell` or `chromium`."
    if in_ci():
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser(chromium: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator["Browser"]:
    """One Chromium for all browser tests; each opens its own `browser.new_context()` and closes it.

    They are the last tests: while it runs there is an event loop in this thread, for which Django keeps connections of
    its own, and tests that fork or start processes must see neither.
    """
    from playwright.sync_api import sync_playwright

    with django_db_blocker.unblock():
        shared_worlds.clear()  # it stands on the connection outside the event loop, and holds the writer's lock
    # Playwright keeps an event loop running in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()
        connections.close_all()  # those of the event loop; no later test would find them
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def in_ci() -> bool:
    """In CI nothing may be left out: what is missing is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")
