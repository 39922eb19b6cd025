"""Idempotency keys of the API: a write that is sent again gets its first answer again."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import StoredAnswer
from accounts.rights import Actor, stored_user
from dukcapil.errors import N_, KeyReused, NotAllowed, Refused
from dukcapil.locks import one_writer

KEPT = timedelta(hours=24)  # for so long an answer is repeated; docs and the page "API" say so
LONGEST = 80


@dataclass(frozen=True)
class Answer:
    """What a write answered; `repeated`: it was not done again."""

    status: int
    body: str
    repeated: bool = False


def answer_once(*, by: Actor, key: str, request: bytes, now: datetime, work: Callable[[], tuple[int, str]]) -> Answer:
    """Do `work` and keep its answer in the same transaction; the same owner, key and request get it again.

    Another request under the key is KeyReused. Two at once: the second waits for the first. What `work` raises undoes
    everything and is not kept, so that a mended request may use the key. Without a key the work is simply done.
    """
    if not key:
        return Answer(*work())
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise Refused(
            N_("Idempotency-Key paling panjang %(most)s huruf ASCII yang tercetak."), "Idempotency-Key", most=LONGEST
        )
    digest = hashlib.sha256(request).hexdigest()
    owner = stored_user(by)
    if owner is None:
        raise NotAllowed(N_("Idempotency-Key memerlukan akun."))
    with one_writer():
        StoredAnswer.objects.filter(at__lt=now - KEPT).delete()
        found = StoredAnswer.objects.filter(owner=owner, key=key).first()
        if found is None:
            status, body = work()
            StoredAnswer.objects.create(owner=owner, key=key, request=digest, status=status, body=body, at=now)
            return Answer(status, body)
    if found.request != digest:
        raise KeyReused(N_("Idempotency-Key ini sudah dipakai untuk kiriman lain."), "Idempotency-Key")
    return Answer(found.status, found.body, repeated=True)
