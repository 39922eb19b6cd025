"""A table to take away, whatever kind of file it becomes (`workbook.py`, `table_download.py`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dukcapil.errors import N_, Grouped, Refused

MAX_SHEET_ROWS = 200_000  # title and header included: the importer reads no longer sheet
_TOO_LONG = N_(
    "Tabel ini lebih dari %(most)s baris, terlalu panjang untuk XLSX. Ambil CSV, atau persempit tanggal dan wilayahnya."
)
Value = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """`people`: holds numbers of people. `percent`: holds percentages, as Decimals such as 51.67. `entry`: to be filled
    in, and therefore shown as such."""

    label: str
    width: int
    people: bool = False
    entry: bool = False
    percent: bool = False


@dataclass(frozen=True)
class Table:
    """One sheet or CSV file. `file_name` is without suffix; `lines` stand under the title; `notes` are the lines of a
    second sheet, named `notes_name`; `footer` is printed at the foot of every page; what is only `to_read`
    is never imported, so that a column may be added."""

    file_name: str
    sheet: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    title: str = ""
    notes: Sequence[str] = ()
    lines: Sequence[str] = ()
    notes_name: str = "Petunjuk"
    footer: str = ""
    to_read: bool = False


EXAMPLE = "Data contoh, bukan data sebenarnya"


def marked_as_example(table: Table) -> Table:
    """The table with the name of an example, said at the foot of each page too. One that is only to be read says so above
    the table and in each row, since a CSV file has no other place for it."""
    footer = f"{EXAMPLE} · {table.footer}" if table.footer else EXAMPLE
    table = replace(table, file_name=f"contoh-{table.file_name}", footer=footer)
    if not table.to_read:
        return table
    rows = ((*row, EXAMPLE) for row in table.rows)
    columns = [*table.columns, Column("Catatan", len(EXAMPLE))]
    return replace(table, lines=[EXAMPLE, *table.lines], columns=columns, rows=rows)


def too_long() -> Refused:
    """The refusal of a table that no sheet holds."""
    return Refused(_TOO_LONG, "rows", most=Grouped(MAX_SHEET_ROWS))
