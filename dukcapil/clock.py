"""The only place that reads the clock. Doors (pages, tasks, commands) call it once and pass the moment on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone

from dukcapil.models import Demo

JAKARTA = ZoneInfo("Asia/Jakarta")
NIGHTLY_DUE = timedelta(minutes=15)
_DEMO_CACHE = "dukcapil.demo"


def demo() -> Demo | None:
    """The demo row, or None in a real installation. Remembered for a minute: it is written once, before the start."""
    found: Demo | str | None = cache.get(_DEMO_CACHE)
    if found is None:
        found = Demo.objects.first() or "none"
        cache.set(_DEMO_CACHE, found, 60)
    return found if isinstance(found, Demo) else None


def forget_demo() -> None:
    """After the demo row was written: read it anew at the next call."""
    cache.delete(_DEMO_CACHE)


def real_now() -> datetime:
    """The machine's moment, never shifted."""
    return timezone.now()


def now() -> datetime:
    """The portal's moment, aware: the machine's, or the example's in an installation with demo data."""
    row = demo()
    return real_now() - row.shift if row else real_now()


def business_date(moment: datetime) -> date:
    """The day in Jakarta (UTC+7). At 18:30 UTC it is already tomorrow there, so `date.today()` is never used."""
    return moment.astimezone(JAKARTA).date()


def last_closed_day(moment: datetime) -> date:
    """The newest business day whose nightly run is due: a day is due from 00:15 of the next one."""
    return business_date(moment - NIGHTLY_DUE) - timedelta(days=1)
