"""Variables and their file: read as they stand, and what cannot be meant is refused in one sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from dukcapil.environment import Environment, database_settings, email_settings, read

pytestmark = pytest.mark.once


def test_a_file_is_read_as_it_stands() -> None:
    text = """
# a comment
PORTAL_NAME=Rekam Jakarta Raya
SIGNER_NAME="Ir. Budi, M.Si."
SECRET_KEY=$abc#d\\e"f'g h=
  EMAIL_URL='smtp://a b'
EMPTY=
"""
    assert read(text, "portal.env") == {
        "PORTAL_NAME": "Rekam Jakarta Raya",
        "SIGNER_NAME": "Ir. Budi, M.Si.",
        "SECRET_KEY": "$abc#d\\e\"f'g h=",
        "EMAIL_URL": "smtp://a b",
        "EMPTY": "",
    }


@pytest.mark.parametrize("line", ["PORTAL NAME=x", "export A=1", "PORTAL_NAME", "A =1", "=x"])
def test_a_line_without_meaning_is_named(line: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"portal\.env, line 2"):
        read(f"A=1\n{line}", "portal.env")


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("True", True), ("ya", True), ("0", False), ("off", False), ("tidak", False), ("", True)]
)
def test_yes_and_no_are_understood(text: str, value: bool) -> None:
    assert Environment({"A": text}).yes_or_no("A", default=True) is value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("yes_or_no", "mungkin"),
        ("number", "banyak"),
        ("number", "-1"),
        ("level", "LAUT"),
        ("address", "portal"),
        ("address", "Portal <portal@>"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"A={text}"):
        getattr(Environment({"A": text}), kind)("A", default="x")


def test_addresses_with_a_name_are_taken() -> None:
    assert Environment({"A": "Portal <p@a.id>"}).address("A", "x") == "Portal <p@a.id>"


@pytest.mark.parametrize("password", ["ab/cd", "ab#cd", "ab?cd", "12/34", "ab@c/d"])
def test_an_unescaped_password_is_told(password: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="%40 %3A %2F"):
        database_settings(f"postgres://portal:{password}@db:5432/portal")


@pytest.mark.parametrize(("written", "meant"), [("a%2Fb%40c%3Ad", "a/b@c:d"), ("simple", "simple"), ("a@b", "a@b")])
def test_an_escaped_password_is_read(written: str, meant: str) -> None:
    config = database_settings(f"postgres://portal:{written}@db:5432/portal")
    assert (config["PASSWORD"], config["HOST"], config["NAME"]) == (meant, "db", "portal")


@pytest.mark.parametrize("url", ["portal", "http://mail", "smtp://u:p/w@mail:25", "smtp://"])
def test_a_bad_mail_server_is_told(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        email_settings(url)
