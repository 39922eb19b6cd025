"""What an import found and would do, or did: the preview of the page and the answer of the commands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dukcapil.errors import Refused
from recording.ledger.stage import Tally

# A preview page and a JSON column stay readable; the commands list more, and the rest file holds every rejected row.
SHOWN, KEPT = 300, 100_000
ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Problem:
    """One thing about one cell. `row` is the number that the office program shows; `tier` says what it stops.

    An error keeps its row out, a warning must be ticked, a note only tells.
    """

    row: int
    column: str
    reason: str
    tier: str = ERROR
    sheet: str = ""


@dataclass
class Group:
    """Problems of one kind: the first reason in full, how many, and the first rows."""

    tier: str
    reason: str
    count: int = 0
    rows: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ask:
    """Something that the reader must confirm; `kind` is what a tick names."""

    kind: str
    sentence: str
    count: int = 1


@dataclass(frozen=True)
class Total:
    """A row of totals in the file against the sum of the rows that were read."""

    row: int
    label: str
    column: str
    file: int
    rows: int

    @property
    def agrees(self) -> bool:
        return self.file == self.rows


@dataclass(frozen=True)
class Change:
    """A stored count or target that differs from the file's."""

    region: str
    name: str
    document: str
    day: str
    source: str
    old: int | None
    new: int | None


@dataclass
class Report:
    """Filled while a file is read. `blocked` says why nothing of it can be imported, whatever is ticked."""

    file: str
    sheet: str = ""
    sheets: list[dict[str, Any]] = field(default_factory=list)
    header_row: int = 0
    titles: list[str] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    day: str = ""
    day_from: list[dict[str, str]] = field(default_factory=list)
    period: str = ""
    source: str = ""
    decree: str = ""
    effective_from: str = ""
    target_kind: str = ""
    remembered: str = ""
    tally: Tally = field(default_factory=Tally)
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    groups: dict[tuple[str, str, str], Group] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    spans: set[str] = field(default_factory=set)
    per_city: dict[str, int] = field(default_factory=dict)
    cities: list[dict[str, Any]] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    unmapped: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    spellings: dict[str, dict[str, Any]] = field(default_factory=dict)
    needs_reason: bool = False
    blocked: str = ""
    rest: bool = False
    last_row: int = 0

    @property
    def failed(self) -> bool:
        """Whether something is wrong that keeps a row, or all of it, out."""
        return bool(self.blocked) or self.rejected > 0

    @property
    def people(self) -> int:
        """People in the file, of all rows that were read."""
        return sum(self.per_city.values())

    def add(self, row: int, column: str, reason: Refused, tier: str = ERROR, sheet: str = "") -> None:
        """Name one problem; alike ones are counted together."""
        sentence = str(reason)
        if len(self.problems) < KEPT:
            self.problems.append(Problem(row, column, sentence, tier, sheet))
        # What is only told is told once for all columns; what stops a row is told column by column.
        key = (tier, "" if tier == NOTE else column, reason.template)
        group = self.groups.setdefault(key, Group(tier, sentence))
        group.count += 1
        if column and column not in group.columns:
            group.columns.append(column)
        if len(group.rows) < 10 and row not in group.rows:
            group.rows.append(row)

    def ask(self, kind: str, template: str, **params: object) -> None:
        """Ask once for each kind, counting how often; the first sentence stands for all."""
        before = self.asks.get(kind)
        sentence = before.sentence if before else str(Refused(template, "", **params))
        self.asks[kind] = Ask(kind, sentence, before.count + 1 if before else 1)

    def stop(self, reason: Refused) -> None:
        """The first thing that stops the whole file is the one that is said."""
        self.blocked = self.blocked or str(reason)

    def file_total(self) -> int | None:
        """The file's own total of the columns that are imported, when it has one for each of them."""
        used = [column for column in self.columns if column["use"]]
        totals = [column["total"] for column in used]
        return sum(totals) if used and None not in totals else None

    def rows(self) -> dict[str, int]:
        """The contract's five numbers."""
        return {
            "new": self.tally.new,
            "changed": self.tally.changed,
            "unchanged": self.tally.unchanged,
            "rejected": self.rejected,
            "unmapped": len(self.unmapped),
        }

    def all_problems(self) -> Iterator[Problem]:
        """In the file's order; what concerns the whole file comes first."""
        if self.blocked and all(problem.reason != self.blocked for problem in self.problems):
            yield Problem(self.header_row or 1, "", self.blocked, ERROR, self.sheet)
        for ask in self.asks.values():
            yield Problem(self.header_row or 1, "", ask.sentence, WARNING, self.sheet)
        yield from sorted(self.problems, key=lambda problem: problem.row)

    def summary(self, seen: str) -> dict[str, Any]:
        """The preview as stored; `seen` stands for everything that was shown, so that a confirmation names it."""
        shown = [vars(problem) for problem in sorted(self.problems, key=lambda each: each.row)[:SHOWN]]
        shown_as: dict[str, Any] = _storable(
            {
                "sheets": self.sheets,
                "sheet": self.sheet,
                "header_row": self.header_row,
                "titles": self.titles[:10],
                "columns": self.columns,
                "day": self.day or None,
                "day_from": self.day_from,
                "period": self.period,
                "source": self.source,
                "decree": self.decree,
                "effective_from": self.effective_from,
                "kind": self.target_kind,
                "remembered": self.remembered,
                "rows": self.rows(),
                "people": self.people,
                "file_total": self.file_total(),
                "per_city": self.per_city,
                "cities": self.cities,
                "totals": [vars(each) | {"agrees": each.agrees} for each in self.totals[:SHOWN]],
                "unmapped": self.unmapped[:SHOWN],
                "problems": shown,
                "groups": self._groups(),
                "changes": [vars(each) for each in self.changes[:SHOWN]],
                "asks": [vars(each) for each in self.asks.values()],
                "spellings": list(self.spellings.values())[:50],
                "needs_reason": self.needs_reason,
                "blocked": self.blocked,
                "rest": self.rest,
                "spans": sorted(self.spans)[:400],
                "seen": seen,
            }
        )
        return shown_as

    def _groups(self) -> list[dict[str, Any]]:
        """Errors first, the most frequent first."""
        order = {ERROR: 0, WARNING: 1, NOTE: 2}
        groups = sorted(self.groups.values(), key=lambda group: (order[group.tier], -group.count))
        return [
            {
                "tier": group.tier,
                "reason": group.reason,
                "count": group.count,
                "columns": group.columns[:60],
                "rows": ", ".join(map(str, group.rows)) + (" …" if len(group.rows) == 10 else ""),
            }
            for group in groups[:SHOWN]
        ]


def _storable(value: Any) -> Any:
    """PostgreSQL's JSON takes no NUL; an old workbook may hold one in a label."""
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, Mapping):
        return {_storable(key): _storable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value
