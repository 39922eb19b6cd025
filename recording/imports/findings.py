"""What is said about a file: problems of its cells and rows, questions to the reader, and what stops all of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dukcapil.errors import Refused
from recording.imports.questions import TOGETHER, Answer, Example, Question, yes_or_no

MAX_LISTED_PROBLEMS = 100_000  # the commands list them one by one; the file of rejected rows holds every row
MAX_GROUP_ROWS, MAX_GROUP_SENTENCES = 10, 60
SHEETS_APART = " / "
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
    """Problems of one kind: the first reason in full, every other sentence of its kind, how many, and the first rows."""

    tier: str
    reason: str
    count: int = 0
    rows: list[int | str] = field(default_factory=list)  # with their sheet, where several are read
    columns: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass
class Findings:
    """Collected while a file is read. `blocked` says why nothing of it can be imported, whatever is answered.

    `answers`: what a person has answered so far, by the kind of the question. `names_sheets`: several sheets are read.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    groups: dict[tuple[str, str, str], Group] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    blocked: str = ""
    names_sheets: bool = False

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
        # What stops a row is told column by column; everything else once for all columns, or regions.
        key = (tier, column if tier == ERROR else "", reason.template)
        group = self.groups.setdefault(key, Group(tier, sentence))
        group.count += 1
        if len(group.sentences) < MAX_GROUP_SENTENCES and sentence not in group.sentences:
            group.sentences.append(sentence)
        if column and column not in group.columns:
            group.columns.append(column)
        place = f"{sheet} {row}" if self.names_sheets and sheet else row
        if len(group.rows) < MAX_GROUP_ROWS and place not in group.rows:
            group.rows.append(place)

    def kind_in(self, kind: str, sheet: str) -> str:
        """The kind of a question that each sheet answers for itself."""
        return f"{kind}:{sheet}" if self.names_sheets else kind

    def kind_of(self, kind: str, answers: Sequence[Answer], sheet: str) -> str:
        """The kind of a question whose answers a sheet brings itself: of its own where an earlier sheet brought others,
        for what was answered there says nothing here."""
        earlier = self.questions.get(kind)
        is_same = earlier is None or {each.value for each in earlier.answers} == {each.value for each in answers}
        return kind if is_same else self.kind_in(kind, sheet)

    def ask(
        self,
        kind: str,
        asked: Refused,
        answers: Sequence[Answer] | None = None,
        *,
        proposed: str | None = None,
        evidence: Sequence[str] = (),
        example: Example | None = None,
        sheet: str = "",
        entry: str = "",
        needed: bool = True,
        count: int = 1,
        takes_several: bool = False,
    ) -> str:
        """Ask something of a person, and give the answer to go on with: the given one, else what is `proposed`.

        Without `answers` yes or no. `proposed`: the first of them unless it is given, "" for none. Asked again the kind
        is counted, and the first sentence stands for all.
        """
        answers = yes_or_no() if answers is None else answers
        if earlier := self.questions.get(kind):
            sheets = earlier.sheet if sheet in earlier.sheet.split(SHEETS_APART) else f"{earlier.sheet}{SHEETS_APART}{sheet}"
            self.questions[kind] = replace(earlier, count=earlier.count + count, sheet=sheets)
            return earlier.answer
        given = self.answers.get(kind, "")
        parts = set(given.split(TOGETHER)) if takes_several else {given}
        is_given = bool(entry and given) or parts <= {each.value for each in answers}
        reading = given if is_given else answers[0].value if proposed is None else proposed
        self.questions[kind] = Question(
            kind,
            str(asked),
            answers,
            reading,
            is_open=not is_given,
            evidence=evidence,
            example=example,
            sheet=sheet,
            entry=entry,
            needed=needed,
            count=count,
            takes_several=takes_several,
        )
        return reading

    def open_question(self, accepts: Callable[[str], bool]) -> Question | None:
        """The first question that keeps the file out: open and not accepted, or without an answer to go on with."""
        return next(
            (
                question
                for question in self.questions.values()
                if question.blocks or (question.needed and question.is_open and not accepts(question.kind))
            ),
            None,
        )

    def stop(self, reason: Refused) -> None:
        """Block the whole file; of several reasons the first one is said."""
        self.blocked = self.blocked or str(reason)
