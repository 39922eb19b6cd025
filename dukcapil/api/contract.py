"""The contract (OpenAPI 3.1) and Swagger UI. Both are public: they hold no figures."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView, SpectacularYAMLAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from dukcapil.api.views import Answers

LISTS = (
    "regions periods targets counts changes runs coverage history forecast explanation imports vans trips proposals reports "
    "schema docs"
).split()
_yaml = SpectacularYAMLAPIView.as_view(authentication_classes=(), throttle_classes=())
_json = SpectacularJSONAPIView.as_view(authentication_classes=(), throttle_classes=())
_swagger = SpectacularSwaggerSplitView.as_view(
    url_name="api_schema", authentication_classes=(), throttle_classes=(), permission_classes=(AllowAny,)
)


@login_not_required
@require_safe
@cache_control(max_age=300)
def schema(request: HttpRequest) -> HttpResponse:
    """The contract as YAML, or as JSON with ?format=json or Accept: application/json."""
    wants_json = request.GET.get("format") == "json" or "application/json" in request.headers.get("Accept", "")
    built = _build("json" if wants_json else "yaml", get_language() or "")
    return HttpResponse(built.content, headers=dict(built.headers))


@cache
def _build(form: str, language: str) -> Response:
    """The framework's answer, the same for whoever asks in one language; it takes a third of a second. The request that
    it sees is a plain one: its own views would answer an unknown ?format= with a page."""
    request = HttpRequest()
    request.method = "GET"
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_ACCEPT": "*/*"}
    answer: Response = (_json if form == "json" else _yaml)(request)
    return answer.render()


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files, with a policy of its own: it writes style attributes and draws inline pictures."""
    answer: HttpResponse = _swagger(request)
    policy = f"{settings.CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    answer["Content-Security-Policy"] = policy
    return answer


class Root(Answers):
    """The entrance of the API."""

    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The addresses of the lists."""
        return Response({name: request.build_absolute_uri(reverse(f"api_{name}")) for name in LISTS})
