"""What a change of targets does to the figures: before and after, with the same people recorded, by the arithmetic of the
runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.rights import Actor
from recording.coverage.arithmetic import Coverage
from recording.coverage.figures import Figure, figures_of, with_figures
from recording.coverage.pace import pace
from recording.models import CoverageRun, Period, Region, TargetKind
from recording.targets.roll_up import Amount
from recording.targets.tree import TargetTree


@dataclass(frozen=True)
class Standing:
    """A region's recorded people against a target: of the period, or of the stock with its opening figure."""

    coverage: Coverage
    required: int | None  # people per working day that reach it on the period's last day


@dataclass(frozen=True)
class Effect:
    """One region before and after a change. `own`: a target of its own is in force after it, so that nothing of those below
    reaches it."""

    figure: Figure
    before: Standing
    after: Standing
    own: bool

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def difference(self) -> int:
        return (self.after.coverage.target or 0) - (self.before.coverage.target or 0)


@dataclass(frozen=True)
class Basis:
    """On what a change is worked out: the people recorded up to `as_of`, as a run says (None: none was made), and the day
    whose targets are compared: that of the run, or the first day of the change where it lies ahead."""

    period: Period
    run: CoverageRun | None
    as_of: date
    day: date

    @classmethod
    def of(cls, period: Period, run: CoverageRun | None, today: date, effective_from: date) -> "Basis":
        as_of = run.as_of if run else today
        return cls(period, run, as_of, max(as_of, effective_from))


def effects(
    before: TargetTree, after: TargetTree, basis: Basis, figures: Iterable[Figure], kind: str = TargetKind.TASK
) -> list[Effect]:
    """Of each of the figures what the targets make of it on the day, before and after."""
    old, new, own = before.on(basis.day), after.on(basis.day), after.own_on(basis.day)
    return [
        Effect(
            figure,
            _standing(figure, old.get(figure.code), basis, kind),
            _standing(figure, new.get(figure.code), basis, kind),
            figure.code in own,
        )
        for figure in figures
    ]


def _standing(figure: Figure, amount: Amount | None, basis: Basis, kind: str) -> Standing:
    opening = amount.opening if amount and kind == TargetKind.STOCK else 0
    coverage = Coverage(figure.recorded + opening, amount.people if amount else None)
    pace_so_far = pace(
        {},
        total=figure.recorded,
        remaining=coverage.remaining,
        first_day=basis.period.first_day,
        last_day=basis.period.last_day,
        as_of=basis.as_of,
    )
    return Standing(coverage, pace_so_far.required)


def figures_in(by: Actor, codes: Iterable[str], run: CoverageRun | None, document: str, period: Period) -> Mapping[str, Figure]:
    """The figures of these regions in a run, by code; their names alone before any run."""
    regions = Region.objects.visible_to(by).filter(code__in=list(codes)).order_by("code")
    if run is None:
        return {row.code: Figure(row.code, row.name, row.level, opened=row.opened, closed=row.closed) for row in regions}
    return {figure.code: figure for figure in figures_of(with_figures(regions, run, document, period).order_by("code"))}
