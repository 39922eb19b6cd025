"""How old the newest proved backup is, and whether one is due."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from dukcapil import clock
from dukcapil.models import Backup

OLD_AFTER = timedelta(hours=26)  # as for the nightly figures: a night, and two hours to notice
DUE_AT = timedelta(hours=1, minutes=30)  # after midnight in Jakarta, when the night's figures are there
AGAIN_AFTER = timedelta(hours=1)  # an attempt that failed or was killed


def made_by_itself() -> bool:
    """Whether the portal makes backups: somebody has set a passphrase, and it does not hold example data."""
    return bool(settings.BACKUP_PASSPHRASE) and clock.demo() is None


def newest_proved() -> Backup | None:
    """The newest copy that was restored and found equal."""
    return Backup.objects.filter(proved_at__isnull=False).order_by("-started_at").first()


def age(now: datetime) -> timedelta | None:
    """How long ago the newest proved copy was taken; before the first one, how long there has been something to copy.
    None where the portal makes no backups."""
    if not made_by_itself():
        return None
    newest = newest_proved()
    since = newest.started_at if newest else _installed_at()
    return now - since if since else timedelta(0)


def readiness(now: datetime) -> str:
    """For /readyz: "ok", "failed" (the last attempt ended with a failure) or "old" (26 hours without a proved one)."""
    how_old = age(now)
    if how_old is None or how_old <= OLD_AFTER:
        return "ok"
    last = Backup.objects.order_by("-started_at").first()
    return "failed" if last and last.failure else "old"


def warning(now: datetime) -> str:
    """For the warnings of /readyz: a real installation of which nobody makes copies."""
    return "ok" if settings.BACKUP_PASSPHRASE or clock.demo() else "no passphrase"


def is_due(now: datetime) -> bool:
    """Whether the copy of this night is missing, and the last attempt, if any, is long enough ago."""
    if not made_by_itself():
        return False
    night = _due_since(now)
    newest = newest_proved()
    if newest and newest.started_at >= night:
        return False
    last = Backup.objects.order_by("-started_at").first()
    return last is None or now - last.started_at >= AGAIN_AFTER


def _due_since(now: datetime) -> datetime:
    """The last moment at which a copy became due: half past one in Jakarta."""
    local = (now - DUE_AT).astimezone(clock.JAKARTA)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + DUE_AT


def _installed_at() -> datetime | None:
    applied = MigrationRecorder.Migration.objects.filter(app="dukcapil").aggregate(first=Min("applied"))
    moment: datetime | None = applied["first"]
    return moment
