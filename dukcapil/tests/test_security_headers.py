"""The headers by which a browser protects its user: the same, complete set on pages, the admin and the API."""

import pytest
from django.test import Client

from accounts.tests import cast
from recording.tests.pages import logged_in

pytestmark = pytest.mark.usefixtures("at_noon")
CSP = "Content-Security-Policy"
POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_NOBODY = ["/masuk/", "/tidak-ada/", "/healthz", "/api/", "/api/v1/", "/api/v1/coverage/", "/api/v1/tidak-ada/"]
FOR_STAFF = ["/", "/metode/", "/wilayah/99/", "/laporan/", "/armada/", "/api/v1/coverage/", "/api/v1/counts/"]
FOR_ADMIN = ["/kelola/", "/kelola/recording/region/", "/kelola/accounts/user/add/"]


def policy_of(answer: object) -> dict[str, str]:
    """The directives of the answer's policy, by name."""
    directives = answer[CSP].split(";")  # type: ignore[index]
    return dict(directive.strip().split(" ", 1) for directive in directives if directive.strip())


def check(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert {name: answer.get(name) for name in HEADERS} == HEADERS, path
    assert policy_of(answer) == POLICY, path


@pytest.mark.parametrize("path", FOR_NOBODY)
def test_a_stranger_is_protected(path: str) -> None:
    check(Client(), path)


@pytest.mark.parametrize("path", FOR_STAFF)
def test_a_person_is_protected(path: str) -> None:
    check(logged_in(cast.staff()), path)


@pytest.mark.parametrize("path", FOR_ADMIN)
def test_the_admin_is_protected(path: str) -> None:
    check(logged_in(cast.admin()), path)


def test_only_swagger_may_write_styles() -> None:
    """Its own page needs them; everything else about its policy is the same."""
    swagger = policy_of(Client().get("/api/v1/docs/"))
    assert swagger.pop("style-src") == "'self' 'unsafe-inline'"
    assert swagger.pop("img-src") == "'self' data:"
    assert swagger == POLICY
