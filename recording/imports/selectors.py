"""Reading imports: the list, one of them, and an earlier one of the same file."""

from accounts.rights import Actor
from recording.models import ImportBatch, ImportState

PAGE = 20


def batches_page(by: Actor, page: int) -> tuple[list[ImportBatch], bool]:
    """One page of the imports that `by` may see, the newest first; and whether more follow."""
    found = list(ImportBatch.objects.visible_to(by).select_related("by")[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def same_file_before(by: Actor, batch: ImportBatch) -> ImportBatch | None:
    """The last import of exactly this file that is still in force."""
    return (
        ImportBatch.objects.visible_to(by)
        .filter(digest=batch.digest, kind=batch.kind, state=ImportState.DONE)
        .exclude(pk=batch.pk)
        .first()
    )
