"""What a sheet holds beside its cells is looked at as well: headers, lists of choices, links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dukcapil.errors import Refused
from recording.imports.spreadsheets.guard import inspect

pytestmark = pytest.mark.once
NIK = "3173014508900002"


def book(folder: Path, add: Callable[[Any], object]) -> Path:
    file = folder / "a.xlsx"
    with xlsxwriter.Workbook(str(file), {"in_memory": True}) as made:
        sheet = made.add_worksheet("Data")
        sheet.write_row(0, 0, ["KODE", "JUMLAH"])
        add(sheet)
    return file


@pytest.mark.parametrize(
    "add",
    [
        lambda sheet: sheet.set_header(f"&C{NIK}"),
        lambda sheet: sheet.set_footer(f"&L{NIK}"),
        lambda sheet: sheet.write_url("A2", f"https://contoh.id/{NIK}", string="x"),
        lambda sheet: sheet.write_url("A2", "internal:Data!A1", string="x", tip=NIK),
        lambda sheet: sheet.data_validation("A2", {"validate": "list", "source": [NIK, "b"]}),
        lambda sheet: sheet.data_validation("A2", {"validate": "any", "input_title": "isi", "input_message": NIK}),
    ],
)
def test_a_nik_below_the_cells_is_refused(tmp_path: Path, add: Callable[[Any], object]) -> None:
    with pytest.raises(Refused, match="16 digit"):
        inspect(book(tmp_path, add), "a.xlsx")


def test_usual_headers_lists_and_links_pass(tmp_path: Path) -> None:
    def add(sheet: Any) -> None:
        sheet.set_header("&CDicetak 25-11-2021 31.73.01.1001 &P/&N")
        sheet.write_url("A2", "https://contoh.id/2021/11/25", string="x")
        sheet.data_validation("A3", {"validate": "list", "source": ["KTP", "KIA"]})

    assert inspect(book(tmp_path, add), "a.xlsx") == "xlsx"
