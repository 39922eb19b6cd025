"""Middleware loaded once, as in a process that serves, instead of once for each of ten thousand test clients."""

import pytest
from django.conf import settings
from django.test.client import ClientHandler

LOADED = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


def share_middleware(patch: pytest.MonkeyPatch) -> None:
    """From here on every client goes through the same middleware, of which WhiteNoise alone reads all static files.

    A test that changes a setting gets its own, loaded from that setting.
    """
    usual, load = vars(settings)["_wrapped"], ClientHandler.load_middleware
    first = ClientHandler()
    load(first)
    shared = {name: getattr(first, name) for name in LOADED}

    def load_or_share(handler: ClientHandler) -> None:
        if vars(settings)["_wrapped"] is usual:
            vars(handler).update(shared)
        else:
            load(handler)

    patch.setattr(ClientHandler, "load_middleware", load_or_share)
