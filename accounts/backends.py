"""Who is logged in, read anew for every request."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from accounts.selectors import account_numbered


class AccountBackend(ModelBackend):
    """Django's, with SQL that is built once."""

    def get_user(self, user_id: int) -> User | None:
        """None also for a disabled account."""
        user = account_numbered(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
