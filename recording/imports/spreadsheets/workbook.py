"""Workbooks through the child process: its rows as they come, its refusals and its death in words."""

import json
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any

from dukcapil.errors import Refused
from recording.imports.spreadsheets import refusals
from recording.imports.spreadsheets.cells import Cell, SheetHead, column_letters
from recording.imports.spreadsheets.child import OUTLINE, ROWS
from recording.imports.spreadsheets.error_cells import error_cells
from recording.imports.spreadsheets.refusals import refuse, refuse_nik_in

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
    errors = error_cells(file, name)
    with closing(_answers(file, name, OUTLINE)) as answers:
        for answer in answers:
            if isinstance(answer, list):
                heads[-1].rows.append(_with_errors(answer, errors.get(heads[-1].name, {})))
            else:
                merged = tuple((a, b, c, d) for a, b, c, d in answer["merged"])
                heads.append(SheetHead(answer["sheet"], answer["hidden"], merged, [], answer["height"]))
    return heads


def rows(file: Path, name: str, sheet: str) -> Generator[tuple[int, list[Cell]], None, None]:
    """(number, cells) of one sheet."""
    errors = error_cells(file, name)
    sheet_errors: dict[int, list[tuple[int, str]]] = {}
    with closing(_answers(file, name, ROWS, sheet)) as answers:
        for answer in answers:
            if isinstance(answer, list):
                yield _with_errors(answer, sheet_errors)
            else:
                sheet_errors = errors.get(answer["sheet"], {})


def _with_errors(answer: list[Any], errors: dict[int, list[tuple[int, str]]]) -> tuple[int, list[Cell]]:
    number, cells = answer
    for column, text in errors.get(number, ()):
        if column < len(cells):
            cells[column] = text
    return number, cells


def _answers(file: Path, name: str, mode: str, sheet: str = "") -> Generator[Any, None, None]:
    """What the child prints about sheets and rows. It does not outlive its reader, nor the deadline.

    No environment: it needs none, and what reads a stranger's file should not hold our secrets.
    """
    command = [sys.executable, "-I", "-X", PROCESS_NAME, str(CHILD), mode, str(file.resolve()), sheet]
    with subprocess.Popen(
        command, env={}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
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
                    raise Refused(refusals.NO_SUCH_SHEET, "sheet", file=name, sheet=sheet)
                else:
                    refuse(SENTENCES[answer["refused"]], name)
            # It died without a word. The library ends so when it gets no more memory.
            refuse(refusals.TOO_LONG if child.wait() == -signal.SIGABRT else refusals.DEAD, name)
        except json.JSONDecodeError as problem:
            raise Refused(refusals.DEAD, "file", file=name) from problem
        finally:
            clock.cancel()
            child.kill()
