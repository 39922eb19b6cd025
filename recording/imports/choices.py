"""What a person decided about a file. Everything that is absent is found out from the file itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from dukcapil.errors import N_, Refused
from dukcapil.words import check_words
from recording.imports.questions import LEAVE_OUT, SPELLING, TOGETHER
from recording.ledger.checks import check_source
from recording.models import TargetKind, check_document
from recording.parsing.days import parse_day
from recording.parsing.free_text import free_text

MAX_TEXT_LENGTH = 200
MAX_ANSWERS_TOGETHER = 300  # more sheets than an office has in one workbook


@dataclass(frozen=True)
class Use:
    """What a column of numbers is: people of this document ("" when a column names it), by day or as running total
    (None leaves that to the portal's question)."""

    document: str = ""
    running: bool | None = None


@dataclass(frozen=True)
class Choices:
    """`sheets`: the names of those that are read, all that there are where none is chosen or asked about. `columns` maps
    normalised labels; None leaves the choice to the portal. `running_since`: what a running total
    adds up, "start" (everything ever) or "period" (it begins again with each period). `answers`: to the questions of a
    preview, by their kind."""

    sheets: tuple[str, ...] = ()
    source: str = ""
    running: bool | None = None
    running_since: str = "start"
    document: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)
    remember_spellings: bool = False
    period: str = ""
    decree: str = ""
    kind: str = ""
    day: date | None = None
    effective_from: date | None = None
    columns: Mapping[str, Use] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Choices":
        """From JSON or a form; Refused with the field that is wrong."""
        for name, value in data.items():
            _check_texts(value, str(name))
        columns = data.get("columns")
        uses = None if columns is None else {str(key)[:MAX_TEXT_LENGTH]: _use(use) for key, use in columns.items()}
        source, document, kind = (str(data.get(name) or "").strip() for name in ("source", "document", "kind"))
        if source:
            check_source(source)
        if document:
            check_document(document)
        if kind and kind not in TargetKind.values:
            raise Refused(N_("Jenis target %(kind)s tidak dikenal; pilih task atau stock."), "kind", kind=kind)
        since = str(data.get("running_since") or "start")
        answers = _answers(data.get("answers"))
        return cls(
            sheets=_sheets(data.get("sheets") or data.get("sheet")),
            columns=uses,
            day=_day(data.get("day"), "day"),
            source=source,
            running=data.get("running"),
            running_since=since if since in ("start", "period") else "start",
            document=document,
            spellings=_spellings(data, answers),
            remember_spellings=bool(data.get("remember_spellings")),
            period=str(data.get("period") or "").strip()[:40],
            decree=free_text(str(data.get("decree") or ""), "decree", longest=MAX_TEXT_LENGTH),
            effective_from=_day(data.get("effective_from"), "effective_from"),
            kind=kind,
            answers=answers,
        )

    def stored(self) -> dict[str, Any]:
        """As JSON; `read` gives the same choices back."""
        data = dict(vars(self))
        for name in ("day", "effective_from"):
            data[name] = data[name].isoformat() if data[name] else None
        if self.columns is not None:
            data["columns"] = {key: vars(use) for key, use in self.columns.items()}
        given = {key: value for key, value in data.items() if value is not None and value not in ("", {}, ())}
        return given if self.columns != {} else given | {"columns": {}}  # no column at all is a choice as well


@dataclass(frozen=True)
class Decision:
    """What was confirmed of a preview. `accepted` are the kinds of questions whose shown answer was (None: all of them);
    `seen` stands for all that was shown, "" for a command that shows nothing first."""

    good_rows_only: bool = False
    accepted: frozenset[str] | None = frozenset()
    reason: str = ""
    seen: str = ""

    def accepts(self, kind: str) -> bool:
        """Whether the answer that this kind of question was shown with was confirmed."""
        return self.accepted is None or kind in self.accepted


def _answers(data: Any) -> dict[str, str]:
    if not isinstance(data or {}, Mapping):
        raise Refused(N_("Jawaban tidak sah. Muat ulang halamannya."), "answers")
    texts = {str(kind): str(value) for kind, value in (data or {}).items() if value}
    parts = {kind: text.split(TOGETHER) for kind, text in texts.items()}
    too_many = any(len(each) > MAX_ANSWERS_TOGETHER for each in parts.values())
    if too_many or any(len(text) > MAX_TEXT_LENGTH for text in chain(texts, *parts.values())):
        raise Refused(N_("Jawaban tidak sah. Muat ulang halamannya."), "answers")
    for kind, text in texts.items():
        if kind.partition(":")[0] == "day":  # of the file, or of one of its sheets
            parse_day(text, "answers")
    return texts


def _check_texts(value: Any, field: str) -> None:
    """Refuse what no text may hold, also in the keys of JSON: labels, sheets and spellings are stored as they came."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            check_words(str(key), field)
            _check_texts(item, field)
    elif isinstance(value, str):
        for text in value.split(TOGETHER):
            check_words(text, field)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_texts(item, field)


def _spellings(data: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, str]:
    """The codes of new spellings, chosen as such or by the answer to their question."""
    chosen = {str(key): str(code) for key, code in dict(data.get("spellings") or {}).items() if code}
    answered = {kind.removeprefix(SPELLING): code for kind, code in answers.items() if kind.startswith(SPELLING)}
    return {key: code for key, code in (chosen | answered).items() if code != LEAVE_OUT}


def _sheets(data: Any) -> tuple[str, ...]:
    """Names of sheets: one, or several."""
    names = [data] if isinstance(data, str) else data or ()
    return tuple(str(name) for name in names if name)


def _use(data: Any) -> Use:
    if isinstance(data, Use):
        return data
    document = str(data.get("document") or "")
    if document:
        check_document(document, field="columns")
    running = data.get("running")
    return Use(document, None if running is None else bool(running))


def _day(text: Any, field: str) -> date | None:
    if not text or isinstance(text, date):
        return text or None
    return parse_day(str(text), field)
