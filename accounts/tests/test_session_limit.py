"""Twelve hours after logging in a session ends, however busy it was: a request must not renew that limit."""

from datetime import timedelta

import pytest

from accounts.tests import cast
from accounts.tests.browser import is_in, send, visitor
from dukcapil import clock
from dukcapil.models import Demo
from recording.tests.pages import words
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


def test_the_log_in_page_says_why_it_ended() -> None:
    cast.head_barat()
    browser = visitor()
    assert "Sesi Anda berakhir" not in words(browser.get("/armada/", follow=True))  # nobody was in here
    send(browser, "budi")
    set_clock(12 + 1 / 60)
    said = words(browser.get("/armada/?x=1", follow=True))
    assert "berakhir 12 jam sesudah masuk. Masuk lagi untuk melanjutkan ke halaman tadi." in said
    assert "Yang sudah disimpan tetap tersimpan" in said
    assert "30 menit" not in words(browser.get("/armada/", follow=True))  # which was not the reason
    send(browser, "budi")
    del browser.cookies["sessionid"]
    said = words(browser.get("/armada/", follow=True))
    assert "Sesi Anda berakhir karena 30 menit tidak dipakai." in said
    said = words(browser.post("/armada/", follow=True, headers={"referer": "http://testserver/armada/"}))
    assert "Isian tadi belum tersimpan karena Anda sudah keluar." in said
    assert "tetap tersimpan" not in said


def test_who_logs_out_is_told_nothing() -> None:
    cast.head_barat()
    browser = visitor()
    send(browser, "budi")
    browser.post("/keluar/")
    assert browser.get("/armada/")["Location"] == "/masuk/?next=/armada/"


def test_the_way_back_holds_through_the_reason() -> None:
    cast.head_barat()
    browser = visitor()
    send(browser, "budi")
    set_clock(13)
    answer = browser.get("/armada/?wilayah=31.73&a=b%26c")
    assert answer["Location"] == "/masuk/?next=/armada/%3Fwilayah%3D31.73%26a%3Db%2526c&sebab=batas"
