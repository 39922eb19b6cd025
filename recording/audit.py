"""The one function that writes the audit trail of everything that is not a count."""

from datetime import datetime

from accounts.rights import Actor, stored_user
from recording.models import AuditEntry


def write_audit(*, by: Actor, door: str, now: datetime, action: str, subject: str, details: dict[str, object]) -> None:
    """Called inside the transaction of the write that it describes. FIGURE_ACTIONS tell a run of changed inputs."""
    AuditEntry.objects.create(at=now, by=stored_user(by), door=door, action=action, subject=subject, details=details)
