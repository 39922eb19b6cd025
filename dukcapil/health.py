"""For monitors: does the process live, and is the work being done?

Answered before sessions, log-ins, language and the portal's clock: no cookie is looked at, and none is set.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.module_loading import import_string

from dukcapil import clock

# Checks of other apps, which are known here by name only: each returns "ok" or what is wrong.
# A warning is told and keeps the portal ready.
WARNINGS = {"next_period": "recording.targets.next_period.readiness"}
CHECKS = {"nightly": "recording.coverage.freshness.readiness", "release": "dukcapil.release.readiness"}


class HealthMiddleware:
    """Answers the addresses of monitors; everything else goes the ordinary way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer(request)
        response["Cache-Control"] = "no-store"
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Always 200. Never asks the database: one that is away must not get the web servers restarted."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
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


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
