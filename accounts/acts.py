"""Who writes something, when, and through which door: given to every write and kept in its trail."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.rights import Actor, stored_user


@dataclass(frozen=True)
class Act:
    """One act of writing. `now` is the instant read at the door; `door` is a value of `Door`."""

    by: Actor
    now: datetime
    door: str

    @property
    def author(self) -> User | None:
        """The user's row for a trail, or None for the system itself."""
        return stored_user(self.by)
