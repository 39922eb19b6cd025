"""The data for everybody: the last official figures, and the targets that they were held against; no kelurahan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import F, OuterRef

from accounts.rights import Actor
from recording.coverage.answers import coverage_row
from recording.coverage.figures import period_for, run_figures
from recording.models import (
    AuditEntry,
    CoverageFigure,
    CoverageRun,
    Document,
    Level,
    Period,
    Region,
    Target,
    TargetKind,
    name_on,
)
from recording.publishing.public import LEVELS, require_public
from recording.targets.selectors import versions_on

Row = dict[str, object]
Key = tuple[str, str, int, str]


@dataclass(frozen=True)
class Extent:
    """What the data are about: the provinces by their names, the first day of the run's period, and the last change."""

    provinces: list[str]
    since: date | None
    changed: datetime | None


def open_rows(by: Actor, name: str, run: CoverageRun | None) -> list[Row]:
    """The rows of a dataset (`datasets.py`) as `by` may read them; none before the first official run."""
    require_public(by)
    if run is None:
        return []
    of_run = {"run": run.number, "as_of": run.as_of.isoformat()}
    return [row | of_run for row in (_coverage(run) if name == "cakupan" else _targets(run))]


def extent(by: Actor, run: CoverageRun | None) -> Extent:
    """What the data of a run are about; without a run only the provinces are known."""
    require_public(by)
    regions = Region.objects.filter(level=Level.PROVINCE).order_by("code")
    if run is None:
        return Extent([region.name for region in regions], None, None)
    provinces = [region.name_then for region in regions.named_on(run.as_of)]
    period = period_for(list(Period.objects.all()), None, run.as_of)
    since = min(period.first_day, run.as_of) if period else None
    return Extent(provinces, since, run.changed_at)


def _coverage(run: CoverageRun) -> Iterator[Row]:
    period = period_for(list(Period.objects.all()), None, run.as_of)
    if period is None:
        return
    for document in Document.values:
        figures = run_figures(run, document, period, [level.value for level in LEVELS])
        yield from (coverage_row(figure, document, period.name) | {"status": run.shown_status.value} for figure in figures)


def _targets(run: CoverageRun) -> Iterator[Row]:
    """The targets as the run froze them. One of the region's own says its source, day and version; one that is the sum
    of the children's has none of these."""
    own = _own_targets(run)
    figures = CoverageFigure.objects.filter(run=run, region__level__in=LEVELS).select_related("region", "period")
    figures = figures.annotate(name_then=name_on(run.as_of, OuterRef("region_id"), F("region__name")))
    for figure in figures.order_by("region_id", "document", "period__first_day"):
        for kind, people in ((TargetKind.TASK, figure.target), (TargetKind.STOCK, figure.eligible)):
            if people is None:
                continue
            row = own.get((figure.region_id, figure.document, figure.period_id, kind))
            row = row if row and row.people == people else None
            yield {
                "region": figure.region_id,
                "name": figure.name_then,
                "level": figure.region.level,
                "document": figure.document,
                "period": figure.period.name,
                "kind": kind.value,
                "people": people,
                "source": row.source if row else None,
                "effective_from": row.effective_from.isoformat() if row else None,
                "version": row.version if row else None,
            }


def _own_targets(run: CoverageRun) -> dict[Key, Target]:
    """The versions that were in force on the run's day, among those that were known when it was computed."""
    # Writes and runs wait for each other, so the trail's position says what came later; their clocks do not.
    later = AuditEntry.objects.filter(action="target.set", pk__gt=run.audit_position).values("at")
    rows = Target.objects.filter(region__level__in=LEVELS).exclude(at__in=later)
    rows = rows.order_by("region_id", "document", "period_id")
    own: dict[Key, Target] = {}
    for key, versions in groupby(rows, key=lambda row: (row.region_id, row.document, row.period_id)):
        in_force = [version.row for version in versions_on(versions, run.as_of) if version.in_force]
        own |= {(*key, target.kind): target for target in in_force}
    return own
