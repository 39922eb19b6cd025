"""The table of a split: a number for each region, what it does to its figure, and the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from recording.coverage.figures import Figure
from recording.coverage.target_effects import Basis, Effect, effects, figures_in
from recording.coverage.views.target_place import TargetPlace
from recording.parsing.region_names import parent_of
from recording.targets.forms import NUMBER
from recording.targets.split_plan import SplitPlan
from recording.targets.tree import TargetTree


@dataclass(frozen=True)
class Row:
    """One region of the split: what stands in its field, what is wrong with it, and its figure before and after."""

    effect: Effect
    text: str
    wrong: str

    @property
    def code(self) -> str:
        return self.effect.figure.code

    @property
    def name(self) -> str:
        """Of the field."""
        return f"{NUMBER}{self.code}"


@dataclass(frozen=True)
class Group:
    """The rows of one region just above them; `parent` None where all stand together."""

    parent: Figure | None
    rows: list[Row]

    @property
    def before(self) -> int:
        return sum(row.effect.before.coverage.target or 0 for row in self.rows)

    @property
    def sum(self) -> int:
        return sum(row.effect.after.coverage.target or 0 for row in self.rows)

    @property
    def wrong(self) -> bool:
        return any(row.wrong for row in self.rows)


@dataclass(frozen=True)
class SplitTable:
    """All rows, by group; the sum of the numbers against the total; and what becomes of the regions around them: `line` is
    the split region and those above it, the nearest first; `closed` lose their target; `unlike` have targets below them
    whose sum is another number than the new one."""

    total: int
    groups: list[Group]
    line: list[Effect]
    basis: Basis
    closed: list[Figure]
    unlike: list[Figure]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def sum(self) -> int:
        return sum(group.sum for group in self.groups)

    @property
    def difference(self) -> int:
        return self.sum - self.total

    @property
    def missing(self) -> int:
        return max(0, -self.difference)

    @property
    def surplus(self) -> int:
        return max(0, self.difference)

    @property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if row.wrong]

    @property
    def complete(self) -> bool:
        """Whether it may be saved: every number is one, and together they are the total."""
        return not self.difference and not self.wrong


@dataclass(frozen=True)
class Numbers:
    """What was typed or proposed, by region code: the numbers, the texts that were typed, and what is wrong."""

    people: Mapping[str, int]
    texts: Mapping[str, str]
    wrong: Mapping[str, str]

    def problem(self, code: str) -> str:
        """What is wrong with a region's number; one that is missing was not open on the day that was shown before."""
        return "" if code in self.people else self.wrong.get(code) or _("Isi jumlahnya; tulis 0 bila tidak ada.")


def _shown(people: int | None) -> str:
    """What stands in a field; nothing where the number is missing."""
    return "" if people is None else figures.people(people)


def split_table(
    by: Actor,
    place: TargetPlace,
    plan: SplitPlan,
    total: int,
    numbers: Numbers,
    *,
    before: TargetTree,
    after: TargetTree,
    basis: Basis,
    grouped: bool,
) -> SplitTable:
    """The table of a plan with its numbers, of which `after` would be the targets."""
    parents = sorted({parent_of(code) or "" for code in plan.parts})
    known = figures_in(by, [*plan.parts, *plan.closed, *parents], place.run, place.choices.document, place.period)
    of_parts = effects(before, after, basis, [known[code] for code in plan.parts])
    rows = [
        Row(
            effect,
            numbers.texts.get(effect.figure.code, _shown(numbers.people.get(effect.figure.code))),
            numbers.problem(effect.figure.code),
        )
        for effect in of_parts
    ]
    if grouped:
        by_parent = groupby(rows, key=lambda row: parent_of(row.code) or "")
        groups = [Group(known[parent], list(of_parent)) for parent, of_parent in by_parent]
    else:
        groups = [Group(None, rows)]
    *above, region = effects(before, after, basis, place.line)
    closed = [known[code] for code in plan.closed]
    return SplitTable(total, groups, [region, *above[::-1]], basis, closed, _unlike(after, basis, of_parts))


def _unlike(after: TargetTree, basis: Basis, of_parts: Sequence[Effect]) -> list[Figure]:
    """The regions below which the targets sum to something else than the number that is now their own."""
    sums: dict[str, int] = {}
    for code, amount in after.on(basis.day).items():
        above = parent_of(code) or ""
        sums[above] = sums.get(above, 0) + amount.people
    return [
        effect.figure
        for effect in of_parts
        if effect.figure.code in sums and sums[effect.figure.code] != effect.after.coverage.target
    ]
