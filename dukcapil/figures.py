"""Numbers of people, percentages and days as people read them, in the language of the page.

Not for coordinates, addresses, values of fields and answers for machines. Templates use the same functions as filters
(`{% load figures %}`).
"""

from datetime import date, datetime
from decimal import Decimal

from django.utils import dateformat

from dukcapil.clock import JAKARTA
from dukcapil.signs import grouped, signs

MISSING = "–"


def people(number: int | None) -> str:
    """As in "31.000"; a dash for what is missing, which is not zero."""
    return MISSING if number is None else grouped(number)


def signed(number: int | None) -> str:
    """A difference with its sign: "+1.250", "−3", "0"."""
    return f"+{people(number)}" if number and number > 0 else people(number)


def percent(number: Decimal | None) -> str:
    """As in "51,67%"; exactly 100 and exactly 0 without decimals; a dash where there is none."""
    if number is None:
        return MISSING
    whole, _dot, decimals = f"{number:.2f}".partition(".")
    shown = people(int(whole))
    return f"{shown}%" if number in (0, 100) else f"{shown}{signs().decimal}{decimals}%"


def per_day(number: Decimal | None) -> str:
    """A pace in people per day, as in "142,5"; a dash where there is none."""
    if number is None:
        return MISSING
    whole, _dot, tenth = f"{number:.1f}".partition(".")
    return f"{people(int(whole))}{signs().decimal}{tenth}"


def long_day(day: date | None) -> str:
    """As in "Kamis, 25 November 2021"."""
    return MISSING if day is None else dateformat.format(day, "l, j F Y")


def day_words(value: object) -> str:
    """The long day beside a field for a date, of what stands in it; "" for what is no day."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            return ""
    return long_day(value) if isinstance(value, date) else ""


def short_day(day: date | None) -> str:
    """As in "Kam, 25 Nov 2021", for tables."""
    return MISSING if day is None else dateformat.format(day, "D, j M Y")


def plain_day(day: date | None) -> str:
    """As in "25 November 2021", for days that are far off."""
    return MISSING if day is None else dateformat.format(day, "j F Y")


def day_and_month(day: date | None) -> str:
    """As in "25 November", where the year is that of the page's period."""
    return MISSING if day is None else dateformat.format(day, "j F")


def clock_time(at: datetime | None) -> str:
    """As in "07.12", on a day that is told beside it."""
    return MISSING if at is None else dateformat.format(at.astimezone(JAKARTA), signs().time)


def month(day: date | None) -> str:
    """As in "Oktober 2021"."""
    return MISSING if day is None else dateformat.format(day, "F Y")


def moment(at: datetime | None) -> str:
    """As in "Kamis, 25 November 2021 pukul 00.15 WIB": always the time of Jakarta."""
    return _moment(at, "l, j F Y")


def short_moment(at: datetime | None) -> str:
    """As in "Kam, 25 Nov 2021 pukul 00.15 WIB", for tables."""
    return _moment(at, "D, j M Y")


def _moment(at: datetime | None, day: str) -> str:
    if at is None:
        return MISSING
    local = at.astimezone(JAKARTA)
    words = signs()
    return f"{dateformat.format(local, day)} {words.at} {dateformat.format(local, words.time)} WIB"
