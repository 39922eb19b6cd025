"""The portal on the home screen of a phone, and without a line: manifest, service worker, and the page that says so."""

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

# What the page of the daily report needs without a line; their addresses change with their contents.
ASSETS = (
    "dukcapil/portal.css",
    "dukcapil/portal.js",
    "dukcapil/mark.svg",
    "fleet/reports/report.js",
    "dukcapil/copy.js",
)


@login_not_required
@cache_control(no_cache=True)
@require_safe
def service_worker(request: PortalRequest) -> HttpResponse:
    """At the root, because a service worker serves the addresses below its own. Its version is that of its assets."""
    assets = [static(name) for name in ASSETS]
    version = hashlib.sha256(" ".join(assets).encode()).hexdigest()[:12]
    context = {
        "assets": assets,
        "version": version,
        "kept": settings.OFFLINE_PAGES,
        "offline": reverse("offline"),
        "static_url": settings.STATIC_URL,
    }
    return render(request, "dukcapil/sw.js", context, content_type="text/javascript; charset=utf-8")


@login_not_required
@cache_control(max_age=3600)
@require_safe
def manifest(request: PortalRequest) -> HttpResponse:
    """What a phone shows of the portal as an application; it opens on the daily report."""
    icons = [{"src": static("dukcapil/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    told = {
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
    return JsonResponse(told, content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request: PortalRequest) -> HttpResponse:
    """What the service worker shows of a page that it has not kept; the same for everybody."""
    return render(None, "dukcapil/offline.html", {"kept": settings.OFFLINE_PAGES[0]})
