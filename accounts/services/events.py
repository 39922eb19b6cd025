"""What the writes of accounts share: the event that each leaves."""

from datetime import datetime

from accounts.models import AccountEvent, User
from accounts.rights import Actor, stored_user


def write_event(by: Actor, now: datetime, action: str, user: User, **details: object) -> None:
    """Leave the event of a write, in the write's own transaction."""
    AccountEvent.objects.create(at=now, by=stored_user(by), action=action, subject=user.username, details=details)
