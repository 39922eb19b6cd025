"""Keys and log-ins as Django REST framework asks for them."""

import hmac
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.api.throttles import count_stranger
from accounts.models import ApiKey, User
from accounts.services.keys import digest_of, note_use
from dukcapil.requests import PortalRequest


def key_of(request: PortalRequest) -> ApiKey | None:
    """`_key_of`, once for each request: what it counts, it counts once."""
    if not hasattr(request, "api_key"):
        try:
            request.api_key = _key_of(request)
        except (AuthenticationFailed, Throttled) as refusal:
            request.api_key = refusal
    found = request.api_key
    if isinstance(found, Exception):
        raise found
    return found


def _key_of(request: PortalRequest) -> ApiKey | None:
    """The live key that the request carries; None without an Authorization header. AuthenticationFailed for one that is
    unknown, expired, revoked or of a disabled account: all alike, so that guessing learns nothing. Throttled for an
    address that has failed too often."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    now = request.now
    scheme, _space, secret = header.partition(" ")
    secret = secret.strip()
    found, digest = None, ""
    if scheme.lower() == "bearer" and secret.isascii() and len(secret) <= 200:
        # By the digest itself: the database compares what a stranger cannot choose.
        digest = digest_of(secret)
        found = _stored(digest)
    if found is None or not hmac.compare_digest(found.digest, digest) or not found.is_live(now):
        if wait := count_stranger(request):
            raise Throttled(wait)
        raise AuthenticationFailed(_("Kunci ini tidak dikenal, dicabut, atau sudah lewat masanya."))
    note_use(found, now)
    return found


_ROW = (
    f"SELECT k.*, u.* FROM {ApiKey._meta.db_table} k JOIN {User._meta.db_table} u ON u.id = k.owner_id "
    "WHERE k.digest = %s"
)


def _stored(digest: str) -> ApiKey | None:
    """The key of this digest with its owner, as the database has them now. It is asked every time; objects are made
    anew only when a value differs, which saves half the time of an answer that is built already."""
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [digest])
        row = cursor.fetchone()
    return None if row is None else _made(digest, tuple(row))


@lru_cache(maxsize=256)
def _made(digest: str, row: tuple[Any, ...]) -> ApiKey | None:
    return ApiKey.objects.select_related("owner").filter(digest=digest).first()


def owner_of(key: ApiKey) -> User:
    """Who asks by a key: its owner, narrowed to what the key allows (accounts/rights.py)."""
    key.owner.key = key
    return key.owner


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`. The owner is who asks, narrowed to what the key allows."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The owner, carrying the key; None when there is no key to look at."""
        key = key_of(request._request)
        return (owner_of(key), key) if key is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class LoginAuthentication(SessionAuthentication):
    """The portal's log-in, for whoever tries the API in the browser. Writes need the token of forms."""


class KeyScheme(OpenApiAuthenticationExtension):
    """For the contract."""

    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key from the page API."}


class LoginScheme(OpenApiAuthenticationExtension):
    """For the contract."""

    target_class = "accounts.api.authentication.LoginAuthentication"
    name = "login"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The portal's log-in."}
