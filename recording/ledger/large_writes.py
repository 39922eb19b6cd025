"""Acts of writing too large for one transaction: written part by part, so that others write in between, and seen by no
reader and no run until they have ended (docs/decisions/0023).

The act is open meanwhile (`OpenPosting`): readers see what it has changed as it was (`CurrentCount`), the feed of changes
ends before it, and a run waits for its end. When it cannot end, or its writer was killed, its parts are taken back.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max, Min

from dukcapil import clock
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import long_statement_timeout, one_writer
from recording.ledger.stage import NOT_AS_STAGED, SAME_KEY, Stage, Written
from recording.models import CountChange, Door, OpenPosting, Posting, PostingKind

log = logging.getLogger(__name__)
Result = TypeVar("Result")
FIRST_PART, SMALLEST_PART = 3_000, 1_000  # rows of the stage, or of the ledger; smaller ones cost much more in all
PART_SECONDS = 0.3  # that others wait for a part, if the machine is as quick as it was at the part before
# Who waits for SQLite's lock looks for it every tenth of a second; PostgreSQL hands it to the next one by itself.
PAUSE_SECONDS = 0.11
TURN_SECONDS = 60  # that a part waits for other writers on PostgreSQL
LEASE = timedelta(seconds=30)  # much longer than a part
LOOKS_EVERY_SECONDS = 0.5
BUSY = N_("Impor besar sedang ditulis. Tunggu sampai selesai, lalu coba lagi.")
CHANGED = N_("Angka di portal berubah selama berkas ini ditulis. Tidak ada yang disimpan; periksa sekali lagi.")
LOST = N_("Penulisan ini terhenti terlalu lama dan sudah ditarik kembali. Coba lagi.")
TAKEN_BACK = "Penulisan tidak selesai; semua bagiannya ditarik kembali"  # stored, so in the language of the portal


class Writing(Generic[Result]):
    """Writing what a stage holds, under one posting. `begin` in the transaction that compared the stage, `complete` after
    it: a small act is done in `begin`, a large one is only opened there.

    `finish` is called in the transaction that ends the act; `renew` after each part.
    """

    def __init__(
        self, stage: Stage, posting: Posting, finish: Callable[[], Result], renew: Callable[[], None] = lambda: None
    ) -> None:
        self.stage, self.posting, self.finish, self.renew = stage, posting, finish, renew
        self.opened: OpenPosting | None = None

    def begin(self) -> None:
        """Conflict when another large act goes on and this one is large too, or writes what that one has in its hands."""
        other = OpenPosting.objects.exists()
        if self.stage.to_write <= settings.COUNTS_WRITTEN_AT_ONCE:
            if not self.stage.is_as_compared(self.stage.write_lines(self.posting)):
                raise Conflict(BUSY) if other else Refused(NOT_AS_STAGED)
            self.result = self.finish()
            return
        if other:
            raise Conflict(BUSY)
        self.opened = OpenPosting.objects.create(
            posting=self.posting, first_change=_next_change(), holder=uuid.uuid4().hex, until=_lease()
        )

    def complete(self) -> Result:
        """What `finish` answered.

        Conflict when somebody else wrote one of its counts since it was compared. Then, and when anything else goes wrong,
        nothing of it is left.
        """
        if self.opened is None:
            return self.result
        try:
            self._write_parts(self.opened)
        except BaseException:
            _try_to_take_back(self.opened)
            raise
        return self.result

    def _write_parts(self, opened: OpenPosting) -> None:
        written, position = Written(), opened.first_change
        for first, last in _parts(*self.stage.lines()):
            with _turn(opened):
                _check_unchanged(self.stage, position)
                part = self.stage.write_lines(self.posting, (first, last))
                position = _next_change()
            written = Written(written.updated + part.updated, written.inserted + part.inserted)
            self.renew()
        with _turn(opened):
            _check_unchanged(self.stage, position)
            if not self.stage.is_as_compared(written):
                raise Refused(NOT_AS_STAGED)
            self.result = self.finish()
            opened.delete()


@contextmanager
def writers_turn(
    stage: Stage, compare: Callable[[], Result], is_large: bool, now: datetime, renew: Callable[[], None] = lambda: None
) -> Iterator[Result]:
    """A write transaction with what `compare` answers about the stage.

    Where much is compared, nobody waits for it: that is done before, when no other large act goes on. Conflict when
    somebody has written one of the staged counts since.
    """
    if not is_large:
        with one_writer(), long_statement_timeout():
            yield compare()
        return
    wait_for_large_writes(now, renew=renew)
    position = _next_change()
    with long_statement_timeout():
        compared = compare()
    with one_writer():
        _check_unchanged(stage, position)
        yield compared


def _check_unchanged(stage: Stage, position: int) -> None:
    """Conflict when somebody else has written one of the staged counts from this position of the ledger on: whoever
    compared them has not seen that."""
    if _next_change() > position and stage.holds_any_of(position):
        raise Conflict(CHANGED)


def wait_for_large_writes(now: datetime, patience_seconds: float = 600, renew: Callable[[], None] = lambda: None) -> None:
    """Return when no large act of writing goes on. One that was left behind is taken back; Conflict when a living one
    does not end in time. `renew` is called at each look. Not to be called within a transaction."""
    end = time.monotonic() + patience_seconds
    while OpenPosting.objects.exists():
        take_back_left_behind(now)
        if time.monotonic() > end:
            raise Conflict(BUSY)
        renew()
        time.sleep(LOOKS_EVERY_SECONDS)


def take_back_left_behind(now: datetime) -> None:
    """Take back what a killed process has left of a large act of writing, if there is any."""
    left = OpenPosting.objects.filter(until__lt=clock.real_now())
    opened = left.first()
    if opened is None:
        return
    former, opened.holder = opened.holder, uuid.uuid4().hex
    if left.filter(holder=former).update(holder=opened.holder, until=_lease()):
        _take_back(opened, now)


def _try_to_take_back(opened: OpenPosting) -> None:
    try:
        _take_back(opened, clock.now())
    except (DatabaseError, Conflict):
        log.exception("posting %s is taken back when its time is over", opened.posting_id)


def _take_back(opened: OpenPosting, now: datetime) -> None:
    """Give every count that the act has changed its former value back, part by part, and end the act. What somebody else
    has written since stays. Killed half way and begun again it ends the same."""
    changes = CountChange.objects.filter(posting=opened.posting_id).aggregate(first=Min("pk"), last=Max("pk"))
    if changes["first"] is not None:
        with _turn(opened):
            undoing = Posting.objects.create(
                at=now, door=Door.TASK, kind=PostingKind.UNDO, reason=TAKEN_BACK, undoes_id=opened.posting_id
            )
        for part in _parts(changes["first"], changes["last"]):
            with _turn(opened), connection.cursor() as cursor:
                cursor.execute(FORMER_VALUES, [undoing.pk, opened.posting_id, *part, opened.posting_id])
    with _turn(opened):
        opened.delete()


FORMER_VALUES = f"""
    UPDATE recording_dailycount AS d SET people = s.old_people, posting_id = %s
      FROM recording_countchange s
     WHERE s.posting_id = %s AND s.id BETWEEN %s AND %s AND {SAME_KEY} AND d.posting_id = %s
"""


def _parts(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The numbers from `first` to `last` in parts that take about PART_SECONDS each, by what the one before took."""
    size = FIRST_PART
    while first <= last:
        started = time.monotonic()
        yield first, first + size - 1
        took = time.monotonic() - started
        first += size
        size = max(SMALLEST_PART, int(size * min(2.0, PART_SECONDS / max(took, 0.001))))
        if connection.vendor == "sqlite":
            time.sleep(PAUSE_SECONDS)


@contextmanager
def _turn(opened: OpenPosting) -> Iterator[None]:
    """A part's transaction. Conflict when the act is no longer its writer's: it was taken for left behind."""
    with one_writer(wait_seconds=TURN_SECONDS):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # A part looks its rows up one by one: the table may have been empty when it was last analysed.
                cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        if not OpenPosting.objects.filter(holder=opened.holder).update(until=_lease()):
            raise Conflict(LOST)
        yield


def _lease() -> datetime:
    return clock.real_now() + LEASE


def _next_change() -> int:
    """The ledger's position after the last one."""
    return (CountChange.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
