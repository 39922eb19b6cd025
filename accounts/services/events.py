"""What the writes of accounts share: the event that each leaves, and the check of free text."""

from datetime import datetime

from accounts.models import AccountEvent, User
from accounts.rights import Actor, stored_user
from dukcapil.errors import N_, Refused
from dukcapil.nik import contains_nik


def write_event(by: Actor, now: datetime, action: str, user: User, **details: object) -> None:
    """Leave the event of a write, in the write's own transaction."""
    AccountEvent.objects.create(at=now, by=stored_user(by), action=action, subject=user.username, details=details)


def check_words(text: str, field: str) -> None:
    """Refused: a text that the database cannot store, or that may hold a NIK (16 digits)."""
    if "\x00" in text:
        raise Refused(N_("Teks berisi tanda yang tidak dapat disimpan."), field)
    if contains_nik(text):
        raise Refused(N_("Hapus angka 16 digit: portal tidak menyimpan NIK."), field)
