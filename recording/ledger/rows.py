"""Counts and their changes as the rows of a page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from recording.models import OF_TRIP, CountChange, CurrentCount, Door, PostingKind, Source


def source_label(source: str) -> str:
    """The words for a source; the slug of an import stands for itself."""
    if source in Source.values:
        return str(Source(source).label)
    return _("Laporan mobil nomor %(n)s") % {"n": source.removeprefix(OF_TRIP)} if source.startswith(OF_TRIP) else source


def count_row(row: CurrentCount) -> dict[str, object]:
    return {
        "day": row.day,
        "region_name": row.name_then,
        "region_code": row.region_id,
        "source_label": source_label(row.source),
        "people": row.people,
        "waits": row.waits,
        "entered_by": row.posting.author,
        "entered_at": row.posting.at,
        "history_url": reverse("count_history", args=[row.region_id, row.document, row.day.isoformat(), row.source]),
    }


def change_row(change: CountChange) -> dict[str, object]:
    """A row of the ledger as pages show it."""
    posting = change.posting
    return {
        "position": change.pk,
        "at": posting.at,
        "by": posting.author,
        "door_label": Door(posting.door).label,
        "kind_label": PostingKind(posting.kind).label,
        "old": change.old_people,
        "new": change.new_people,
        "delta": change.delta,
        "reason": posting.reason,
    }
