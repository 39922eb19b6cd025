"""Keys for programs: issuing, revoking, and noting their use. A key is shown once; only its digest is stored."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import JURISDICTION_CODE, ApiKey, User
from accounts.rights import Actor, can, require, stored_user
from accounts.roles import KEY_SCOPES, Action, KeyScope
from accounts.services.events import write_event
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.words import check_words

PREFIX = "rj"  # every key begins with it, so that scanners for leaked secrets can find one
MAX_DAYS = 366
MAX_LIVE_KEYS = 20  # of one owner
USE_NOTED_EVERY = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """HMAC-SHA256 under the installation's secret, so that a stolen table alone opens nothing."""
    return salted_hmac("accounts.ApiKey", secret, algorithm="sha256").hexdigest()


def issue_key(
    *,
    by: Actor,
    name: str,
    scopes: Sequence[str],
    days: int,
    now: datetime,
    jurisdiction: str = "",
    owner: User | None = None,
    secret: str | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is not stored. The key allows what its scopes name, where its owner may do it and
    inside `jurisdiction` ("": wherever the owner may). It ends after `days` (1 to 366).

    Everybody issues keys for themselves; for another account only who manages accounts. Refused: a scope to which the
    owner has no right. `secret` is given for the example's key only.
    """
    require(by=by, action=Action.KEY_WRITE)
    owner = owner or stored_user(by)
    if owner is None or (owner != stored_user(by) and not can(by, Action.USER_MANAGE)):
        require(by=by, action=Action.USER_MANAGE)
        raise Refused(N_("Sebutkan pemilik kunci."), "owner")
    name = name.strip()
    _check(name, scopes, days, jurisdiction, owner)
    secret = secret or f"{PREFIX}_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # two at once would both be the twentieth
        if ApiKey.objects.live(now).filter(owner=owner).count() >= MAX_LIVE_KEYS:
            raise Refused(N_("Sudah ada %(most)s kunci yang berlaku. Cabut yang tidak dipakai."), most=MAX_LIVE_KEYS)
        key = ApiKey.objects.create(
            name=name,
            prefix="_".join(secret.split("_")[:2]),
            digest=digest_of(secret),
            owner=owner,
            scopes=sorted(set(scopes)),
            jurisdiction=jurisdiction,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        write_event(by, now, "key.issue", owner, key=key.pk, scopes=key.scopes, jurisdiction=jurisdiction)
    return key, secret


def _check(name: str, scopes: Sequence[str], days: int, jurisdiction: str, owner: User) -> None:
    if not 0 < len(name) <= 60:
        raise Refused(N_("Beri nama kunci, paling panjang 60 huruf, misalnya nama program pemakainya."), "name")
    check_words(name, "name")
    if not name.isprintable():
        raise Refused(N_("Teks berisi tanda yang tidak dapat disimpan."), "name")
    if not scopes or not set(scopes) <= set(KeyScope.values):
        raise Refused(N_("Pilih paling sedikit satu lingkup yang dikenal."), "scopes")
    for scope in scopes:
        if not any(can(owner, action) for action in KEY_SCOPES[KeyScope(scope)]):
            raise Refused(N_("Akun pemilik tidak berwenang untuk lingkup %(scope)s."), "scopes", scope=scope)
    if not 1 <= days <= MAX_DAYS:
        raise Refused(N_("Masa berlaku 1 sampai %(most)s hari."), "days", most=MAX_DAYS)
    if jurisdiction and not re.fullmatch(JURISDICTION_CODE, jurisdiction):
        raise Refused(N_("Kode provinsi atau kota, misalnya 31 atau 31.73."), "jurisdiction")
    if jurisdiction and not can(owner, Action.COVERAGE_READ, jurisdiction):
        raise Refused(N_("Wilayah %(code)s di luar kewenangan pemilik."), "jurisdiction", code=jurisdiction)


def revoke_key(*, by: Actor, number: int, now: datetime) -> ApiKey:
    """End a key at once. Revoking it again changes nothing. Another person's key is not found, except for whoever
    manages accounts."""
    require(by=by, action=Action.KEY_WRITE)
    with transaction.atomic():
        keys = ApiKey.objects.visible_to(by).select_for_update(of=("self",)).select_related("owner")
        key = keys.filter(pk=number).first()
        if key is None:
            raise NotFound(N_("Kunci itu tidak ada."))
        if key.revoked_at is None:
            key.revoked_at = now
            key.save(update_fields=["revoked_at"])
            write_event(by, now, "key.revoke", key.owner, key=key.pk)
    return key


def note_use(key: ApiKey, now: datetime) -> None:
    """Store when a key was last used, to the minute, so that not every read writes."""
    if key.last_used_at is None or abs(now - key.last_used_at) >= USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
