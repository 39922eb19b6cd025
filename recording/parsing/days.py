"""Days as text: in addresses and commands, in cells, and inside titles and file names."""

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dukcapil.errors import N_, Refused

ONE_DAY = timedelta(days=1)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# Names of months in Indonesian and English, in full and short, as offices write them.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agust agu ags agt aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20\d\d|['’]\d\d)"
_TO = r"(?:s\.?\s?/?\s?d\.?|sampai(?:\s+dengan)?|hingga|to|[-–—])"
_OF = r"[\s,/\-]*(?:(?:tahun|thn|ta)\.?\s*)?"
_SINCE = rf"(?P<from_month>{_MONTH})\.?(?:[\s.\-,]*(?P<from_year>20\d\d))?\s*{_TO}\s*"
_MONTHLY = rf"(?P<month>{_MONTH})\.?[\s.\-,]*{_YEAR}"
_WHICH = r"\.?\s*(?:ke\s?-?\s?)?"
_DATED = rf"(?P<day>\d\d?)[\s.\-]*{_MONTHLY}"
_NUMERIC = r"(?P<day>\d\d?)(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<year>20\d\d)"
# Not after "31.73.": a piece of a code. But "Tgl.30 November 2021" is a day.
_EDGE, _END = r"(?<!\w)(?<!\d\.)", r"(?!\w)"
# Nor between more digits: a telephone number, or the number of a letter.
_ALONE, _ALONE_END = r"(?<!\d[-/])", r"(?![-/.]\d\d)"
# Tried at every place; of several that fit the longest is meant.
PATTERNS = [
    re.compile(_EDGE + pattern + _END, re.IGNORECASE)
    for pattern in (
        _DATED,
        rf"(?P<first>\d\d?)\s*{_TO}\s*{_DATED}",
        rf"(?P<first>\d\d?)[\s.\-]*{_SINCE}{_DATED}",
        rf"(?P<month>{_MONTH})\s+(?P<day>\d\d?)\s*,\s*{_YEAR}",
        r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:T\d\d:\d\d(?::\d\d)?)?",
        _ALONE + _NUMERIC + _ALONE_END,
        rf"{_ALONE}(?P<first>\d\d?)\s*{_TO}\s*{_NUMERIC.replace('-/.', '/.')}{_ALONE_END}",
        _MONTHLY,
        _SINCE + _MONTHLY,
        rf"(?:semester|smt|sem){_WHICH}(?P<half>II?|[12]){_OF}{_YEAR}",
        rf"(?:triwulan|tri\s?wulan|tw|kuartal|quarter|q){_WHICH}(?P<quarter>I{{1,3}}|IV|[1-4]){_OF}{_YEAR}",
        rf"(?:tahun(?:\s+anggaran)?|thn|th|ta|year)\.?\s*{_YEAR}",
    )
]
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_MAX_CELL_LETTERS = 60  # of a cell with one day
_BESIDE_DAY = re.compile(
    r"(?:(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b,?)?"
    r"\s*,?\s*(?:(?:pukul|jam)\s*)?(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)?(?:\s*WIB)?\s*",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(rf"(?P<day>\d\d?)(?P<sign>[-/. ])(?P<month>\d\d?|{_MONTH})(?P=sign)(?P<year>\d\d)", re.IGNORECASE)
_INVALID = N_("Tanggal “%(text)s” tidak sah; tulis seperti 2021-11-25.")


@dataclass(frozen=True)
class Span:
    """Days that a text names: one of them, or a month, half-year, quarter or year. `text` is what stood there."""

    first: date
    last: date
    text: str


@lru_cache(maxsize=1_000)  # ten thousand counts of one request name a few days
def parse_day(text: str, field: str = "day") -> date:
    """An ISO day such as 2021-11-25; anything else is Refused at `field` with a sentence that says how to write it."""
    if ISO_DAY.fullmatch(text):
        with suppress(ValueError):  # there is no 30 February
            return date.fromisoformat(text)
    raise Refused(_INVALID, field, text=text[:40])


def read_day(cell: str | int | float) -> date:
    """The one day of a cell: 2021-11-25, 25/11/2021, 25-11-2021, 25.11.2021 or "25 November 2021", also with a year of
    two digits. Day before month, as it is written here; its weekday and a time of day may stand beside it. Anything
    else is Refused."""
    text = " ".join(str(cell).split())
    if ISO_DAY.fullmatch(text):
        return parse_day(text)
    if short := _SHORT_YEAR.fullmatch(text):
        month = _month(short["month"])
        with suppress(ValueError):
            return date(2000 + int(short["year"]), month, int(short["day"]))
    spans = spans_in(text) if len(text) <= _MAX_CELL_LETTERS else []
    if len(spans) == 1 and spans[0].first == spans[0].last:
        rest = text.replace(spans[0].text, "", 1)
        if _BESIDE_DAY.fullmatch(rest):
            return spans[0].first
    raise Refused(_INVALID, "day", text=text[:40])


def spans_in(text: str) -> list[Span]:
    """Every day, month, half-year, quarter and year that a title, a sheet's or a file's name mentions, in its order.

    "30 November 2021" is one day and not also a month; a stretch of days or months is one span. A bare year counts
    only after "tahun"; impossible days, codes, telephone numbers and times of day are nothing.
    """
    text = " ".join(text.replace("_", " ").split())
    # The longest first: "31 Februari 2021" is no day, and no month either.
    matches = (match for pattern in PATTERNS for match in pattern.finditer(text))
    chosen: list[re.Match[str]] = []
    for match in sorted(matches, key=lambda match: (match.start() - match.end(), match.start())):
        if all(match.end() <= other.start() or other.end() <= match.start() for other in chosen):
            chosen.append(match)
    chosen.sort(key=re.Match.start)
    return [Span(*days, match[0]) for match in chosen if (days := _days(match.groupdict()))]


def _days(parts: dict[str, str | None]) -> tuple[date, date] | None:
    """First and last day of what one pattern found; None when there is no such day."""
    year = int(re.sub("['’]", "20", parts["year"] or ""))
    for part, months in (("half", 6), ("quarter", 3)):
        if number := (parts.get(part) or "").upper():
            last_month = months * (_ROMAN.get(number) or int(number))
            return _months(date(year, last_month - months + 1, 1), date(year, last_month, 1))
    if not parts.get("month"):
        return _months(date(year, 1, 1), date(year, 12, 1))
    month = _month(parts["month"])
    from_year, from_month = int(parts.get("from_year") or year), _month(parts.get("from_month")) or month
    try:
        if not parts.get("day"):
            return _months(date(from_year, from_month, 1), date(year, month, 1))
        last = date(year, month, int(parts["day"] or 0))
        first = date(from_year, from_month, int(parts["first"] or 0)) if parts.get("first") else last
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _month(text: str | None) -> int:
    """The number of a month; 0 for none."""
    name = (text or "0").lower()
    return MONTHS.get(name) or int(name)


def _months(first: date, last: date) -> tuple[date, date] | None:
    """From the first day of one month to the last day of another."""
    end = last.replace(day=monthrange(last.year, last.month)[1])
    return (first, end) if first <= end else None
