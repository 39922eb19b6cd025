"""The application for the benchmark's gunicorn: the portal's, with the benchmark's own addresses and cache."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "benchmarks.api.addresses"
settings.CACHES["answers"]["BACKEND"] = "benchmarks.api.bypassable_cache.BypassableCache"
application = get_wsgi_application()
