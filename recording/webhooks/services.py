"""Registering and stopping webhooks: addresses that are told of every new official run (docs/decisions/0014)."""

import logging
import secrets

from django.conf import settings

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotAllowed, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.words import check_words
from recording.audit import write_audit
from recording.models import Webhook
from recording.parsing.free_text import free_text
from recording.webhooks import outgoing
from recording.webhooks.signature import secret_of

log = logging.getLogger(__name__)
MAX_LIVE_WEBHOOKS = 10  # of one owner


def register_webhook(
    *, act: Act, url: str, name: str, resolve: outgoing.Resolver = outgoing.resolve_host
) -> tuple[Webhook, str]:
    """A new webhook of one's own, and its secret, which is never shown again.

    An owner has each address once, and at most MAX_LIVE_WEBHOOKS. A host that does not resolve now is accepted: it is
    resolved again at each sending.
    """
    require(by=act.by, action=Action.KEY_WRITE)
    owner = act.author
    if owner is None:
        raise NotAllowed(N_("Webhook harus dimiliki sebuah akun."))
    check_words(url, "url")
    endpoint = outgoing.parse_url(url, allow_private=settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES)
    name = free_text(name, "name", longest=80) or endpoint.host[:80]
    if not settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES:
        try:
            outgoing.addresses_of(endpoint, allow_private=False, resolve=resolve)
        except outgoing.Unreachable:
            log.info("webhook %s does not resolve yet", endpoint.host)
    with one_writer():
        live = Webhook.objects.filter(owner=owner, stopped_at=None)
        if live.filter(url=str(endpoint)).exists():
            raise Conflict(N_("Alamat ini sudah terdaftar sebagai webhook Anda."), "url")
        if live.count() >= MAX_LIVE_WEBHOOKS:
            raise Refused(N_("Paling banyak %(most)s webhook aktif; hentikan satu dulu."), most=MAX_LIVE_WEBHOOKS)
        webhook = Webhook.objects.create(
            owner=owner, url=str(endpoint), name=name, nonce=secrets.token_hex(16), created_at=act.now
        )
        # The host alone: the rest of such an address is often a password.
        write_audit(act=act, action="webhook.register", subject=str(webhook.pk), details={"host": endpoint.host})
    return webhook, secret_of(webhook)


def stop_webhook(*, act: Act, number: int) -> Webhook:
    """Nothing is sent to it any more, pending deliveries included. One's own; any, for whoever manages accounts."""
    require(by=act.by, action=Action.KEY_WRITE)
    with one_writer():
        webhook = Webhook.objects.visible_to(act.by).filter(pk=number).first()
        if webhook is None:
            raise NotFound(N_("Webhook %(number)s tidak ditemukan."), number=number)
        if webhook.stopped_at is None:
            webhook.stopped_at = act.now
            webhook.save(update_fields=["stopped_at"])
            write_audit(act=act, action="webhook.stop", subject=str(webhook.pk), details={})
    return webhook
