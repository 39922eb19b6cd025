"""Labels of a header that name a day or a month, alone or beside something else. Pure."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from dukcapil.errors import Refused
from recording.imports.layouts.roles import GROUPED
from recording.imports.spreadsheets.cells import Cell, text_of
from recording.parsing.days import MONTHS, read_day, spans_in

MIN_DAYS = 3
WHOLE_DATE = re.compile(r"20\d\d-\d\d-\d\d|\d\d?([-/.])\d\d?\1(?:20)?\d\d")
# "28", "OKTOBER" or "28 OKT": a day or a month that leaves the rest open.
_OPEN = re.compile(r"(?P<day>\d{1,2})?[ -]?(?P<month>[A-Za-z]+)?\.?")
_YEAR = re.compile(r"(?:TAHUN )?20\d\d", re.IGNORECASE)
_DAY_BEFORE, _MONTH_BEFORE = (
    re.compile(rf"(?:{words})\b\.? *(?=\w)", re.IGNORECASE) for words in ("TANGGAL|TGL|HARI", "BULAN|BLN")
)


class DayLabel(NamedTuple):
    """The day or month that a label names, with all that its header says of it, and the other parts of the label."""

    when: str
    rest: tuple[str, ...]


def days_of(labels: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]]) -> dict[int, DayLabel]:
    """The columns that are labelled by a day or month, of the (group, label) of each and the rows of the header.

    Two columns at least whose own labels say so; else groups, of which each must lie over the same labels: dates over
    anything else are titles.
    """
    days = {text_of(cells[index]) for cells in rows for index in day_labels(cells)}
    parts = {index: [*filter(None, group.split(GROUPED)), text] for index, (group, text) in enumerate(labels)}
    found = {index: label for index, each in parts.items() if (label := _parted(each, days))}
    own = {index: label for index, label in found.items() if parts[index][-1] not in label.rest}
    if len(own) > 1:
        return own
    return found if _repeat_the_same(found.values()) else {}


def _parted(parts: Sequence[str], days: Set[str]) -> DayLabel | None:
    """The parts of a label by what they say: of a day, its month and its year the lowest of each."""
    from_below = parts[::-1]
    day = next((part for part in from_below if part in days), "")
    month = next((part for part in from_below if part != day and is_month(part)), "")
    year = next((part for part in from_below if _YEAR.fullmatch(part)), "")
    if not day and not month:
        return None
    rest = tuple(part for part in parts if part and part not in (day, month, year))
    when = _DAY_BEFORE.sub("", day) if day else month
    if re.fullmatch(r"\d{1,2}", when) and month:
        when = f"{when} {_month_name(month)}"
    if year and not re.search(r"\d{4}|\d[-/.]\d", when) and re.search("[A-Za-z]", when):
        when = f"{_MONTH_BEFORE.sub('', when)} {year[-4:]}"
    return DayLabel(when, rest)


def _month_name(month: str) -> str:
    """The name of a month, with its year where the label says it; of a stretch of days that of its month."""
    spans = spans_in(month)
    return f"{spans[0].first:%B %Y}" if spans else _MONTH_BEFORE.sub("", month)


def _repeat_the_same(labels: Iterable[DayLabel]) -> bool:
    rests: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for label in labels:
        rests[label.when].append(label.rest)
    return len(rests) > 1 and len({tuple(sorted(each)) for each in rests.values()}) == 1


def day_labels(cells: Sequence[Cell]) -> frozenset[int]:
    """Which cells of a row label columns by their day: two dates or more, the numbers by which spreadsheet programs store
    days that follow each other, or days of a month, 1 to 31, that rise and may begin again below the next group. Of
    numbers at least three, for two numbers of people may look like days; two with a blank cell behind each, as groups."""
    texts = [_DAY_BEFORE.sub("", text_of(cell)) for cell in cells]
    dates = [index for index, text in enumerate(texts) if _is_date(text)]
    if len(dates) > 1:
        return frozenset(dates)
    days = [(int(text), index) for index, text in enumerate(texts) if re.fullmatch(r"\d{1,9}", text)]
    starts = [place for place, (day, _) in enumerate(days) if not place or day <= days[place - 1][0]]
    runs = [end - start for start, end in pairwise([*starts, len(days)])]
    is_wide = all(index + 1 < len(texts) and not texts[index + 1] for _, index in days)
    are_days = all(1 <= day <= 31 for day, _ in days) or _follow_each_other([day for day, _ in days])
    is_long = bool(days) and min(runs) >= (2 if is_wide else MIN_DAYS)
    return frozenset(index for _, index in days) if is_long and are_days else frozenset()


def _follow_each_other(numbers: Sequence[int]) -> bool:
    """Whether these are the numbers of days one after the other, of this century; they may begin again."""
    return all(map(_day_of_serial, numbers)) and all(other in (one + 1, numbers[0]) for one, other in pairwise(numbers))


def _day_of_serial(number: int) -> date | None:
    """The day that spreadsheet programs store as this number, counted from 30 December 1899; of this century alone."""
    day = date(1899, 12, 30) + timedelta(days=min(number, 100_000))
    return day if 2000 <= day.year < 2100 else None


def _is_date(text: str) -> bool:
    """Whether a text is one day and its month, and nothing else, in figures or in words; the year may be open."""
    spans = spans_in(text)
    is_worded = len(spans) == 1 and spans[0].text == text and spans[0].first == spans[0].last
    return is_worded or WHOLE_DATE.fullmatch(text) is not None or (text[:1].isdigit() and names_month(text))


def is_month(label: str) -> bool:
    """Whether a label is a month and nothing else, with or without its year, or another stretch of days that it names."""
    text = _MONTH_BEFORE.sub("", label.strip()).rstrip(".")
    spans = spans_in(text)
    is_stretch = len(spans) == 1 and spans[0].text == text and spans[0].first != spans[0].last
    return is_stretch or (text[:1].isalpha() and names_month(text))


def names_month(when: str) -> bool:
    """Whether a day or month says its month by its name, and leaves its year open."""
    match = _OPEN.fullmatch(_MONTH_BEFORE.sub("", when.strip()))
    return match is not None and (match["month"] or "").lower() in MONTHS


def day_of(when: str, month: date | None) -> date | None:
    """The day of a label: of itself, or in this month (in its year, where the label names a month). A month or another
    stretch is its last day. None for a day that its month does not have, or while `month` is needed and not known."""
    with suppress(Refused):
        return read_day(when)
    if spans := spans_in(when):
        return spans[0].last
    if when.isdigit() and (day := _day_of_serial(int(when))):
        return day
    match = _OPEN.fullmatch(_MONTH_BEFORE.sub("", when.strip()))
    if month is None or match is None:
        return None
    number = MONTHS.get(match["month"].lower(), 0) if match["month"] else month.month
    if not number:
        return None
    last = monthrange(month.year, number)[1]
    day_number = int(match["day"] or last)
    return date(month.year, number, day_number) if 1 <= day_number <= last else None
