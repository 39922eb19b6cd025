"""E-mails are kept for a year, as proof of who was told."""

from datetime import datetime, timedelta

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.locks import delete_if_any
from fleet.models import Notice

KEEP_NOTICES = timedelta(days=366)  # all kinds are about the last days only, so none is written anew


def prune_notices(*, by: Actor, now: datetime) -> int:
    """Delete older ones; returns how many. Safe to call at any time."""
    require(by=by, action=Action.REPORT_DECIDE)
    return delete_if_any(Notice.objects.filter(at__lt=now - KEEP_NOTICES))
