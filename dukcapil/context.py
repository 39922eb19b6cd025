"""What every template may use: the portal's display name, and whether it has a page for everybody."""

from django.conf import settings

from dukcapil.requests import PortalRequest


def portal(request: PortalRequest) -> dict[str, object]:
    """The display name is data (the province may be renamed), so templates never spell it."""
    return {"portal_name": settings.PORTAL_NAME, "public_dashboard": settings.PUBLIC_DASHBOARD}
