"""Pages that are built once and served until their key changes. Without the cache they are built each time."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.html import escape

from dukcapil.marked_page import MarkedPage
from dukcapil.requests import PortalRequest

log = logging.getLogger(__name__)
TTL_SECONDS = 600  # short, so that a new version of the portal shows its own pages soon
TTL_OF_PAGE_SECONDS = 60  # its clock changes by the minute
NOTHING_LIVE: Mapping[str, str] = {}
Built = TypeVar("Built")


def built_once(parts: tuple[object, ...], build: Callable[[], Built]) -> Built:
    """The value of `build`, from the cache where it is there. The parts of the key must hold everything on which the
    value depends, also language, rights and the state of the data. What `build` raises is passed on."""
    key = _name(parts)
    try:
        value: Built | None = caches["default"].get(key)
    except Exception as problem:  # each cache has errors of its own, in a package that may not be installed
        log.warning("the cache is away: %s", problem)
        return build()
    if value is None:
        value = build()
        try:
            caches["default"].set(key, value, TTL_SECONDS)
        except Exception as problem:
            log.warning("the cache is away: %s", problem)
    return value


def asset_addresses() -> list[str]:
    """Of the files that every page loads. Each carries the version of its content, so that as a part of a key they keep a
    new version of the portal from serving pages of the one before."""
    return [static(f"dukcapil/{name}") for name in ("portal.css", "portal.js", "mark.svg")]


def live_mark(name: str) -> str:
    """Stands in a built page for HTML that depends on the moment: `live` of `shared_page`. Nobody can type one in."""
    return salted_hmac("page_cache.live", name).hexdigest()


def unshared_page(
    request: PortalRequest, template: str, context: dict[str, Any], live: Mapping[str, str] = NOTHING_LIVE
) -> HttpResponse:
    """The page for this request alone."""
    html: str = render_to_string(template, context, request)
    for name, text in live.items():
        html = html.replace(live_mark(name), text)
    return HttpResponse(html)


def shared_page(
    request: PortalRequest,
    template: str,
    parts: tuple[object, ...],
    build: Callable[[], dict[str, Any]],
    live: Mapping[str, str] = NOTHING_LIVE,
) -> HttpResponse:
    """The page of a template with the context of `build`, rendered once in each process for all readers to whom the parts
    of the key apply: see `built_once`. What the frame of the page (dukcapil/base.html) shows of the request is part of the
    key here, but for what a new version of the portal changes: its processes have nothing of those before.

    What belongs to one request alone is filled in each time: the reader's name and number, the token of forms and the
    address, and the HTML of `live` in the place of the mark of each name; the names are a part of the key. A reader for
    whom there is a message gets a page that is rendered for this once.
    """
    if len(get_messages(request)):
        return unshared_page(request, template, build(), live)
    minute = request.now.replace(second=0, microsecond=0)  # as exact as the frame tells it
    view = request.resolver_match and request.resolver_match.view_name
    name = _name((template, *parts, *live, view, minute, request.demo is None, settings.PORTAL_NAME))
    marks, reader = _marks(), request.user
    page: MarkedPage | None = caches["pages"].get(name)
    if page is None:
        role = str(reader.get_role_display())  # type: ignore[union-attr]  # strangers were sent to log in
        context = {"user": _AnyReader(marks, role), "csrf_token": marks.token, "own_address": marks.address}
        html = narrow(render_to_string(template, build() | context, request))
        page = MarkedPage(html, [*marks, *map(live_mark, live)])
        caches["pages"].set(name, page, TTL_OF_PAGE_SECONDS)
    values = {
        marks.full_name: escape(reader.full_name),  # type: ignore[union-attr]
        marks.number: str(reader.pk),
        marks.token: get_token(request),
        marks.address: escape(request.get_full_path()),
    }
    values |= {live_mark(part): text for part, text in live.items()}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page.gzipped(values), headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(page.filled(values))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _name(parts: tuple[object, ...]) -> str:
    return "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()


def narrow(html: str) -> str:
    """Without its indentation: a third less to compress."""
    return "\n".join(filter(None, map(str.strip, html.splitlines())))


class _Marks(NamedTuple):
    """Stand for what belongs to one request. Nobody can type one in."""

    full_name: str
    number: str
    token: str
    address: str


@cache
def _marks() -> _Marks:
    return _Marks(*(salted_hmac("page_cache", name).hexdigest() for name in _Marks._fields))


class _AnyReader:
    """Any reader of a role in a template, which may use nothing else of a user."""

    is_authenticated = True

    def __init__(self, marks: _Marks, role: str) -> None:
        self.full_name, self.pk = marks.full_name, marks.number
        self.get_role_display = role
