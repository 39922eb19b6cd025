"""The front page per role: what waits for the reader, and nothing that is not the reader's to do."""

from datetime import date, timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import run_due
from recording.ledger.services import return_counts
from recording.models import Door, ImportBatch, ImportKind, ImportState, Region
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, KAPUK, NOON, count, target, write

YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def story(at_noon: None) -> None:
    """Yesterday everybody has reported; today Cengkareng alone."""
    target(100, KAPUK)
    write(count(30, day=YESTERDAY), count(1, "31.71.01.1001", day=YESTERDAY), count(0, "31.75.01.1004", day=YESTERDAY))
    run_due(by=SYSTEM, now=NOON)
    write(count(4))


def batch(state: str, *, region: str = "31.73", at_days: int = 0) -> None:
    ImportBatch.objects.create(
        kind=ImportKind.COUNTS,
        state=state,
        key=f"{state}{region}{at_days}",
        file_name="a.csv",
        size=1,
        digest="x",
        region=region,
        door=Door.PAGE,
        at=NOON - timedelta(days=at_days),
    )


@pytest.mark.usefixtures("story")
def test_staff_without_tasks_see_the_provinces_figures() -> None:
    page = words(logged_in(cast.staff()).get("/"))
    assert "menunggu Anda" not in page
    assert "31 dari 100" in page


@pytest.mark.usefixtures("story")
def test_a_closed_region_is_not_silent() -> None:
    client = logged_in(cast.head_barat())
    for closed, is_silent in ((DAY, True), (YESTERDAY, False)):
        Region.objects.filter(code="31.73.02").update(closed=closed)
        assert ("belum ada catatannya" in words(client.get("/"))) is is_silent


@pytest.mark.usefixtures("story")
def test_a_head_sees_who_is_silent_today() -> None:
    page = logged_in(cast.head_barat()).get("/")
    assert "1 hal menunggu Anda" in words(page)
    assert "1 wilayah belum ada catatannya untuk Kamis, 25 November 2021: Grogol Petamburan." in words(page)
    assert "Kota Administrasi Jakarta Barat Perekaman KTP-el" in words(page)
    assert "Capaian target · Perekaman KTP-el 2021 30 dari 100 30,00% tertinggal 59 dari rencana" in words(page)
    assert 'href="/catat/?wilayah=31.73&amp;dokumen=KTP"' in page.content.decode()


@pytest.mark.usefixtures("story")
def test_staff_are_asked_about_the_last_workday() -> None:
    write(count(7, day=date(2021, 11, 23)))
    return_counts(act=Act(SYSTEM, NOON, Door.COMMAND), keys=[count(1, "31.71.01.1001", day=YESTERDAY).key], reason="salah")
    page = words(logged_in(cast.staff()).get("/"))
    assert "1 wilayah belum ada catatannya untuk Rabu, 24 November 2021: Jakarta Pusat." in page
    assert "1 catatan dikembalikan atau dibatalkan dalam 7 hari terakhir." in page
    assert "dikembalikan" not in words(logged_in(cast.head_barat()).get("/"))


@pytest.mark.usefixtures("story")
def test_imports_wait_for_whoever_may_decide() -> None:
    for state, region in ((ImportState.READY, "31.73"), (ImportState.FAILED, "31.73"), (ImportState.READY, "31.75")):
        batch(state, region=region)
    batch(ImportState.FAILED, at_days=9)
    head = words(logged_in(cast.head_barat()).get("/"))
    assert "1 berkas impor menunggu keputusan." in head
    assert "1 berkas impor ditolak dalam 7 hari terakhir." in head
    assert "2 berkas impor menunggu keputusan." in words(logged_in(cast.staff()).get("/"))
    assert "berkas impor" not in words(logged_in(cast.reader()).get("/"))


@pytest.mark.usefixtures("story")
def test_staff_see_revised_targets_within_a_week() -> None:
    target(150, KAPUK, since=DAY + timedelta(days=3))
    page = words(logged_in(cast.staff()).get("/"))
    assert "Target KTP Kapuk berubah menjadi 150 mulai Minggu, 28 November 2021." in page
    target(160, KAPUK, since=DAY + timedelta(days=3))
    page = words(logged_in(cast.staff()).get("/"))
    assert "menjadi 160 mulai" in page
    assert "menjadi 150 mulai" not in page, "corrected"
    target(None, KAPUK, since=DAY - timedelta(days=6))
    assert "Target KTP Kapuk dicabut mulai Jumat, 19 November 2021." in words(logged_in(cast.staff()).get("/"))
    assert "Target KTP" not in words(logged_in(cast.head_barat()).get("/"))


@pytest.mark.usefixtures("story")
def test_a_reader_sees_figures_and_no_work() -> None:
    page = words(logged_in(cast.reader_barat()).get("/"))
    assert "menunggu Anda" not in page
    assert "30 dari 100" in page
    assert "Catat angka" not in page


@pytest.mark.usefixtures("at_noon")
def test_the_page_opens_before_the_first_run() -> None:
    assert logged_in(cast.head_barat()).get("/").status_code == 200


@pytest.mark.usefixtures("story")
def test_the_former_address_leads_to_the_page() -> None:
    for who in (cast.staff, cast.head_barat, cast.reader_barat):
        answer = logged_in(who()).get("/beranda/")
        assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.usefixtures("story")
def test_work_waits_only_on_the_own_page() -> None:
    """Nor where the page tells of another day."""
    batch(ImportState.READY)
    head, staff = logged_in(cast.head_barat()), logged_in(cast.staff())
    sentence = "1 berkas impor menunggu keputusan."
    for client, own, other in ((head, "31.73", "31"), (staff, "31", "31.73")):
        shown = {path: sentence in words(client.get(path)) for path in ("/", f"/wilayah/{own}/", f"/wilayah/{other}/")}
        assert list(shown.values()) == [True, True, False], shown
        assert sentence in words(client.get("/?dokumen=KIA"))
        for choice in ("run=1", "periode=2020"):
            assert sentence not in words(client.get(f"/wilayah/{own}/?{choice}"))
