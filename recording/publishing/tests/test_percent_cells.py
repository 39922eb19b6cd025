"""A percentage in a workbook is shown with its two decimals, as on the page: 99,99% must never be seen as 100%."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from recording.publishing.table import Column, Table
from recording.publishing.workbook import workbook
from recording.tests.world import NOON

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TWO_DECIMALS = 10  # the built-in format 0.00%
PERCENTAGES = ["0.00", "0.01", "33.33", "51.67", "99.99", "100.00", "118.25"]


def file_with(percentages: list[str]) -> bytes:
    columns = [Column("Nama", 20), Column("Capaian", 12, percent=True)]
    rows = [(text, Decimal(text)) for text in percentages]
    return workbook(Table("uji", "Data", columns, rows), NOON)


def formats_of_cells(content: bytes) -> dict[str, int]:
    """The number format of every cell, by its reference."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    cell_styles = styles.find(f"{MAIN}cellXfs")
    assert cell_styles is not None
    numbers = [int(style.attrib["numFmtId"]) for style in cell_styles]
    return {cell.attrib["r"]: numbers[int(cell.attrib.get("s", 0))] for cell in sheet.iter(f"{MAIN}c")}


def test_every_percentage_is_shown_with_two_decimals() -> None:
    formats = formats_of_cells(file_with(PERCENTAGES))
    assert [formats[f"B{row}"] for row in range(2, len(PERCENTAGES) + 2)] == [TWO_DECIMALS] * len(PERCENTAGES)


@pytest.mark.parametrize("text", PERCENTAGES)
def test_the_cell_holds_exactly_the_hundredths(text: str) -> None:
    sheet = CalamineWorkbook.from_filelike(BytesIO(file_with([text]))).get_sheet_by_index(0)
    (_header, (_name, value)) = sheet.to_python()
    assert not isinstance(value, str | date)
    assert round(Decimal(str(value)) * 100, 2) == Decimal(text)
