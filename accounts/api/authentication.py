"""Keys and log-ins as Django REST framework asks for them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.api.throttles import throttle_stranger
from accounts.models import ApiKey, User
from accounts.selectors import key_with_digest
from accounts.services.keys import digest_of, note_use
from dukcapil.requests import PortalRequest

MAX_SECRET_LENGTH = 200


def key_of(request: PortalRequest) -> ApiKey | None:
    """The live key that the request carries; None without an Authorization header. Looked up once for each request.

    AuthenticationFailed for one that is unknown, expired, revoked or of a disabled account: all alike, so that guessing
    learns nothing. Throttled for an address that has failed too often.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return None
    if not hasattr(request, "api_key"):
        request.api_key = _live_key(header, request.now)
    key: ApiKey | None = request.api_key
    if key is None:
        throttle_stranger(request)
        raise AuthenticationFailed(_("Kunci ini tidak dikenal, dicabut, atau sudah lewat masanya."))
    return key


def _live_key(header: str, now: datetime) -> ApiKey | None:
    scheme, _space, secret = header.partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.isascii() or len(secret) > MAX_SECRET_LENGTH:
        return None
    key = key_with_digest(digest_of(secret))
    if key is None or not key.is_live(now):
        return None
    note_use(key, now)
    return key


def owner_of(key: ApiKey) -> User:
    """Who asks by a key: its owner, narrowed to what the key allows (accounts/rights.py)."""
    key.owner.key = key
    return key.owner


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`. The owner is who asks, narrowed to what the key allows."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        key = key_of(request._request)
        return (owner_of(key), key) if key is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class KeyScheme(OpenApiAuthenticationExtension):
    """Keys in the contract."""

    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key from the page API."}


class LoginScheme(OpenApiAuthenticationExtension):
    """The portal's log-in in the contract, in place of drf-spectacular's own words for it."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "login"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The portal's log-in."}
