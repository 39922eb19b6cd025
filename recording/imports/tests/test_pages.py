"""The pages of imports: sending, seeing, deciding, taking back; by a clerk, a head of a Sudin and those who may not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tests import cast
from recording.imports import processing, summary
from recording.imports.counts import importing as counts
from recording.imports.tests.workbooks import xlsx
from recording.models import ImportBatch, Posting
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, KAPUK, count, value, write

pytestmark = pytest.mark.usefixtures("at_noon")
GROGOL, GAMBIR = "31.73.02.1001", "31.71.01.1001"
REPORT: dict[str, list[list[Any]]] = {
    "Data Kelurahan": [
        ["KODE\nKELURAHAN", "KELURAHAN", "SASARAN", "BELUM REKAM", "SUDAH \nREKAM"],
        ["", "TOTAL", 40, 15, 25],
        [KAPUK, "KAPUK", 20, 10, 10],
        ["3173011001", "CENGKARENG BARAT", 15, 5, 10],
        ["", "LUAR DKI JAKARTA", 5, 0, 5],
    ]
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS = tmp_path / "imports"


def send(browser: Client, content: bytes, name: str = "harian.csv", key: str = "k", kind: str = "counts"):  # type: ignore[no-untyped-def]
    return browser.post(reverse("imports"), {"kind": kind, "key": key, "file": SimpleUploadedFile(name, content)}, follow=True)


def csv(*lines: str) -> bytes:
    return "\n".join(["kode,dokumen,tanggal,jumlah", *lines, ""]).encode()


def report(tmp_path: Path) -> bytes:
    return xlsx(tmp_path / "r.xlsx", REPORT).read_bytes()


def test_the_preview_names_day_totals_and_unmapped_rows(tmp_path: Path) -> None:
    browser = logged_in(cast.staff())
    page = send(browser, report(tmp_path), "Laporan (24 November 2021).xlsx")
    told = words(page)
    assert "2 baru 0 berubah 0 sudah sama 0 ditolak 1 tidak terpetakan" in told
    assert "Keadaan Rabu, 24 November 2021. Perekaman KTP-el: 20 orang dalam berkas. Baris TOTAL menyebut 25." in told
    assert "cocok Baris 2, TOTAL, SUDAH REKAM: 25" in told
    assert "LUAR DKI JAKARTA: 5 orang" in told
    assert "Rabu, 24 November 2021 (nama berkas)" in told
    assert [row[0] for row in rows(page, "Jumlah per kota")] == ["Kota Administrasi Jakarta Barat 31.73"]
    assert [row[0] for row in rows(page, "yang diimpor")] == ["SUDAH REKAM"]
    assert not Posting.objects.exists()


def test_a_clerk_answers_imports_and_takes_back(tmp_path: Path) -> None:
    browser = logged_in(cast.staff())
    send(browser, report(tmp_path), "Laporan KTP (24 November 2021).xlsx")
    batch = ImportBatch.objects.get()
    unanswered = browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"], "reason": "abc"})
    assert (unanswered.status_code, "Jawab dulu" in words(unanswered)) == (400, True)
    answers = {f"jawab-{asked['code']}": asked["answer"] for asked in batch.summary["questions"]}
    done = browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"]} | answers, follow=True)
    assert "Tersimpan" in words(done)
    assert Posting.objects.get().reason == "Impor Laporan KTP (24 November 2021).xlsx"
    without = browser.post(reverse("import_undo", args=[batch.pk]), {"reason": " "})
    assert (without.status_code, "Tulis alasannya" in words(without)) == (400, True)
    back = browser.post(reverse("import_undo", args=[batch.pk]), {"reason": "salah berkas"}, follow=True)
    assert "Setiap angka kembali seperti sebelum impor" in words(back)
    assert "Dibatalkan" in words(browser.get(reverse("imports")))


def test_another_reading_is_chosen_on_the_page(tmp_path: Path) -> None:
    browser = logged_in(cast.staff())
    send(browser, report(tmp_path), "Laporan (24 November 2021).xlsx")
    batch = ImportBatch.objects.get()
    place = next(n for n, column in enumerate(batch.summary["columns"]) if column["label"] == "BELUM REKAM")
    page = browser.post(
        reverse("import_choose", args=[batch.pk]),
        {f"kolom-{place}": "KIA|running", "day": "2021-11-23", "source": "sudin", "sheet": "Data Kelurahan"},
        follow=True,
    )
    batch.refresh_from_db()
    assert (batch.summary["day"], batch.summary["source"], batch.summary["blocked"]) == ("2021-11-23", "sudin", "")
    assert [question["code"] for question in batch.summary["questions"]] == ["targets"]
    assert batch.summary["per_city"] == {"31.73": {"KIA": 15}}
    assert [row[0] for row in rows(page, "yang diimpor")] == ["BELUM REKAM"]
    wrong = browser.post(reverse("import_choose", args=[batch.pk]), {"day": "kemarin"})
    assert (wrong.status_code, "tidak sah" in words(wrong)) == (400, True)


def test_a_head_imports_only_own_rows(tmp_path: Path) -> None:
    browser = logged_in(cast.head_barat())
    page = send(browser, csv(f"{KAPUK},KTP,2021-11-25,8", "31.75.01,KTP,2021-11-25,5"))
    assert "1 baru" in words(page)
    assert "di luar kewenangan Anda" in words(page)
    batch = ImportBatch.objects.get()
    refused = browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"]})
    assert (refused.status_code, value()) == (400, None)
    browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"], "good_rows_only": "1"})
    assert (value(), value("31.75.01")) == (8, None)
    rejected = browser.get(reverse("import_rejected_rows", args=[batch.pk]))
    lines = b"".join(rejected.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[1].startswith("31.75.01;KTP;2021-11-25;5;3;")
    stranger = logged_in(cast.head_timur())
    assert stranger.get(reverse("import_batch", args=[batch.pk])).status_code == 404
    assert "harian.csv" not in words(stranger.get(reverse("imports")))


def test_changes_show_old_and_new() -> None:
    write(count(3))
    browser = logged_in(cast.staff())
    content = csv(f"{KAPUK},KTP,2021-11-25,8")
    page = send(browser, content)
    assert rows(page, "Angka lama dan baru")[0][-1] == "3 → 8"
    batch = ImportBatch.objects.get()
    browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"]})
    again = send(browser, content, key="k2")
    assert f"Berkas yang persis sama sudah diimpor: nomor {batch.pk}" in words(again)
    assert "1 sudah sama" in words(again)


FOLDS = ["Jakarta Pusat · KTP: 1 angka, 4 → 9", "Jakarta Barat · KIA: 1 angka, 2 → 1", "Jakarta Barat · KTP: 2 angka, 8 → 21"]


@pytest.mark.parametrize("kind", ["counts", "targets"])
def test_folded_changes_add_up_beyond_those_shown(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(counts, "MAX_SHOWN", 1)
    monkeypatch.setattr(summary, "MAX_SHOWN", 1)
    old = [(KAPUK, "KTP", 3), (GROGOL, "KTP", 5), (KAPUK, "KIA", 2), (GAMBIR, "KTP", 4)]
    new = [(KAPUK, "KTP", 8), (GROGOL, "KTP", 13), (KAPUK, "KIA", 1), (GAMBIR, "KTP", 9), (GAMBIR, "KIA", 7)]
    browser, pages = logged_in(cast.staff()), []
    for key, people in (("a", old), ("b", new)):
        if kind == "counts":
            content = csv(*(f"{code},{document},2021-11-25,{n}" for code, document, n in people))
        else:
            lines = [f"{code},{document},2021,{n},SK 1,2021-01-01" for code, document, n in people]
            content = "\n".join(["kode,dokumen,periode,target,sumber,berlaku", *lines, ""]).encode()
        pages.append(send(browser, content, key=key, kind=kind))
        batch = ImportBatch.objects.get(key=key)
        browser.post(reverse("import_confirm", args=[batch.pk]), {"seen": batch.summary["seen"]})
    told = words(pages[1])
    assert "4 angka berubah Yang diperlihatkan 1 angka pertama." in told
    assert all(f"Kota Administrasi {line}" in told for line in FOLDS)
    assert [row[-1] for row in rows(pages[1], "Jakarta Barat KTP")] == ["3 → 8"]


def test_targets_with_periods_of_their_own_are_previewed() -> None:
    head = "kode,dokumen,periode,target,sumber,berlaku"
    lines = [f"{code},KTP,{year},60,SK 1,{year}-01-01" for code, year in ((KAPUK, 2021), (BARAT, 2020))]
    page = send(logged_in(cast.staff()), "\n".join([head, *lines, ""]).encode(), kind="targets")
    assert (page.status_code, "Periode 2020, 2021." in words(page)) == (200, True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "counts", "key": "k"}, "Pilih berkasnya."),
        ({"kind": "counts", "key": "k", "file": SimpleUploadedFile("a.csv", b"")}, "Berkas kosong."),
        ({"kind": "lain", "key": "k", "file": SimpleUploadedFile("a.csv", b"x")}, "Select a valid choice|pilihan"),
        ({"kind": "counts", "key": "", "file": SimpleUploadedFile("a.csv", b"x")}, ""),
    ],
)
def test_an_incomplete_upload_is_refused_at_its_field(data: dict[str, Any], sentence: str) -> None:
    page = logged_in(cast.staff()).post(reverse("imports"), data)
    assert (page.status_code, "Belum tersimpan" in words(page)) == (400, True)
    assert any(part.lower() in words(page).lower() for part in sentence.split("|"))
    assert not ImportBatch.objects.exists()


def test_an_invalid_file_is_refused_on_its_page() -> None:
    browser = logged_in(cast.staff())
    page = send(browser, b"%PDF-1.7")
    assert "Berkas ditolak; tidak ada yang tersimpan" in words(page)
    assert "bukan lembar kerja" in words(page)
    assert rows(browser.get(reverse("imports")), "pernah dikirim")[0][3:] == ["Ditolak", "–", "–", "–"]


def test_a_large_file_waits_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "SMALL_FILE_BYTES", 10)
    page = send(logged_in(cast.staff()), csv(f"{KAPUK},KTP,2021-11-25,8"))
    assert "Berkas sedang diperiksa" in words(page)
    assert b"data-follow" in page.content
    batch = ImportBatch.objects.get()
    ImportBatch.objects.update(progress=120_000, progress_of=2_000_000)
    browser = logged_in(cast.staff())
    assert "120.000 dari 2.000.000 baris dibaca." in words(browser.get(reverse("import_batch", args=[batch.pk])))


def test_only_entitled_users_import_targets() -> None:
    staff, head = logged_in(cast.staff()), logged_in(cast.head_barat())
    send(staff, csv(f"{BARAT},KTP,2021-11-25,8"))
    assert rows(staff.get(reverse("imports")), "pernah dikirim")[0][3] == "Menunggu keputusan"
    assert "Templat target" in words(staff.get(reverse("imports")))
    assert "Templat target" not in words(head.get(reverse("imports")))
    refused = send(head, csv(), kind="targets", key="t")
    assert (refused.status_code, ImportBatch.objects.count()) == (400, 1)


def test_many_columns_of_days_are_folded(tmp_path: Path) -> None:
    days = list(range(1, 11))
    table: list[list[Any]] = [["Rekap harian KTP November 2021", *[""] * 10], ["KELURAHAN", "TANGGAL", *[""] * 9], ["", *days]]
    file = xlsx(tmp_path / "r.xlsx", {"Data": [*table, ["KAPUK", *days]]}, merged=["B2:K2"])
    told = words(send(logged_in(cast.staff()), file.read_bytes(), "rekap.xlsx"))
    assert "10 kolom diimpor, mulai “TANGGAL · 1”" in told
    assert "Keadaan tanggal" not in told  # each column says its own


def test_an_answer_listed_says_how_it_is_read(tmp_path: Path) -> None:
    parts = [f"REKAM KTP {n}" for n in range(6)]
    table: list[list[Any]] = [["KELURAHAN", "JUMLAH KTP", *parts], ["KAPUK", 15, *range(6)]]
    file = xlsx(tmp_path / "r.xlsx", {"Data": table})
    told = words(send(logged_in(cast.staff()), file.read_bytes(), "rekap 24 November 2021.xlsx"))
    assert "Hanya “JUMLAH KTP” (dibaca begini sekarang)" in told


def test_several_sheets_are_ticked_and_read(tmp_path: Path) -> None:
    browser = logged_in(cast.staff())
    tables: dict[str, list[list[Any]]] = {
        name: [["KODE", "REKAM KTP"], [code, n]] for name, code, n in [("A", KAPUK, 5), ("B", GROGOL, 6), ("C", GAMBIR, 7)]
    }
    page = send(browser, xlsx(tmp_path / "r.xlsx", tables).read_bytes(), "rekap 24 November 2021.xlsx")
    assert page.content.count(b'type="checkbox" name="jawab-sheets"') == 4
    batch = ImportBatch.objects.get()
    form = {"jawab-sheets": ["A", "C"], "jawab-running": "daily", "seen": batch.summary["seen"]}
    browser.post(reverse("import_confirm", args=[batch.pk]), form | {"kolom-0": "", "kolom-1": "KTP|daily"})
    batch.refresh_from_db()
    assert (batch.state, batch.summary["per_city"], value()) == ("ready", {"31.71": {"KTP": 7}, "31.73": {"KTP": 5}}, None)
    shown = browser.get(reverse("import_batch", args=[batch.pk])).content.decode()
    assert [field.split('"')[1] for field in shown.split('name="jawab-sheets"')[1:] if "checked" in field.split(">")[0]] == [
        "A",
        "C",
    ]
    browser.post(reverse("import_confirm", args=[batch.pk]), form | {"seen": batch.summary["seen"]})
    assert (value(day=date(2021, 11, 24)), value(GROGOL, day=date(2021, 11, 24))) == (5, None)
    browser.post(reverse("import_undo", args=[batch.pk]), {"reason": "salah berkas"})
    assert (value(day=date(2021, 11, 24)), value(GAMBIR, day=date(2021, 11, 24))) == (None, None)


def test_other_sheets_forget_chosen_columns(tmp_path: Path) -> None:
    browser = logged_in(cast.staff())
    heads = {"A": "REKAM KTP", "B": "REKAM KIA", "C": "SUDAH REKAM KTP"}
    tables: dict[str, list[list[Any]]] = {name: [["KODE", head], [KAPUK, 5]] for name, head in heads.items()}
    send(browser, xlsx(tmp_path / "r.xlsx", tables).read_bytes(), "rekap 24 November 2021.xlsx")
    batch = ImportBatch.objects.get()
    for form in ({"jawab-sheets": "B"}, {"jawab-sheets": "B", "kolom-1": "KIA|running"}, {"jawab-sheets": ["A", "B"]}):
        browser.post(reverse("import_choose", args=[batch.pk]), form)
        batch.refresh_from_db()
        assert batch.choices.get("columns") == ({"REKAM KIA": {"document": "", "running": True}} if "kolom-1" in form else None)
    assert (batch.summary["people"], batch.summary["blocked"]) == ({"KIA": 5, "KTP": 5}, "")


def test_a_total_tells_what_its_table_adds_up() -> None:
    write(count(30), count(5, day=date(2021, 11, 24)))
    browser = logged_in(cast.staff())
    page = send(browser, f"kode,rekam ktp\n{KAPUK},4\n".encode(), "kumulatif 25 November 2021.csv")
    told = words(page)
    assert "Yang disimpan adalah hitungan harinya" in told
    assert "Kapuk: Total turun dari 5 menjadi 4" in told  # beside the question
