"""A count of a day without a period is taken by page and API, and shown as waiting until the period is made."""

from datetime import date

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from recording.coverage.services import recompute_coverage
from recording.models import Period
from recording.targets.next_period import make_next_period
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, KAPUK, NOON, count, write

NEW_YEARS_WEEK = NOON.replace(year=2022, month=1, day=4)
WAITS = "Hari itu menunggu periodenya: angkanya tersimpan dan masuk cakupan begitu Dinas membuat periode."


@pytest.fixture
def january(small_world: None) -> None:
    clock.set_demo(NEW_YEARS_WEEK.date(), NEW_YEARS_WEEK)


def make_the_period() -> None:
    make_next_period(act=Act(SYSTEM, NEW_YEARS_WEEK, "page"), name="2022")


@pytest.mark.usefixtures("january")
def test_a_head_is_told_that_it_waits() -> None:
    client = logged_in(cast.head_barat())
    fields = {"region": KAPUK, "document": "KTP", "source": "loket", "people": "12", "day": "2022-01-03"}
    answer = client.post("/catat/", fields)
    assert answer.status_code == 302
    assert f"Tersimpan: 12 orang di Kapuk (31.73.01.1004). {WAITS}" in words(client.get(answer["Location"]))
    assert "12 menunggu periode" in words(client.get(f"/wilayah/{BARAT}/catatan/"))
    assert "1 catatan menunggu periode; masuk cakupan begitu Dinas membuatnya." in words(client.get("/"))
    make_the_period()
    assert "menunggu periode" not in words(client.get(f"/wilayah/{BARAT}/catatan/"))
    assert "menunggu periode" not in words(client.get("/"))


@pytest.mark.usefixtures("january")
def test_figures_say_what_they_leave_out() -> None:
    """Of the run of a day that waits; that of a day of a period, and of any day once the period is made, says nothing."""
    note = "Sejak Sabtu, 1 Januari 2022 belum ada periode: catatan hari-hari itu tersimpan, tetapi belum masuk angka ini."
    client = logged_in(cast.reader())
    for day, says in ((date(2021, 12, 31), False), (date(2022, 1, 4), True)):
        recompute_coverage(by=SYSTEM, day=day, now=NEW_YEARS_WEEK)
        assert (note in words(client.get(f"/wilayah/{BARAT}/"))) is says
    make_the_period()
    assert note not in words(client.get(f"/wilayah/{BARAT}/"))


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize(("made", "waiting"), [(False, 1), (True, 0)])
def test_the_api_says_how_many_wait(made: bool, waiting: int) -> None:
    if made:
        make_the_period()
    rows = [
        {"region": KAPUK, "document": "KTP", "day": day, "source": "loket", "people": 3} for day in ("2021-12-31", "2022-01-03")
    ]
    answer = logged_in(cast.staff()).post("/api/v1/counts/", rows, content_type="application/json")
    assert (answer.status_code, answer.json()["new"], answer.json()["waiting"]) == (200, 2, waiting)


@pytest.mark.usefixtures("january")
def test_the_agency_makes_the_period_with_one_button() -> None:
    write(count(12, day=NEW_YEARS_WEEK.date()), now=NEW_YEARS_WEEK)
    client = logged_in(cast.staff())
    home = client.get("/")
    sentence = "Periode 2022, mulai Sabtu, 1 Januari 2022, belum dibuat. 1 catatan sudah menunggunya. Buat periode"
    assert sentence in words(home)
    assert 'href="/periode/"' in home.content.decode()
    page = words(client.get("/periode/"))
    assert "1 catatan (12 orang) sejak Selasa, 4 Januari 2022 menunggu periode ini" in page
    for _ in range(2):
        assert client.post("/periode/", {"act": "make", "name": "2022"}).status_code == 302
    assert "Periode 2022 dibuat." in words(client.get("/periode/"))
    assert Period.objects.filter(name="2022").count() == 1
    assert "belum dibuat" not in words(client.get("/"))
