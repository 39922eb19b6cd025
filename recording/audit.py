"""The audit trail of everything that is not a count."""

from collections.abc import Iterable
from typing import Any

from accounts.acts import Act
from recording.models import AuditEntry


def write_audit(*, act: Act, action: str, subject: str, details: dict[str, object]) -> None:
    """Called inside the transaction of the write that it describes. FIGURE_ACTIONS tell a run of changed inputs."""
    write_audits(act=act, action=action, subjects=[(subject, details)])


def write_audits(*, act: Act, action: str, subjects: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """The same for an act on many: the subject and the details of each."""
    AuditEntry.objects.bulk_create(
        AuditEntry(at=act.now, by=act.author, door=act.door, action=action, subject=subject, details=details)
        for subject, details in subjects
    )
