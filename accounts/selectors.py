"""Finding accounts and keys."""

from django.db.models import QuerySet

from accounts.models import ApiKey, User
from accounts.rights import Actor, require
from accounts.roles import Action
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


def keys_of(by: Actor) -> QuerySet[ApiKey]:
    """The own keys, of all times, the newest first; everybody's for whoever manages accounts."""
    require(by=by, action=Action.KEY_WRITE)
    return ApiKey.objects.visible_to(by).select_related("owner")
