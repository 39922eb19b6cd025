"""How one file is to be read: which sheet, which columns, whose day and document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dukcapil.errors import Refused
from recording.imports.layouts.columns import Value
from recording.imports.layouts.layout import Layout
from recording.imports.layouts.long_format import Long
from recording.imports.layouts.modes import Mode
from recording.imports.layouts.roles import Role
from recording.imports.layouts.sheets import Sheet
from recording.imports.layouts.table_rows import NumberedRows, rows_as_seen
from recording.imports.spreadsheets.cells import Merged
from recording.models import ImportKind, Period
from recording.parsing.days import Span

NO_TABLE = Layout((), 0, 0, ())


@dataclass(frozen=True)
class Plan:
    """`day`, `document`, `source`, `period` … hold for rows whose own column does not say it.

    `refusal`: why the file cannot be read; whatever is decided after it stays empty. `mapping`: the source whose
    remembered columns are taken. `mentions`: where the file names which spans of days. `left_out_rows`: first and last
    number of those that are hidden and not taken in. `mode`: None where the file or a person says what the numbers are.
    `long`: of a table with a row for each category; `layout` then has a column for each. `parts`: of a file of which
    several sheets are read, the plan of each. `targets`: the columns of targets that come in together with counts.
    """

    kind: str
    sheets: Sequence[Sheet] = ()
    sheet: str = ""
    layout: Layout = NO_TABLE
    mapping: str = ""
    values: Sequence[Value] = ()
    targets: Sequence[Value] = ()
    mode: Mode | None = None
    document: str = ""
    source: str = ""
    running_since: str = "start"
    mentions: Sequence[tuple[str, Span]] = ()
    day: date | None = None
    period: Period | None = None
    decree: str = ""
    effective_from: date | None = None
    target_kind: str = ""
    parts: Sequence["Plan"] = ()
    left_out_rows: Sequence[tuple[int, int]] = ()
    merged: Merged = ()
    long: Long | None = None
    refusal: Refused | None = None

    @property
    def tables(self) -> "Sequence[Plan]":
        """The plan of each sheet; itself where one is read."""
        return self.parts or [self]

    @property
    def is_running(self) -> bool:
        """Whether any of its numbers are running totals."""
        return any(value.running for table in self.tables for value in table.values)

    def as_totals(self) -> "Plan":
        """The same with running totals, but for the sheets whose numbers are decided."""
        if self.mode is None:
            return self
        values = [replace(value, running=True) for value in self.values]
        return replace(self, values=values, parts=[part.as_totals() for part in self.parts])

    @property
    def says_when(self) -> bool:
        """Whether each row says its own day or period; otherwise the whole table is of one."""
        return self.layout.column(Role.DAY if self.kind == ImportKind.COUNTS else Role.PERIOD) is not None

    @property
    def day_or_period(self) -> str:
        """The ISO day or the name of the period of the whole table; "" when its rows say it."""
        return self.day.isoformat() if self.day else self.period.name if self.period else ""

    @property
    def titles(self) -> list[str]:
        """The texts above the table."""
        return [text for _, text in self.layout.titles]

    def seen(self, rows: NumberedRows) -> NumberedRows:
        """The rows below the header as people see them; a region's categories, where it has some, as one row."""
        if self.long is None:
            return rows_as_seen(rows, self.layout, self.merged, self.left_out_rows)
        return self.long.rows(rows_as_seen(rows, self.long.layout, self.merged, self.left_out_rows, self.long.categories))
