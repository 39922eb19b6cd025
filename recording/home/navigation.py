"""What every template may use of recording: how fresh the figures are, and the way to them."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from accounts.rights import can
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from recording.coverage import freshness as nights

# The pages about one region; they carry its tabs.
COVERAGE_PAGES = (
    "coverage",
    "region",
    "explanation",
    "ledger_rows",
    "digest",
    "figure_exports",
    "print_view",
    "counts",
    "count_history",
)

FLEET_PAGES = ("schedule", "trip_add", "trip", "van_requests", "report_watch", "report", "performance", "vans", "van")


def freshness(request: PortalRequest) -> dict[str, object]:
    """`freshness` (asked of the database only when a template shows it) and `nav`, both for people logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"freshness": None, "nav": []}
    now = request.now
    return {"freshness": SimpleLazyObject(lambda: nights.freshness(now)), "nav": navigation(request)}


def navigation(request: PortalRequest) -> list[tuple[str, str, bool]]:
    """(address, label, whether the current page is of this part) of each part that the reader may open."""
    user = request.user
    parts = [
        (Action.COVERAGE_READ, "coverage", gettext("Cakupan"), COVERAGE_PAGES),
        (Action.COUNT_WRITE, "home", gettext("Beranda"), ("home",)),
        (Action.COVERAGE_READ, "runs", gettext("Angka resmi"), ("runs", "compare_runs")),
        (Action.COUNT_WRITE, "record", gettext("Catat"), ("record",)),
        (Action.COUNT_WRITE, "imports", gettext("Impor"), ("imports", "import_batch")),
        (Action.REPORT_WRITE, "report_day", gettext("Laporan"), ("report_day",)),
        (Action.FLEET_READ, "schedule", gettext("Armada"), FLEET_PAGES),
        (Action.ADMIN_OPEN, "admin:index", gettext("Kelola"), ()),
    ]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [(reverse(name), label, here in pages) for action, name, label, pages in parts if can(user, action)]
