"""Pages that are built once and served until their key changes. Without the cache they are built each time."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.utils.html import escape

from dukcapil.requests import PortalRequest

log = logging.getLogger(__name__)
TTL_SECONDS = 600  # short, so that a new version of the portal shows its own pages soon
TTL_OF_PAGE_SECONDS = 60  # its clock changes by the minute
Built = TypeVar("Built")


def built_once(parts: tuple[object, ...], build: Callable[[], Built], *, ttl: int = TTL_SECONDS) -> Built:
    """The value of `build`, from the cache where it is there. The parts of the key must hold everything on which the
    value depends, also language, rights and the state of the data. What `build` raises is passed on."""
    key = "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    try:
        value: Built | None = cache.get(key)
    except Exception as problem:  # each cache has errors of its own, in a package that may not be installed
        log.warning("the cache is away: %s", problem)
        return build()
    if value is None:
        value = build()
        try:
            cache.set(key, value, ttl)
        except Exception as problem:
            log.warning("the cache is away: %s", problem)
    return value


def asset_addresses() -> list[str]:
    """Of the files that every page loads. Each carries the version of its content, so that as a part of a key they keep a
    new version of the portal from serving pages of the one before."""
    return [static(f"dukcapil/{name}") for name in ("portal.css", "portal.js", "mark.svg")]


def shared_page(
    request: PortalRequest, template: str, parts: tuple[object, ...], build: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The page of a template with the context of `build`, rendered once for all readers to whom the parts of the key apply:
    see `built_once`. What the frame of the page (dukcapil/base.html) shows of the request is part of the key here.

    What belongs to one request alone is filled in each time: the reader's name and number, the token of forms and the
    address. A reader for whom there is a message gets a page that is rendered for this once.
    """
    if len(get_messages(request)):
        return render(request, template, build())
    reader = request.user
    marks = _Marks(str(reader.get_role_display()))  # type: ignore[union-attr]  # strangers were sent to log in
    minute = request.now.replace(second=0, microsecond=0)  # as exact as the frame tells it
    frame = (
        request.resolver_match and request.resolver_match.view_name,
        minute,
        request.demo is None,
        *asset_addresses(),
        settings.PORTAL_NAME,
        marks.token,
    )
    context = {"user": marks, "csrf_token": marks.token, "own_address": marks.address}
    page = str(
        built_once(
            (template, *parts, *frame), lambda: render_to_string(template, build() | context, request), ttl=TTL_OF_PAGE_SECONDS
        )
    )
    own = {
        marks.full_name: escape(reader.full_name),  # type: ignore[union-attr]
        marks.pk: str(reader.pk),
        marks.token: get_token(request),
        marks.address: escape(request.get_full_path()),
    }
    for mark, value in own.items():
        page = page.replace(mark, value)
    return HttpResponse(page)


class _Marks:
    """Stands for any reader of a role in a template, which may use nothing else of a user. Nobody can type a mark in, and
    all processes have the same."""

    is_authenticated = True

    def __init__(self, role: str) -> None:
        self.get_role_display = role
        names = ("name", "number", "token", "address")
        self.full_name, self.pk, self.token, self.address = (salted_hmac("page_cache", name).hexdigest() for name in names)
