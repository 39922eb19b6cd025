"""What every request gets: one reading of the clock, a language, and an error page in words."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.shortcuts import render
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views import defaults

from dukcapil import clock
from dukcapil.errors import NotAllowed, NotFound, Refused
from dukcapil.kept import reads_anew
from dukcapil.log_lines import in_one_line, is_disk_full
from dukcapil.problems import CONTENT_TYPE as PROBLEM_TYPE
from dukcapil.problems import is_api, problem, problem_of, problem_response
from dukcapil.requests import PortalRequest

Respond = Callable[..., HttpResponse]
DATABASE_AWAY = (OperationalError, InterfaceError)
PUBLIC_PAGES = ("/publik/", "/data.json", "/data/", "/jadwal-publik/")  # these and everything below
MAX_ACCEPT_LANGUAGE_LENGTH = 200
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
WROTE_COOKIE, WROTE_SECONDS = "wrote", 5  # longer than what is kept


class ClockMiddleware:
    """Sets `request.now`, `request.day` and `request.demo`, so that a page never reads the clock twice."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request.demo = clock.demo()
        request.now = clock.shown_by(request.demo)
        request.day = clock.business_date(request.now)
        return self.get_response(request)


class ReadOwnWritesMiddleware:
    """Whoever sent a form sees what came of it, whichever process answers next: what is kept is read anew for a while."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        writes = request.method not in SAFE_METHODS
        token = reads_anew.set(WROTE_COOKIE in request.COOKIES)
        try:
            response = self.get_response(request)
        finally:
            reads_anew.reset(token)
        if writes and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                WROTE_COOKIE, "1", max_age=WROTE_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response


class PublicPagesMiddleware:
    """Takes the cookies away from a request for a public page, all but the language: the answer cannot depend on who asks,
    no cookie is set, and every cache on the way may keep it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_DASHBOARD and request.path_info.startswith(PUBLIC_PAGES):
            name = settings.LANGUAGE_COOKIE_NAME
            language = parse_cookie(request.META.pop("HTTP_COOKIE", "")).get(name)
            if language in dict(settings.LANGUAGES):
                request.META["HTTP_COOKIE"] = f"{name}={language}"
        return self.get_response(request)


class PrivateAnswersMiddleware:
    """Whatever does not say itself who may keep it is for its reader alone: no cache between keeps names or figures, and a
    browser asks anew."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class ContentSecurityPolicyMiddleware:
    """What browsers may load from an answer, unless its view has said so itself."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response


class LanguageMiddleware:
    """Indonesian, unless the reader chose English with the switch, which leaves a cookie.

    What a browser asks for is not followed: many office machines here run an English browser.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if is_api(request):  # a program has no switch; its header names the language
            chosen = _accepted_language(request)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _accepted_language(request: HttpRequest) -> str | None:
    """The first language of Accept-Language that the portal speaks; None when it speaks none of them."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:MAX_ACCEPT_LANGUAGE_LENGTH]
    if not header:
        return None
    languages = [name.partition("-")[0] for name, _weight in parse_accept_lang_header(header.lower())]
    return next((language for language in languages if language in dict(settings.LANGUAGES)), None)


class ProblemMiddleware:
    """Turns what the views raise into pages: 403, 404, 400, 409, and 503 with Retry-After when the database is away
    or the disk is full."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request):
            message = gettext(
                "Alamat atau kuki berisi tanda yang tidak dapat dibaca. Ketik ulang alamatnya, atau hapus kuki situs "
                "ini di peramban."
            )
            if is_api(request):
                return problem_response(problem(400, message))
            return render(None, "400.html", {"message": message}, status=400)
        response = self.get_response(request)
        if is_api(request):
            return _as_problem(response)
        return _as_page_405(response) if response.status_code == 405 else response

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        """Called with what a view raised; None leaves it to Django (its own 404, real errors)."""
        if isinstance(raised, DATABASE_AWAY) or is_disk_full(raised):
            return _unavailable(raised, request)
        if isinstance(raised, Refused):
            return problem_response(problem_of(raised)) if is_api(request) else _refusal_page(request, raised)
        in_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if in_admin and request.GET and isinstance(raised, ValueError | OverflowError | DataError):
            # A filter of the admin pages with a year or a number out of all range.
            message = gettext("Saringan pada alamat ini tidak dapat dibaca. Buka lagi daftarnya tanpa saringan.")
            return render(request, "400.html", {"message": message}, status=400)
        return None


def _refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    if isinstance(refused, NotFound):
        offers = [offer for source in settings.NEAREST_SOURCES for offer in import_string(source)(request)]
        return render(request, "404.html", {"message": str(refused), "offers": offers}, status=refused.status)
    if isinstance(refused, NotAllowed):
        return render(request, f"{refused.status}.html", {"message": str(refused)}, status=refused.status)
    return render(request, "400.html", {"message": str(refused), "code": refused.status}, status=refused.status)


def _as_page_405(response: HttpResponse) -> HttpResponse:
    """Django's own is an empty page."""
    message = gettext("Alamat ini hanya menerima kiriman formulir, atau hanya dibaca. Buka dari halamannya.")
    page = render(None, "400.html", {"message": message, "code": 405}, status=405)
    page["Allow"] = response["Allow"]
    return page


def _as_problem(response: HttpResponse) -> HttpResponse:
    """An error that no view of the API made (an unknown address or method, a missing token of forms), in the shape of
    all others."""
    content_type = response.get("Content-Type", "").partition(";")[0]
    if response.status_code < 400 or content_type == PROBLEM_TYPE:
        return response
    sentences = {404: gettext("Alamat ini tidak ada."), 405: gettext("Metode ini tidak dilayani di alamat ini.")}
    detail = sentences.get(response.status_code, gettext("Permintaan ini tidak dapat dilayani."))
    answer = problem_response(problem(response.status_code, detail))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if response.has_header(name):
            answer[name] = response[name]
    return answer


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a NUL is in the path, in the query (still written as %00), or in a cookie (perhaps quoted). PostgreSQL
    stores none and would stop in the middle of a page."""
    if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return any("\x00" in value for value in request.COOKIES.values())


def server_error(request: HttpRequest) -> HttpResponse:
    """Handles what nobody caught. What a middleware raises comes here past `process_exception`: the clock, the session
    and the log-in ask the database before any view does."""
    raised = sys.exc_info()[1]
    if isinstance(raised, DATABASE_AWAY) or (raised is not None and is_disk_full(raised)):
        return _unavailable(raised, request)
    if is_api(request):
        detail = gettext("Terjadi kesalahan pada portal; tidak ada yang disimpan. Pengelola melihatnya di catatan.")
        return problem_response(problem(500, detail))
    return defaults.server_error(request)


def _drop_half_an_upload(request: HttpRequest) -> None:
    """Django closes, and so deletes, only the files that came whole."""
    for handler in request.upload_handlers:
        if (file := getattr(handler, "file", None)) is not None:
            file.close()


def _unavailable(raised: BaseException, request: HttpRequest) -> HttpResponse:
    """503: nothing was saved, try again in five seconds. The database is away, or the disk is full."""
    full = is_disk_full(raised)
    if full:
        _drop_half_an_upload(request)
    if is_api(request):
        detail = gettext("Basis data sedang tidak terjangkau; tidak ada yang disimpan. Coba lagi sebentar.")
        if full:
            detail = gettext("Penyimpanan portal penuh; tidak ada yang disimpan. Hubungi pengelola portal.")
        response = problem_response(problem(503, detail))
    else:
        # `request=None`: context processors would ask the database for the reader and for the last night.
        response = render(None, "503.html", {"disk_full": full}, status=503)
    response["Retry-After"] = "5"
    vars(response)["why"] = in_one_line(raised)  # for the line of the request (dukcapil/access.py)
    return response
