"""For monitors: does the process live, and is the work being done?

Answered before sessions, log-ins, language and the portal's clock: no cookie is looked at, and none is set.
"""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed, JsonResponse
from django.utils import translation

from dukcapil import clock
from dukcapil.conditions import Measure, conditions, exposition, measures

LOOPBACK = ("127.", "::1", "::ffff:127.")


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
    """200 while the work is being done, else 503 with what is wrong, by the name of each check. `warnings`, where there are
    any, is what a person should do soon."""
    found = conditions()
    answer: dict[str, object] = {each.check.name: each.answer for each in found if not each.check.warns}
    if warnings := {each.check.name: each.answer for each in found if each.check.warns and not each.is_ok}:
        answer["warnings"] = warnings
    return JsonResponse(answer, status=503 if any(each.keeps_unready for each in found) else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus: with METRICS_TOKEN for whoever brings it, without one for this machine alone."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden("METRICS_TOKEN\n", content_type="text/plain")
    found = conditions()
    ready = 0.0 if any(each.keeps_unready for each in found) else 1.0
    numbers = [
        Measure("portal_ready", "1 while the work is being done.", {"": ready}),
        Measure(
            "portal_check", "1 for each check that is well.", {each.check.name: float(each.is_ok) for each in found}, "check"
        ),
    ]
    with translation.override(settings.LANGUAGE_CODE):
        try:
            numbers += measures(clock.now())
        except Exception:  # the database is away, as portal_check says already
            numbers = numbers[:2]
    return HttpResponse(exposition(numbers), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: HttpRequest) -> bool:
    """A proxy on this machine names whom it asks for; what it brings comes from elsewhere."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    peer = request.META.get("REMOTE_ADDR", "")
    return peer.startswith(LOOPBACK) and "X-Forwarded-For" not in request.headers


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
