"""The application for the benchmark's gunicorn: the portal's, with the benchmark's own addresses and cache."""

from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from benchmarks.api.bypassable_cache import bypassed

BUILT = "/dibangun/"  # the portal's address of coverage, for which nothing has been built yet

settings.ROOT_URLCONF = "benchmarks.api.addresses"
settings.CACHES["answers"]["BACKEND"] = "benchmarks.api.bypassable_cache.BypassableCache"
_portal = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    if environ["PATH_INFO"] != BUILT:
        return _portal(environ, start_response)
    token = bypassed.set(True)
    try:
        return _portal(environ | {"PATH_INFO": "/api/v1/coverage/"}, start_response)
    finally:
        bypassed.reset(token)
