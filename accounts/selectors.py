"""Finding accounts."""

from accounts.models import User
from dukcapil.errors import N_, Refused


def user_named(username: str) -> User:
    """The active account of that name; Refused when there is none."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Refused(N_("Tidak ada pengguna aktif bernama %(username)s."), "username", username=username)
    return user


def people_of(role: str) -> list[User]:
    """The active accounts of a role, by name."""
    return list(User.objects.filter(role=role, is_active=True))
