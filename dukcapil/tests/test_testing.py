"""The test plugin keeps its promises."""

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from dukcapil import testing
from dukcapil.testing.network import NetworkRefused
from dukcapil.testing.servers import Missing, start_server


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("portal.example", 80)])
def test_no_test_reaches_another_machine(address: tuple[str, int]) -> None:
    with pytest.raises(NetworkRefused, match="use a stand-in"):
        socket.create_connection(address, timeout=0.1)


def test_no_test_sends_to_another_machine() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, pytest.raises(NetworkRefused):
        line.sendto(b"", ("192.0.2.1", 80))


def test_this_machine_is_reached() -> None:
    with (
        socket.create_server(("localhost", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=1) as line,
    ):
        assert line.getpeername() == server.getsockname()


def test_the_engine_is_the_requested_one() -> None:
    engine = testing.child_environment().get("TEST_ENGINE", "sqlite")
    vendor = {"sqlite": "sqlite", "postgres": "postgresql"}[engine]
    assert (connection.vendor, settings.PRODUCTION) == (vendor, engine == "postgres")


def test_the_portal_writes_into_its_own_folder() -> None:
    assert Path(settings.HOME).parent == Path(tempfile.gettempdir())


@pytest.mark.parametrize("_turn", [1, 2])
def test_the_cache_is_empty_before_each_test(_turn: int) -> None:
    assert cache.get("left-over") is None
    cache.set("left-over", 1)


def test_a_child_gets_this_environment_with_changes() -> None:
    child = testing.child_environment(DUKCAPIL_HOME="elsewhere", PATH="")
    assert child["DUKCAPIL_HOME"] == "elsewhere"
    assert "PATH" not in child


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(Missing, match="sqlite, postgres"):
        testing.prepare("oracle")


def test_a_failed_server_is_reported_with_its_log(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no such option; exit 1"]
    with pytest.raises(Missing, match="no such option"):
        start_server(command, "--port", tmp_path / "server.log", ready=lambda port: False)


@pytest.mark.parametrize(
    ("marks", "alone", "together"),
    [
        ([], ["sqlite", "postgres"], ["sqlite", "postgres"]),
        (["once"], ["sqlite"], ["sqlite"]),
        (["browser"], ["sqlite", "postgres"], ["postgres"]),
        (["browser", "once"], ["sqlite"], ["sqlite"]),
    ],
)
def test_every_test_has_its_engines(marks: list[str], alone: list[str], together: list[str]) -> None:
    for both, engines in ((False, alone), (True, together)):
        assert [engine for engine in testing.ENGINES if testing.is_tested(marks, engine, both=both)] == engines
