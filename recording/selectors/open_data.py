"""The rows of the data for everybody: the last official figures, and targets; no kelurahan."""

from collections.abc import Iterator

from accounts.rights import Actor
from recording.models import CoverageRun, Document, Target
from recording.selectors.coverage import coverage_row, run_figures
from recording.selectors.public import LEVELS, public_coverage, require_public

Row = dict[str, object]


def open_rows(by: Actor, name: str, run: CoverageRun | None) -> list[Row]:
    """The rows of a dataset (recording/open_data.py) as `by` may read them; none before the first official run."""
    require_public(by)
    if run is None:
        return []
    return list(_coverage(by, run) if name == "cakupan" else _targets())


def _coverage(by: Actor, run: CoverageRun) -> Iterator[Row]:
    told = {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.status}
    for document in Document.values:
        found = public_coverage(by, run, document)
        if found is not None:
            figures = run_figures(run, document, found[0], [level.value for level in LEVELS])
            yield from (coverage_row(figure, document, found[0].name) | told for figure in figures)


def _targets() -> Iterator[Row]:
    rows = Target.objects.filter(region__level__in=LEVELS).order_by(
        "region_id", "document", "period__first_day", "kind", "version"
    )
    for row in rows.select_related("region", "period"):
        yield {
            "region": row.region_id, "name": row.region.name, "level": row.region.level, "document": row.document,
            "period": row.period.name, "kind": row.kind, "version": row.version, "people": row.people,
            "source": row.source, "effective_from": row.effective_from.isoformat(),
        }  # fmt: skip
