"""Twelve hours after logging in a session ends, however busy it was: a request must not renew that limit."""

from datetime import timedelta

import pytest

from accounts.tests import cast
from accounts.tests.browser import is_in, send, visitor
from dukcapil import clock
from dukcapil.models import Demo
from recording.tests.world import after

pytestmark = pytest.mark.usefixtures("at_noon")


def set_clock(hours: float) -> None:
    """The portal's clock, this many hours after its noon."""
    Demo.objects.update(shift=clock.real_now() - after(hours=hours))


def test_requests_do_not_renew_the_twelve_hours() -> None:
    cast.head_barat()
    browser = visitor()
    send(browser, "budi")
    for step in range(1, 36):  # a request every twenty minutes
        set_clock(step / 3)
        assert is_in(browser), f"after {timedelta(hours=step / 3)}"
    set_clock(12 + 1 / 60)
    assert not is_in(browser)
