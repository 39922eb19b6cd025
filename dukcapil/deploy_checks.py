"""What `check --deploy` finds beyond Django's own list."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from dukcapil.form_line import redis_state


@register(deploy=True)
def redis_keeps_queued_work(**_: Any) -> list[CheckMessage]:
    """A Redis that does not answer is told by the line above."""
    info = redis_state() if settings.PRODUCTION else None
    found: list[CheckMessage] = []
    if info and not info.get("aof_enabled"):
        found.append(Warning("Redis loses queued work in a crash.", hint="Set appendonly yes.", id="portal.W001"))
    if info and info.get("maxmemory_policy", "noeviction") != "noeviction":
        found.append(Warning("Redis drops queued work when memory is short.", hint="Set noeviction.", id="portal.W002"))
    return found


@register(deploy=True)
def backups_are_made(**_: Any) -> list[CheckMessage]:
    if settings.BACKUP_PASSPHRASE:
        return []
    return [Warning("Nobody makes backups.", hint="Set BACKUP_PASSPHRASE (deploy/.env.example).", id="portal.W003")]
