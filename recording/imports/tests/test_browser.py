"""Importing in Chromium: a clerk of the Dinas and a head of a Sudin, with a workbook that has real quirks."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.imports import processing
from recording.imports.tests.test_pages import REPORT
from recording.imports.tests.workbooks import xlsx
from recording.tests.world import NOON

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_world")]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS = tmp_path / "imports"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "Laporan (24 November 2021).xlsx", REPORT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_clerk_previews_imports_and_undoes_a_workbook(browser: "Browser", portal: str, report: Path, scheme: Any) -> None:
    cast.staff()
    visit = Visit(browser, portal, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    visit.log_in("dian")
    page = visit.page
    page.goto("/impor/")
    page.set_input_files("#id_file", report)
    visit.follow("text=Kirim dan periksa")
    assert "“SUDAH REKAM” di tiap baris sama dengan target dikurangi sisa." in visit.text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "Jawab pertanyaan di atas dulu" in visit.text()  # no title names the document
    page.check(".question label:has-text('Perekaman KTP-el') input")
    visit.follow("button:has-text('Baca menurut jawaban ini')")
    visit.follow("button:has-text('Impor 3 angka')")  # a smaller total of the 24th makes the 25th larger
    assert "Jawab dulu" in visit.text(".error-summary")
    page.check("label:has-text('Hitungan hari itu saja') input")
    visit.follow("button:has-text('Impor 3 angka')")  # another answer than the one that was read
    assert "Berkas dibaca ulang menurut jawaban Anda" in visit.text()
    assert "1 baru 1 berubah" in visit.text()
    page.check("label:has-text('Total sampai hari itu') input")
    page.fill("#source", "sudin")
    visit.follow("button:has-text('Baca ulang')")
    assert page.is_checked("label:has-text('Total sampai hari itu') input")
    assert "Perekaman KTP-el · total berjalan" in page.inner_text("#susunan table option:checked")
    visit.follow("button:has-text('Impor 2 angka')")
    assert "Tersimpan" in visit.text()
    page.fill("#alasan", "salah berkas")
    visit.follow("button:has-text('Batalkan impor ini')")
    assert "Setiap angka kembali seperti sebelum impor." in visit.text()
    visit.done()


def test_a_clerk_ticks_two_of_three_sheets(browser: "Browser", portal: str, tmp_path: Path) -> None:
    cast.staff()
    tables: dict[str, list[list[Any]]] = {name: [["KODE", "REKAM KTP"], ["31.73.01.1001", 5]] for name in ("Lama", "Lain")}
    tables["Kota Administrasi Jakarta Pusat"] = [["KODE", "REKAM KTP"], ["31.71.01.1001", 7]]
    file = xlsx(tmp_path / "Rekap 24 November 2021.xlsx", tables)
    visit = Visit(browser, portal, viewport={"width": 390, "height": 844})
    visit.log_in("dian")
    page = visit.page
    page.goto("/impor/")
    page.set_input_files("#id_file", file)
    visit.follow("text=Kirim dan periksa")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.check("label:has-text('Lembar “Lama”') input")
    page.check("label:has-text('Jakarta Pusat') input")
    page.check("label:has-text('Hitungan hari itu saja') input")
    visit.follow("button:has-text('Baca menurut jawaban ini')")
    assert page.locator(".question input[type=checkbox]:checked").count() == 2
    visit.follow("button:has-text('Impor 2 angka')")
    assert "Tersimpan" in visit.text(), visit.text(".error-summary")
    visit.done()


def test_a_head_sees_rows_of_other_cities_named(browser: "Browser", portal: str, tmp_path: Path) -> None:
    cast.head_barat()
    file = tmp_path / "harian.csv"
    file.write_text(
        "kode;dokumen;tanggal;jumlah\n3173011004;KTP;25/11/2021;1.008\n3175011004;KTP;25/11/2021;9\n", encoding="cp1252"
    )
    visit = Visit(browser, portal, viewport={"width": 1280, "height": 900})
    visit.log_in("budi")
    visit.page.goto("/impor/")
    visit.page.set_input_files("#id_file", file)
    visit.follow("text=Kirim dan periksa")
    assert "di luar kewenangan Anda" in visit.text()
    visit.page.check("input[name=good_rows_only]")
    visit.page.fill("#alasan", "angka akhir hari")
    visit.follow("button:has-text('Impor 1 angka')")
    assert "Tersimpan" in visit.text()
    assert "1.000" in visit.text()
    visit.done()


def test_a_waiting_page_shows_its_preview_by_itself(
    browser: "Browser", portal: str, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.staff()
    monkeypatch.setattr(processing, "SMALL_FILE_BYTES", 10)
    visit = Visit(browser, portal, viewport={"width": 1280, "height": 900})
    visit.log_in("dian")
    visit.page.goto("/impor/")
    visit.page.set_input_files("#id_file", report)
    visit.follow("text=Kirim dan periksa")
    assert "Berkas sedang diperiksa" in visit.text()
    worker = threading.Thread(target=lambda: processing.process_due_batches(by=SYSTEM, now=NOON.replace(hour=13)))
    worker.start()
    worker.join()
    visit.page.wait_for_selector("text=Yang akan terjadi")
    visit.done()
