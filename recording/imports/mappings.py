"""What the next import of the same source need not be told again: the columns, and new spellings of regions."""

from typing import Any

from accounts.rights import can
from recording.audit import write_audit
from recording.imports.job import Job
from recording.imports.plan import Plan
from recording.models import IMPORT_ACTIONS, ImportKind, ImportMapping, RegionAlias
from recording.parsing.region_names import normalise


def save_mapping(*, job: Job, plan: Plan) -> None:
    """Keep the columns of each table without days of its own, and the spellings that a person wants to be kept.

    Called in the transaction of the import, by one who may write there: `Places` has asked for every region.
    """
    for layout, columns in _columns_by_layout(plan).items():
        ImportMapping.objects.update_or_create(
            kind=job.kind,
            source=plan.source,
            layout=layout,
            defaults={"columns": columns, "by": job.act.author, "at": job.act.now},
        )
    if job.choices.remember_spellings:
        _remember_spellings(job)


def _columns_by_layout(plan: Plan) -> dict[str, dict[str, Any]]:
    """How the columns of each layout were read; not of one that sheets of two documents share."""
    found: dict[str, dict[str, Any]] = {}
    for part in plan.tables:
        columns = {
            value.column.key: {"document": value.document or part.document, "running": value.running} for value in part.values
        }
        if not part.says_when:
            found[part.layout.digest] = columns if found.get(part.layout.digest, columns) == columns else {}
    return {layout: columns for layout, columns in found.items() if columns}


def _remember_spellings(job: Job) -> None:
    fresh = []
    for spelling, code in job.choices.spellings.items():
        text = spelling.split("|")[1] if spelling.count("|") == 2 else ""
        # A spelling that was chosen for somebody else's region helps nobody and is not kept.
        if not text or not can(job.act.by, IMPORT_ACTIONS[ImportKind(job.kind)], code):
            continue
        if not RegionAlias.objects.filter(region_id=code, normalised=normalise(text)).exists():
            fresh.append(RegionAlias(region_id=code, alias=text, normalised=normalise(text)))
    RegionAlias.objects.bulk_create(fresh)
    if fresh:
        write_audit(
            act=job.act,
            action="region.alias",
            subject=f"{len(fresh)}",
            details={"aliases": [f"{alias.region_id} {alias.alias}" for alias in fresh][:50]},
        )
