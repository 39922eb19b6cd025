"""Counts on their way in, in a table of this connection alone: compared and written by the database, set by set.

`docs/decisions/0008` has the reason: rows checked one by one in Python, written by one statement. The ledger rows are
written by the triggers of the table of counts, as for every other door.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any, NamedTuple

from django.db import IntegrityError, connection

from dukcapil.errors import N_, Refused
from recording.models import Posting

LINE = "%s\t%s\t%s\t%s\t%s\t%s\n"  # quicker than any other way of formatting, and this is done for every row
MAX_LISTED_KEYS = 100
NOT_AS_STAGED = N_("Yang akan ditulis berbeda dari yang diperlihatkan; tidak ada yang disimpan. Sampaikan ke pengelola portal.")
MANY_ROWS = 5_000
SAME_KEY = """
    d.region_id = s.region_id AND d.document = s.document AND d.day = s.day AND d.source = s.source
"""


@dataclass
class Tally:
    """How many values are new, differ from what is stored, or are already so."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Written(NamedTuple):
    """How many counts were updated and inserted."""

    updated: int = 0
    inserted: int = 0


@dataclass(frozen=True)
class DaySums:
    """People of the staged keys of one document and ISO day in one city: as stored now, and as they will be."""

    city: str
    document: str
    day: str
    before: int
    after: int


class Stage:
    """A context manager. `rows` takes (row number, region, document, ISO day, source, people)."""

    def __enter__(self) -> "Stage":
        self.rows: list[tuple[Any, ...]] = []
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS count_stage")
            cursor.execute(
                "CREATE TEMPORARY TABLE count_stage (line bigint, region_id varchar(13), document varchar(3), "
                "day date, source varchar(40), people integer)"
            )
        return self

    def __exit__(self, *_error: object) -> None:
        """A transaction that failed has taken the table with it, and one that is broken takes no more commands."""
        if not connection.needs_rollback and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS count_stage")

    def flush(self) -> None:
        """Send what was added to `rows`; whoever adds calls this from time to time."""
        if self.rows:
            self.load(self.rows)
            self.rows.clear()

    def load(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Send these rows at once. None is a count that becomes missing."""
        if connection.vendor == "postgresql":
            lines = "".join(LINE % row for row in rows).replace("\tNone\n", "\t\\N\n")
            with connection.cursor() as cursor:
                cursor.copy_expert("COPY count_stage FROM STDIN", StringIO(lines))
        else:
            with _one_transaction(), connection.cursor() as cursor:
                cursor.executemany("INSERT INTO count_stage VALUES (%s, %s, %s, %s, %s, %s)", rows)

    def load_undoing(self, posting: int) -> list[tuple[str, str, date, str]]:
        """Stage the former values of what a posting changed; answers the first keys that have another value by now.

        By value, not by posting: undoing a later import first leaves the value of the earlier one, under a posting of
        its own.
        """
        same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
        changes = f"FROM recording_countchange s JOIN recording_dailycount d ON {SAME_KEY} WHERE s.posting_id = %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO count_stage
                    SELECT s.id, s.region_id, s.document, s.day, s.source, s.old_people {changes}
                       AND d.people {same} s.new_people""",
                [posting],
            )
            cursor.execute(
                f"""SELECT s.region_id, s.document, s.day, s.source {changes}
                       AND NOT d.people {same} s.new_people ORDER BY s.id LIMIT %s""",
                [posting, MAX_LISTED_KEYS],
            )
            return [(code, document, as_date(day), source) for code, document, day, source in cursor.fetchall()]

    def size(self) -> int:
        """How many counts are staged."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM count_stage")
            return int(cursor.fetchone()[0])

    def drop_lines(self, lines: Iterable[int]) -> None:
        """Take rows out again, by their numbers."""
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM count_stage WHERE line = %s", [(line,) for line in lines])

    def take_out(self) -> list[tuple[int, str, str, date, str, int]]:
        """All rows, in the file's order; the stage is empty then."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT line, region_id, document, day, source, people FROM count_stage ORDER BY line")
            rows = [
                (line, code, document, as_date(day), source, people)
                for line, code, document, day, source, people in cursor.fetchall()
            ]
            cursor.execute("DELETE FROM count_stage")
        return rows

    def analyze(self) -> None:
        """Tell PostgreSQL what is staged, once all of it is there and inside the transaction that compares it.

        Many rows are never looked up one by one: a table of counts that was empty when it was last analysed would be
        read through for each of them.
        """
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE count_stage")
            if self.size() > MANY_ROWS:
                cursor.execute("SET LOCAL enable_nestloop = off")

    def compare(self) -> tuple[Tally, list[DaySums]]:
        """What writing would change, and the sums per city, document and day: one pass over the stage. What a large act
        of writing has changed so far counts as it was."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT substr(s.region_id, 1, 5), s.document, s.day,
                           SUM(CASE WHEN s.people IS NOT NULL AND d.people IS NULL THEN 1 ELSE 0 END),
                           SUM(CASE WHEN d.people <> s.people OR (s.people IS NULL AND d.people IS NOT NULL)
                                    THEN 1 ELSE 0 END),
                           COUNT(*), COALESCE(SUM(d.people), 0), COALESCE(SUM(s.people), 0),
                           SUM(CASE WHEN s.people IS NOT NULL AND d.region_id IS NULL THEN 1 ELSE 0 END)
                      FROM count_stage s LEFT JOIN recording_currentcount d ON {SAME_KEY}
                     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
            )
            groups = cursor.fetchall()
        new, changed, all_rows, self._inserts = (sum(int(row[place]) for row in groups) for place in (3, 4, 5, 8))
        # A count that was taken out is there as a row without people: it comes back by an update.
        self._updates = changed + new - self._inserts
        sums = [
            DaySums(city, document, str(day), int(before), int(after))
            for city, document, day, _new, _changed, _rows, before, after, _inserts in groups
        ]
        return Tally(new, changed, all_rows - new - changed), sums

    def changes(self, limit: int) -> list[tuple[str, str, str, str, int | None, int | None]]:
        """(region, document, day, source, stored, staged) of the first values that differ, in the file's order."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT s.region_id, s.document, s.day, s.source, d.people, s.people
                      FROM count_stage s JOIN recording_currentcount d ON {SAME_KEY}
                     WHERE d.people <> s.people
                     ORDER BY s.line, s.document, s.day, s.source, s.region_id LIMIT %s""",
                [limit],
            )
            return [(code, document, str(day), source, old, new) for code, document, day, source, old, new in cursor]

    @property
    def to_write(self) -> int:
        """How many counts writing would insert or update; after `compare`."""
        return self._inserts + self._updates

    def is_as_compared(self, written: Written) -> bool:
        """Whether the database has written what was compared: else the transaction is to be taken back."""
        return written == (self._updates, self._inserts)

    def lines(self) -> tuple[int, int]:
        """The first and the last number of a staged row; its rows are found by number from now on."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX count_stage_line ON count_stage (line)")
            cursor.execute("SELECT COALESCE(MIN(line), 0), COALESCE(MAX(line), -1) FROM count_stage")
            first, last = cursor.fetchone()
        return first, last

    def holds_any_of(self, first_change: int) -> bool:
        """Whether a change of the ledger from this position on is of a staged count."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM recording_countchange d JOIN count_stage s ON {SAME_KEY} WHERE d.id >= %s LIMIT 1",
                [first_change],
            )
            return cursor.fetchone() is not None

    def write_lines(self, posting: Posting, lines: tuple[int, int] | None = None) -> Written:
        """Make the counts what the rows of these numbers say, both included, or all rows; after `compare`."""
        try:
            return self._written(posting, *(("", []) if lines is None else ("s.line BETWEEN %s AND %s AND", list(lines))))
        except IntegrityError as error:
            raise Refused(NOT_AS_STAGED) from error

    def _written(self, posting: Posting, of_lines: str, params: list[int]) -> Written:
        differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        updated = inserted = 0
        with connection.cursor() as cursor:
            if self._updates:
                cursor.execute(
                    f"""UPDATE recording_dailycount AS d SET people = s.people, posting_id = %s
                          FROM count_stage s WHERE {of_lines} {SAME_KEY} AND d.people {differs} s.people""",
                    [posting.pk, *params],
                )
                updated = cursor.rowcount
            if self._inserts:
                cursor.execute(
                    f"""INSERT INTO recording_dailycount (region_id, document, day, source, people, posting_id)
                        SELECT region_id, document, day, source, people, %s FROM count_stage s
                         WHERE {of_lines} people IS NOT NULL
                           AND NOT EXISTS (SELECT 1 FROM recording_dailycount d WHERE {SAME_KEY})""",
                    [posting.pk, *params],
                )
                inserted = cursor.rowcount
        return Written(updated, inserted)


def as_date(day: date | str) -> date:
    """SQLite gives days as text where no model reads them."""
    return date.fromisoformat(day) if isinstance(day, str) else day


@contextmanager
def _one_transaction() -> Iterator[None]:
    """SQLite: one transaction around the rows of a chunk, that never takes the lock of the portal's own file.

    `atomic()` would begin IMMEDIATE and so keep every writer out while a long file is read.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
