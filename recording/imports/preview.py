"""What an import would do, or did: put together once from what the plan, the rows and the comparison say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from recording.imports.findings import ERROR, WARNING, Findings, Problem
from recording.imports.plan import Plan
from recording.imports.reading.totals import TableTotals
from recording.ledger.stage import Tally


@dataclass(frozen=True)
class Reading:
    """What the rows of the table say. `spans` are the ISO days or the names of the periods of its rows, sorted."""

    last_row: int = 0
    spans: Sequence[str] = ()
    totals: TableTotals = field(default_factory=TableTotals)


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


@dataclass(frozen=True)
class City:
    """People of the file's keys of one document in one city: as stored now, and as they will be."""

    code: str
    name: str
    document: str
    before: int
    after: int


@dataclass(frozen=True)
class Fold:
    """All changes of one document in one city: how many, and their people as stored now and as they will be."""

    code: str
    name: str
    document: str
    count: int
    old: int
    new: int


@dataclass(frozen=True)
class Comparison:
    """The file against what is stored. `changes`: the first of those that `folds` count."""

    tally: Tally = field(default_factory=Tally)
    cities: Sequence[City] = ()
    changes: Sequence[Change] = ()
    folds: Sequence[Fold] = ()


def folded(changes: Iterable[tuple[str, str, int, int, int]], names: Mapping[str, str]) -> list[Fold]:
    """(city, document, how many, people before and after) as one line for each city and document."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for city, document, *numbers in changes:
        sums[city, document] = [former + number for former, number in zip(sums[city, document], numbers, strict=True)]
    return [Fold(city, names.get(city, ""), document, *sums[city, document]) for city, document in sorted(sums)]


@dataclass(frozen=True)
class Preview:
    """Everything about one file. `rejected_rows_kept`: whether a file of its rejected rows was written. `targets`: those
    that come in together with counts."""

    file: str
    findings: Findings
    plan: Plan
    reading: Reading = field(default_factory=Reading)
    comparison: Comparison = field(default_factory=Comparison)
    rejected_rows_kept: bool = False
    targets: "Preview | None" = None

    def rows(self) -> dict[str, int]:
        """The contract's five numbers."""
        tally = self.comparison.tally
        return {
            "new": tally.new,
            "changed": tally.changed,
            "unchanged": tally.unchanged,
            "rejected": self.findings.rejected,
            "unmapped": len(self.reading.totals.unmapped),
        }

    def all_problems(self) -> Iterator[Problem]:
        """In the file's order; what concerns the whole file comes first."""
        findings, sheet, header = self.findings, self.plan.sheet, self.plan.layout.header_row or 1
        if findings.blocked and all(problem.reason != findings.blocked for problem in findings.problems):
            yield Problem(header, "", findings.blocked, ERROR, sheet)
        for question in findings.questions.values():
            yield Problem(header, "", question.sentence, WARNING, sheet)
        yield from sorted(findings.problems, key=lambda problem: problem.row)
