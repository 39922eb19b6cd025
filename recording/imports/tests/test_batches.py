"""Uploads: checked, confirmed, done once, taken back; by whom; and what is left of them on the disk."""

import os
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import fork, join, together
from dukcapil.timetable import timetable
from recording.imports import batches, files, processing
from recording.imports.preview_page import preview_context
from recording.ledger.checks import CountInput
from recording.ledger.selectors import check_ledger
from recording.models import (
    AuditEntry,
    DailyCount,
    Door,
    ImportBatch,
    ImportMapping,
    ImportState,
    Posting,
    Region,
    RegionAlias,
    Target,
)
from recording.targets.versions import in_force_on
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, value, versions, write

HEAD = "kode,dokumen,tanggal,jumlah"
NIK, GROGOL = "3173010101010001", "31.73.02.1001"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORTS = tmp_path / "imports"


def text(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *lines, ""]).encode()


def sent(
    content: bytes, by: Actor, *, name: str = "harian.csv", key: str = "k1", kind: str = "counts", checked: bool = True
) -> ImportBatch:
    batch = batches.upload(act=Act(by, NOON, Door.PAGE), kind=kind, name=name, chunks=[content], key=key)
    if checked:
        processing.process_batch(number=batch.pk, now=NOON)
        batch.refresh_from_db()
    return batch


def confirmed(batch: ImportBatch, by: Actor, **more: Any) -> ImportBatch:
    said = {"seen": batch.summary["seen"], "answers": {}, "reason": "", "good_rows_only": False} | more
    batches.confirm(act=Act(by, NOON, Door.PAGE), number=batch.pk, **said)
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    return batch


def undone(batch: ImportBatch, by: Actor) -> ImportBatch:
    batches.undo(act=Act(by, NOON, Door.PAGE), number=batch.pk, reason="salah berkas")
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    return batch


@pytest.mark.usefixtures("small_world")
def test_an_upload_is_shown_confirmed_and_undone(tmp_path: Path) -> None:
    write(count(3))
    staff = cast.staff()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8", f"{GROGOL},KTP,2021-11-25,5"), staff)
    assert (batch.state, batch.summary["rows"]["new"], batch.summary["rows"]["changed"]) == ("ready", 1, 1)
    assert batch.summary["cities"] == [
        {"code": "31.73", "name": "Kota Administrasi Jakarta Barat", "document": "KTP", "before": 3, "after": 13}
    ]
    assert [(each["old"], each["new"]) for each in batch.summary["changes"]] == [(3, 8)]
    assert (value(), files.uploaded(batch.pk).exists()) == (3, True)
    confirmed(batch, staff, reason="dari laporan")
    assert (batch.state, value(), value(GROGOL)) == ("done", 8, 5)
    assert batch.posting is not None
    assert (batch.posting.reason, batch.posting.by) == ("Impor harian.csv: dari laporan", staff)
    assert not files.uploaded(batch.pk).exists()
    undone(batch, staff)
    assert (batch.state, value(), value(GROGOL), check_ledger().mismatches) == ("undone", 3, None, 0)


@pytest.mark.usefixtures("small_world")
def test_an_undo_leaves_what_was_corrected_since() -> None:
    staff = cast.staff()
    batch = confirmed(sent(text(f"{KAPUK},KTP,2021-11-25,8", f"{GROGOL},KTP,2021-11-25,5"), staff), staff)
    write(count(9))
    undone(batch, staff)
    assert (batch.decision["kept"], value(), value(GROGOL)) == (1, 9, None)


@pytest.mark.usefixtures("small_world")
def test_counts_name_their_days_and_no_period() -> None:
    batch = sent(text(f"{KAPUK},KTP,2021-11-24,8", f"{KAPUK},KTP,2021-11-25,5"), cast.staff())
    shown = preview_context(batch, {})
    assert (shown["period"], shown["spans"]) == ("", [date(2021, 11, 24), date(2021, 11, 25)])


@pytest.mark.usefixtures("small_world")
def test_a_form_sent_twice_is_one_upload() -> None:
    content = text(f"{KAPUK},KTP,2021-11-25,8")
    first, again = (sent(content, cast.staff(), checked=False) for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(Conflict):
        sent(content, cast.head_barat(), checked=False)


@pytest.mark.usefixtures("small_world")
def test_confirming_undoing_and_discarding_twice_is_once() -> None:
    staff = cast.staff()
    batch = confirmed(sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff), staff)
    assert confirmed(batch, staff).state == "done"
    assert Posting.objects.count() == 1
    assert undone(undone(batch, staff), staff).state == "undone"
    assert Posting.objects.count() == 2
    other = sent(text(f"{KAPUK},KTP,2021-11-25,9"), staff, key="k2")
    for _ in range(2):
        batches.discard(act=Act(staff, NOON, Door.PAGE), number=other.pk)
    other.refresh_from_db()
    assert (other.state, files.folder(other.pk).exists()) == ("discarded", False)


@pytest.mark.usefixtures("small_world")
def test_a_confirmation_again_after_the_undo_changes_nothing() -> None:
    staff = cast.staff()
    batch = undone(confirmed(sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff), staff), staff)
    assert confirmed(batch, staff).state == "undone"
    with pytest.raises(Conflict):
        confirmed(batch, staff, seen="sesuatu yang lain")
    assert (value(), Posting.objects.count()) == (None, 2)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("step", ["confirm", "undo", "discard"])
def test_two_at_the_same_time_get_one_answer(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw the batch as it was before; the other one is through first."""
    staff = cast.staff()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff)
    if step == "undo":
        confirmed(batch, staff)
    acts: dict[str, Callable[..., ImportBatch]] = {
        "confirm": partial(batches.confirm, seen=batch.summary["seen"], answers={}, reason="", good_rows_only=False),
        "undo": partial(batches.undo, reason="salah berkas"),
        "discard": batches.discard,
    }
    before = ImportBatch.objects.get(pk=batch.pk)
    first = acts[step](act=Act(staff, NOON, Door.PAGE), number=batch.pk)
    monkeypatch.setattr(batches, "visible_batch", lambda by, number: before)
    second = acts[step](act=Act(staff, NOON, Door.PAGE), number=batch.pk)
    assert (second.pk, second.state, second.decision) == (first.pk, first.state, first.decision)


@pytest.mark.usefixtures("small_world")
def test_what_was_not_answered_is_not_done() -> None:
    staff = cast.staff()
    wide = text(f"{KAPUK},Kapuk,8", "31.99,Anu,5", head="Kode,Kelurahan,Sudah rekam")
    batch = sent(wide, staff, name="rekap 25 November 2021.csv")
    assert [(asked["code"], asked["answer"]) for asked in batch.summary["questions"]] == [
        ("document", ""),
        ("running", "daily"),
    ]
    for more, field in (
        ({}, "good_rows_only"),
        ({"good_rows_only": True}, "answers"),
        ({"good_rows_only": True, "answers": {"running": "daily"}}, "answers"),
    ):
        with pytest.raises(Refused) as problem:
            confirmed(batch, staff, **more)
        assert problem.value.field == field
    both = {"running": "daily", "document": "KTP"}
    with pytest.raises(Conflict):
        confirmed(batch, staff, seen="sesuatu yang lain", good_rows_only=True, answers=both)
    assert not DailyCount.objects.exists()
    read_anew = confirmed(batch, staff, good_rows_only=True, answers=both)
    assert (read_anew.state, value()) == ("ready", None), "nobody had said which document the preview shows"
    done = confirmed(batch, staff, good_rows_only=True, answers=both)
    assert (done.state, value()) == ("done", 8)
    rejected = processing.rejected_rows_file(by=staff, number=batch.pk).read_text(encoding="utf-8-sig")
    assert rejected.splitlines() == ["Kode;Kelurahan;Sudah rekam;Baris;Alasan", "31.99;Anu;5;3;Wilayah 31.99 tidak dikenal."]


@pytest.mark.usefixtures("small_world")
def test_changes_since_the_preview_are_not_overwritten() -> None:
    staff = cast.staff()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff)
    write(count(3))
    confirmed(batch, staff)
    assert (batch.state, value(), batch.summary["rows"]["changed"]) == ("ready", 3, 1)
    assert "berubah sejak" in batch.refusal
    assert confirmed(batch, staff).state == "done"
    assert value() == 8


# What is stored before the preview and after it, how the file's 8 people are read, and the count that the second preview
# promises. As many counts are new or changed in both.
MEANWHILE = [([count(3)], [count(4)], "daily", 8), ([], [count(5, day=DAY - timedelta(days=1))], "running", 3)]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("before", "meanwhile", "mode", "promised"), MEANWHILE)
def test_only_figures_that_were_shown_are_stored(
    before: list[CountInput], meanwhile: list[CountInput], mode: str, promised: int
) -> None:
    staff = cast.staff()
    write(*before)
    batch = sent(text(f"{KAPUK},8", head="kode,perekaman ktp"), staff, name="rekap 25 November 2021.csv")
    batches.reread(act=Act(staff, NOON, Door.PAGE), number=batch.pk, answers={"running": mode}, changes={})
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    write(*meanwhile)
    assert (confirmed(batch, staff).state, value() == promised) == ("ready", False)
    assert "berubah sejak" in batch.refusal
    assert (confirmed(batch, staff).state, value()) == ("done", promised)


@pytest.mark.usefixtures("small_world")
def test_an_unreadable_file_is_refused_and_removed() -> None:
    for key, content in (("a", b"%PDF-1.7"), ("b", text(f"{KAPUK},KTP,2021-11-25,{NIK}"))):
        batch = sent(content, cast.staff(), key=key)
        assert (batch.state, batch.summary, files.folder(batch.pk).exists()) == ("failed", {}, False)
        assert batch.refusal
        assert NIK not in batch.refusal
    with pytest.raises(Refused, match="Nama berkas"):
        sent(text(), cast.staff(), name=f"{NIK}.csv", key="c")
    with pytest.raises(Refused, match="kosong"):
        sent(b"", cast.staff(), key="d")
    assert list(portal.IMPORTS.iterdir()) == []


@pytest.mark.usefixtures("small_world")
def test_a_head_imports_only_the_own_citys_rows() -> None:
    head, other = cast.head_barat(), cast.head_timur()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8", "31.75.01,KTP,2021-11-25,5"), head)
    assert batch.summary["rows"] | {"unchanged": 0} == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1, "unmapped": 0}
    assert confirmed(batch, head, good_rows_only=True).state == "done"
    assert (value(), value("31.75.01")) == (8, None)
    with pytest.raises(NotFound):
        batches.undo(act=Act(other, NOON, Door.PAGE), number=batch.pk, reason="x")
    with pytest.raises(NotFound):
        processing.rejected_rows_file(by=other, number=batch.pk)
    with pytest.raises(NotAllowed):
        sent(text(), head, kind="targets", key="t")
    with pytest.raises(NotAllowed):
        sent(text(), cast.reader(), key="r")
    mine = sent(text(f"{KAPUK},KTP,2021-11-25,9"), head, key="k9")
    with pytest.raises(NotAllowed, match="pengirimnya"):
        confirmed(mine, cast.staff())
    assert undone(batch, cast.staff()).state == "undone"


@pytest.mark.usefixtures("small_world")
def test_a_stored_mapping_asks_nothing_again() -> None:
    staff = cast.staff()
    wide = text(f"{KAPUK},8,20", head="Kode,Ini,Itu")
    batch = sent(wide, staff, name="a 24 November 2021.csv")
    choices = {"columns": {"ITU": {"document": "KIA", "running": True}}, "source": "sudin-barat"}
    batches.choose(act=Act(staff, NOON, Door.PAGE), number=batch.pk, choices=choices)
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    assert (batch.summary["questions"], confirmed(batch, staff).state) == ([], "done")
    assert ImportMapping.objects.get().columns == {"ITU": {"document": "KIA", "running": True}}
    second = sent(text(f"7,{KAPUK},25", head="Ini,Kode,Itu"), staff, name="b 25 November 2021.csv", key="k2")
    assert second.summary["remembered"] == "sudin-barat"
    assert [(asked["answer"], asked["needed"]) for asked in second.summary["questions"]] == [("running", False)]
    assert confirmed(second, staff).state == "done"
    assert value(document="KIA", source="sudin-barat") == 5
    assert value(document="KIA", source="sudin-barat", day=DAY - timedelta(days=1)) == 20


@pytest.mark.usefixtures("small_world")
def test_a_falling_running_total_needs_a_reason() -> None:
    staff = cast.staff()
    write(count(20, source="rekap", day=DAY - timedelta(days=1)))
    batch = sent(text(f"{KAPUK},15", head="Kode,Jumlah KTP"), staff, name="25 November 2021.csv")
    choices = {"columns": {"JUMLAH KTP": {"document": "KTP", "running": True}}, "source": "rekap"}
    batches.choose(act=Act(staff, NOON, Door.PAGE), number=batch.pk, choices=choices)
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    assert (batch.summary["needs_reason"], [asked["code"] for asked in batch.summary["questions"]]) == (True, ["fall"])
    assert "turun dari 20 menjadi 15" in batch.summary["problems"][0]["reason"]
    with pytest.raises(Refused) as problem:
        confirmed(batch, staff, answers={"fall": "yes"})
    assert problem.value.field == "reason"
    confirmed(batch, staff, answers={"fall": "yes"}, reason="koreksi ganda")
    assert (value(source="rekap"), value(source="rekap", day=DAY - timedelta(days=1))) == (0, 15)


@pytest.mark.usefixtures("small_world")
def test_a_new_spelling_is_chosen_and_remembered() -> None:
    staff = cast.staff()
    wide = text("Jakarta Barat,Cengkareng,Kapoek,8", head="Kota,Kecamatan,Kelurahan,Perekaman KTP")
    batch = sent(wide, staff, name="25 November 2021.csv")
    asked, running = sorted(batch.summary["questions"], key=lambda each: each["needed"])
    assert (asked["answers"][0]["value"], asked["answers"][0]["label"]) == (KAPUK, f"Kapuk, Cengkareng ({KAPUK})")
    assert (asked["answer"], asked["needed"], running["code"]) == ("-", False, "running")
    answers = {asked["code"]: KAPUK, "running": "daily"}
    act = Act(staff, NOON, Door.PAGE)
    batches.reread(act=act, number=batch.pk, answers=answers, changes={"remember_spellings": True})
    processing.process_batch(number=batch.pk, now=NOON)
    batch.refresh_from_db()
    assert (batch.summary["rows"]["rejected"], confirmed(batch, staff).state, value()) == (0, "done", 8)
    assert RegionAlias.objects.filter(region=KAPUK, normalised="KAPOEK").exists()
    assert AuditEntry.objects.filter(action="region.alias").count() == 1
    assert sent(wide, staff, name="25 November 2021.csv", key="k2").summary["rows"]["unchanged"] == 1


@pytest.mark.usefixtures("small_world")
def test_targets_are_imported_and_taken_back_as_versions() -> None:
    target(100, BARAT)
    staff = cast.staff()
    lines = text(
        f"{BARAT},KTP,2021,150,SK 9,2021-08-01",
        f"{KAPUK},KTP,2021,40,SK 9,2021-08-01",
        head="kode,dokumen,periode,target,sumber,berlaku",
    )
    batch = confirmed(sent(lines, staff, kind="targets"), staff)
    assert (batch.state, versions(BARAT), versions(KAPUK)) == ("done", [100, 150], [40])
    assert sorted(map(tuple, batch.written)) == [(BARAT, "KTP", "2021", "task", 2), (KAPUK, "KTP", "2021", "task", 1)]
    undone(batch, staff)
    assert (batch.state, versions(BARAT), versions(KAPUK)) == ("undone", [100, 150, 100], [40, None])
    assert Target.objects.filter(region=BARAT).latest("version").effective_from.isoformat() == "2021-08-01"


@pytest.mark.usefixtures("small_world")
def test_an_undone_older_decree_leaves_the_later_one() -> None:
    staff = cast.staff()
    target(100, BARAT)
    target(200, BARAT, since=date(2021, 8, 1))
    lines = text(f"{BARAT},KTP,2021,150,SK 9,2021-03-01", head="kode,dokumen,periode,target,sumber,berlaku")
    batch = confirmed(sent(lines, staff, kind="targets"), staff, answers={"superseded": "yes"})
    undone(batch, staff)
    days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 8, 1)]
    assert [in_force.people for day in days if (in_force := in_force_on(Target.objects.all(), day))] == [100, 100, 200]


@pytest.mark.usefixtures("small_world")
def test_undecided_files_are_removed_after_a_week() -> None:
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), cast.staff())
    processing.process_due_batches(by=SYSTEM, now=NOON + timedelta(days=6))
    assert files.uploaded(batch.pk).exists()
    processing.process_due_batches(by=SYSTEM, now=NOON + timedelta(days=8))
    batch.refresh_from_db()
    assert (batch.state, files.folder(batch.pk).exists()) == ("discarded", False)


@pytest.mark.usefixtures("small_world")
def test_a_dead_workers_job_is_retried_then_abandoned() -> None:
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), cast.staff(), checked=False)
    ImportBatch.objects.filter(pk=batch.pk).update(working_until=NOON + timedelta(minutes=2), attempts=1)
    assert processing.process_due_batches(by=SYSTEM, now=NOON) == []
    assert processing.process_due_batches(by=SYSTEM, now=NOON + timedelta(minutes=3)) == [batch.pk]
    batch.refresh_from_db()
    assert batch.state == "ready"
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.CHECKING, attempts=processing.MAX_ATTEMPTS)
    processing.process_due_batches(by=SYSTEM, now=NOON)
    batch.refresh_from_db()
    assert (batch.state, "kesalahan portal" in batch.refusal) == ("failed", True)


def _work(number: int) -> None:
    processing.process_batch(number=number, now=NOON)


@pytest.mark.usefixtures("committed_world")
def test_a_batch_many_workers_take_runs_once() -> None:
    staff = cast.staff()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff)
    batches.confirm(
        act=Act(staff, NOON, Door.PAGE),
        number=batch.pk,
        seen=batch.summary["seen"],
        answers={},
        reason="",
        good_rows_only=False,
    )
    assert together(*[partial(_work, batch.pk)] * 6) == [0] * 6
    batch.refresh_from_db()
    assert (batch.state, Posting.objects.count(), value()) == ("done", 1, 8)


def _die_before_the_end(number: int) -> None:
    """Every write of the import is done; the process ends before its transaction does."""
    processing.files.forget = lambda *_a, **_k: None
    real = ImportBatch.objects.filter

    def dying(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("state") == ImportState.IMPORTING and "pk" in kwargs and DailyCount.objects.exists():
            os._exit(9)
        return real(*args, **kwargs)

    ImportBatch.objects.filter = dying
    processing.process_batch(number=number, now=NOON)


@pytest.mark.usefixtures("committed_world")
def test_a_killed_workers_batch_is_done_whole_later() -> None:
    staff = cast.staff()
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), staff)
    batches.confirm(
        act=Act(staff, NOON, Door.PAGE),
        number=batch.pk,
        seen=batch.summary["seen"],
        answers={},
        reason="",
        good_rows_only=False,
    )
    assert join([fork(partial(_die_before_the_end, batch.pk))]) == [9]
    batch.refresh_from_db()
    assert (batch.state, DailyCount.objects.exists(), Posting.objects.exists()) == ("importing", False, False)
    looks_every = timetable(True)["uploaded-files"]["schedule"]
    assert processing.LEASE + looks_every < timedelta(seconds=30)
    processing.process_due_batches(by=SYSTEM, now=NOON + processing.LEASE + looks_every)
    batch.refresh_from_db()
    assert (batch.state, value(), Region.objects.count() > 0) == ("done", 8, True)


@pytest.mark.usefixtures("committed_world")
def test_a_living_worker_keeps_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processing, "RENEW_SECONDS", 0.05)
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,8"), cast.staff(), checked=False)
    ends: list[datetime | None] = []

    def slow_check(_batch: ImportBatch, _now: datetime) -> None:
        for _ in range(100):
            time.sleep(0.05)
            ends.append(ImportBatch.objects.values_list("working_until", flat=True).get(pk=batch.pk))
            if len(set(ends)) > 2:
                return

    monkeypatch.setattr(processing, "_check", slow_check)
    processing.process_batch(number=batch.pk, now=NOON)
    assert ends == sorted(filter(None, ends))
    assert len(set(ends)) > 2


@pytest.mark.usefixtures("small_world")
def test_rejected_rows_can_be_mended_and_resent() -> None:
    """What a spreadsheet program would take for a formula comes back as it was, and a dash stays missing."""
    staff = cast.staff()
    head = "kode,dokumen,tanggal,jumlah,@catatan"
    batch = sent(text(f"{KAPUK},KTP,2021-11-25,x,=1+1", f"{BARAT},KTP,2021-11-26,-,+62", head=head), staff)
    assert batch.summary["rows"]["rejected"] == 1
    rejected = files.rejected_rows(batch.pk).read_text(encoding="utf-8-sig")
    assert rejected.splitlines()[:1] == ["kode;dokumen;tanggal;jumlah;'@catatan;Baris;Alasan"]
    assert "'=1+1" in rejected
    mended = sent(rejected.replace(";x;", ";8;").encode(), staff, key="k2")
    assert (mended.summary["rows"]["new"], mended.summary["rows"]["rejected"]) == (1, 0)
    assert confirmed(mended, staff).state == "done"
    assert value() == 8
