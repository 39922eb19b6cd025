"""Workbooks through the child process: its rows as they come, its refusals and its death in words."""

import json
import signal
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer
from typing import Any

from dukcapil.errors import Refused
from recording.imports.spreadsheets import refusals
from recording.imports.spreadsheets.cells import Cell, SheetHead, SheetRows, Unseen, column_letters
from recording.imports.spreadsheets.child import MAX_COLUMNS, OUTLINE, ROWS
from recording.imports.spreadsheets.refusals import refuse, refuse_nik_in
from recording.imports.spreadsheets.unseen import unseen_by_sheet

CHILD = Path(__file__).with_name("child.py")
PROCESS_NAME = "name=recording.imports.spreadsheets.child"  # for the list of processes; Python ignores it
DEADLINE_SECONDS = 120  # until it has read the file; its own limit of computing time is shorter
SENTENCES = {
    "password": refusals.PASSWORD,
    "large": refusals.TOO_LONG,
    "broken": refusals.BROKEN,
    "macros": refusals.MACROS,
    "no sheets": refusals.NO_SHEETS,
}


def outline(file: Path, name: str) -> list[SheetHead]:
    """Every sheet of a workbook with its first rows."""
    heads: list[SheetHead] = []
    sheets = unseen_by_sheet(file, name)
    with closing(_answers(file, name, OUTLINE)) as answers:
        for answer in answers:
            if isinstance(answer, list):
                heads[-1].rows.append(_with_errors(answer, sheets[heads[-1].name]))
            else:
                heads.append(_head(answer, sheets[answer["sheet"]]))
    return heads


def sheets(file: Path, name: str, wanted: Sequence[str]) -> Generator[SheetRows, None, None]:
    """(sheet, its rows as (number, cells)) of the sheets that are wanted, in the order of the workbook; "" is the first.
    Each is to be read before the next one is asked for."""
    unseen = unseen_by_sheet(file, name)
    with closing(_answers(file, name, ROWS, wanted)) as answers:
        for sheet, rows in groupby(_by_sheet(answers), key=itemgetter(0)):
            yield sheet, _with_all_errors((row for _, row in rows if row), unseen[sheet])


def _by_sheet(answers: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Every row with its sheet; at the beginning of a sheet a row that is empty."""
    sheet = ""
    for answer in answers:
        if isinstance(answer, list):
            yield sheet, answer
        else:
            sheet = answer["sheet"]
            yield sheet, []


def _with_all_errors(rows: Iterable[list[Any]], unseen: Unseen) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with their errors, also those that hold nothing else."""
    number = 0
    for row in rows:
        number = row[0]
        yield _with_errors(row, unseen)
    for below in sorted(below for below in unseen.errors if below > number):
        yield _with_errors([below, []], unseen)


def _head(answer: dict[str, Any], unseen: Unseen) -> SheetHead:
    """What the child and the file itself say of a sheet."""
    merged = tuple((a, b, c, d) for a, b, c, d in answer["merged"]) or tuple(unseen.merged)
    columns = frozenset(column for first, last in unseen.hidden_columns for column in range(first, min(last, MAX_COLUMNS) + 1))
    return SheetHead(answer["sheet"], answer["hidden"], merged, [], answer["height"], tuple(unseen.hidden_rows), columns)


def _with_errors(answer: list[Any], unseen: Unseen) -> tuple[int, list[Cell]]:
    """A row with its errors, which may stand behind all that the library sees of it."""
    number, cells = answer
    for column, text in unseen.errors.get(number, ()):
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = text
    return number, cells


def _answers(file: Path, name: str, mode: str, wanted: Sequence[str] = ()) -> Generator[Any, None, None]:
    """What the child prints about sheets and rows. It does not outlive its reader, nor the deadline.

    No environment: it needs none, and what reads a stranger's file should not hold our secrets.
    """
    command = [sys.executable, "-I", "-X", PROCESS_NAME, str(CHILD), mode, str(file.resolve()), *wanted]
    with Popen(command, env={}, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL) as child:
        clock = Timer(DEADLINE_SECONDS, child.kill)
        clock.daemon = True
        clock.start()
        try:
            assert child.stdout is not None
            for line in child.stdout:
                answer = json.loads(line)
                if isinstance(answer, list) or "sheet" in answer:
                    yield answer
                elif "suspicious" in answer:
                    clock.cancel()  # all is read; from here on it only waits for us
                    for text, (of_sheet, row, column) in answer["suspicious"].items():
                        refuse_nik_in(text, f"{of_sheet}!{column_letters(column)}{row + 1}" if of_sheet else "")
                elif "end" in answer:
                    return
                elif answer["refused"] == "no such sheet":
                    raise Refused(refusals.NO_SUCH_SHEET, "sheet", file=name, sheet=wanted[0])
                else:
                    refuse(SENTENCES[answer["refused"]], name)
            # It died without a word. The library ends so when it gets no more memory.
            refuse(refusals.TOO_LONG if child.wait() == -signal.SIGABRT else refusals.DEAD, name)
        except json.JSONDecodeError as problem:
            raise Refused(refusals.DEAD, "file", file=name) from problem
        finally:
            clock.cancel()
            child.kill()
