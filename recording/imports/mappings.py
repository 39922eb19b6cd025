"""What the next import of the same source need not be told again: the columns, and new spellings of regions."""

from accounts.rights import can
from recording.audit import write_audit
from recording.imports.job import Job
from recording.imports.plan import Plan
from recording.models import IMPORT_ACTIONS, ImportKind, ImportMapping, RegionAlias
from recording.parsing.region_names import normalise


def save_mapping(*, job: Job, plan: Plan) -> None:
    """Keep the columns of a table without days of its own, and the spellings that a person wants to be kept.

    Called in the transaction of the import, by one who may write there: `Places` has asked for every region.
    """
    if not plan.says_when:
        columns = {
            value.column.key: {"document": value.document or plan.document, "running": value.running} for value in plan.values
        }
        ImportMapping.objects.update_or_create(
            kind=job.kind,
            source=plan.source,
            layout=plan.layout.digest,
            defaults={"columns": columns, "by": job.act.author, "at": job.act.now},
        )
    if job.choices.remember_spellings:
        _remember_spellings(job)


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
