"""Signs around a text that nobody sees or meant: taken away, and told. Pure."""

import re
import unicodedata
from collections.abc import Sequence

from dukcapil.cells import FORMULA_SIGNS
from dukcapil.errors import N_
from recording.imports.spreadsheets.cells import Cell

NO_WIDTH = N_("Tanda yang tidak terlihat (misalnya spasi tanpa lebar) diabaikan.")
AS_TEXT = N_('Isi sel yang ditulis sebagai ="…" dibaca seperti teks di dalamnya.')
EMPTY_FRACTION = N_("Angka dengan pecahan nol, seperti 12.0, dibaca sebagai bilangan bulat.")
APOSTROPHE = N_("Tanda petik di depan kode atau angka diabaikan.")
_AS_TEXT = re.compile(r'="([^"]*)"')  # how exports keep codes from becoming numbers
_EMPTY_FRACTION = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))[.,]0{1,2}")


def cleaned(row: Sequence[Cell]) -> tuple[list[Cell], list[str]]:
    """The cells without such signs, and a sentence for each kind of them that was there."""
    notes: dict[str, None] = {}
    return [_cleaned(cell, notes) if isinstance(cell, str) else cell for cell in row], list(notes)


def _cleaned(text: str, notes: dict[str, None]) -> str:
    if not text.isascii():
        visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
        if visible != text:
            notes[NO_WIDTH] = None
            text = visible
    if match := _AS_TEXT.fullmatch(text.strip()):
        notes[AS_TEXT] = None
        text = match[1]
    if match := _EMPTY_FRACTION.fullmatch(text.strip()):
        notes[EMPTY_FRACTION] = None
        text = match[1]
    return text


def text_of(cell: Cell) -> str:
    """A cell as text: a code that the workbook holds as a number is the same code.

    An apostrophe is taken off again: `dukcapil.cells.safe_cell` puts one before what looks like a formula, and people
    before codes and numbers, so that they stay text.
    """
    text = cell.strip() if isinstance(cell, str) else str(cell)
    return text[1:] if has_apostrophe(text) or (text[:1] == "'" and text[1:2] in FORMULA_SIGNS) else text


def has_apostrophe(text: str) -> bool:
    """Whether somebody put an apostrophe before a code or a number, so that it stays text."""
    return text[:1] == "'" and text[1:2].isdigit()
