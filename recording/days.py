"""Days as text: in addresses and commands, in cells, and inside titles and file names."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dukcapil.errors import N_, Refused

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# Names of months in Indonesian and English, in full and short, as offices write them.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agust agu ags agt aug",
            "september sept sep", "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20\d\d|'\d\d)"
_NUMBER = r"(?P<part>I{1,3}V?|IV|[1-4])"
_TO = r"(?:s\.?\s?/?\s?d\.?|sampai(?:\s+dengan)?|hingga|to|[-–—])"
_EDGE, _END = r"(?<![\w.])", r"(?!\w)"
# Tried at every place; of several that fit the longest is meant.
PATTERNS = [
    re.compile(_EDGE + pattern + _END, re.IGNORECASE)
    for pattern in (
        rf"(?P<first>[0-3]?\d)\s*{_TO}\s*(?P<day>[0-3]?\d)[\s.\-]+(?P<month>{_MONTH})\.?[\s.\-,]*{_YEAR}",
        rf"(?P<day>[0-3]?\d)[\s.\-]*(?P<month>{_MONTH})\.?[\s.\-,]*{_YEAR}",
        rf"(?P<month>{_MONTH})\s+(?P<day>[0-3]?\d)\s*,\s*{_YEAR}",
        r"(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)",
        r"(?P<day>[0-3]?\d)(?P<sign>[-/.])(?P<month>[01]?\d)(?P=sign)(?P<year>20\d\d)",
        rf"(?P<month>{_MONTH})\.?[\s.\-,]*{_YEAR}",
        rf"(?:semester|smt|sem)\.?\s*(?P<half>I{{1,2}}|[12])[\s,/\-]*(?:tahun|thn|ta)?\.?\s*{_YEAR}",
        rf"(?:triwulan|tri\s?wulan|tw|kuartal|quarter|q)\.?\s*{_NUMBER}[\s,/\-]*(?:tahun|thn|ta)?\.?\s*{_YEAR}",
        rf"(?:tahun(?:\s+anggaran)?|thn|th|ta|year)\.?\s*{_YEAR}",
    )
]
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True)
class Span:
    """Days that a text names: one of them, or a month, half-year, quarter or year. `text` is what stood there."""

    first: date
    last: date
    text: str


def parse_day(text: str) -> date:
    """An ISO day such as 2021-11-25; anything else is Refused with a sentence that says how to write it."""
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(N_("Tanggal “%(text)s” tidak sah; tulis seperti 2021-11-25."), "day", text=text[:40])


def read_day(cell: str | int | float) -> date:
    """The one day of a cell: 2021-11-25, 25/11/2021, 25-11-2021, 25.11.2021 or "25 November 2021". Day before month,
    as it is written here. Anything else is Refused."""
    text = str(cell).strip()
    spans = spans_in(text)
    # Nothing but the day, its weekday and a time of day may stand in the cell.
    rest = text.replace(spans[0].text, "", 1) if len(spans) == 1 else text
    if len(spans) == 1 and spans[0].first == spans[0].last and _REST.fullmatch(rest):
        return spans[0].first
    raise Refused(N_("Tanggal “%(text)s” tidak sah; tulis seperti 2021-11-25."), "day", text=text[:40])


_REST = re.compile(r"\s*(?:[A-Za-z']+,\s*)?(?:[T ]?\s*\d{1,2}[:.]\d{2}(?::\d{2})?)?\s*")


def spans_in(text: str) -> list[Span]:
    """Every day, month, half-year, quarter and year that a title, a sheet's or a file's name mentions, in its order.

    "30 November 2021" is one day and not also a month. A bare year counts only after "tahun"; impossible days, codes,
    telephone numbers and times of day are nothing.
    """
    text = text.replace("_", " ")
    # The longest first: "31 Februari 2021" is no day, and no month either.
    found = sorted(_all(text), key=lambda pair: (pair[0][0] - pair[0][1], pair[0][0]))
    taken: list[tuple[tuple[int, int], Span | None]] = []
    for place, span in found:
        if all(place[1] <= begin or end <= place[0] for (begin, end), _ in taken):
            taken.append((place, span))
    return [span for _, span in sorted(taken, key=lambda pair: pair[0]) if span]


def _all(text: str) -> Iterator[tuple[tuple[int, int], Span | None]]:
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            days = _days(match.groupdict())
            yield match.span(), Span(*days, match[0]) if days else None


def _days(parts: dict[str, str | None]) -> tuple[date, date] | None:
    """First and last day of what one pattern found; None when there is no such day."""
    year = int(str(parts["year"]).replace("'", "20"))
    if parts.get("half"):
        half = 2 if str(parts["half"]).upper() in ("II", "2") else 1
        return _months(year, 6 * half - 5, 6 * half)
    if parts.get("part"):
        part = (
            _ROMAN.get(str(parts["part"]).upper()) or int(str(parts["part"]))
            if _is_part(parts["part"])
            else 0
        )
        return _months(year, 3 * part - 2, 3 * part) if part else None
    if not parts.get("month"):
        return _months(year, 1, 12)
    name = str(parts["month"]).lower()
    month = MONTHS.get(name) or int(name)
    if not parts.get("day"):
        return _months(year, month, month)
    try:
        last = date(year, month, int(str(parts["day"])))
        first = date(year, month, int(str(parts["first"]))) if parts.get("first") else last
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _is_part(text: str | None) -> bool:
    return str(text).upper() in _ROMAN or str(text).isdigit()


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
