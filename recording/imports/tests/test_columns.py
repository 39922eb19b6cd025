"""Which columns of a table are counts: what is done, never what is left; one figure for each document; and what the
preview says is what is stored."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from accounts.acts import Act
from accounts.rights import SYSTEM
from recording.imports.choices import Choices, Decision
from recording.imports.importing import import_file
from recording.imports.job import Imported, Job
from recording.imports.layouts.layout import find_layout
from recording.imports.layouts.roles import Role, normalise_label, role_of
from recording.imports.spreadsheets import Cell
from recording.imports.tests.imports import imported
from recording.models import DailyCount, Document, Door, ImportKind, Target
from recording.tests.commands import csv_file
from recording.tests.world import KAPUK, NOON, count, target, value, write

GROGOL = "31.73.02.1001"


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.RECORDED, "SDH REKAM|SUDAH REKAM|REKAM KTP-EL|PEREKAMAN PEMULA|PENERBITAN KIA|CETAK KIA|KIA TERCETAK"),
        (Role.RECORDED, "KIA CETAK|KIA|KTP|KTP-EL|e-KTP|SDH TEREKAM L|REKAM KTP L+P"),
        (Role.REMAINING, "BLM REKAM KTP|BELUM REKAM|TDK REKAM|TIDAK REKAM|BLM|SISA|BLM CETAK KIA"),
        (Role.TARGET, "WKTP|WKTP L|WAJIB KTP|WAJIB KTP LK|WAJIB KIA|TARGET|SASARAN 2021"),
        (Role.OTHER, "KTP GAGAL REKAM|NON PEREKAMAN|KIA DITOLAK|PENGGANTIAN KTP RUSAK|PERMOHONAN KIA"),
        (Role.OTHER, "CETAK KTP|AKTA KELAHIRAN|KK|SATUAN|TERCETAK"),
        (Role.PEOPLE, "JML|JUMLAH|JUMLAH KTP"),
    ],
)
def test_labels_tell_done_from_remaining_and_target(role: Role, labels: str) -> None:
    read = {label: role_of(normalise_label(label)) for label in labels.split("|")}
    read.pop("KEKURANGAN", None)  # a word of its own, and none that an office uses for a column
    assert read == dict.fromkeys(read, role)


def done(folder: Path, head: str, *rows: str, **more: Any) -> Imported:
    """A table of 20 November, everything that was asked about it confirmed."""
    file = csv_file(folder, "\n".join([f"kode,{head}", *rows]) + "\n", "rekap KTP 20 November 2021.csv")
    return imported(file, accept=True, **more)


def stored() -> dict[str, int]:
    return dict(DailyCount.objects.values_list("document").annotate(people=Sum("people")))


# The columns beside the code, the cells of two rows, what is stored, and what is asked beside "running".
TABLES = [
    ("REKAM KTP,KIA TERBIT", "1,5", "2,6", {"KTP": 3, "KIA": 11}, set()),
    ("PEREKAMAN KTP-EL,PENERBITAN KIA", "1,5", "2,6", {"KTP": 3, "KIA": 11}, set()),
    ("KTP-EL,KIA,AKTA KELAHIRAN,KK", "1,5,7,8", "2,6,7,8", {"KTP": 3, "KIA": 11}, set()),
    ("WAJIB KTP,REKAM KTP,CETAK KTP,CETAK KIA", "90,1,9,5", "90,2,9,6", {"KTP": 3, "KIA": 11}, set()),
    ("WAJIB KTP,SDH REKAM KTP,BLM REKAM KTP", "90,1,89", "90,2,88", {"KTP": 3}, set()),
    ("BLM REKAM KTP,SDH REKAM KTP", "89,1", "88,2", {"KTP": 3}, set()),
    ("TDK REKAM KTP,TIDAK TEREKAM KTP,REKAM KTP", "89,9,1", "88,9,2", {"KTP": 3}, set()),
    ("REKAM KTP L,REKAM KTP P,REKAM KTP L+P", "1,2,3", "4,5,9", {"KTP": 12}, {"parts:KTP"}),
    ("REKAM KTP LK,REKAM KTP PR,JML REKAM KTP", "1,2,3", "4,5,9", {"KTP": 12}, {"parts:KTP"}),
    ("KTP SUDAH REKAM L,KTP SUDAH REKAM P", "1,2", "4,5", {"KTP": 12}, {"parts:KTP"}),
    ("SDH REKAM LAKI-LAKI,SDH REKAM PEREMPUAN", "1,2", "4,5", {"KTP": 12}, {"parts"}),
    ("PRIA,WANITA", "1,2", "4,5", {"KTP": 12}, {"parts"}),
    ("LK,PR,LK + PR", "1,2,3", "4,5,9", {"KTP": 12}, {"parts"}),
    ("Target KTP,KTP,Cetak KIA", "90,1,5", "90,2,6", {"KTP": 3, "KIA": 11}, set()),
    (
        "REKAM KTP L,REKAM KTP P,KIA L,KIA P,KIA JML",
        "1,2,3,4,7",
        "4,5,0,1,1",
        {"KTP": 12, "KIA": 8},
        {"parts:KTP", "parts:KIA"},
    ),
]


@pytest.mark.parametrize(
    ("group", "label", "role"),
    [
        ("Target KTP dan KIA", "KIA", Role.TARGET),
        ("Cetak", "KTP", Role.OTHER),
        ("Cetak", "KIA", Role.RECORDED),
        ("Belum", "KTP-el", Role.REMAINING),
        ("Sudah rekam", "LK", Role.RECORDED),
        ("Wajib KTP", "JML", Role.TARGET),
    ],
)
def test_a_document_takes_the_role_of_its_group(group: str, label: str, role: Role) -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, ["Kecamatan", group, ""]), (2, ["", label, "Lain"]), (3, ["Cengkareng", 1, 2])]
    assert find_layout(rows).columns[1].role == role


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("head", "first", "second", "people", "asked"), TABLES)
def test_what_the_preview_says_is_what_is_stored(
    tmp_path: Path, head: str, first: str, second: str, people: dict[str, int], asked: set[str]
) -> None:
    answer = done(tmp_path, head, f"{KAPUK},{first}", f"{GROGOL},{second}")
    assert answer.saved, answer.refused
    assert stored() == people
    assert answer.preview.reading.totals.per_city["31.73"] == people
    assert set(answer.preview.findings.questions) - {"running", "targets"} == asked


# The columns beside the code, and for each answer what is stored of 1 and 5.
NAMELESS = [("KTP", {"KTP": 1, "KIA": 5}), ("KIA", {"KIA": 6}), ("-", {"KIA": 5}), ("", {"KTP": 1, "KIA": 5})]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("answer", "people"), NAMELESS)
def test_a_nameless_column_beside_named_ones_asks(tmp_path: Path, answer: str, people: dict[str, int]) -> None:
    kind, answers = "document:SUDAH REKAM", {"parts:KIA": "+"}
    head, row = "SUDAH REKAM,PENERBITAN KIA", f"{KAPUK},1,5"
    file = csv_file(tmp_path, f"kode,{head}\n{row}\n", "rekap 20 November 2021.csv")
    question = imported(file, dry_run=True).preview.findings.questions[kind]
    assert (question.blocks, [each.value for each in question.answers]) == (True, ["KTP", "KIA", "-"])
    answer_of_name = done(tmp_path, head, row, answers=answers | ({kind: answer} if answer else {}))
    assert answer_of_name.saved, answer_of_name.refused
    assert stored() == people
    assert answer_of_name.preview.reading.totals.per_city["31.73"] == people


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("head", "row"), [("SDH L,SDH P,SDH JML", "4,6,{}"), ("JML,L,P", "{},4,6")])
@pytest.mark.parametrize("told", [10, 19])
def test_a_sum_of_men_and_women_is_checked(tmp_path: Path, head: str, row: str, told: int) -> None:
    answer = done(tmp_path, head, f"{KAPUK},{row.format(10)}", f"{GROGOL},{row.format(told)}")
    sentences = [each.sentence for kind, each in answer.preview.findings.questions.items() if kind == "parts-sum"]
    assert (answer.saved, ["menyebut 19" in each for each in sentences]) == ((True, []) if told == 10 else (False, [True]))


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    "head",
    [
        "REKAM KTP PEMULA,REKAM KTP 17+",
        "REKAM KTP,REKAM KTP",
        "JUMLAH,JML",
        "JUMLAH,ORANG",
        "REKAM KTP L,REKAM KTP P,REKAM KTP X",
    ],
)
def test_two_columns_of_one_role_are_asked_about(tmp_path: Path, head: str) -> None:
    answer = done(tmp_path, head, f"{KAPUK},5,3" + ",1" * (head.count(",") - 1))
    assert not answer.saved
    assert "Mana yang dihitung?" in str(answer.refused)
    assert stored() == {}


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("head", "row", "given", "people"),
    [
        ("REKAM KTP PEMULA,REKAM KTP 17+", "5,3", "+", 8),
        ("REKAM KTP PEMULA,REKAM KTP 17+", "5,3", "REKAM KTP 17", 3),
        ("REKAM KTP L,REKAM KTP P,REKAM KTP L+P", "1,2,9", "REKAM KTP L P", 9),
        ("REKAM KTP L,REKAM KTP P,REKAM KTP L+P", "1,2,9", "+", 3),
        ("REKAM KTP L,REKAM KTP P", "1,2", "REKAM KTP P", 2),
    ],
)
def test_the_answer_says_which_columns_are_counted(tmp_path: Path, head: str, row: str, given: str, people: int) -> None:
    answer = done(tmp_path, head, f"{KAPUK},{row}", answers={"parts:KTP": given, "parts-sum": "yes"})
    assert answer.saved, answer.refused
    assert stored() == {"KTP": people}


@pytest.mark.usefixtures("small_world")
def test_chosen_columns_of_one_document_are_summed_once(tmp_path: Path) -> None:
    both = {"REKAM KTP PEMULA": {"document": "KTP"}, "REKAM KTP 17": {"document": "KTP"}}
    for _ in range(2):
        assert done(tmp_path, "REKAM KTP PEMULA,REKAM KTP 17+", f"{KAPUK},5,3", f"{GROGOL},,2", columns=both).saved
        assert stored() == {"KTP": 10}


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("head", "columns", "sentence"),
    [
        ("A,B", {"A": {"document": "KTP", "running": False}, "B": {"document": "KTP", "running": True}}, "harus sama"),
        ("dokumen,A,B", {"A": {"document": "KTP"}, "B": {"document": "KIA"}}, "menyebut dokumennya sendiri"),
    ],
)
def test_columns_that_cannot_be_added_are_refused(tmp_path: Path, head: str, columns: dict[str, Any], sentence: str) -> None:
    row = "KTP,1,2" if head.startswith("dokumen") else "1,2"
    assert sentence in str(done(tmp_path, head, f"{KAPUK},{row}", columns=columns).refused)
    assert stored() == {}


@pytest.mark.usefixtures("small_world")
def test_targets_are_never_added_up(tmp_path: Path) -> None:
    both = {key: {"document": Document.KTP} for key in ("TARGET A", "TARGET B")}
    row = f"{KAPUK},60,40"
    answer = done(tmp_path, "target A,target B", row, kind=ImportKind.TARGETS, columns=both, decree="SK 1/2021", period="2021")
    assert "pilih satu" in str(answer.refused)
    assert not Target.objects.exists()


@pytest.mark.usefixtures("small_world")
def test_what_is_left_alone_is_no_count(tmp_path: Path) -> None:
    told = str(done(tmp_path, "BLM REKAM KTP", f"{KAPUK},5").refused)
    assert "tidak berkolom jumlah: BLM REKAM KTP adalah yang belum direkam" in told
    assert stored() == {}


HEAD_OF_EXPORTS = [
    ("id,nama_kabupaten_kota,nama_kecamatan,nama_kelurahan,jumlah_rekam", "1,JAKARTA BARAT,CENGKARENG,KAPUK,5"),
    ("id,kode_provinsi,kemendagri_kode_kecamatan,kemendagri_kode_desa_kelurahan,rekam_ktp", "1,31,31.73.01,31.73.01.1004,5"),
    ("kode_provinsi,bps_kode_kecamatan,kemendagri_kode_desa_kelurahan,rekam_ktp", "31,3174010,31.73.01.1004,5"),
    ("id,kemendagri_nama_kecamatan,kemendagri_nama_desa_kelurahan,rekam_ktp", "1,CENGKARENG,KAPUK,5"),
    ("ID,rekam_ktp", "31.73.01.1004,5"),
    ("id,nama_kecamatan,nama_kelurahan,jumlah_rekam", "1000,CENGKARENG,KAPUK,5"),
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("head", "row"), HEAD_OF_EXPORTS)
def test_the_deepest_code_is_the_regions(tmp_path: Path, head: str, row: str) -> None:
    answer = imported(csv_file(tmp_path, f"{head}\n{row}\n", "rekap KTP 20 November 2021.csv"), accept=True)
    assert answer.saved, answer.refused
    assert list(DailyCount.objects.values_list("region", "people")) == [(KAPUK, 5)]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("name", "lines", "reading"),
    [
        ("rekap KTP 20 November 2021", "kode,rekam ktp\n{},5", "daily"),
        ("keadaan KTP 20 November 2021", "kode,rekam ktp\n{},5", "running"),
        ("rekap KTP s.d. 20 November 2021", "kode,rekam ktp\n{},5", "running"),
        ("rekap_KTP_sampai_dengan_20_November_2021", "kode,rekam ktp\n{},5", "running"),
        ("rekap 20 November 2021", "Rekapitulasi Kumulatif KTP,\nkode,rekam ktp\n{},5", "running"),
        ("rekap 20 November 2021", "kode,target,rekam ktp,sisa\n{},60,5,55", "running"),
        ("rekap 20 November 2021", "kode,wajib ktp,sdh rekam ktp,blm rekam ktp\n{},60,5,55", "running"),
        ("rekap 20 November 2021", "kode,target,rekam ktp,sisa\n{},60,5,50", "daily"),
        ("rekap 20 November 2021", "kode,target kia,rekam ktp,sisa kia\n{},60,5,55", "daily"),
        ("Loket s.d.m. KTP 20 November 2021", "kode,rekam ktp\n{},5", "daily"),
    ],
)
def test_a_running_total_is_proposed_on_evidence(tmp_path: Path, name: str, lines: str, reading: str) -> None:
    file = csv_file(tmp_path, lines.format(KAPUK) + "\n", f"{name}.csv")
    write(count(3, day=date(2021, 11, 19)))
    answer = imported(file, accept=True)
    assert answer.saved, answer.refused
    assert {kind: asked.answer for kind, asked in answer.preview.findings.questions.items() if asked.needed} == {
        "running": reading
    }
    assert value(day=date(2021, 11, 20)) == (2 if reading == "running" else 5)
    told = imported(file, dry_run=True, running=reading != "running").preview.findings
    assert "running" not in told.questions


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("head", "chosen", "kind", "asked"),
    [
        ("target ktp", "", "task", set()),
        ("WKTP", "", "stock", {"stock", "document"}),
        ("Wajib KTP", "", "stock", {"stock"}),
        ("Wajib KTP", "task", "task", set()),
        ("Wajib KTP", "stock", "stock", set()),
    ],
)
def test_a_target_from_wajib_ktp_is_asked_about(tmp_path: Path, head: str, chosen: str, kind: str, asked: set[str]) -> None:
    target(60_000, KAPUK)
    file = csv_file(tmp_path, f"kode,{head}\n{KAPUK},70000\n")
    choices = Choices.read({"decree": "SK 2/2021", "period": "2021", "kind": chosen, "answers": {"document": "KTP"}})
    act, decision = Act(SYSTEM, NOON, Door.COMMAND), Decision(accepted=None)
    answer = import_file(Job(act, ImportKind.TARGETS, file, file.name, choices, decision))
    assert (answer.saved, set(answer.preview.findings.questions)) == (True, asked)
    newest = Target.objects.order_by("pk").last()
    assert newest
    assert (newest.kind, newest.people) == (kind, 70_000)
    assert Target.objects.filter(kind="task", people=60_000).exists()


@pytest.mark.usefixtures("small_world")
def test_a_stock_is_no_second_target(tmp_path: Path) -> None:
    file = csv_file(tmp_path, f"kode,wktp,target ktp\n{KAPUK},1000,100\n")
    done = imported(file, ImportKind.TARGETS, decree="SK 1", period="2021")
    assert (done.saved, list(Target.objects.values_list("kind", "people"))) == (True, [("task", 100)])
    assert [(each.column, each.reason) for each in done.preview.all_problems()] == [("wktp", "Kolom ini tidak ikut diimpor.")]
