"""Two questions that a supervisor asks: does the process live, and can it serve?"""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from dukcapil import clock
from dukcapil.requests import PortalRequest

# Each app that has something to say about readiness is known here by name only.
CHECKS = {"nightly": "recording.coverage.freshness.readiness"}


@login_not_required
def healthz(request: PortalRequest) -> HttpResponse:
    """The process lives. Never touches the database: a sick database must not get the web servers restarted."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: PortalRequest) -> JsonResponse:
    """200 when the database answers and the last night is not overdue, else 503 with what is wrong."""
    answers: dict[str, object] = {}
    try:
        now = clock.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answers["database"] = "ok"
        for name, path in CHECKS.items():
            answers[name] = import_string(path)(now)
    except Exception as problem:
        answers["database"] = type(problem).__name__
    ready = all(answer == "ok" for answer in answers.values())
    return JsonResponse(answers, status=200 if ready else 503)
