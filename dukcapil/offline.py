"""The portal as an application on a phone, also while offline: service worker, manifest, and the page "offline"."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dukcapil.requests import PortalRequest

# What the page of the daily report needs while offline; their addresses change with their contents.
ASSETS = (
    "dukcapil/portal.css",
    "dukcapil/portal.js",
    "dukcapil/mark.svg",
    "fleet/reports/store.js",
    "fleet/reports/cards.js",
    "fleet/reports/today.js",
    "fleet/reports/report.js",
    "dukcapil/copy.js",
)


@login_not_required
@cache_control(no_cache=True)
@require_safe
def service_worker(request: PortalRequest) -> HttpResponse:
    """At the root, because a service worker serves the addresses below its own. Its version follows from its assets."""
    assets = [static(name) for name in ASSETS]
    version = hashlib.sha256(" ".join(assets).encode()).hexdigest()[:12]
    context = {
        "assets": assets,
        "version": version,
        "offline_pages": settings.OFFLINE_PAGES,
        "offline": reverse("offline"),
        "static_url": settings.STATIC_URL,
    }
    return render(request, "dukcapil/sw.js", context, content_type="text/javascript; charset=utf-8")


@login_not_required
@cache_control(max_age=3600)
@require_safe
def manifest(request: PortalRequest) -> HttpResponse:
    """Describes the portal as an application, which opens on the daily report."""
    icons = [{"src": static("dukcapil/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    application = {
        "name": settings.PORTAL_NAME,
        "short_name": settings.PORTAL_NAME,
        "lang": "id",
        "id": "/",
        "start_url": settings.OFFLINE_PAGES[0],
        "scope": "/",
        "display": "standalone",
        "theme_color": "#06264a",
        "background_color": "#f3f5f9",
        "icons": icons,
    }
    return JsonResponse(application, content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request: PortalRequest) -> HttpResponse:
    """What the service worker shows for a page that it has not stored; the same for everybody."""
    return render(None, "dukcapil/offline.html", {"report_page": settings.OFFLINE_PAGES[0]})
