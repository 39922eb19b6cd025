"""The period that comes next: when it is missing, making it, and telling monitors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import SYSTEM, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict
from recording.ledger.waiting import WaitingCounts, waiting_counts
from recording.models import ONE_DAY, Period, days_around, waits_for_period
from recording.targets.services import define_period

TOLD_AHEAD = timedelta(days=31)  # from 1 December, for a period that ends on 31 December


@dataclass(frozen=True)
class MissingPeriod:
    """A period that should be made: the rest of a calendar year that no other period holds."""

    name: str
    first_day: date
    last_day: date


def missing_period(periods: list[Period], today: date, waiting: date | None = None) -> MissingPeriod | None:
    """The period that is missing on a day: of the oldest count that waits for one (`waiting`), else of today, else of
    the day after today's period, from a month before it begins. None before anybody uses the portal."""
    day = waiting or _uncovered_day(periods, today)
    if day is None or day - TOLD_AHEAD > today:
        return None
    first, last = days_around(periods, day)
    first, last = max(first, date(day.year, 1, 1)), min(last, date(day.year, 12, 31))
    taken = {period.name for period in periods}
    name = str(day.year) if str(day.year) not in taken else f"{first.isoformat()} – {last.isoformat()}"
    return MissingPeriod(name, first, last)


def _uncovered_day(periods: list[Period], today: date) -> date | None:
    """Today, or else the day after its period, where no period holds it. None before the first period begins."""
    if not periods or today < periods[0].first_day:
        return None
    day = next((period.last_day + ONE_DAY for period in periods if period.holds(today)), today)
    return day if waits_for_period(periods, day) else None


def next_period(periods: list[Period], today: date) -> tuple[MissingPeriod | None, WaitingCounts | None]:
    """What is missing on a day for the whole installation, and what waits for it already. `periods` by first day."""
    waiting = waiting_counts(SYSTEM, periods, today)
    return missing_period(periods, today, waiting.first_day if waiting else None), waiting


def make_next_period(*, act: Act, name: str) -> Period:
    """Make the missing period, as the page showed it under this name. Again: the same period. What waited for it is in
    the next figures, exactly once: its counts stand in the ledger already."""
    require(by=act.by, action=Action.PERIOD_WRITE)
    periods = list(Period.objects.all())
    if made := next((period for period in periods if period.name == name), None):
        return made
    missing, _waiting = next_period(periods, business_date(act.now))
    if missing is None or missing.name != name:
        raise Conflict(N_("Periode yang kurang sudah berubah. Muat ulang halamannya."))
    return define_period(act=act, name=missing.name, first_day=missing.first_day, last_day=missing.last_day)


def readiness(now: datetime) -> str:
    """For /readyz: "ok", or which period is missing. The portal works on without it: a warning."""
    missing, _waiting = next_period(list(Period.objects.all()), business_date(now))
    return f"missing: {missing.name}" if missing else "ok"
