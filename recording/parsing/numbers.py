"""Numbers of people as people write them.

One parser for forms, imports and API strings, whatever the language of the page: "31.000" is thirty-one thousand.
"""

import re

from dukcapil.errors import N_, Grouped, Refused
from dukcapil.nik import contains_nik

MAX_PEOPLE = 999_999_999

_MISSING = frozenset(("", "-", "\u2013", "\u2014"))
_PLAIN = re.compile(r"[0-9]+")
# A first group that begins with 0 is no group: "0.123" is a fraction, and nobody writes 0.123 for 123.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([., \u00a0\u202f])[0-9]{3}(?:\1[0-9]{3})*")
_NUMERIC = re.compile(r"[0-9.,\s]*[0-9][0-9.,\s]*")
_NEGATIVE = re.compile(r"[-\u2212\u2013]\s*[0-9].*")
_MAX_SHOWN_LETTERS = 40

_NIK = N_("Angka 16 digit tidak diterima: portal tidak menyimpan NIK. Tulis jumlah orang saja.")
_TOO_MANY = N_("Jumlah terlalu besar; paling banyak %(most)s orang. Periksa lagi angkanya.")
_BELOW_ZERO = N_("Jumlah tidak boleh negatif. Tulis 0 atau NIHIL bila memang tidak ada.")
_NOT_TEXT = N_("Jumlah harus bilangan bulat, bukan pecahan atau ya/tidak. Tulis misalnya 1234 atau 1.234.")
_PERCENT = N_("“%(text)s” adalah persentase. Tulis jumlah orang, misalnya 1234 atau 1.234.")
_FOREIGN = N_("“%(text)s” memakai angka selain 0–9. Tulis ulang dengan angka biasa, misalnya 1.234.")
_MIXED = N_("“%(text)s” memakai lebih dari satu macam pemisah. Tulis bilangan bulat saja, misalnya 1234 atau 1.234.")
_FRACTION = N_(
    "“%(text)s” bukan bilangan bulat: titik, koma dan spasi hanya memisahkan kelompok tiga angka. "
    "Tulis misalnya 1234 atau 1.234."
)
_GROUPS = N_("“%(text)s” salah dikelompokkan: tiap kelompok harus tepat tiga angka. Tulis misalnya 1234567 atau 1.234.567.")
_NO_NUMBER = N_("“%(text)s” bukan jumlah orang. Tulis angka saja, misalnya 1234 atau 1.234; tulis NIHIL bila nol.")


def parse_people(value: str | int | None, *, field: str = "people") -> int | None:
    """The number of people that a cell, form field or API string means; None when nothing was filled in.

    Accepted: digits only, or groups of exactly three with one consistent separator (dot, comma, space, no-break
    space, narrow no-break space). "NIHIL" is 0; blank and a lone dash are missing. Everything else is Refused at
    `field` with a sentence that says what is wrong and what to write: fractions (a float as well, even 5.0: a
    spreadsheet's 1.234 may mean 1234), percentages, negatives, more than MAX_PEOPLE, and numbers as long as a NIK.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _in_range(_parse_text(value.strip(), field), field)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(_NOT_TEXT, field)
    return _in_range(value, field)


def _parse_text(text: str, field: str) -> int | None:
    if text in _MISSING:
        return None
    if text.upper() == "NIHIL":
        return 0
    # Before any other sentence, which would repeat the number.
    if contains_nik(text):
        raise Refused(_NIK, field)
    if _PLAIN.fullmatch(text):
        return int(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        return int(text.replace(grouped[1], ""))
    shown = text if len(text) <= _MAX_SHOWN_LETTERS else text[:_MAX_SHOWN_LETTERS] + "…"
    raise Refused(_reason(text), field, text=shown)


def _reason(text: str) -> str:
    """Which sentence fits a text that is not a number of people."""
    if "%" in text:
        return _PERCENT
    if _NEGATIVE.fullmatch(text):
        return _BELOW_ZERO
    if any(letter.isnumeric() and not letter.isascii() for letter in text):
        return _FOREIGN
    if not _NUMERIC.fullmatch(text):
        return _NO_NUMBER
    separators = re.findall(r"[^0-9]", text)
    if len(set(separators)) > 1:
        return _MIXED
    return _FRACTION if len(separators) == 1 else _GROUPS


def _in_range(number: int | None, field: str) -> int | None:
    if number is None or 0 <= number <= MAX_PEOPLE:
        return number
    if number < 0:
        raise Refused(_BELOW_ZERO, field)
    if number >= 10**15:
        raise Refused(_NIK, field)
    raise Refused(_TOO_MANY, field, most=Grouped(MAX_PEOPLE))
