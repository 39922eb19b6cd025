"""What other apps may use of recording, and nothing else of it."""

from recording.forms import PeopleField
from recording.models import Document, Door, Level, Region
from recording.selectors.regions import find_region, visible_region
from recording.services.audit import write_audit
from recording.services.count_checks import CountInput, CountKey
from recording.services.counts import record_counts, return_counts, undo_posting

__all__ = [
    "CountInput",
    "CountKey",
    "Document",
    "Door",
    "Level",
    "PeopleField",
    "Region",
    "find_region",
    "record_counts",
    "return_counts",
    "undo_posting",
    "visible_region",
    "write_audit",
]
