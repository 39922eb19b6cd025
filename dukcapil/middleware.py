"""What every request gets: one reading of the clock, and an answer in words when something goes wrong."""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views import defaults

from dukcapil import clock
from dukcapil.errors import NotAllowed, NotFound, Refused
from dukcapil.problems import CONTENT_TYPE as PROBLEM_TYPE
from dukcapil.problems import is_api, problem_of, problem_response
from dukcapil.problems import problem as problem_of_status

log = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
AWAY = (OperationalError, InterfaceError)
WITHOUT_DATABASE = ("/healthz", "/readyz")  # they answer also when it is away
SAME_FOR_EVERYBODY = ("/publik/", "/data.json", "/data/")  # these and what lies below


class ClockMiddleware:
    """Sets `request.now`, `request.day` and `request.demo`, so that a page never reads the clock twice."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        demo = None if request.path in WITHOUT_DATABASE else clock.demo()
        request.demo = demo  # type: ignore[attr-defined]
        request.now = clock.shown_by(demo)  # type: ignore[attr-defined]
        request.day = clock.business_date(request.now)  # type: ignore[attr-defined]
        return self.get_response(request)


class WithoutCookies:
    """Takes the cookies away from a request for the public page, wherever the installation has one: the answer cannot
    depend on who asks, none is set, and every cache on the way may keep it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_DASHBOARD and request.path_info.startswith(SAME_FOR_EVERYBODY):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class LanguageMiddleware:
    """Indonesian, unless the reader chose English with the switch, which leaves a cookie.

    What a browser asks for is not followed: many office machines here run an English browser.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if is_api(request):  # a program has no switch; it says in which language it wants its sentences
            chosen = asked_language(request)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def asked_language(request: HttpRequest) -> str | None:
    """The first language of Accept-Language that the portal speaks; None: whatever it is."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower())
    known = dict(settings.LANGUAGES)
    return next((short for name, _weight in accepted if (short := name.partition("-")[0]) in known), None)


class ProblemMiddleware:
    """Turns what the views raise into pages: 403, 404, 400, 409, and 503 with Retry-After when the database is away."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """PostgreSQL stores no NUL and would stop in the middle of a page: refused here, wherever it is hidden."""
        if holds_nul(request):
            message = gettext(
                "Alamat atau kuki berisi tanda yang tidak dapat dibaca. Ketik ulang alamatnya, atau hapus kuki situs "
                "ini di peramban."
            )
            if is_api(request):
                return problem_response(problem_of_status(400, message))
            return render(None, "400.html", {"message": message}, status=400)
        response = self.get_response(request)
        if is_api(request):
            return _as_problem(request, response)
        if response.status_code == 405:  # Django's own is an empty page
            message = gettext("Alamat ini hanya menerima kiriman formulir, atau hanya dibaca. Buka dari halamannya.")
            page = render(None, "400.html", {"message": message, "code": 405}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Called with what a view raised; None leaves it to Django (404 of Django itself, real errors)."""
        if isinstance(problem, AWAY):
            return database_away(problem, request)
        if isinstance(problem, Refused) and is_api(request):
            return problem_response(problem_of(problem))
        if isinstance(problem, NotFound):
            return render(request, "404.html", {"message": str(problem)}, status=404)
        if isinstance(problem, NotAllowed):
            return render(request, "403.html", {"message": str(problem)}, status=403)
        in_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if in_admin and request.GET and isinstance(problem, ValueError | OverflowError | DataError):
            message = gettext(
                "Saringan pada alamat ini tidak dapat dibaca. Buka lagi daftarnya tanpa saringan."
            )  # a year or number out of all range
            return render(request, "400.html", {"message": message}, status=400)
        if isinstance(problem, Refused):
            context = {"message": str(problem), "code": problem.status}
            return render(request, "400.html", context, status=problem.status)
        return None


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """An error that no view of the API made (an unknown address, a method that none serves, a token of forms) in the
    shape of all others."""
    kind = response.get("Content-Type", "").partition(";")[0]
    if response.status_code < 400 or kind == PROBLEM_TYPE:
        return response
    words = {404: gettext("Alamat ini tidak ada."), 405: gettext("Metode ini tidak dilayani di alamat ini.")}
    told = words.get(response.status_code, gettext("Permintaan ini tidak dapat dilayani."))
    answer = problem_response(problem_of_status(response.status_code, told))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if response.has_header(name):
            answer[name] = response[name]
    return answer


def holds_nul(request: HttpRequest) -> bool:
    """In the path, in the query (where it is still written as %00), or in a cookie (where it may be quoted)."""
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return any("\x00" in value for value in request.COOKIES.values())


def server_error(request: HttpRequest) -> HttpResponse:
    """The handler of what nobody caught. A middleware's exception comes here at once, past `process_exception`: the
    clock, the session and the log-in ask the database before any view does."""
    problem = sys.exc_info()[1]
    if isinstance(problem, AWAY):
        return database_away(problem, request)
    if is_api(request):
        told = gettext("Terjadi kesalahan pada portal; tidak ada yang disimpan. Pengelola melihatnya di catatan.")
        return problem_response(problem_of_status(500, told))
    return defaults.server_error(request)


def database_away(problem: Exception, request: HttpRequest) -> HttpResponse:
    """503: nothing was saved, try again in five seconds. The page needs no database itself."""
    log.error("database away: %s", problem)
    # `request=None`: context processors would ask the database for the reader and for the last night.
    if is_api(request):
        told = gettext("Basis data sedang tidak terjangkau; tidak ada yang disimpan. Coba lagi sebentar.")
        response = problem_response(problem_of_status(503, told))
    else:
        response = render(None, "503.html", status=503)
    response["Retry-After"] = "5"
    return response
