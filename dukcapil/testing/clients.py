"""Middleware loaded once for some settings, as in a process that serves, instead of once for each of ten thousand clients."""

from typing import Any

import pytest
from django.conf import settings
from django.test.client import ClientHandler

LOADED = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


def share_middleware(patch: pytest.MonkeyPatch) -> None:
    """From here on clients share their middleware, of which WhiteNoise alone reads the state of all static files.

    A test that changes a setting gets middleware of its own, loaded from that setting.
    """
    load = ClientHandler.load_middleware
    usual = _settings_now()
    shared: list[tuple[Any, dict[str, Any]]] = []  # of the usual settings, then of those that a test has set

    def load_or_share(handler: ClientHandler) -> None:
        now = _settings_now()
        found = next((loaded for of, loaded in shared if of is now), None)
        if found is None:
            load(handler)
            del shared[1 if now is not usual else 0 :]
            shared.append((now, {name: getattr(handler, name) for name in LOADED}))
        else:
            vars(handler).update(found)

    load_or_share(ClientHandler())
    patch.setattr(ClientHandler, "load_middleware", load_or_share)


def _settings_now() -> Any:
    """Another object as soon as a test overrides a setting."""
    return vars(settings)["_wrapped"]
