"""The children that tests fork to read workbooks answer as those that are started, and end with whoever wanted them."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from recording.imports.spreadsheets.child import OUTLINE, ROWS
from recording.imports.spreadsheets.workbook import CHILD
from recording.imports.tests.forked_reader import Nursery
from recording.imports.tests.workbooks import ods, xls, xlsx

pytestmark = pytest.mark.once
TABLE: list[list[Any]] = [["KODE", "JUMLAH"], ["31.73", 12], ["3173010101010001", 0.5]]
MAKERS: list[Callable[[Path], Path]] = [
    lambda path: xlsx(path, {"Satu": TABLE, "Dua\N{SNOWMAN}": [["x"]]}, merged=["A1:B1"], hidden=["Satu"]),
    lambda path: xls(path, TABLE),
    lambda path: ods(path, TABLE),
    lambda path: path,
    lambda path: path.parent,
]
AS_TOLD: dict[str, Any] = {"env": {}, "stdin": DEVNULL, "stdout": PIPE, "stderr": DEVNULL}


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery(CHILD)
    yield nursery
    nursery.close()


def command(mode: str, file: Path, *wanted: str) -> list[str]:
    return [sys.executable, "-I", str(CHILD), mode, str(file), *wanted]


def answer(popen: Callable[..., Any], *what: Any) -> tuple[list[bytes], int]:
    with popen(command(*what), **AS_TOLD) as child:
        return list(child.stdout), child.wait()


@pytest.mark.parametrize("mode", [[OUTLINE], [ROWS, "Dua\N{SNOWMAN}"]], ids=["outline", "rows"])
@pytest.mark.parametrize("maker", MAKERS, ids=["xlsx", "xls", "ods", "missing", "folder"])
def test_a_forked_child_answers_as_a_started_one(
    nursery: Nursery, tmp_path: Path, maker: Callable[[Path], Path], mode: list[str]
) -> None:
    file = maker(tmp_path / "buku")
    expected, code = answer(Popen, mode[0], file, *mode[1:])
    assert expected
    assert code == 0
    assert answer(nursery.popen, mode[0], file, *mode[1:]) == (expected, code)


def test_it_has_limits_and_no_environment_of_ours(nursery: Nursery, tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": [["KODE", n] for n in range(8_000)]})  # more than a pipe holds
    seen = []
    popens: list[Callable[..., Any]] = [Popen, nursery.popen]
    for popen in popens:
        with popen(command(ROWS, file), **AS_TOLD) as child:
            child.stdout.readline()
            process = psutil.Process(child.pid)
            limits = [process.rlimit(limit) for limit in (psutil.RLIMIT_AS, psutil.RLIMIT_CPU, psutil.RLIMIT_CORE)]
            environment = set(process.environ()) - {"LC_CTYPE"}  # which Python sets itself
            seen.append((limits, environment, len(process.open_files()), process.num_fds()))
            child.kill()
            assert child.wait() == -signal.SIGKILL
    assert seen[0] == seen[1]


def test_a_forked_test_starts_its_own(nursery: Nursery, tmp_path: Path) -> None:
    file = xlsx(tmp_path / "a.xlsx", {"S": TABLE})
    expected = answer(nursery.popen, ROWS, file)
    if not (forked := os.fork()):
        os._exit(answer(nursery.popen, ROWS, file) != expected)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert answer(nursery.popen, ROWS, file) == expected


def test_nothing_is_left_when_it_closes(nursery: Nursery, tmp_path: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    answer(nursery.popen, ROWS, xlsx(tmp_path / "a.xlsx", {"S": TABLE}))
    assert len(set(psutil.Process().children(recursive=True)) - before) == 1
    nursery.close()
    assert set(psutil.Process().children(recursive=True)) == before
