"""What of the front page depends on the moment and on no run: missing reports, and what waits for the reader.

It is read at most once a second for all readers of the same reach, as somebody of whom nothing but the reach is known: what
is one reader's alone cannot get into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from accounts.rights import Actor, role_of
from accounts.roles import Role
from dukcapil.kept import KeptByKey
from dukcapil.page_cache import narrow
from dukcapil.requests import PortalRequest
from recording.home.work_list import WorkItem

_kept: KeptByKey[Mapping[str, str]] = KeptByKey()


@dataclass(frozen=True)
class Reach:
    """Any reader with this role and jurisdiction: an Actor without a name or a number."""

    role: Role
    jurisdiction: str
    is_active = True
    is_authenticated = True

    @classmethod
    def of(cls, by: Actor) -> "Reach":
        return cls(role_of(by), str(getattr(by, "jurisdiction", "")))


def live_parts(request: PortalRequest) -> Mapping[str, str]:
    """The HTML of "reports", which the strip shows, and of "work", which stands below it; "" where there is nothing."""
    reach = Reach.of(request.user)
    return _kept((reach, get_language(), request.day), lambda: _read(_asked_by(request, reach)))


def waiting_items(request: PortalRequest) -> list[WorkItem]:
    """Everything that waits for the reader, in the order of settings.WORK_LIST_SOURCES."""
    return [item for source in settings.WORK_LIST_SOURCES for item in import_string(source)(request)]


def _read(request: PortalRequest) -> Mapping[str, str]:
    reports, stops = (import_string(settings.MORNING_SOURCES[name])(request) for name in ("reports", "stops"))
    context = {"reports": reports, "stops": stops, "items": waiting_items(request), "day": request.day}
    return {name: narrow(render_to_string(f"recording/home/_{name}.html", context)) for name in ("reports", "work")}


def _asked_by(request: PortalRequest, reach: Reach) -> PortalRequest:
    """The same moment, asked about by anybody of this reach, with no choices."""
    asked = PortalRequest()
    asked.user = reach  # type: ignore[assignment]  # an Actor is all that selectors need
    asked.now, asked.day, asked.demo = request.now, request.day, request.demo
    return asked
