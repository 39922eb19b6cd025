"""Pages that are built once and served until their key changes. Without the cache they are built each time."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.html import escape

from dukcapil.requests import PortalRequest

log = logging.getLogger(__name__)
TTL_SECONDS = 600  # short, so that a new version of the portal shows its own pages soon
Built = TypeVar("Built")


def built_once(parts: tuple[object, ...], build: Callable[[], Built]) -> Built:
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
            cache.set(key, value, TTL_SECONDS)
        except Exception as problem:
            log.warning("the cache is away: %s", problem)
    return value


def shared_page(
    request: PortalRequest, template: str, parts: tuple[object, ...], build: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The page of a template with the context of `build`, rendered once for all readers to whom the parts of the key apply:
    see `built_once`. The parts must also hold whatever the frame of the page shows of the request (its address, its clock).

    What belongs to one reader alone is filled in each time: name, number and the token of forms. A reader for whom there
    is a message gets a page that is rendered for this once.
    """
    if len(get_messages(request)):
        return render(request, template, build())
    reader = request.user
    marks = _Marks(str(reader.get_role_display()))  # type: ignore[union-attr]  # strangers were sent to log in
    page = str(
        built_once(
            (template, *parts),
            lambda: render_to_string(template, build() | {"user": marks, "csrf_token": marks.token}, request),
        )
    )
    own = {marks.full_name: escape(reader.full_name), marks.pk: str(reader.pk), marks.token: get_token(request)}  # type: ignore[union-attr]
    for mark, value in own.items():
        page = page.replace(mark, value)
    return HttpResponse(page)


class _Marks:
    """Stands for any reader of a role in a template. Nobody can type a mark in, and all processes have the same."""

    is_authenticated = True

    def __init__(self, role: str) -> None:
        self.get_role_display = role
        self.full_name, self.pk, self.token = (salted_hmac("page_cache", of).hexdigest() for of in ("name", "pk", "token"))
