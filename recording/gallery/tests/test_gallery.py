"""The gallery: only with example data and a log-in; every component in every state, by the pages' own fragments."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.models import Demo
from recording.coverage.arithmetic import Coverage
from recording.coverage.services import run_due
from recording.gallery import samples
from recording.tests import world
from recording.tests.pages import logged_in, rows, words, wrong

QUERIES = 4  # the example's clock, the session, the reader, the last night
TEMPLATES = Path(settings.BASE_DIR, "templates")
STATES = [
    "tertinggal 23.082 dari rencana",
    "sesuai rencana",
    "tuntas",
    "melebihi target +1.250",
    "belum ada target",
    "belum ada laporan",
    "Angka resmi",
    "Sementara",
    "51,67% dari target sisa 29.000",
    "102,08% dari target 1.250 di atas target",
    "Belum ada target, jadi tidak ada persentase.",
    "25,83% · 31.000 dari 120.000",
    "belum ada laporan yang masuk",
    "Target tercapai antara",
    "Target, pernah diubah",
    "Target 60.000 sudah tercapai",
    "Belum ada target untuk dikejar",
    "Belum ada yang direkam dari 60.000",
    "Angka terlambat.",
    "Perhitungan malam gagal.",
    "Belum ada perhitungan malam",
    "Bertambah 1.534 orang dari hari sebelumnya",
    "Belum tersimpan: ada yang perlu diperbaiki",
    "Yang tersimpan berbeda dari yang Anda tulis",
    "Lebih baru",
    "Lebih lama",
]


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("who", [cast.admin, cast.staff, cast.reader_barat, cast.api_client])
def test_with_example_data_every_user_sees_it(who) -> None:  # type: ignore[no-untyped-def]
    assert logged_in(who()).get("/gaya/").status_code == 200


@pytest.mark.usefixtures("at_noon")
def test_without_a_session_the_address_is_unknown() -> None:
    page = logged_in(None).get("/gaya/")
    assert page.status_code == 404
    assert words(page) == words(logged_in(None).get("/tidak-ada/"))


@pytest.mark.usefixtures("small_world")
def test_without_example_data_the_address_is_unknown() -> None:
    assert not Demo.objects.exists()
    browser = logged_in(cast.admin())
    page = browser.get("/gaya/")
    assert page.status_code == 404
    assert words(page) == words(browser.get("/tidak-ada/"))


@pytest.mark.usefixtures("at_noon")
def test_every_state_is_shown_without_repeated_ids() -> None:
    page = logged_in(cast.staff()).get("/gaya/")
    said = words(page)
    assert [state for state in STATES if state not in said] == []
    ids = re.findall(r'\bid="([^"]*)"', page.content.decode())
    assert sorted(ids) == sorted(set(ids))
    assert set(wrong(page)) == set()
    assert "autofocus" not in page.content.decode(), "the page opens at its top"


@pytest.mark.usefixtures("at_noon")
def test_the_table_shows_bands_and_never_100_early() -> None:
    table = rows(logged_in(cast.staff()).get("/gaya/"), f"di {samples.NAME}")
    shown = [row[2] for row in table]
    assert shown == ["0%", "24,99%", "44,00%", "69,83%", "99,99%", "100%", "101,11%", "–", "–"]
    bands = {
        min(int(share) // 20, 5)
        for _name, recorded, _entries, target, *_rest in samples.CHILDREN
        if (share := Coverage(recorded, target).percent) is not None
    }
    assert bands == {0, 1, 2, 3, 4, 5}


@pytest.mark.usefixtures("at_noon")
def test_it_renders_the_fragments_of_the_pages() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "recording" / "gallery").glob("*.html"))
    for fragment in (
        "recording/coverage/_headline",
        "recording/coverage/_status",
        "recording/coverage/_bar",
        "recording/coverage/_as_of",
        "recording/coverage/_change",
        "recording/coverage/_course",
        "recording/coverage/_tiles",
        "recording/coverage/_children",
        "dukcapil/_paging",
        "recording/coverage/_tabs",
        "recording/coverage/_documents",
        "recording/coverage/_periods",
        "recording/regions/_crumbs",
        "recording/ledger/_conflict",
        "recording/coverage/_definitions",
        "dukcapil/_field",
        "dukcapil/_errors",
        "dukcapil/_night",
    ):
        assert f'{{% include "{fragment}.html"' in used


@pytest.mark.usefixtures("at_noon")
def test_made_up_values_ask_the_database_nothing() -> None:
    run_due(by=SYSTEM, now=world.NOON)
    browser = logged_in(cast.staff())
    browser.get("/gaya/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/gaya/")
    assert len(queries) == QUERIES, [q["sql"][:90] for q in queries]
