"""What uploaded files wait for: being checked, imported or taken back. Done at once for small ones, else by a worker.

The work is a row (`state`), so nothing is lost with a process: whoever comes next takes a job whose time is over. Each
job changes its batch in the transaction of its own write; done twice it is done once.
"""

import hashlib
import json
import logging
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, Q
from django.utils import translation

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from recording.imports import files
from recording.imports.batches import visible_batch
from recording.imports.choices import Choices, Decision
from recording.imports.importing import import_file
from recording.imports.job import Imported, Job
from recording.imports.report import Report
from recording.imports.undo import undo_targets
from recording.ledger.services import undo_posting
from recording.models import WAITING, ImportBatch, ImportKind, ImportState

log = logging.getLogger(__name__)
SMALL = 1_000_000  # bytes; below it a file is worked on within the request
LEASE = timedelta(minutes=2)  # renewed with every message of progress
ATTEMPTS = 3
UNDECIDED_DAYS, REST_DAYS = 7, 30
BROKEN = N_("Pemeriksaan berkas ini gagal karena kesalahan portal. Hubungi pengelola portal; berkas tidak diimpor.")


def process_batch(*, number: int, now: datetime) -> None:
    """Do what one batch waits for, if it waits and nobody else does it."""
    free = Q(working_until=None) | Q(working_until__lt=now)
    with one_writer():
        claimed = ImportBatch.objects.filter(free, pk=number, state__in=WAITING).update(
            working_until=now + LEASE, attempts=F("attempts") + 1
        )
    if not claimed:
        return
    batch = ImportBatch.objects.get(pk=number)
    jobs = {ImportState.CHECKING: _check, ImportState.IMPORTING: _import, ImportState.UNDOING: _undo}
    try:
        if batch.attempts > ATTEMPTS:
            raise Refused(BROKEN)
        # What is stored is in the language of the portal, whoever pressed the button.
        with translation.override(settings.LANGUAGE_CODE):
            jobs[ImportState(batch.state)](batch, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the job is taken up again when its time is over
    except Refused as problem:
        _fail(batch, str(problem), now)
    except Exception:
        log.exception("import %s failed", number)
        _fail(batch, str(Refused(BROKEN)), now)


def process_due_batches(*, by: Actor, now: datetime) -> list[int]:
    """Every batch that waits, the oldest first; and files that nobody decided about are removed."""
    require(by=by, action=Action.COUNT_WRITE)
    _expire(now)
    free = Q(working_until=None) | Q(working_until__lt=now)
    waiting = list(ImportBatch.objects.filter(free, state__in=WAITING).order_by("pk").values_list("pk", flat=True))
    for number in waiting:
        process_batch(number=number, now=now)
    return waiting


def rejected_rows_file(*, by: Actor, number: int) -> Path:
    """The file of a batch's rejected rows; NotFound when there is none."""
    file = files.rest(visible_batch(by, number).pk)
    if not file.is_file():
        raise NotFound(N_("Tidak ada berkas sisa untuk impor %(number)s."), number=number)
    return file


def record(*, imported: Imported, job: Job) -> None:
    """Note an import by command as a batch, so that it can be seen and undone. Not one without effect."""
    if not imported.posting and not imported.written:
        return
    size, digest = files.digest_of(job.file)
    ImportBatch.objects.create(
        kind=job.kind,
        state=ImportState.DONE,
        key=f"{job.act.door}:{uuid.uuid4().hex}",
        file_name=job.name[-200:],
        size=size,
        digest=digest,
        region=str(getattr(job.act.by, "jurisdiction", "")),
        by=job.act.author,
        door=job.act.door,
        at=job.act.now,
        finished_at=job.act.now,
        summary=_summary(imported.report),
        choices=job.choices.stored(),
        posting=imported.posting,
        written=imported.written,
    )


def _summary(report: Report) -> dict[str, Any]:
    """The preview with a token for exactly what it shows."""
    shown = json.dumps(report.summary(""), sort_keys=True)
    return report.summary(hashlib.sha256(shown.encode()).hexdigest()[:32])


def _job(batch: ImportBatch, now: datetime, **more: Any) -> Job:
    started = time.monotonic()

    def progress(rows: int) -> None:
        passed = timedelta(seconds=time.monotonic() - started)
        ImportBatch.objects.filter(pk=batch.pk).update(progress=rows, working_until=now + passed + LEASE)

    return Job(
        act=Act(batch.by or SYSTEM, now, batch.door),
        kind=batch.kind,
        file=files.uploaded(batch.pk),
        name=batch.file_name,
        choices=Choices.read(batch.choices),
        rest=files.rest(batch.pk),
        progress=progress,
        **more,
    )


def _check(batch: ImportBatch, now: datetime) -> None:
    report = import_file(_job(batch, now)).report
    with one_writer():
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.CHECKING).update(
            state=ImportState.READY,
            summary=_summary(report),
            working_until=None,
            attempts=0,
            progress_of=report.last_row,
        )


def _import(batch: ImportBatch, now: datetime) -> None:
    said = batch.decision
    decision = Decision(said["good_rows_only"], frozenset(said["accepted"]), said["reason"], said["expected"])

    def finish(done: Imported) -> None:
        moved = ImportBatch.objects.filter(pk=batch.pk, state=ImportState.IMPORTING).update(
            state=ImportState.DONE,
            posting=done.posting,
            written=done.written,
            finished_at=now,
            working_until=None,
            attempts=0,
            refusal="",
        )
        if not moved:
            raise Conflict(N_("Impor ini sudah selesai."))

    try:
        done = import_file(_job(batch, now, decision=decision, finish=finish))
        problem = done.refused
    except Conflict as conflict:
        problem = conflict
    if problem is None:
        files.forget(batch.pk, keep_rest=True)
        return
    with one_writer():  # what was confirmed is no longer so: show it anew, and say why
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.IMPORTING).update(
            state=ImportState.CHECKING, refusal=str(problem), working_until=None, attempts=0
        )
    process_batch(number=batch.pk, now=now)


def _undo(batch: ImportBatch, now: datetime) -> None:
    by = User.objects.filter(pk=batch.decision.get("undo_by")).first() or SYSTEM
    act, reason = Act(by, now, batch.decision["door"]), f"Batal impor {batch.pk}: {batch.decision['reason']}"
    with one_writer():
        if batch.kind == ImportKind.TARGETS:
            kept = undo_targets(act=act, written=batch.written, reason=reason)
            posting = None
        else:
            undone = undo_posting(act=act, posting=batch.posting_id, reason=reason) if batch.posting_id else None
            posting, kept = (undone.posting, len(undone.kept)) if undone else (None, 0)
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.UNDOING).update(
            state=ImportState.UNDONE,
            undo_posting=posting,
            working_until=None,
            attempts=0,
            decision=batch.decision | {"kept": kept},
        )
    files.forget(batch.pk)


def _fail(batch: ImportBatch, sentence: str, now: datetime) -> None:
    """A file that cannot be read is removed at once; an undo that failed leaves its import as it was."""
    to = ImportState.DONE if batch.state == ImportState.UNDOING else ImportState.FAILED
    with one_writer():
        ImportBatch.objects.filter(pk=batch.pk, state__in=WAITING).update(
            state=to,
            refusal=sentence,
            working_until=None,
            attempts=0,
            finished_at=batch.finished_at if to == ImportState.DONE else now,
        )
    if to == ImportState.FAILED:
        files.forget(batch.pk)


def _expire(now: datetime) -> None:
    undecided = ImportBatch.objects.filter(state=ImportState.READY, at__lt=now - timedelta(days=UNDECIDED_DAYS))
    for number in undecided.values_list("pk", flat=True):
        if ImportBatch.objects.filter(pk=number, state=ImportState.READY).update(
            state=ImportState.DISCARDED, finished_at=now
        ):
            files.forget(number)
    end = now - timedelta(days=REST_DAYS)
    old = ImportBatch.objects.filter(state=ImportState.DONE, finished_at__range=(end - timedelta(days=2), end))
    for number in old.values_list("pk", flat=True):
        files.forget(number)
