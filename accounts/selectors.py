"""Reads of accounts and keys."""

from django.db.models import QuerySet

from accounts.models import ApiKey, User
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused

_OWNER_FIELDS = ("username", "full_name", "role", "jurisdiction", "is_active")
_OWNER_COLUMNS = ", ".join(f"u.{name} AS owner_{name}" for name in _OWNER_FIELDS)
_KEY_AND_OWNER = (
    f"SELECT k.*, {_OWNER_COLUMNS} FROM {ApiKey._meta.db_table} k JOIN {User._meta.db_table} u ON u.id = k.owner_id "
    "WHERE k.digest = %s"
)


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
    """The own keys, ended ones included, the newest first; everybody's for whoever manages accounts."""
    require(by=by, action=Action.KEY_WRITE)
    return ApiKey.objects.visible_to(by).select_related("owner")


def key_with_digest(digest: str) -> ApiKey | None:
    """The key and its owner as the database has them now; None when there is no such key.

    Every request of a program asks this. `select_related` would build the same SQL each time, which takes a quarter of
    the time of a ready answer (docs/decisions/0013).
    """
    key = next(iter(ApiKey.objects.raw(_KEY_AND_OWNER, [digest])), None)
    if key is not None:
        values = [getattr(key, f"owner_{name}") for name in _OWNER_FIELDS]
        key.owner = User.from_db(ApiKey.objects.db, ["id", *_OWNER_FIELDS], [key.owner_id, *values])
    return key
