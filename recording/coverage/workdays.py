"""Working days in Indonesia: Monday to Friday without public holidays and collective leave (cuti bersama).

The holidays are those of the joint ministerial decrees as the `holidays` package knows them.
"""

from datetime import date, timedelta
from functools import cache

from recording.parsing.days import ONE_DAY


@cache
def free_days(year: int) -> frozenset[date]:
    """Public holidays and days of collective leave of a year."""
    import holidays  # 11 MB of memory, which commands that import files do not need

    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in free_days(day.year)


def working_days(first: date, last: date) -> list[date]:
    """The working days from `first` to `last`, both included; none when `last` comes before `first`."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if is_working_day(day)]


def open_saturdays(first: date, last: date) -> list[date]:
    """The Saturdays from `first` to `last` that are no holiday: on some of them vans go out in a drive."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() == 5 and day not in free_days(day.year)]


def last_working_days(day: date, number: int) -> list[date]:
    """The last `number` working days up to and including `day`, oldest first."""
    days: list[date] = []
    while len(days) < number:
        if is_working_day(day):
            days.append(day)
        day -= ONE_DAY
    return days[::-1]


def working_day_before(day: date) -> date:
    """The last working day that is over on `day`."""
    return last_working_days(day - ONE_DAY, 1)[0]


def working_day_from(day: date) -> date:
    """The day itself where it is a working day, else the next one."""
    while not is_working_day(day):
        day += ONE_DAY
    return day
