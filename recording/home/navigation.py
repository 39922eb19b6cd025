"""What every template may use of recording: how fresh the figures are, and the navigation over all pages."""

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.rights import can
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from recording.coverage.freshness import freshness_of

# The pages about one region; they carry its tabs.
FIGURE_PAGES = ("coverage", "region", "explanation", "ledger_rows", "digest", "figure_exports", "print_view", "monthly_report")
COUNT_PAGES = ("counts", "count_history")


class NavigationEntry(NamedTuple):
    """A part of the portal: who may open it, its first page and its label. It is marked on each of its `pages`."""

    action: Action
    page: str
    label: Promise
    pages: tuple[str, ...]


ENTRIES = (
    NavigationEntry(Action.COVERAGE_READ, "coverage", _("Cakupan"), (*FIGURE_PAGES, *COUNT_PAGES)),
    NavigationEntry(Action.COVERAGE_READ, "runs", _("Angka resmi"), ("runs", "compare_runs")),
    NavigationEntry(Action.COUNT_WRITE, "record", _("Catat angka"), ("record",)),
    NavigationEntry(Action.COUNT_WRITE, "imports", _("Impor"), ("imports", "import_batch")),
)
ADMIN_ENTRIES = (NavigationEntry(Action.ADMIN_OPEN, "admin:index", _("Kelola"), ()),)  # after the entries of every app


def freshness(request: PortalRequest) -> dict[str, object]:
    """`freshness` (asked of the database only when a template shows it) and `nav`, both for people logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"freshness": None, "nav": []}
    return {"freshness": SimpleLazyObject(lambda: freshness_of(request)), "nav": navigation(request)}


def navigation(request: PortalRequest) -> list[tuple[str, str, bool]]:
    """(address, label, whether the current page is of this part) of each part that the reader may open, in the order
    of settings.NAVIGATION_SOURCES."""
    current = request.resolver_match.view_name if request.resolver_match else ""
    return [
        (reverse(entry.page), str(entry.label), current in entry.pages)
        for source in settings.NAVIGATION_SOURCES
        for entry in import_string(source)
        if can(request.user, entry.action)
    ]
