"""What the front page shows of reports: filled by the functions that settings.MORNING_SOURCES names."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class SilentOffice:
    """A sub-office of whose reports some are missing, and when its head was reminded today (None: not yet)."""

    name: str
    missing: int
    expected: int
    url: str
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class MissingReports:
    """The reports of a working day that is over: how many were expected, how many are missing, and from whom. `remind_url`
    is where a reminder is posted ("": the reader may not, or everybody has been reminded)."""

    day: date
    expected: int
    missing: int
    url: str
    offices: tuple[SilentOffice, ...] = ()
    remind_url: str = ""


@dataclass(frozen=True)
class DueStop:
    """A stop that waits for its report by the reader."""

    day: date
    hours: str
    plate: str
    place: str
    village: str
    url: str
