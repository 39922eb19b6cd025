"""Idempotency keys of the API: a write that is sent twice is done once and answered twice."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import StoredAnswer
from accounts.rights import Actor, stored_user
from dukcapil.errors import N_, KeyReused, NotAllowed, Refused
from dukcapil.locks import one_writer

ANSWER_TTL = timedelta(hours=24)  # promised by the docs and the page "API"
MAX_KEY_LENGTH = 80


@dataclass(frozen=True)
class Answer:
    """The answer of a write; `repeated` when it is a stored one and nothing was written."""

    status: int
    body: str
    repeated: bool = False


def answer_once(*, by: Actor, key: str, request: bytes, now: datetime, work: Callable[[], tuple[int, str]]) -> Answer:
    """Do `work` and store its answer in the same transaction. The same request of the same owner under the same key
    gets the stored answer.

    KeyReused for another request under the key. Of two at the same time the second waits for the first. When `work`
    raises, everything is undone and nothing is stored, so that a corrected request may use the key. Without a key the
    work is simply done.
    """
    if not key:
        return Answer(*work())
    if len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Refused(
            N_("Idempotency-Key paling panjang %(most)s huruf ASCII yang tercetak."), "Idempotency-Key", most=MAX_KEY_LENGTH
        )
    digest = hashlib.sha256(request).hexdigest()
    owner = stored_user(by)
    if owner is None:
        raise NotAllowed(N_("Idempotency-Key memerlukan akun."))
    with one_writer():
        StoredAnswer.objects.filter(at__lt=now - ANSWER_TTL).delete()
        stored = StoredAnswer.objects.filter(owner=owner, key=key).first()
        if stored is None:
            status, body = work()
            StoredAnswer.objects.create(owner=owner, key=key, request=digest, status=status, body=body, at=now)
            return Answer(status, body)
    if stored.request != digest:
        raise KeyReused(N_("Idempotency-Key ini sudah dipakai untuk kiriman lain."), "Idempotency-Key")
    return Answer(stored.status, stored.body, repeated=True)
