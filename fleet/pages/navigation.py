"""The parts of the fleet in the navigation over all pages (settings.NAVIGATION_SOURCES)."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Action
from recording.public import NavigationEntry

FLEET_PAGES = (
    "schedule",
    "schedule_month",
    "week_copy",
    "week_publish",
    "trip_add",
    "trip",
    "breakdown",
    "breakdown_done",
    "van_requests",
    "report_watch",
    "report_approvals",
    "report",
    "performance",
    "vans",
    "van",
)
ENTRIES = (
    NavigationEntry(Action.REPORT_WRITE, "report_day", _("Laporan"), ("report_day",)),
    NavigationEntry(Action.FLEET_READ, "schedule", _("Armada"), FLEET_PAGES),
)
PUBLIC_LINKS = (("public_schedule", _("Jadwal mobil keliling dan yang perlu dibawa")),)  # settings.PUBLIC_LINKS
