"""Making small workbooks of every kind for tests."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[Any]]


def xlsx(
    path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = (), hidden: Sequence[str] = (), comment: str = ""
) -> Path:
    """An XLSX file; `merged` are ranges of its first sheet that are merged afterwards."""
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            if name in hidden:
                sheet.hide()
        first = book.worksheets()[0]
        rows = next(iter(sheets.values()))
        for span in merged:
            column, row = ord(span[0]) - 65, int(span[1:].split(":")[0]) - 1
            first.merge_range(span, rows[row][column])
        if comment:
            first.write_comment("A1", comment)
    return path


def xls(path: Path, rows: Rows, name: str = "Data") -> Path:
    """An old XLS file of one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: Rows, name: str = "Data", **parts: str) -> Path:
    """An ODS file of one sheet; `parts` are more members of its zip, with "/" written as "__"."""
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="{escape(name)}">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", content)
        for part, text in parts.items():
            book.writestr(part.replace("__", "/"), text)
    return path


def _ods_cell(cell: Any) -> str:
    kind = f'office:value-type="float" office:value="{cell}"' if isinstance(cell, int | float) else 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The same zip with one more member."""
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(name, content)
    return path
