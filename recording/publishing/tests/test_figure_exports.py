"""What is taken away of a run: workbook, CSV and paper; nothing in them becomes a formula."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.models import Demo
from dukcapil.testing import shared_worlds
from dukcapil.tests.visits import Visit
from recording.coverage.services import recompute_coverage, run_due
from recording.models import Region
from recording.tests.pages import Answer, logged_in, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FILE = f"/wilayah/{DKI}/unduh"


def tell_story() -> None:
    target(40_000, KAPUK)
    target(20, "31.75.01.1004")
    target(8_000, BARAT, kind="stock", opening=7_000)
    write(count(29_000, day=DAY - timedelta(days=1)))
    run_due(by=SYSTEM, now=NOON)
    write(count(1_000), count(25, "31.75.01.1004"), count(0, "31.73.01.1001"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


OWN_WORLDS = {"story": tell_story}


@pytest.fixture
def story(at_noon: None) -> None:
    shared_worlds.given("story")


def body(answer: Answer) -> bytes:
    return b"".join(answer.streaming_content) if hasattr(answer, "streaming_content") else answer.content


def sheet(answer: Answer, number: int = 0) -> list[list[Any]]:
    return list(CalamineWorkbook.from_filelike(BytesIO(body(answer))).get_sheet_by_index(number).to_python())


def lines(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body(answer).decode("utf-8-sig")), delimiter=";"))


@pytest.mark.usefixtures("story")
def test_the_workbook_holds_every_region_with_its_figures() -> None:
    answer = logged_in(cast.reader()).get(f"{FILE}.xlsx")
    assert "capaian-KTP-2021-31-nomor-2-2021-11-25.xlsx" in answer["Content-Disposition"]
    found = sheet(answer)
    assert found[0][0] == "Capaian Perekaman KTP-el 2021: Daerah Khusus Ibukota Jakarta"
    assert found[2][0] == "Sementara nomor 2, keadaan per Kamis, 25 November 2021"
    header, rows = found[3], {str(row[0]): row for row in found[4:]}
    assert len(rows) == 14
    kapuk = dict(zip(header, rows[KAPUK], strict=True))
    assert [kapuk[name] for name in ("Tingkat", "Nama", "Kota", "Kecamatan")] == [
        "Kelurahan",
        "Kapuk",
        "Kota Administrasi Jakarta Barat",
        "Cengkareng",
    ]
    assert [kapuk[name] for name in ("Realisasi", "Target", "Capaian", "Sisa", "Kelebihan", "Keterangan")] == [
        30_000,
        40_000,
        0.75,
        10_000,
        0,
        "tertinggal dari rencana",
    ]
    barat = dict(zip(header, rows[BARAT], strict=True))
    assert [barat[name] for name in ("Realisasi sejak awal", "Wajib", "Cakupan")] == [37_000, 8_000, 4.625]
    grogol = dict(zip(header, rows["31.73.02.1001"], strict=True))
    assert [grogol[name] for name in ("Realisasi", "Target", "Capaian")] == ["", "", ""], "missing is not zero"
    timur = dict(zip(header, rows["31.75"], strict=True))
    assert [timur[name] for name in ("Capaian", "Sisa", "Kelebihan", "Keterangan")] == [1.25, 0, 5, "melebihi target"]
    notes = "\n".join(str(row[0]) for row in sheet(answer, 1))
    for needed in ("Definisi", "nomor 2", "Capaian target: ", "Sisa: ", "Sumber: "):
        assert needed in notes


@pytest.mark.usefixtures("story")
def test_the_csv_holds_rows_with_decimal_commas() -> None:
    answer = logged_in(cast.reader()).get(f"{FILE}.csv?run=1")
    assert "nomor-1-2021-11-24.csv" in answer["Content-Disposition"]
    found = {row["Kode"]: row for row in lines(answer)}
    assert len(found) == 14
    assert found[KAPUK] == found[KAPUK] | {
        "Realisasi": "29000",
        "Target": "40000",
        "Capaian": "72,50",
        "Sisa": "11000",
        "Keadaan per": "2021-11-24",
        "Nomor": "1",
        "Status": "Angka resmi",
        "Dokumen": "KTP",
        "Periode": "2021",
    }


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-2+3", "\t=1"])
@pytest.mark.usefixtures("story")
def test_no_name_becomes_a_formula(name: str) -> None:
    Region.objects.filter(code=KAPUK).update(name=name)
    client = logged_in(cast.reader())
    assert {row["Kode"]: row for row in lines(client.get(f"{FILE}.csv"))}[KAPUK]["Nama"] == f"'{name}"
    answer = client.get(f"{FILE}.xlsx")
    shown = {str(row[0]): row for row in sheet(answer)[3:]}[KAPUK][2]
    assert str(shown).strip() == name.strip()
    assert b"<f>" not in body(client.get(f"{FILE}.xlsx"))


@pytest.mark.usefixtures("story")
def test_labels_are_indonesian_on_english_pages_too() -> None:
    client = logged_in(cast.reader())
    client.cookies["django_language"] = "en"
    found = sheet(client.get(f"{FILE}.xlsx"))
    assert found[2][0] == "Sementara nomor 2, keadaan per Kamis, 25 November 2021"
    assert found[4][1] == "Provinsi"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("unduh.pdf", "Unduhan hanya ada sebagai xlsx atau csv."),
        ("unduh.xlsx?run=9", "Perhitungan nomor 9 tidak ada."),
        ("unduh.csv?dokumen=SIM", "Dokumen SIM tidak dikenal"),
        ("cetak/?arah=miring", "Arah kertas miring tidak dikenal"),
        ("unduh/?periode=1999", "Periode 1999 tidak ada."),
    ],
)
@pytest.mark.usefixtures("story")
def test_a_bad_address_answers_404_with_a_sentence(address: str, sentence: str) -> None:
    page = logged_in(cast.admin()).get(f"/wilayah/31/{address}")
    assert (page.status_code, sentence in words(page)) == (404, True)


@pytest.mark.parametrize("address", ["unduh/", "unduh.xlsx", "unduh.csv", "cetak/"])
@pytest.mark.usefixtures("story")
def test_another_citys_figures_are_not_taken_away(address: str) -> None:
    client = logged_in(cast.reader_barat())
    assert client.get(f"/wilayah/31.71/{address}").status_code == 404
    assert client.get(f"/wilayah/{BARAT}/{address}").status_code == 200


@pytest.mark.usefixtures("story")
def test_the_report_states_its_basis_and_signatory() -> None:
    client = logged_in(cast.reader())
    page = words(client.get("/wilayah/31/cetak/"))
    for needed in (
        "Laporan Perekaman KTP-el 2021",
        "keadaan per Kamis, 25 November 2021",
        "Sementara nomor 2",
        "30.025 dari 40.020",
        "sisa 9.995",
        "Berubah +1.025 sejak Rabu, 24 November 2021 (nomor 1). Baru +1.025.",
        "Jakarta, 25 November 2021",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "Kepala Dinas Nama dan NIP",
        "Perlu per hari kerja 385",
        "Data contoh bukan data sebenarnya",
    ):
        assert needed in page
    assert "Cengkareng" not in page
    assert "Cengkareng" in words(client.get("/wilayah/31/cetak/?arah=mendatar"))


@pytest.mark.parametrize(("address", "number"), [("unduh/", 8), ("unduh.xlsx", 8), ("cetak/", 8)])
@pytest.mark.usefixtures("story")
def test_the_pages_ask_as_often_as_recorded(address: str, number: int) -> None:
    client = logged_in(cast.reader())
    client.get(f"/wilayah/31/{address}")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/wilayah/31/{address}")
    assert len(captured) == number


@pytest.mark.usefixtures("story")
def test_files_of_an_example_say_so() -> None:
    client = logged_in(cast.admin())
    assert sheet(client.get(f"{FILE}.xlsx"))[1][0] == "Data contoh, bukan data sebenarnya"
    assert {row["Catatan"] for row in lines(client.get(f"{FILE}.csv"))} == {"Data contoh, bukan data sebenarnya"}
    files = (f"{FILE}.xlsx", f"{FILE}.csv", "/impor/ekspor/hitungan.csv", "/impor/templat/hitungan.xlsx")
    texts = ("/wilayah/31/ringkasan/", "/wilayah/31/cetak/")
    assert all('filename="contoh-' in client.get(address)["Content-Disposition"] for address in files)
    assert all("bukan data sebenarnya" in words(client.get(address)).partition("Keluar")[2] for address in texts)
    Demo.objects.all().delete()
    client = logged_in(cast.staff())  # the example's session has long expired
    assert "Catatan" not in lines(client.get(f"{FILE}.csv"))[0]
    assert not any("contoh" in client.get(address)["Content-Disposition"] for address in files)
    assert not any("Data contoh" in words(client.get(address)) for address in texts)


@pytest.mark.usefixtures("story")
def test_whoever_signs_stands_under_the_report(settings: Any) -> None:
    settings.AGENCY_ADDRESS, settings.SIGNER_NAME = "Jalan Contoh 7", "Dra. Contoh Nama"
    page = words(logged_in(cast.reader()).get("/wilayah/31/cetak/"))
    assert "Jalan Contoh 7" in page
    assert "Kepala Dinas Dra. Contoh Nama" in page
    assert "NIP" not in page


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_run_nothing_is_exported() -> None:
    client = logged_in(cast.staff())
    for address in ("unduh/", "unduh.xlsx", "cetak/"):
        assert "Belum ada angka" in words(client.get(f"/wilayah/31/{address}"))


@pytest.mark.browser
@pytest.mark.parametrize(("way", "width", "height"), [("tegak", 595, 842), ("mendatar", 842, 595)])
def test_the_paper_is_a4_in_the_chosen_direction(browser: "Browser", portal: str, way: str, width: int, height: int) -> None:
    cast.reader()
    visit = Visit(browser, portal)
    visit.log_in("rina")
    visit.page.goto(f"/wilayah/31/cetak/?arah={way}")
    paper = visit.page.pdf(prefer_css_page_size=True)
    box = paper.partition(b"/MediaBox [")[2].partition(b"]")[0].split()
    assert [round(float(number)) for number in box] == [0, 0, width, height]
    visit.page.emulate_media(media="print")
    assert not visit.page.is_visible("body > header")
    assert visit.page.is_visible(".signature")
    assert visit.page.get_attribute("[data-print]", "hidden") is None
    visit.done()
