"""What is remembered of the columns of a source: by its whole header, shown, changed, and never above the file's word."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.tests import cast
from recording.imports.choices import Choices
from recording.imports.chosen import chosen_columns
from recording.imports.job import Imported
from recording.imports.tests.imports import imported
from recording.models import DailyCount, ImportBatch, ImportMapping
from recording.tests.commands import csv_file
from recording.tests.pages import logged_in
from recording.tests.world import KAPUK, count, value, write

OPEN = {"document": "", "running": None}


def sent(folder: Path, head: str, row: str, *, name: str = "rekap", day: int = 20, **more: Any) -> Imported:
    file = csv_file(folder, f"kode,{head}\n{KAPUK},{row}\n", f"{name} {day} November 2021.csv")
    return imported(file, **({"accept": True} | more))


def columns(**more: str) -> dict[str, Any]:
    """Choices as a form sends them: label=KTP:running."""
    uses = {}
    for key, use in more.items():
        document, _colon, mode = use.partition(":")
        uses[key.replace("_", " ")] = {"document": document, "running": mode == "running"}
    return {"columns": uses}


@pytest.mark.usefixtures("small_world")
def test_a_source_has_a_memory_for_each_layout(tmp_path: Path) -> None:
    assert sent(tmp_path, "ini,itu", "5,60", **columns(ITU="KIA:running")).saved
    assert sent(tmp_path, "satu,dua", "5,6", **columns(SATU="KTP:daily")).saved
    assert ImportMapping.objects.filter(source="loket").count() == 2
    for head, row, used in (("itu,ini", "70,5", "KIA"), ("satu,dua", "7,8", "KTP")):
        preview = sent(tmp_path, head, row, day=21, dry_run=True).preview
        assert (preview.plan.mapping, [each.document for each in preview.plan.values]) == ("loket", [used])
    for head in ("ini,itu,lain", "itu"):
        assert sent(tmp_path, head, "5,6,7"[: 2 * head.count(",") + 1], day=21, dry_run=True).preview.plan.mapping == ""


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("first", "head", "name", "document"),
    [
        (columns(JUMLAH="KTP:daily"), "jumlah", "rekap KIA", "KIA"),
        (columns(JUMLAH="KTP:daily"), "jumlah", "rekap", "KTP"),
        (columns(JUMLAH="KIA:daily"), "jumlah", "rekap KTP dan KIA", "KIA"),
    ],
)
def test_a_document_that_the_file_names_wins(
    tmp_path: Path, first: dict[str, Any], head: str, name: str, document: str
) -> None:
    assert sent(tmp_path, head, "5", **first).saved
    assert sent(tmp_path, head, "7", name=name, day=21).saved
    assert list(DailyCount.objects.filter(day=date(2021, 11, 21)).values_list("document", "people")) == [(document, 7)]


@pytest.mark.usefixtures("small_world")
def test_columns_of_both_documents_are_remembered_apart(tmp_path: Path) -> None:
    assert sent(tmp_path, "satu,dua", "5,6", **columns(SATU="KTP:daily", DUA="KIA:daily")).saved
    assert sent(tmp_path, "satu,dua", "7,8", name="rekap KIA", day=21).saved
    people = dict(DailyCount.objects.filter(day=date(2021, 11, 21)).values_list("document", "people"))
    assert people == {"KTP": 7, "KIA": 8}


# The mode that was remembered, the name of the next file, and: the answer it is read by, whether one is needed.
MODES = [
    ("daily", "rekap", "daily", False),
    ("running", "rekap", "running", False),
    ("running", "keadaan", "running", False),
    ("daily", "keadaan", "running", True),
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("mode", "name", "answer", "needed"), MODES)
def test_a_remembered_mode_is_shown_and_changed(tmp_path: Path, mode: str, name: str, answer: str, needed: bool) -> None:
    assert sent(tmp_path, "rekam ktp", "50", **columns(REKAM_KTP=f"KTP:{mode}")).saved
    question = sent(tmp_path, "rekam ktp", "60", name=name, day=21, dry_run=True).preview.findings.questions["running"]
    assert (question.answer, question.needed, question.is_open) == (answer, needed, True)
    assert "terakhir" in question.evidence[0]
    assert sent(tmp_path, "rekam ktp", "60", name=name, day=21, accept=False).saved is not needed
    other = {"running": "daily", "daily": "running"}[answer]
    assert sent(tmp_path, "rekam ktp", "600", name=name, day=22, answers={"running": other}).saved
    assert ImportMapping.objects.get().columns["REKAM KTP"]["running"] == (other == "running")


@pytest.mark.usefixtures("small_world")
def test_a_source_of_totals_speaks_for_totals(tmp_path: Path) -> None:
    assert sent(tmp_path, "rekam ktp", "50", **columns(REKAM_KTP="KTP:running")).saved
    question = sent(tmp_path, "rekam ktp,akta", "60,1", day=21, dry_run=True).preview.findings.questions["running"]
    assert (question.answer, question.evidence) == ("running", ["Berkas terakhir dari sumber loket dibaca sebagai total."])


@pytest.mark.parametrize(
    ("posted", "before", "chosen"),
    [
        ({"A": ("KTP", "daily")}, None, None),
        ({"A": ("KTP", "running")}, None, {"A": {"document": "", "running": True}}),
        ({"A": ("KIA", "daily")}, None, {"A": {"document": "KIA", "running": None}}),
        ({"A": ("KTP", "daily"), "B": ("KIA", "daily")}, None, {"A": OPEN, "B": {"document": "KIA", "running": False}}),
        ({"A": ("KTP", "daily")}, {"A": {"document": "KTP", "running": False}}, {"A": {"document": "KTP", "running": False}}),
        ({}, None, {}),
        ({}, {"A": OPEN}, {}),
    ],
)
def test_only_columns_that_differ_are_chosen(posted: Any, before: Any, chosen: Any) -> None:
    assert chosen_columns(posted, {"A": ("KTP", "daily")}, before) == chosen
    assert Choices.read({"columns": chosen}).stored().get("columns") == chosen


@pytest.mark.usefixtures("at_noon")
def test_reading_again_keeps_every_open_question(tmp_path: Path, settings: Any) -> None:
    """The whole form of the page is sent back as it was shown; then with no column at all."""
    settings.IMPORTS = tmp_path / "imports"
    write(count(3))
    browser = logged_in(cast.staff())
    file = SimpleUploadedFile(
        "rekap November 2021.csv", f"kode,wajib ktp,sudah rekam l,sudah rekam p\n{KAPUK},9,5,3\n".encode()
    )
    browser.post(reverse("imports"), {"kind": "counts", "key": "k", "file": file})
    batch = ImportBatch.objects.get()
    asked = {question["code"]: question["open"] for question in batch.summary["questions"]}
    assert asked == {"parts": True, "document": True, "day": True, "running": True, "targets": True}
    form = {
        f"kolom-{place}": f"{column['document']}|{column['use']}"
        for place, column in enumerate(batch.summary["columns"])
        if column["use"]
    }
    form |= {name: batch.summary[name] or "" for name in ("day", "source", "sheet")} | {"running_since": "start"}
    browser.post(reverse("import_choose", args=[batch.pk]), form)
    batch.refresh_from_db()
    assert {question["code"]: question["open"] for question in batch.summary["questions"]} == asked
    page = browser.post(reverse("import_choose", args=[batch.pk]), dict.fromkeys(form, ""))
    batch.refresh_from_db()
    assert (page.status_code, batch.choices["columns"]) == (302, {})
    assert "sedikitnya satu kolom" in batch.summary["blocked"]
    assert value() == 3
