"""Questions about a file: what was found, by which answer it was read, and the answers that may be given. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dukcapil.errors import N_, Refused

YES, NO = "yes", "no"
TOGETHER = "\\"  # between answers that are given together: the name of no sheet holds it
SPELLING, LEAVE_OUT = "spelling:", "-"  # before the key of a spelling; the answer that no region is meant


@dataclass(frozen=True)
class Answer:
    """One answer: `value` is what a form, `--answer` and JSON send. One that `stops` imports nothing of the file."""

    value: str
    label: str
    stops: bool = False


@dataclass(frozen=True)
class Example:
    """A row of the file that shows what is asked: (label of the column, text) of its cells."""

    row: int
    cells: Sequence[tuple[str, str]]
    sheet: str = ""


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide. `kind` names it in forms, options and JSON.

    `answer`: the one that the file was read by, "" where it cannot be read without one. `is_open`: nobody has given it
    yet, so the portal's own proposal stands there. `entry`: what may be typed instead of a choice, "date" or "".
    `needed`: whether nothing is imported while it is open. `takes_several`: answers may be given together.
    """

    kind: str
    sentence: str
    answers: Sequence[Answer]
    answer: str = ""
    is_open: bool = True
    evidence: Sequence[str] = ()
    example: Example | None = None
    sheet: str = ""
    entry: str = ""
    needed: bool = True
    count: int = 1
    takes_several: bool = False

    @property
    def blocks(self) -> bool:
        """Whether nothing can be imported by its present answer, confirmed or not."""
        return self.needed and (not self.answer or any(each.stops for each in self.answers if each.value == self.answer))


def answer(value: str, template: str, *, stops: bool = False, **params: object) -> Answer:
    """An answer whose label is this sentence, with its placeholders filled in."""
    return Answer(value, str(Refused(template, "", **params)), stops)


def yes_or_no() -> list[Answer]:
    """The answers where the portal can only go on as it read the file, or not at all."""
    return [answer(YES, N_("Ya, benar begitu")), answer(NO, N_("Tidak; berkasnya saya perbaiki dulu"), stops=True)]


def question_as_json(question: Question) -> dict[str, Any]:
    """What the page, the commands and the API show of a question."""
    example = question.example
    return {
        "code": question.kind,
        "sheet": question.sheet,
        "asked": question.sentence,
        "evidence": list(question.evidence),
        "example": example and {"row": example.row, "sheet": example.sheet, "cells": [list(cell) for cell in example.cells]},
        "count": question.count,
        "answer": question.answer,
        "open": question.is_open,
        "needed": question.needed,
        "blocks": question.blocks,
        "entry": question.entry,
        "takes_several": question.takes_several,
        "answers": [
            {
                "value": each.value,
                "label": each.label,
                "stops": each.stops,
                "option": f"--answer {shlex.quote(f'{question.kind}={each.value}')}",
            }
            for each in question.answers
        ],
    }
