"""Numbers of residents, which must not come in anywhere: the one guard of every free text, file and key. Pure.

A NIK, and the number of a family card, has sixteen digits: region 2·2·2, day, month and year of birth (a woman's day
plus 40), serial 4. Law 27/2022 protects it; the portal keeps counts only.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

DIGITS = 16
# What people and programs put between the parts of a number, up to three of them: spaces of every width, also none,
# line breaks, dots, dashes, slashes, commas, colons, brackets.
_GAP = r"[\s\u00ad\u180e\u200b-\u200f\u2060\ufeff.\-\u2010-\u2015\u2212/\\_,:·•()\[\]{}]{1,3}"
_NUMBERS = re.compile(rf"\d+(?:{_GAP}\d+)*")
# Days, and dotted codes of kelurahan (their last four digits begin with 1 or 2), look like parts of a NIK.
_DAY, _MONTH, _YEAR = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])", r"(?:19|20)\d\d"
_COMPACT = rf"(?:{_DAY}{_MONTH}{_YEAR}|{_YEAR}{_MONTH}{_DAY})"
_HARMLESS = re.compile(
    rf"(?<![\d.\-])(?:{_COMPACT}{_GAP}{_COMPACT}|{_COMPACT}|\d{{1,2}}[-./]\d{{1,2}}[-./]{_YEAR}|{_YEAR}-\d\d-\d\d"
    r"|\d\d\.\d\d\.\d\d\.[12]\d{3})(?!\d|[.\-]\d)"
)
# The number of a civil servant, 18 digits: birth date, month of appointment, 1 or 2, serial.
_NIP = re.compile(rf"(?<!\d){_YEAR}{_MONTH}{_DAY}(?:{_GAP})?{_YEAR}{_MONTH}(?:{_GAP})?[12](?:{_GAP})?\d{{3}}(?!\d)")
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_NIK = re.compile(rf"{_PROVINCE}(?!00)\d\d(?!00)\d\d(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01]){_MONTH}\d\d(?!0000)\d{{4}}")
_ENDS_OF_PARTS = {2, 4, 6, 8, 10, 12, DIGITS}
_EACH_DIGIT = (1,) * DIGITS
# What a spreadsheet makes of one that it took for a number; with blanks between them they are a list of counts.
_THOUSANDS = re.compile(r"(?<![\d.,])\d(?:(?:\.\d{3}){5}|(?:,\d{3}){5})(?![.,]?\d)")


def contains_nik(text: str) -> bool:
    """Whether a text holds a NIK: sixteen digits or more in a row always, but for the number of a civil servant.

    Written apart, with up to three signs between two parts, when they have a NIK's structure and are divided where its
    parts end, at every digit, or as thousands. Days and dotted kelurahan codes are never part of one.
    """
    if sum(map(str.isdigit, text)) < DIGITS:
        return False
    text = _HARMLESS.sub("x", _NIP.sub("x", _THOUSANDS.sub(lambda found: re.sub("[.,]", "", found[0]), text)))
    return any(_is_nik(parts) for parts in _numbers(text))


def _numbers(text: str) -> Iterator[tuple[str, ...]]:
    """The parts, of ASCII digits, of everything that may be one number of sixteen digits, or is a longer one."""
    for found in _NUMBERS.findall(text):
        parts = tuple("".join(str(int(digit)) for digit in part) for part in re.findall(r"\d+", found))
        for start in range(len(parts)):
            for end, length in enumerate(accumulate(map(len, parts[start:])), start + 1):
                if length >= DIGITS:
                    if length == DIGITS or end == start + 1:
                        yield parts[start:end]
                    break


def _is_nik(parts: tuple[str, ...]) -> bool:
    if len(parts) == 1:
        return True
    sizes = tuple(map(len, parts))
    is_usual = sizes == _EACH_DIGIT or _ENDS_OF_PARTS.issuperset(accumulate(sizes))
    return is_usual and _NIK.fullmatch("".join(parts)) is not None
