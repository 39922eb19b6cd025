"""What is said about a file: problems of its cells and rows, questions to the reader, and what stops all of it."""

from dataclasses import dataclass, field

from dukcapil.errors import Refused

MAX_LISTED_PROBLEMS = 100_000  # the commands list them one by one; the file of rejected rows holds every row
MAX_GROUP_ROWS = 10
ERROR, WARNING, NOTE = "error", "warning", "note"
FALLING_TOTAL = "fall"  # the kind of question that also asks for a reason


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
class Question:
    """Something that the reader must confirm; `kind` is what a tick names."""

    kind: str
    sentence: str
    count: int = 1


@dataclass
class Findings:
    """Collected while a file is read. `blocked` says why nothing of it can be imported, whatever is ticked."""

    problems: list[Problem] = field(default_factory=list)
    groups: dict[tuple[str, str, str], Group] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    blocked: str = ""

    @property
    def rejected(self) -> int:
        """How many rows are kept out: each of them is named by one error."""
        return sum(group.count for group in self.groups.values() if group.tier == ERROR)

    @property
    def needs_reason(self) -> bool:
        """Whether the writer must say why: a total that fell corrects what is stored."""
        return FALLING_TOTAL in self.questions

    def add(self, row: int, column: str, reason: Refused, tier: str = ERROR, sheet: str = "") -> None:
        """Name one problem; alike ones are counted together."""
        sentence = str(reason)
        if len(self.problems) < MAX_LISTED_PROBLEMS:
            self.problems.append(Problem(row, column, sentence, tier, sheet))
        # A note is told once for all columns; what stops a row is told column by column.
        key = (tier, "" if tier == NOTE else column, reason.template)
        group = self.groups.setdefault(key, Group(tier, sentence))
        group.count += 1
        if column and column not in group.columns:
            group.columns.append(column)
        if len(group.rows) < MAX_GROUP_ROWS and row not in group.rows:
            group.rows.append(row)

    def ask(self, kind: str, template: str, **params: object) -> None:
        """Ask once for each kind, counting how often; the first sentence stands for all."""
        earlier = self.questions.get(kind)
        sentence = earlier.sentence if earlier else str(Refused(template, "", **params))
        self.questions[kind] = Question(kind, sentence, earlier.count + 1 if earlier else 1)

    def stop(self, reason: Refused) -> None:
        """Block the whole file; of several reasons the first one is said."""
        self.blocked = self.blocked or str(reason)
