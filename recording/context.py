"""What every template may use of recording: how fresh the figures are, and the way to them."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from accounts.rights import can
from accounts.roles import Action
from recording.selectors import freshness as nights


def freshness(request: HttpRequest) -> dict[str, object]:
    """`freshness` (asked of the database only when a template shows it) and `nav`, both for people logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"freshness": None, "nav": []}
    now = request.now  # type: ignore[attr-defined]
    return {"freshness": SimpleLazyObject(lambda: nights.freshness(now)), "nav": navigation(request)}


def navigation(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """(address, label, whether it is the current page) of each page that the reader may open."""
    user = request.user
    pages = [
        (Action.COVERAGE_READ, "home", gettext("Cakupan")),
        (Action.COUNT_WRITE, "record", gettext("Catat")),
        (Action.FLEET_READ, "vans", gettext("Armada")),
        (Action.ADMIN_OPEN, "admin:index", gettext("Kelola")),
    ]
    return [
        (address, label, request.path == address)
        for action, name, label in pages
        if can(user, action) and (address := reverse(name))
    ]
