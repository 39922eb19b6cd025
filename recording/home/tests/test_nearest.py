"""No dead ends: what a page that is not there offers instead."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import run_due
from recording.coverage.voiding import void_run
from recording.models import CoverageRun, Door
from recording.tests import world
from recording.tests.pages import logged_in

pytestmark = pytest.mark.usefixtures("nights")


@pytest.fixture
def nights(at_noon: None) -> None:
    """The runs of 22 to 24 November."""
    for day in (23, 25):
        run_due(by=SYSTEM, now=world.NOON.replace(day=day))


def offered(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 404
    listed = re.search(r'<ul class="plain found">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', listed[1])] if listed else []


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        ("/angka/?tanggal=2021-11-20", ["/angka/?tanggal=2021-11-22"]),
        ("/angka/?tanggal=2022-01-01&dokumen=KIA", ["/angka/?tanggal=2021-11-24&dokumen=KIA"]),
        ("/angka/?tanggal=kemarin", []),
        ("/wilayah/31/?run=99", ["/wilayah/31/?run=RUN"]),
        ("/wilayah/31.73/?periode=1999", ["/wilayah/31.73/?periode=2021", "/wilayah/31.73/?periode=2020"]),
        ("/wilayah/31.73.01.9999/", ["/wilayah/31.73.01/"]),
        ("/wilayah/31.99.01/catatan/?dokumen=KIA", ["/wilayah/31/catatan/?dokumen=KIA"]),
        ("/wilayah/kapuk/", [f"/wilayah/{world.KAPUK}/"]),
        ("/wilayah/99/", []),
        ("/tidak-ada/", []),
    ],
)
def test_the_nearest_is_offered_and_opens(address: str, instead: list[str]) -> None:
    client = logged_in(cast.staff())
    instead = [each.replace("RUN", str(CoverageRun.objects.latest("number").number)) for each in instead]
    assert offered(client, address) == instead
    assert {client.get(each, follow=True).status_code for each in instead} <= {200}


def test_a_day_between_offers_both_sides() -> None:
    between = CoverageRun.objects.get(as_of=world.DAY - timedelta(days=2))
    void_run(act=Act(SYSTEM, world.NOON, Door.PAGE), number=between.number, reason="salah hitung")
    assert offered(logged_in(cast.staff()), "/angka/?tanggal=2021-11-23") == [
        "/angka/?tanggal=2021-11-22",
        "/angka/?tanggal=2021-11-24",
    ]


def test_nobody_is_offered_what_they_may_not_see() -> None:
    assert offered(logged_in(cast.reader_barat()), "/wilayah/31.75.01.1004/") == []
    assert offered(logged_in(cast.reader_barat()), "/wilayah/palmeriam/") == []
