"""A person at the log-in page: the test client with an address of its own, that really logs in by the form."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.cast import PASSWORD

OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def visitor(address: str = OFFICE) -> Client:
    """Nobody who logged in yet, over HTTPS as production demands."""
    return Client(headers={"x-forwarded-proto": "https"}, REMOTE_ADDR=address)


def send(browser: Client, username: str, password: str = PASSWORD, **other: str):  # type: ignore[no-untyped-def]
    """Fill in the form and send it."""
    return browser.post(reverse("login"), {"username": username, "password": password} | other)


def logged_in(user: User, address: str = OFFICE) -> Client:
    """A browser in which this person has just logged in by the form."""
    browser = visitor(address)
    assert send(browser, user.username).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    """Whether the next request is still made by somebody who is logged in; looked up on a page of every role."""
    return browser.get(reverse("password_change_done")).status_code == 200
