"""For monitors: does the process live, and can it serve?"""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from dukcapil import clock
from dukcapil.requests import PortalRequest

# Checks of other apps, which are known here by name only: each returns "ok" or what is wrong.
# A warning is told and keeps the portal ready.
WARNINGS = {"next_period": "recording.targets.next_period.readiness"}
CHECKS = {"nightly": "recording.coverage.freshness.readiness"}


@login_not_required
def healthz(request: PortalRequest) -> HttpResponse:
    """Always 200. Never asks the database: one that is away must not get the web servers restarted."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: PortalRequest) -> JsonResponse:
    """200 when the database answers and the last night is not overdue, else 503 with what is wrong. `warnings`, where
    there are any, is what a person should do soon."""
    checks: dict[str, object] = {}
    try:
        now = clock.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = "ok"
        for name, path in CHECKS.items():
            checks[name] = import_string(path)(now)
    except Exception as problem:  # whatever keeps the portal from serving is what a monitor asks for
        checks["database"] = type(problem).__name__
    ready = all(result == "ok" for result in checks.values())
    if ready and (warnings := _warnings(now)):
        checks["warnings"] = warnings
    return JsonResponse(checks, status=200 if ready else 503)


def _warnings(now: datetime) -> dict[str, str]:
    results = {name: import_string(path)(now) for name, path in WARNINGS.items()}
    return {name: result for name, result in results.items() if result != "ok"}
