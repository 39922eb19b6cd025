"""What a sheet holds and its reader does not see: the library tells neither hidden rows and columns nor the merged cells
of ODS, and reads cells that show an error, such as #REF!, or whose formula was never computed, as empty.

An empty cell means "not reported", so all of it is looked up in the file itself.
"""

import zipfile
import zlib
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import olefile

from dukcapil.errors import Refused
from recording.imports.spreadsheets import unseen_ods, unseen_xls, unseen_xlsx
from recording.imports.spreadsheets.cells import Unseen
from recording.imports.spreadsheets.ooxml import plain_name
from recording.imports.spreadsheets.refusals import BROKEN

DAMAGES = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, ExpatError, OSError, ValueError, IndexError)


def unseen_by_sheet(file: Path, name: str) -> dict[str, Unseen]:
    """By the name of the sheet, of a file that `guard` found safe."""
    sheets: dict[str, Unseen] = defaultdict(Unseen)
    try:
        if olefile.isOleFile(file):
            unseen_xls.read(file, sheets)
            return sheets
        with zipfile.ZipFile(file) as book, file.open("rb") as content:
            parts = {plain_name(part.filename): part for part in book.infolist()}
            read = unseen_xlsx.read if "xl/workbook.xml" in parts else unseen_ods.read
            read(content, parts, sheets)
    except DAMAGES as problem:
        raise Refused(BROKEN, "file", file=name) from problem
    return sheets
