"""The only place that reads the clock. Pages, tasks and commands call it once and pass the moment on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from dukcapil.kept import Kept
from dukcapil.models import Demo

JAKARTA = ZoneInfo("Asia/Jakarta")
NIGHTLY_DUE = timedelta(minutes=15)  # after midnight in Jakarta
_in_earnest = False  # this process knows that there is no example and never will be


def demo() -> Demo | None:
    """The demo row, or None in a real installation: as of at most a second ago, and asked no more once it is certain
    that there will never be one."""
    global _in_earnest
    if _in_earnest and settings.KEPT_SECONDS:
        return None
    row = _demo_row()
    # An example comes only on an empty database, and its row before its people: they are looked for first.
    if row is None and settings.KEPT_SECONDS and get_user_model()._default_manager.exists():
        _in_earnest = not Demo.objects.exists()
    return row


@Kept
def _demo_row() -> Demo | None:
    return Demo.objects.first()


def set_demo(until: date, now: datetime) -> None:
    """From now on this installation shows example data up to `until`, and its clock goes on from `now`."""
    Demo.objects.update_or_create(pk=1, defaults={"until": until, "shift": real_now() - now})
    _demo_row.forget()


def real_now() -> datetime:
    """The machine's moment, never shifted."""
    return timezone.now()


def database_lead() -> timedelta:
    """How far the database's clock is ahead of this machine's; negative when it is behind. In production it is another
    machine's, so that a clock that jumped is found out."""
    moment = "clock_timestamp()" if connection.vendor == "postgresql" else "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {moment}")
        (told,) = cursor.fetchone()
    return (told if isinstance(told, datetime) else datetime.fromisoformat(told)) - real_now()


def now() -> datetime:
    """The portal's moment: the machine's, or the example's in an installation with demo data."""
    return shown_by(demo())


def shown_by(row: Demo | None) -> datetime:
    """The portal's moment, for a demo row that is loaded already."""
    return real_now() - row.shift if row else real_now()


def business_date(moment: datetime) -> date:
    """The day in Jakarta (UTC+7). At 18:30 UTC it is already tomorrow there, so `date.today()` is never used."""
    return moment.astimezone(JAKARTA).date()


def last_closed_day(moment: datetime) -> date:
    """The newest business day whose nightly run is due: a day is due from 00:15 of the next one."""
    return business_date(moment - NIGHTLY_DUE) - timedelta(days=1)
