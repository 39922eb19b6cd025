"""The targets of a whole province at once: what a change does to a region and to those above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recording.models import ONE_DAY, Period, Target
from recording.parsing.region_names import line_of
from recording.targets.roll_up import Amount, rolled_up
from recording.targets.services import TargetInput, newest_version
from recording.targets.versions import in_force_on


@dataclass(frozen=True)
class Span:
    """The days on which one version of a target is in force; `last` None: to the end of the period. `planned`: it is not
    stored yet."""

    first: date
    last: date | None
    row: Target
    planned: bool


@dataclass(frozen=True)
class TargetTree:
    """Every version of the targets of one document, period and kind in a province, and those that are only planned.
    `newest`: see `newest_version`; read first, so that what is written while the rest is read is never unseen."""

    period: Period
    newest: int
    versions: Mapping[str, Sequence[Target]]

    def with_planned(self, targets: Sequence[TargetInput]) -> "TargetTree":
        """The tree as it would be with these targets stored: each is the next version of its own."""
        versions = dict(self.versions)
        for target in targets:
            known = versions.get(target.region, ())
            row = Target(
                region_id=target.region,
                document=target.document,
                period=self.period,
                kind=target.kind,
                version=max((version.version for version in known), default=0) + 1,
                people=target.people,
                opening=target.opening,
                source=target.source,
                effective_from=target.effective_from,
            )
            versions[target.region] = [*known, row]
        return replace(self, versions=versions)

    def own_on(self, day: date) -> dict[str, Target]:
        """The regions with a target of their own that is in force on a day, and not withdrawn."""
        in_force = {code: in_force_on(rows, day) for code, rows in self.versions.items()}
        return {code: row for code, row in in_force.items() if row and row.people is not None}

    def on(self, day: date) -> dict[str, Amount]:
        """The target of every region on a day, as a run of that day reads it."""
        return rolled_up({code: Amount(row.people or 0, row.opening) for code, row in self.own_on(day).items()})

    def course(self, code: str) -> list[Span]:
        """Which version of a region's own target is in force when, oldest first."""
        rows = self.versions.get(code, ())
        days = sorted({row.effective_from for row in rows})
        ends = [day - ONE_DAY for day in days[1:]] + [None]
        spans = [(first, last, in_force_on(rows, first)) for first, last in zip(days, ends, strict=True)]
        return [Span(first, last, row, row.pk is None) for first, last, row in spans if row]


def target_tree(code: str, document: str, period: Period, kind: str) -> TargetTree:
    """Of the province in which a region lies."""
    newest = newest_version(document, period.name)
    rows = Target.objects.below(line_of(code)[0]).filter(document=document, period=period, kind=kind)
    versions: dict[str, list[Target]] = {}
    for row in rows:
        versions.setdefault(row.region_id, []).append(row)
    return TargetTree(period, newest, versions)
