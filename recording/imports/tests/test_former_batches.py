"""Batches of former releases: what waits is read again, what is decided is still shown."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.imports import batches, files, processing
from recording.models import Door, ImportBatch, ImportState
from recording.tests.pages import logged_in, words
from recording.tests.world import KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon")
read_anew = import_module("recording.migrations.0009_previews_read_anew").read_anew
read_with_folds = import_module("recording.migrations.0011_previews_with_folds").read_anew
# As stored before questions had answers and sums were kept by document.
FORMER: dict[str, Any] = {
    "sheets": [{"name": "harian", "rows": 3, "hidden": False, "table": True}],
    "sheet": "harian",
    "header_row": 1,
    "titles": [],
    "columns": [
        {"key": "KODE", "label": "kode", "role": "code", "document": "", "use": "", "numeric": False, "sum": None}
        | {"total": None, "agrees": None},
        {"key": "JUMLAH", "label": "jumlah", "role": "people", "document": "KTP", "use": "daily", "numeric": True, "sum": 13}
        | {"total": 13, "agrees": True},
    ],
    "day": "2021-11-25",
    "day_from": [{"place": "file", "text": "25 November 2021", "day": "2021-11-25"}],
    "period": "",
    "source": "loket",
    "decree": "",
    "effective_from": "",
    "kind": "",
    "remembered": "",
    "rows": {"new": 1, "changed": 1, "unchanged": 0, "rejected": 1, "unmapped": 1},
    "people": 13,
    "file_total": 13,
    "per_city": {"31.73": 13},
    "cities": [{"code": "31.73", "name": "Kota Administrasi Jakarta Barat", "before": 3, "after": 13}],
    "totals": [{"row": 4, "label": "TOTAL", "column": "jumlah", "file": 13, "rows": 13, "agrees": True}],
    "unmapped": [{"row": 5, "label": "LUAR DKI", "people": 2}],
    "problems": [{"row": 3, "column": "", "reason": "Baris ini tidak menyebut wilayah.", "tier": "error"}],
    "groups": [{"tier": "error", "reason": "Baris ini tidak menyebut wilayah.", "count": 1, "columns": [], "rows": "3"}],
    "changes": [{"region": KAPUK, "name": "Kapuk", "document": "KTP", "day": "2021-11-25", "source": "loket", "old": 3}],
    "asks": [{"kind": "daily", "sentence": "Angka dibaca sebagai hitungan hari itu saja.", "count": 1}],
    "spellings": [{"key": "village|KAPUX|", "text": "KAPUX", "candidates": [[KAPUK, "Kapuk"]]}],
    "needs_reason": False,
    "blocked": "",
    "rest": True,
    "spans": ["2021-11-25"],
    "seen": "0" * 32,
}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS = tmp_path / "imports"


def former(state: ImportState) -> ImportBatch:
    """A batch of dian's, as a former release left it."""
    content = f"kode,tanggal,jumlah\n{KAPUK},2021-11-25,8\n".encode()
    act = Act(cast.staff(), NOON, Door.PAGE)
    batch = batches.upload(act=act, kind="counts", name="KTP harian.csv", chunks=[content], key=state)
    choices = {"source": "sudin", "columns": {"JUMLAH": {"document": "KTP", "running": False}}}
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, summary=FORMER, choices=choices)
    batch.refresh_from_db()
    return batch


def migrated(batch: ImportBatch, migration: Any = read_anew) -> ImportBatch:
    migration(apps, SimpleNamespace(connection=connection))
    processing.process_due_batches(by=SYSTEM, now=NOON)
    batch.refresh_from_db()
    return batch


@pytest.mark.usefixtures("small_world")
def test_a_waiting_file_is_read_again() -> None:
    batch = migrated(former(ImportState.READY))
    assert (batch.state, batch.summary["rows"]["new"], batch.summary["people"]) == ("ready", 1, {"KTP": 8})
    assert batch.choices == {"source": "sudin"}  # the mode of the column had been sent, and not chosen
    page = words(logged_in(cast.staff()).get(reverse("import_batch", args=[batch.pk])))
    assert "Portal membaca berkas ini sekali lagi" in page


@pytest.mark.usefixtures("small_world")
def test_a_preview_without_folds_is_read_again() -> None:
    batch = former(ImportState.READY)
    choices = batch.choices
    migrated(batch, read_with_folds)
    assert (batch.state, batch.summary["rows"]["new"], batch.choices) == ("ready", 1, choices)
    assert (batch.summary["folds"], batch.summary["targets"]) == ([], {})


@pytest.mark.usefixtures("small_world")
def test_a_waiting_file_that_is_gone_is_discarded() -> None:
    batch = former(ImportState.READY)
    files.forget(batch.pk)
    assert migrated(batch).state == ImportState.DISCARDED
    page = words(logged_in(cast.staff()).get(reverse("import_batch", args=[batch.pk])))
    assert "Berkasnya sudah tidak ada di portal" in page


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("state", [state for state in ImportState if state != ImportState.READY])
def test_former_batches_are_still_shown(state: ImportState) -> None:
    batch, browser = former(state), logged_in(cast.staff())
    assert browser.get(reverse("import_batch", args=[batch.pk])).status_code == 200
    assert "KTP harian.csv" in words(browser.get(reverse("imports")))
