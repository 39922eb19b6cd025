"""Uploads and what becomes of them: every write of an import batch but the work itself."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django.db.models import QuerySet

from accounts.acts import Act
from accounts.rights import Actor, require, stored_user
from dukcapil.errors import N_, Conflict, NotAllowed, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.task_queue import wake_workers
from recording.imports import files
from recording.imports.choices import Choices
from recording.imports.spreadsheets.refusals import refuse_nik_in_name
from recording.models import IMPORT_ACTIONS, ImportBatch, ImportKind, ImportState
from recording.parsing.free_text import free_text

MAX_NAME_LENGTH, MAX_KEY_LENGTH, MAX_REASON_LENGTH = 200, 80, 300
CONFIRMED = (ImportState.IMPORTING, ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)
TASK = "recording.process_imports"
READ_ANEW = N_("Berkas dibaca ulang menurut jawaban Anda; belum ada yang disimpan. Periksa angkanya, lalu impor.")


def upload(*, act: Act, kind: str, name: str, chunks: Iterable[bytes], key: str) -> ImportBatch:
    """Take a file in; it waits to be checked. The same form sent twice is one upload.

    A file name that holds a NIK is refused before a byte is kept; the file's own cells are looked at by the check.
    """
    if kind not in ImportKind.values:
        raise Refused(N_("Pilih jenis berkas: hitungan atau target."), "kind")
    require(by=act.by, action=IMPORT_ACTIONS[ImportKind(kind)])
    name = _file_name(name)
    key = _key(key)
    earlier = ImportBatch.objects.filter(key=key).first()
    if earlier:
        if earlier.by != act.author:
            raise Conflict(N_("Kunci kiriman ini sudah dipakai untuk isi lain. Muat ulang formulir."), "key")
        return earlier
    received = files.receive(chunks)
    try:
        with one_writer():
            batch, fresh = ImportBatch.objects.get_or_create(
                key=key,
                defaults={
                    "kind": kind,
                    "state": ImportState.CHECKING,
                    "file_name": name,
                    "size": received.size,
                    "digest": received.digest,
                    "region": str(getattr(act.by, "jurisdiction", "")),
                    "by": act.author,
                    "door": act.door,
                    "at": act.now,
                    "working_until": act.now,  # since then it is free to be worked on
                },
            )
            if fresh:
                files.keep(received, batch.pk)
    finally:
        received.path.unlink(missing_ok=True)
    wake_workers(TASK)
    return batch


def choose(*, act: Act, number: int, choices: Mapping[str, Any]) -> ImportBatch:
    """Say how the file is to be read; it is checked again. Nothing is written of it yet."""
    batch = _own(act.by, number)
    stored = Choices.read(choices).stored()
    ready = ImportBatch.objects.filter(state=ImportState.READY)
    moved = {"state": ImportState.CHECKING, "choices": stored, "progress": 0, "working_until": act.now, "refusal": ""}
    return _move(ready, batch, done_before=lambda now: now.choices == stored and now.state == ImportState.CHECKING, **moved)


def reread(*, act: Act, number: int, answers: Mapping[str, str], changes: Mapping[str, Any]) -> ImportBatch:
    """Read the file again with these answers and other choices, beside all that were given before."""
    batch = _own(act.by, number)
    kept = {**batch.choices, **changes, "answers": {**batch.choices.get("answers", {}), **answers}}
    return choose(act=act, number=number, choices=kept)


def confirm(
    *,
    act: Act,
    number: int,
    seen: str,
    answers: Mapping[str, str],
    reason: str,
    good_rows_only: bool,
    changes: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """Confirm what was shown (`seen`): every question answered, a reason where one is asked. The import is then done.

    An answer other than the one that the preview was made with, or other choices (`changes`), read the file again
    instead: nothing is imported that was not shown. Confirming twice, also at the same time, is confirming once: the
    second gets the answer of the first, also when the import was undone since. Refused at what is missing.
    """
    batch = _own(act.by, number)
    if _confirmed(batch, seen):
        return batch
    reason = free_text(reason, "reason", longest=MAX_REASON_LENGTH)
    summary = batch.summary
    if batch.state == ImportState.READY and summary.get("seen") == seen:
        if changes or any(answers.get(each["code"], each["answer"]) != each["answer"] for each in summary["questions"]):
            reread(act=act, number=number, answers=answers, changes=changes or {})
            ImportBatch.objects.filter(pk=number).update(refusal=str(Refused(READ_ANEW)))
            return visible_batch(act.by, number)
        _check_confirmed(summary, answers, reason, good_rows_only)
    decision = {"seen": seen, "accepted": sorted(answers), "reason": reason, "good_rows_only": good_rows_only, "door": act.door}
    as_seen = ImportBatch.objects.filter(state=ImportState.READY, summary__seen=seen)
    moved = {"state": ImportState.IMPORTING, "decision": decision, "progress": 0, "working_until": act.now}
    return _move(as_seen, batch, done_before=lambda now: _confirmed(now, seen), **moved)


def _confirmed(batch: ImportBatch, seen: str) -> bool:
    """Whether exactly this was confirmed before, whatever became of it since."""
    return batch.state in CONFIRMED and batch.decision.get("seen") == seen


def _check_confirmed(summary: Mapping[str, Any], answers: Mapping[str, str], reason: str, good_rows_only: bool) -> None:
    if summary["blocked"]:
        raise Refused(N_("Berkas ini belum dapat diimpor: %(reason)s"), reason=summary["blocked"])
    if not summary["rows"]["new"] and not summary["rows"]["changed"] and summary["rows"]["rejected"]:
        raise Refused(N_("Tidak ada baris yang dapat diimpor."))
    if summary["rows"]["rejected"] and not good_rows_only:
        raise Refused(
            N_("Ada baris yang ditolak. Perbaiki berkasnya, atau centang untuk mengimpor baris yang baik saja."),
            "good_rows_only",
        )
    for asked in summary["questions"]:
        if asked["blocks"] or (asked["needed"] and asked["open"] and asked["code"] not in answers):
            raise Refused(N_("Jawab dulu: %(sentence)s"), "answers", sentence=asked["asked"])
    if summary["needs_reason"] and not reason:
        raise Refused(N_("Total yang turun adalah koreksi: tulis alasannya."), "reason")


def discard(*, act: Act, number: int) -> ImportBatch:
    """Do not use the file; it is removed. Twice is once."""
    batch = _own(act.by, number)
    if batch.state != ImportState.DISCARDED:
        unused = (ImportState.READY, ImportState.CHECKING, ImportState.FAILED)
        moved = {"state": ImportState.DISCARDED, "finished_at": act.now, "refusal": ""}
        _move(ImportBatch.objects.filter(state__in=unused), batch, done_before=_discarded, **moved)
        files.forget(number)
    return batch


def undo(*, act: Act, number: int, reason: str) -> ImportBatch:
    """Take a whole import back: every value that nobody changed since is again what it was before. Twice is once."""
    batch = visible_batch(act.by, number)
    if _undone(batch):
        return batch
    reason = free_text(reason, "reason", longest=MAX_REASON_LENGTH)
    if not reason:
        raise Refused(N_("Tulis alasannya; alasan tersimpan dalam riwayat."), "reason")
    confirmed = {"seen": batch.decision.get("seen")}  # by which a second confirmation is recognised
    decision = confirmed | {"reason": reason, "door": act.door, "undo_by": getattr(act.author, "pk", None)}
    done = ImportBatch.objects.filter(state=ImportState.DONE)
    return _move(done, batch, done_before=_undone, state=ImportState.UNDOING, decision=decision, working_until=act.now)


def _undone(batch: ImportBatch) -> bool:
    return batch.state in (ImportState.UNDOING, ImportState.UNDONE)


def _discarded(batch: ImportBatch) -> bool:
    return batch.state == ImportState.DISCARDED


def visible_batch(by: Actor, number: int) -> ImportBatch:
    """The batch, or NotFound when it is unknown or not for `by` to handle: both answer alike."""
    batch = ImportBatch.objects.visible_to(by).filter(pk=number).first()
    if batch is None:
        raise NotFound(N_("Impor %(number)s tidak ditemukan."), number=number)
    return batch


def _own(by: Actor, number: int) -> ImportBatch:
    """A batch of one's own: what its rows may touch was checked with its sender's rights."""
    batch = visible_batch(by, number)
    if batch.by != stored_user(by):
        raise NotAllowed(N_("Hanya pengirimnya yang memutuskan impor ini."))
    return batch


def _move(
    allowed: QuerySet[ImportBatch], batch: ImportBatch, *, done_before: Callable[[ImportBatch], bool], **fields: Any
) -> ImportBatch:
    """Change a batch if it still is one of `allowed`. Somebody may have been quicker: with the same (`done_before`),
    then that is the answer, or with something else, which is a Conflict."""
    with one_writer():
        moved = allowed.filter(pk=batch.pk).update(**fields)
    batch.refresh_from_db()
    if not moved and not done_before(batch):
        raise Conflict(N_("Keadaan impor ini baru saja berubah. Muat ulang halamannya, lalu periksa lagi."))
    if moved:
        wake_workers(TASK)
    return batch


def _file_name(name: str) -> str:
    name = PurePath(name.replace("\\", "/")).name.replace("\x00", "").strip()
    refuse_nik_in_name(name)
    if not name:
        raise Refused(N_("Pilih berkasnya."), "file")
    return name[-MAX_NAME_LENGTH:]


def _key(key: str) -> str:
    if not key or len(key) > MAX_KEY_LENGTH or "\x00" in key:
        raise Refused(N_("Kunci kiriman tidak sah. Muat ulang formulir."), "key")
    return key
