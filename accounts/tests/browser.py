"""A person at the log-in page: the test client with an address of its own, that really logs in by the form."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.sessions import SessionStore
from accounts.tests.cast import PASSWORD
from dukcapil import clock

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


def let_in(browser: Client, user: User) -> Client:
    """The browser as a log-in leaves it, without the log-in: one row instead of the twelve statements of `force_login`,
    for the thousands of tests that are about something else."""
    key, store = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"), SessionStore()
    who = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1]}
    data = store.encode(who | {HASH_SESSION_KEY: user.get_session_auth_hash()})
    end = clock.real_now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.create(session_key=key, session_data=data, expire_date=end)
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    return browser


def is_in(browser: Client) -> bool:
    """Whether the next request is still made by somebody who is logged in; looked up on a page of every role."""
    return browser.get(reverse("password_change_done")).status_code == 200
