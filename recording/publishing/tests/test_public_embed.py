"""The headline in a frame on another site: small, the same for everybody, and the only page that may be framed."""

import re
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client

from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import run_due
from recording.tests import world
from recording.tests.pages import logged_in, words

pytestmark = pytest.mark.usefixtures("at_noon")
FRAME, ENGLISH = "/publik/sisipan/", "/publik/en/sisipan/"


@pytest.fixture(autouse=True)
def offered(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = True


@pytest.fixture
def figures(at_noon: None) -> None:
    world.target(60_000, world.DKI)
    world.write(world.count(31_000, day=world.DAY.replace(day=24)))
    run_due(by=SYSTEM, now=world.NOON)


@pytest.mark.usefixtures("figures")
def test_the_headline_stands_in_the_frame() -> None:
    assert "31.000 dari 60.000 51,67% dari target · sisa 29.000 Angka resmi nomor 1" in words(Client().get(FRAME))
    assert 'aria-label="31.000 dari 60.000, 51,67%"' in Client().get(FRAME).content.decode()
    assert "31,000 of 60,000 51.67%" in words(Client().get(ENGLISH))
    assert "KIA" in words(Client().get(f"{FRAME}?dokumen=KIA"))


def test_before_the_first_night_it_says_so() -> None:
    assert "Belum ada angka resmi" in words(Client().get(FRAME))


@pytest.mark.parametrize("address", [f"{FRAME}?dokumen=SIM", "/publik/fr/sisipan/"])
def test_nonsense_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_it_is_there_only_with_the_public_page(settings: Any) -> None:
    settings.PUBLIC_DASHBOARD = False
    assert Client().get(FRAME).status_code == 404


@pytest.mark.usefixtures("figures")
def test_it_is_small_and_leaves_nothing_behind() -> None:
    answer = logged_in(cast.staff()).get(FRAME)
    html = answer.content.decode()
    assert len(html) < 4_000
    assert not answer.cookies
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]
    assert answer["Cache-Control"] == "public, max-age=300"
    assert [word for word in ("<script", "<form", "style=", "Dian") if word in html] == []
    assert Client().get(FRAME, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_it_may_be_framed_and_nothing_else_may() -> None:
    for address in (FRAME, ENGLISH):
        answer = Client().get(address)
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
    staff = logged_in(cast.staff())
    others = ["/publik/", "/publik/en/", f"{FRAME}?dokumen=SIM", "/masuk/", "/jadwal-publik/", "/", "/catat/", "/data.json"]
    for address in others:
        answer = staff.get(address)
        assert answer["Content-Security-Policy"] == portal_settings.CONTENT_SECURITY_POLICY, address
        assert answer["X-Frame-Options"] == "DENY", address
    answer = staff.post(FRAME)
    assert (answer.status_code, answer["X-Frame-Options"]) == (405, "DENY")


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(("page", "frame"), [("/publik/", FRAME), ("/publik/en/?dokumen=KIA", f"{ENGLISH}?dokumen=KIA")])
def test_the_public_page_offers_the_line(page: str, frame: str) -> None:
    html = Client().get(page).content.decode()
    line = re.search(r'<pre id="sisipan"[^>]*>(.*?)</pre>', html)
    assert line
    assert f"&lt;iframe src=&quot;http://testserver{frame}&quot; title=&quot;" in line[1]
