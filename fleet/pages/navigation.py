"""The parts of the fleet in the navigation over all pages (settings.NAVIGATION_SOURCES)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.roles import Action
from recording.public import NavigationEntry

FLEET_PAGES = ("schedule", "trip_add", "trip", "van_requests", "report_watch", "report", "performance", "vans", "van")


def entries() -> Iterable[NavigationEntry]:
    """The daily reports for those who write them, and everything else of the fleet."""
    return (
        NavigationEntry(Action.REPORT_WRITE, "report_day", _("Laporan"), ("report_day",)),
        NavigationEntry(Action.FLEET_READ, "schedule", _("Armada"), FLEET_PAGES),
    )
