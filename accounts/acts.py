"""Who does something, when, and through which door: what every write is told, and what its trail keeps."""

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
        """Who stands in a trail: the user's row, or None for the system itself."""
        return stored_user(self.by)
