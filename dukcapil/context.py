"""Values for every template."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from dukcapil.public_links import public_links
from dukcapil.requests import PortalRequest


def portal(request: PortalRequest) -> dict[str, object]:
    """The display name (a setting, because the province may be renamed), and whether there are public pages."""
    links = SimpleLazyObject(public_links)
    return {"portal_name": settings.PORTAL_NAME, "public_dashboard": settings.PUBLIC_DASHBOARD, "public_links": links}
