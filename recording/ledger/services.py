"""Counts: every write of them. The ledger row of each change is written by the database itself."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused, RefusedRows
from dukcapil.locks import one_writer
from recording.ledger.checks import CountChecks, CountInput, CountKey
from recording.ledger.large_writes import Writing, writers_turn
from recording.ledger.stage import Stage
from recording.models import DOCUMENTS, CountChange, DailyCount, Posting, PostingKind
from recording.parsing.free_text import free_text
from recording.parsing.region_names import is_code

REGIONS_PER_QUERY = 1_000
# As `bulk_create` would write it: objects and their fields alone would cost more than all the rest of a write.
UPSERT = """
    INSERT INTO recording_dailycount (region_id, document, day, source, people, posting_id) VALUES {}
        ON CONFLICT (region_id, document, day, source)
        DO UPDATE SET people = EXCLUDED.people, posting_id = EXCLUDED.posting_id
"""
ROWS_PER_INSERT = 166  # SQLite may have been built to take no more than 999 values
MAX_COUNTS_PER_REQUEST = 10_000  # of the API


class CountOutcome(NamedTuple):
    """What happened to one count: `status` is "new", "changed" or "unchanged"; None people is missing."""

    key: CountKey
    status: str
    old: int | None
    new: int | None


class Stored(NamedTuple):
    """The current value of a count, None when it was taken out, and the number of the posting that it stands under."""

    people: int | None
    posting: int


@dataclass(frozen=True)
class Written:
    """The answer of a write. `posting` is None when everything was already so."""

    posting: Posting | None
    outcomes: list[CountOutcome]
    repeated: bool = False


def record_count(*, act: Act, count: CountInput, reason: str = "", key: str | None = None) -> CountOutcome:
    """Record one count; see `record_counts`. Raises the row's own problem."""
    try:
        written = record_counts(act=act, counts=[count], reason=reason, key=key)
    except RefusedRows as problem:
        raise problem.errors[0][1] from None
    return written.outcomes[0]


def record_counts(
    *, act: Act, counts: Sequence[CountInput], reason: str = "", key: str | None = None, dry_run: bool = False
) -> Written:
    """Set counts to what they should be, all or none. Writing the same again changes nothing.

    Natural key: region, document, day, source. A value that differs from the current one is a correction and needs a
    `reason`. `CountInput.expected` is the posting that the writer saw (0: none): when somebody else changed the
    value since, Conflict tells who and what. `key` is an idempotency key: the same key with the same body gets the
    first answer again, with another body it is refused. `dry_run` checks and answers, and writes nothing.
    """
    for code in sorted({count.region for count in counts}):
        require(by=act.by, action=Action.COUNT_WRITE, code=code)
    reason = free_text(reason, "reason", longest=500)
    key = _checked_key(key)
    digest = _digest(counts) if key else ""
    with one_writer():
        if key and (earlier := Posting.objects.filter(key=key).first()):
            return _answer_again(earlier, act, digest, counts)
        outcomes = _outcomes(counts, CountChecks.read(counts, today=business_date(act.now)), reason)
        changes = [(outcome.key, outcome.new) for outcome in outcomes if outcome.status != "unchanged"]
        if dry_run or not (changes or key):
            return Written(None, outcomes)
        posting = _posting(act, PostingKind.ENTRY, reason, key=key, digest=digest)
        if changes:
            _store(posting, changes)
    return Written(posting if changes else None, outcomes)


def return_counts(*, act: Act, keys: Sequence[CountKey], reason: str) -> Written:
    """Take counts out again (a report was returned): they become missing, not zero. What is missing stays so."""
    for code in sorted({key[0] for key in keys}):
        require(by=act.by, action=Action.COUNT_WRITE, code=code)
    reason = _needed_reason(reason)
    with one_writer():
        current = _current(keys)
        outcomes = [
            CountOutcome(key, "changed", current[key].people, None)
            for key in keys
            if key in current and current[key].people is not None
        ]
        if not outcomes:
            return Written(None, [])
        posting = _posting(act, PostingKind.RETURN, reason)
        _store(posting, [(outcome.key, None) for outcome in outcomes])
    return Written(posting, outcomes)


@dataclass(frozen=True)
class Undone:
    """What an undo did: how many counts have their former value again; `kept` (the first) were changed since."""

    posting: Posting | None
    restored: int
    kept: list[CountKey]


def undo_posting(*, act: Act, posting: int, reason: str, finish: Callable[[Undone], None] = lambda undone: None) -> Undone:
    """Give every count that a posting changed its former value back, as new ledger rows.

    A count that has another value by now keeps it and is listed. Undoing twice restores nothing more.
    Done by the database, set by set: a posting may hold millions of counts. `finish` is called in the transaction that
    ends it. Not to be called within a transaction, for a large one is written part by part.
    """
    reason = _needed_reason(reason)
    undone = Posting.objects.filter(pk=posting).first()
    if undone is None:
        raise NotFound(N_("Pencatatan %(posting)s tidak ditemukan."), posting=posting)
    changes = CountChange.objects.filter(posting=undone)  # for ever the same, so it is asked before the lock
    for code in changes.order_by("region_id").values_list("region_id", flat=True).distinct():
        require(by=act.by, action=Action.COUNT_WRITE, code=code)
    is_large = changes[settings.COUNTS_WRITTEN_AT_ONCE :].exists()
    with Stage() as stage:
        with writers_turn(stage, lambda: _stage_undoing(stage, undone), is_large, act.now) as kept:
            # An undoing that was itself taken back, because its process was killed, has undone nothing.
            is_undone = undone.undone_by.filter(undone_by=None).exists()
            restored = 0 if is_undone else stage.size()
            if not restored:
                finish(nothing := Undone(None, 0, [] if is_undone else kept))
                return nothing
            undoing = _posting(act, PostingKind.UNDO, reason, undoes=undone)
            done = Undone(undoing, restored, kept)
            writing = Writing(stage, undoing, lambda: finish(done))
            writing.begin()
        writing.complete()
    return done


def _stage_undoing(stage: Stage, undone: Posting) -> list[CountKey]:
    """Stage the former values of what a posting changed; the first counts that have another value by now."""
    kept = stage.load_undoing(undone.pk)
    stage.analyze()
    stage.compare()
    return kept


def _posting(act: Act, kind: PostingKind, reason: str, **columns: object) -> Posting:
    return Posting.objects.create(at=act.now, by=act.author, door=act.door, kind=kind, reason=reason, **columns)


def _checked_key(key: str | None) -> str | None:
    """No free text: a key made on a device may well hold sixteen digits in a row."""
    if key and (len(key) > 80 or "\x00" in key):
        raise Refused(N_("Kunci kiriman tidak sah. Muat ulang formulir."), "key")
    return key or None


def _needed_reason(reason: str) -> str:
    reason = free_text(reason, "reason", longest=500)
    if not reason:
        raise Refused(N_("Tulis alasannya; alasan tersimpan dalam riwayat."), "reason")
    return reason


def _outcomes(counts: Sequence[CountInput], checks: CountChecks, reason: str) -> list[CountOutcome]:
    """What writing each of these counts would do; RefusedRows with every one that is wrong."""
    current = _current(count.key for count in counts)
    outcomes, errors = [], []
    for index, count in enumerate(counts):
        try:
            checks.check(count)
            outcomes.append(_compare(count, current, reason))
        except Refused as problem:
            errors.append((index, problem))
    if errors:
        raise RefusedRows(errors)
    return outcomes


def _current(keys: Iterable[CountKey]) -> dict[CountKey, Stored]:
    """What is stored under these keys, in few queries: by chunks of regions and the span of their days."""
    asked = set(keys)
    codes = sorted(filter(is_code, {key[0] for key in asked}))
    days = {key[2] for key in asked}
    current: dict[CountKey, Stored] = {}
    for start in range(0, len(codes), REGIONS_PER_QUERY):
        rows = DailyCount.objects.filter(
            region_id__in=codes[start : start + REGIONS_PER_QUERY],
            document__in=DOCUMENTS.intersection(key[1] for key in asked),
            day__range=(min(days), max(days)),
        ).values_list("region_id", "document", "day", "source", "people", "posting_id")
        current |= {row[:4]: Stored(*row[4:]) for row in rows if row[:4] in asked}
    return current


def _compare(count: CountInput, current: Mapping[CountKey, Stored], reason: str) -> CountOutcome:
    key = count.key
    stored = current.get(key)
    old = stored.people if stored else None
    if count.people == old:
        return CountOutcome(key, "unchanged", old, old)
    # The writer saw no value and there is none (it may have been taken out again): not a conflict.
    none_seen = old is None and count.expected == 0
    if count.expected is not None and not none_seen and count.expected != (stored.posting if stored else 0):
        raise _stale_value_conflict(stored, seen=count.expected != 0)
    if old is not None and not reason:
        raise Refused(
            N_("Sudah tercatat %(old)s. Untuk mengubahnya menjadi %(new)s, tulis alasan."),
            "reason",
            old=figures.people(old),
            new=figures.people(count.people),
        )
    return CountOutcome(key, "new" if old is None else "changed", old, count.people)


def _stale_value_conflict(stored: Stored | None, *, seen: bool) -> Conflict:
    """What a writer is told whose view of a count is not the stored one; `seen`: a value was shown."""
    if stored is None:
        return Conflict(N_("Catatan yang Anda lihat sudah tidak ada. Muat ulang, lalu simpan lagi."), "people")
    by = Posting.objects.select_related("by").get(pk=stored.posting).by
    if seen:
        sentence = N_("%(who)s baru saja mengubah catatan ini menjadi %(now)s. Periksa, lalu simpan lagi.")
    else:
        sentence = N_("Sudah tercatat %(now)s oleh %(who)s. Untuk menggantinya, tulis alasan lalu simpan lagi.")
    who = by.full_name if by else gettext("sistem")
    return Conflict(sentence, "people", who=who, now=figures.people(stored.people), posting=stored.posting)


def _store(posting: Posting, changes: Iterable[tuple[CountKey, int | None]]) -> None:
    """Insert or update the counts under one posting; the database's triggers write the ledger rows.

    Sorted, so that ledger positions follow the regions whatever the order of the request.
    """
    rows = [
        (region, document, day.isoformat(), source, people, posting.pk)
        for (region, document, day, source), people in sorted(changes, key=lambda change: change[0])
    ]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_PER_INSERT):
            part = rows[start : start + ROWS_PER_INSERT]
            places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(UPSERT.format(places), [value for row in part for value in row])


def _digest(counts: Sequence[CountInput]) -> str:
    body = repr(sorted((count.key, count.people) for count in counts))
    return hashlib.sha256(body.encode()).hexdigest()


def _answer_again(earlier: Posting, act: Act, digest: str, counts: Sequence[CountInput]) -> Written:
    """The first answer of an idempotency key, rebuilt from the ledger rows that it caused; without one: unchanged."""
    if earlier.digest != digest or earlier.by != act.author:
        raise Conflict(N_("Kunci kiriman ini sudah dipakai untuk isi lain. Muat ulang formulir."), "key")
    rows = CountChange.objects.filter(posting=earlier)
    changes = {(change.region_id, change.document, change.day, change.source): change for change in rows}
    outcomes = []
    for count in counts:
        change = changes.get(count.key)
        if change is None:
            outcomes.append(CountOutcome(count.key, "unchanged", count.people, count.people))
        else:
            status = "new" if change.old_people is None else "changed"
            outcomes.append(CountOutcome(count.key, status, change.old_people, change.new_people))
    return Written(earlier if changes else None, outcomes, repeated=True)
