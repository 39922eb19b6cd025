"""Reading imports: the list, an earlier one of the same file, and how files of the same columns were read."""

from accounts.rights import Actor
from recording.models import ImportBatch, ImportMapping, ImportState

PAGE_SIZE = 20


def batches_page(by: Actor, page: int) -> tuple[list[ImportBatch], bool]:
    """One page of the imports that `by` may see, the newest first; and whether more follow."""
    first = (page - 1) * PAGE_SIZE
    batches = list(ImportBatch.objects.visible_to(by).select_related("by")[first : first + PAGE_SIZE + 1])
    return batches[:PAGE_SIZE], len(batches) > PAGE_SIZE


def same_file_before(by: Actor, batch: ImportBatch) -> ImportBatch | None:
    """The last import of exactly this file that is still in force."""
    return (
        ImportBatch.objects.visible_to(by)
        .filter(digest=batch.digest, kind=batch.kind, state=ImportState.DONE)
        .exclude(pk=batch.pk)
        .first()
    )


def fitting_mapping(kind: str, layout: str, source: str) -> ImportMapping | None:
    """The newest mapping of this layout; of `source` alone unless it is ""."""
    mappings = ImportMapping.objects.filter(kind=kind, layout=layout)
    if source:
        mappings = mappings.filter(source=source)
    return mappings.order_by("-at", "-pk").first()


def last_mapping(kind: str, source: str) -> ImportMapping | None:
    """How the last table of this source was read, whatever its columns."""
    return ImportMapping.objects.filter(kind=kind, source=source).order_by("-at", "-pk").first()
