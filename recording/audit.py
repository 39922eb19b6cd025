"""The one function that writes the audit trail of everything that is not a count."""

from accounts.acts import Act
from recording.models import AuditEntry


def write_audit(*, act: Act, action: str, subject: str, details: dict[str, object]) -> None:
    """Called inside the transaction of the write that it describes. FIGURE_ACTIONS tell a run of changed inputs."""
    AuditEntry.objects.create(at=act.now, by=act.author, door=act.door, action=action, subject=subject, details=details)
