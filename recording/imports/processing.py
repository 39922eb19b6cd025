"""What uploaded files wait for: being checked, imported or taken back. Done at once for small ones, else by a worker.

The work is a row (`state`), so nothing is lost with a process: whoever comes next takes a job whose time is over. Each
job changes its batch in the transaction of its own write; done twice it is done once.
"""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import translation

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.log_lines import is_disk_full
from recording.imports import files
from recording.imports.batches import MAX_NAME_LENGTH, visible_batch
from recording.imports.choices import Choices, Decision
from recording.imports.importing import import_file
from recording.imports.job import Imported, Job
from recording.imports.summary import summary_of
from recording.imports.undo import undo_targets
from recording.ledger.large_writes import take_back_left_behind
from recording.ledger.services import undo_posting
from recording.models import WAITING, ImportBatch, ImportState, Posting

log = logging.getLogger(__name__)
SMALL_FILE_BYTES = 1_000_000  # up to this size a file is worked on within the request
# Renewed while its worker lives: another one takes up what a killed worker left, within half a minute with its own start.
LEASE, RENEW_SECONDS = timedelta(seconds=15), 5.0
MAX_ATTEMPTS = 3
UNDECIDED_DAYS, REJECTED_ROWS_DAYS = 7, 30
FILE_GONE = N_("Berkasnya sudah tidak ada di portal, jadi tidak dapat diperiksa. Kirim lagi berkasnya.")
EXPIRED = N_("Tidak ada putusan dalam %(days)s hari, jadi berkasnya dihapus. Kirim lagi bila masih perlu.")
BROKEN = N_("Pemeriksaan berkas ini gagal karena kesalahan portal. Hubungi pengelola portal; berkas tidak diimpor.")


def process_batch(*, number: int, now: datetime) -> None:
    """Do what one batch waits for, if it waits and nobody else does it."""
    with one_writer():
        claimed = free_batches(now).filter(pk=number).update(working_until=now + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return
    batch = ImportBatch.objects.get(pk=number)
    jobs = {ImportState.CHECKING: _check, ImportState.IMPORTING: _import, ImportState.UNDOING: _undo}
    try:
        if batch.attempts > MAX_ATTEMPTS:
            raise Refused(BROKEN)
        # What is stored is in the language of the portal, whoever pressed the button.
        with translation.override(settings.LANGUAGE_CODE), _lease_renewed(number, now):
            jobs[ImportState(batch.state)](batch, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the job is taken up again when its time is over
    except Refused as problem:
        _fail(batch, str(problem), now)
    except Exception as problem:
        if is_disk_full(problem):
            _forget_attempt(number)
            raise  # so is a full disk
        log.exception("import %s failed", number)
        _fail(batch, str(Refused(BROKEN)), now)


def _forget_attempt(number: int) -> None:
    """The job is not to blame, and may be tried until there is space."""
    with suppress(DatabaseError):
        ImportBatch.objects.filter(pk=number, attempts__gt=0).update(attempts=F("attempts") - 1)


@contextmanager
def _lease_renewed(number: int, now: datetime) -> Iterator[None]:
    """The batch stays with its worker while the block goes on, however long one of its statements takes."""
    started, done = time.monotonic(), threading.Event()

    def renew() -> None:
        while not done.wait(RENEW_SECONDS):
            until = now + timedelta(seconds=time.monotonic() - started) + LEASE
            try:
                ImportBatch.objects.filter(pk=number).exclude(working_until=None).update(working_until=until)
            except DatabaseError as problem:  # a page holds SQLite's lock, or the database is away: the next time
                log.warning("import %s: its lease is not renewed (%s)", number, problem)
            finally:
                connection.close()

    renewing = threading.Thread(target=renew, name=f"import-{number}", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()


def process_due_batches(*, by: Actor, now: datetime) -> list[int]:
    """Every batch that waits, the oldest first; and files that nobody decided about are removed."""
    require(by=by, action=Action.COUNT_WRITE)
    take_back_left_behind(now)
    _expire(now)
    waiting = list(free_batches(now).order_by("pk").values_list("pk", flat=True))
    for number in waiting:
        process_batch(number=number, now=now)
    return waiting


def rejected_rows_file(*, by: Actor, number: int) -> Path:
    """The file of a batch's rejected rows; NotFound when there is none."""
    file = files.rejected_rows(visible_batch(by, number).pk)
    if not file.is_file():
        raise NotFound(N_("Tidak ada berkas sisa untuk impor %(number)s."), number=number)
    return file


def record(*, imported: Imported, job: Job) -> None:
    """Note an import by command as a batch, so that it can be seen and undone. Not one without effect."""
    if not imported.posting and not imported.written:
        return
    size, digest = files.digest_of(job.file)
    # Its rejected rows lie where the command was told to write them: there is nothing to fetch from the page.
    preview = replace(imported.preview, rejected_rows_kept=False)
    ImportBatch.objects.create(
        kind=job.kind,
        state=ImportState.DONE,
        key=f"{job.act.door}:{uuid.uuid4().hex}",
        file_name=job.name[-MAX_NAME_LENGTH:],
        size=size,
        digest=digest,
        region=str(getattr(job.act.by, "jurisdiction", "")),
        by=job.act.author,
        door=job.act.door,
        at=job.act.now,
        finished_at=job.act.now,
        summary=summary_of(preview),
        choices=job.choices.stored(),
        posting=imported.posting,
        written=imported.written,
    )


def free_batches(now: datetime) -> "QuerySet[ImportBatch]":
    """The batches that wait, and that no worker has or whose worker's time is over; `free_since` when."""
    waiting = ImportBatch.objects.filter(Q(working_until=None) | Q(working_until__lte=now), state__in=WAITING)
    return waiting.annotate(free_since=Coalesce("working_until", "at"))


def _finish(batch: ImportBatch, state: ImportState, **fields: Any) -> bool:
    """Give a batch that was worked on its next state; False when it is no longer in the one that it was taken up in."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
    return bool(waiting.update(state=state, working_until=None, attempts=0, **fields))


def _job(batch: ImportBatch, now: datetime) -> Job:
    def progress(rows: int) -> None:
        ImportBatch.objects.filter(pk=batch.pk).update(progress=rows)

    return Job(
        act=Act(batch.by or SYSTEM, now, batch.door),
        kind=batch.kind,
        file=files.uploaded(batch.pk),
        name=batch.file_name,
        choices=Choices.read(batch.choices),
        rejected_rows=files.rejected_rows(batch.pk),
        progress=progress,
    )


def _check(batch: ImportBatch, now: datetime) -> None:
    if not files.uploaded(batch.pk).is_file():  # a disk that was not brought along
        with one_writer():
            _finish(batch, ImportState.DISCARDED, refusal=str(Refused(FILE_GONE)), finished_at=now)
        return
    preview = import_file(_job(batch, now)).preview
    with one_writer():
        _finish(batch, ImportState.READY, summary=summary_of(preview), progress_of=preview.reading.last_row)


def _import(batch: ImportBatch, now: datetime) -> None:
    confirmed = batch.decision
    decision = Decision(confirmed["good_rows_only"], frozenset(confirmed["accepted"]), confirmed["reason"], confirmed["seen"])

    def finish(done: Imported) -> None:
        if not _finish(batch, ImportState.DONE, posting=done.posting, written=done.written, finished_at=now, refusal=""):
            raise Conflict(N_("Impor ini sudah selesai."))

    try:
        refused = import_file(replace(_job(batch, now), decision=decision, finish=finish)).refused
    except Conflict as conflict:
        refused = conflict
    if refused is None:
        files.forget(batch.pk, keep_rejected_rows=True)
        return
    with one_writer():  # what was confirmed is no longer so: show it anew, and say why
        _finish(batch, ImportState.CHECKING, refusal=str(refused))
    process_batch(number=batch.pk, now=now)


def _undo(batch: ImportBatch, now: datetime) -> None:
    """Take an import back; `kept` counts what was changed since and stays."""
    by = User.objects.filter(pk=batch.decision.get("undo_by")).first() or SYSTEM
    act, reason = Act(by, now, batch.decision["door"]), f"Batal impor {batch.pk}: {batch.decision['reason']}"

    def finish(posting: Posting | None, kept_counts: int) -> None:
        kept = kept_counts + undo_targets(act=act, written=batch.written, reason=reason)
        _finish(batch, ImportState.UNDONE, undo_posting=posting, decision=batch.decision | {"kept": kept})

    if batch.posting_id:
        undo_posting(
            act=act, posting=batch.posting_id, reason=reason, finish=lambda undone: finish(undone.posting, len(undone.kept))
        )
    else:
        with one_writer():
            finish(None, 0)
    files.forget(batch.pk)


def _fail(batch: ImportBatch, sentence: str, now: datetime) -> None:
    """A file that cannot be read is removed at once; an undo that failed leaves its import as it was."""
    undoing = batch.state == ImportState.UNDOING
    with one_writer():
        ImportBatch.objects.filter(pk=batch.pk, state__in=WAITING).update(
            state=ImportState.DONE if undoing else ImportState.FAILED,
            refusal=sentence,
            working_until=None,
            attempts=0,
            finished_at=batch.finished_at if undoing else now,
        )
    if not undoing:
        files.forget(batch.pk)


def _expire(now: datetime) -> None:
    """Remove files that nobody decided about, and rejected rows that nobody fetched in their time."""
    undecided = ImportBatch.objects.filter(state=ImportState.READY, at__lt=now - timedelta(days=UNDECIDED_DAYS))
    for number in undecided.values_list("pk", flat=True):
        expired = {"state": ImportState.DISCARDED, "refusal": str(Refused(EXPIRED, days=UNDECIDED_DAYS)), "finished_at": now}
        if ImportBatch.objects.filter(pk=number, state=ImportState.READY).update(**expired):
            files.forget(number)
    end = now - timedelta(days=REJECTED_ROWS_DAYS)
    old = ImportBatch.objects.filter(state=ImportState.DONE, finished_at__range=(end - timedelta(days=2), end))
    for number in old.values_list("pk", flat=True):
        files.forget(number)
