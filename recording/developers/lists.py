"""What the page "API" lists: limits, keys and webhooks, each line with its status in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.api.throttles import WINDOW_SECONDS
from accounts.models import ApiKey
from accounts.rights import Actor, stored_user
from accounts.roles import KeyScope
from accounts.selectors import keys_of
from accounts.services import keys as of_keys
from accounts.services.answers import ANSWER_TTL
from dukcapil import figures
from dukcapil.api.paging import DEFAULT_LIMIT, MAX_LIMIT
from dukcapil.api.parsers import MAX_BODY_BYTES
from dukcapil.clock import business_date
from recording.ledger.services import MAX_COUNTS_PER_REQUEST
from recording.models import DeliveryStatus, Webhook, WebhookDelivery
from recording.webhooks.delivery import RETRY_AFTER
from recording.webhooks.selectors import webhooks_of
from recording.webhooks.services import MAX_LIVE_WEBHOOKS

KEYS_PER_PAGE = 50
EXPIRY_NOTICE = timedelta(days=14)
DELIVERY_LOOKS = {
    DeliveryStatus.PENDING: ("silent", "silent"),
    DeliveryStatus.DELIVERED: ("check", "done"),
    DeliveryStatus.FAILED: ("warning", "below"),
}


def limits() -> list[tuple[str, str]]:
    """(what, how much), from the very constants that refuse more."""
    hours, tries = sum(RETRY_AFTER, timedelta()), len(RETRY_AFTER)
    return [
        (
            _("Permintaan per kunci"),
            _("%(n)s dalam %(seconds)s detik") % {"n": settings.API_REQUESTS_A_MINUTE, "seconds": WINDOW_SECONDS},
        ),
        (
            _("Kunci salah per alamat jaringan"),
            _("%(n)s dalam %(seconds)s detik") % {"n": settings.API_STRANGERS_A_MINUTE, "seconds": WINDOW_SECONDS},
        ),
        (
            _("Baris dalam satu halaman"),
            _("%(most)s; tanpa limit %(usual)s") % {"most": figures.people(MAX_LIMIT), "usual": DEFAULT_LIMIT},
        ),
        (_("Catatan dalam satu POST"), figures.people(MAX_COUNTS_PER_REQUEST)),
        (_("Besar satu kiriman"), _("%(n)s MB") % {"n": MAX_BODY_BYTES // 1_000_000}),
        (_("Idempotency-Key diingat"), _("%(n)s jam") % {"n": ANSWER_TTL // timedelta(hours=1)}),
        (_("Masa berlaku kunci"), _("paling lama %(n)s hari") % {"n": of_keys.MAX_DAYS}),
        (_("Kunci berlaku per pemilik"), figures.people(of_keys.MAX_LIVE_KEYS)),
        (_("Webhook per pemilik"), figures.people(MAX_LIVE_WEBHOOKS)),
        (
            _("Kiriman webhook diulang"),
            _("%(tries)s kali dalam %(hours)s jam") % {"tries": tries, "hours": round(hours / timedelta(hours=1))},
        ),
    ]


@dataclass(frozen=True)
class KeyLine:
    """A key as its list shows it."""

    key: ApiKey
    scopes: list[str]
    created: date
    expires: date
    status: str
    icon: str
    kind: str
    live: bool


def key_lines(by: Actor, now: datetime, page: int) -> tuple[list[KeyLine], bool]:
    """One page of the keys that `by` may see, newest first, and whether there are older ones."""
    first = (page - 1) * KEYS_PER_PAGE
    keys = list(keys_of(by)[first : first + KEYS_PER_PAGE + 1])
    return [_key_line(key, now) for key in keys[:KEYS_PER_PAGE]], len(keys) > KEYS_PER_PAGE


def _key_line(key: ApiKey, now: datetime) -> KeyLine:
    live = key.is_live(now)
    if key.revoked_at is not None:
        day = figures.short_day(business_date(key.revoked_at))
        status, icon, kind = _("dicabut %(day)s") % {"day": day}, "none", "none"
    elif key.expires_at <= now:
        status, icon, kind = _("lewat masanya"), "none", "none"
    elif not live:
        status, icon, kind = _("akun pemilik nonaktif"), "none", "none"
    elif key.expires_at - now <= EXPIRY_NOTICE:
        left = max(1, round((key.expires_at - now) / timedelta(days=1)))
        words = ngettext("berakhir dalam %(n)s hari", "berakhir dalam %(n)s hari", left)
        status, icon, kind = words % {"n": left}, "warning", "below"
    else:
        status, icon, kind = _("berlaku"), "check", "done"
    scopes = [str(KeyScope(scope).label) for scope in key.scopes]
    return KeyLine(key, scopes, business_date(key.created_at), business_date(key.expires_at), status, icon, kind, live)


@dataclass(frozen=True)
class DeliveryLine:
    """What was sent to a webhook, and how it ended."""

    delivery: WebhookDelivery
    icon: str
    kind: str


@dataclass(frozen=True)
class WebhookLine:
    """A webhook as its list shows it. Of another person's only the host: the rest is often a password."""

    webhook: Webhook
    address: str
    deliveries: list[DeliveryLine]


def webhook_lines(by: Actor) -> list[WebhookLine]:
    """The webhooks that `by` may see, newest first."""
    return [
        WebhookLine(
            row.webhook,
            row.webhook.url if row.webhook.owner == stored_user(by) else urlsplit(row.webhook.url).netloc,
            [DeliveryLine(sent, *DELIVERY_LOOKS[DeliveryStatus(sent.status)]) for sent in row.deliveries],
        )
        for row in webhooks_of(by)
    ]
