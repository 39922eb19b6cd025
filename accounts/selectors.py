"""Reads of accounts and keys."""

from django.db import connection
from django.db.models import QuerySet

from accounts.models import ApiKey, User
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from dukcapil.row_by_value import RowByValue

_OWNER_FIELDS = ("id", "username", "full_name", "role", "jurisdiction", "is_active")
_KEY_FIELDS = tuple(field.attname for field in ApiKey._meta.concrete_fields)
_USER_FIELDS = tuple(field.attname for field in User._meta.concrete_fields)
_key_and_owner = RowByValue(ApiKey, "digest", (*_KEY_FIELDS, *(f"owner__{name}" for name in _OWNER_FIELDS)))
_account = RowByValue(User, "id", _USER_FIELDS)


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
    """The key and its owner as the database has them now; None when there is no such key. Every request of a program asks
    this."""
    row = _key_and_owner(digest)
    if row is None:
        return None
    key = ApiKey.from_db(connection.alias, _KEY_FIELDS, row[: len(_KEY_FIELDS)])
    key.owner = User.from_db(connection.alias, _OWNER_FIELDS, row[len(_KEY_FIELDS) :])
    return key


def account_numbered(number: int) -> User | None:
    """The account as the database has it now, disabled or not. Every request of a person asks this."""
    row = _account(number)
    return User.from_db(connection.alias, _USER_FIELDS, row) if row else None
