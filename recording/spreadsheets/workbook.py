"""Workbooks through the child process: its rows as they come, its refusals and its death in words."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any

from dukcapil.errors import N_, Refused
from recording.numbers import contains_nik
from recording.spreadsheets.cells import Cell, SheetHead
from recording.spreadsheets.text_rows import NIK

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 120  # seconds; the child's own limit of computing time is shorter
SENTENCES = {
    "password": N_("Berkas %(file)s terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."),
    "large": N_("Berkas %(file)s memuat terlalu banyak baris atau kolom. Simpan sebagai CSV, atau bagi."),
    "broken": N_("Berkas %(file)s rusak. Buka dan simpan ulang sebagai XLSX, lalu unggah lagi."),
}
DEAD = N_(
    "Berkas %(file)s rusak atau terlalu rumit untuk dibaca. Simpan ulang sebagai XLSX, lalu unggah lagi."
)


def outline(file: Path, name: str, head: int) -> list[SheetHead]:
    """Every sheet of a workbook with its first rows."""
    heads: list[SheetHead] = []
    with closing(_answers(file, name, [str(head)])) as answers:
        for answer in answers:
            if isinstance(answer, list):
                heads[-1].rows.append((answer[0], answer[1]))
            else:
                merged = tuple((a, b, c, d) for a, b, c, d in answer["merged"])
                heads.append(SheetHead(answer["sheet"], answer["hidden"], merged, [], answer["height"]))
    return heads


def rows(file: Path, name: str, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
    """(number, cells) of one sheet."""
    with closing(_answers(file, name, ["0", sheet])) as answers:
        for answer in answers:
            if isinstance(answer, list):
                yield answer[0], answer[1]


def _answers(file: Path, name: str, arguments: list[str]) -> Generator[Any, None, None]:
    """What the child prints about sheets and rows. It does not outlive its reader, nor the deadline."""
    command = [sys.executable, "-m", "recording.spreadsheets.child", str(file), *arguments]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    clock = Timer(DEADLINE, child.kill)
    clock.start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            answer = json.loads(line)
            if isinstance(answer, dict) and "refused" in answer:
                raise Refused(SENTENCES[answer["refused"]], "file", file=name)
            if isinstance(answer, dict) and "suspicious" in answer:
                if any(contains_nik(text) for text in answer["suspicious"]):
                    raise Refused(NIK, "file")
            elif isinstance(answer, dict) and "end" in answer:
                return
            else:
                yield answer
        raise Refused(DEAD, "file", file=name)  # it died without a word
    except json.JSONDecodeError as problem:
        raise Refused(DEAD, "file", file=name) from problem
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
