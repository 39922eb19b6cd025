"""The way to the first account of an installation, and back into one whose password was lost: commands that ask for it."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccountEvent, User
from accounts.tests.cast import PASSWORD


def create(monkeypatch: pytest.MonkeyPatch, password: str, *words: str) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("create_account", *words, stdout=said)
    return said.getvalue()


@pytest.mark.usefixtures("db")
def test_an_empty_installation_gets_its_first_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    said = create(monkeypatch, PASSWORD, "adi", "Adi Administrator", "admin", "31")
    user = User.objects.get()
    assert (user.username, user.role, user.jurisdiction) == ("adi", "admin", "31")
    assert user.check_password(PASSWORD)
    assert AccountEvent.objects.get().action == "user.create"
    assert PASSWORD not in said


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("password", "words", "sentence"),
    [
        ("pendek", ("adi", "Adi Administrator", "admin", "31"), "10"),
        (PASSWORD, ("Adi!", "Adi Administrator", "admin", "31"), "Huruf kecil"),
        (PASSWORD, ("budi", "Budi Barat", "head", "31"), "kode kota"),
        (PASSWORD, ("budi", "Budi Barat", "boss", "31"), "boss"),
    ],
)
def test_a_bad_account_is_refused_with_a_sentence(
    password: str, words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match=sentence):
        create(monkeypatch, password, *words)
    assert not User.objects.exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("db")
def test_at_a_terminal_the_password_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("create_account", "adi", "Adi Administrator", "admin", "31")
    typed = iter([PASSWORD, PASSWORD + "x", PASSWORD, PASSWORD])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("accounts.passwords_asked.getpass", lambda _prompt: next(typed))
    with pytest.raises(CommandError, match="tidak sama"):
        call_command(*words)
    assert not User.objects.exists()
    call_command(*words, stdout=io.StringIO())
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.usefixtures("db")
def test_a_lost_password_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    create(monkeypatch, PASSWORD, "adi", "Adi Administrator", "admin", "31")
    monkeypatch.setattr("sys.stdin", io.StringIO("jalan-baru-ke-kantor\n"))
    call_command("set_password", "adi", stdout=io.StringIO())
    assert User.objects.get().check_password("jalan-baru-ke-kantor")
    assert AccountEvent.objects.order_by("pk").last().action == "user.password"  # type: ignore[union-attr]
    with pytest.raises(CommandError, match="budi"):
        call_command("set_password", "budi")
