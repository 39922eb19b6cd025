"""The tabs at the top of each page of the fleet."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import can
from accounts.roles import Action
from dukcapil.requests import PortalRequest


def tabs(request: PortalRequest, here: str) -> list[tuple[str, str, bool]]:
    """(address, label, whether it is the page `here`) of each page that the reader may open."""
    parts = [
        (Action.FLEET_READ, "schedule", _("Jadwal")),
        (Action.FLEET_READ, "proposals", _("Usulan")),
        (Action.REPORT_WRITE, "report_day", _("Laporan harian")),
        (Action.FLEET_READ, "report_watch", _("Pantauan")),
        (Action.REPORT_DECIDE, "report_approvals", _("Persetujuan")),
        (Action.FLEET_READ, "performance", _("Kinerja")),
        (Action.TRIP_WRITE, "van_requests", _("Permintaan")),
        (Action.FLEET_READ, "vans", _("Mobil")),
    ]
    return [(reverse(name), label, name == here) for action, name, label in parts if can(request.user, action)]
