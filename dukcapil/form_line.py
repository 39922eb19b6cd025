"""Which form of the portal runs, and on what, in one line: every start and `check` print it."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from dukcapil.environment import host_of


def form_line() -> str:
    """“production: PostgreSQL 16.4 at db:5432/portal, Redis answers, appendonly yes, noeviction”."""
    if settings.PRODUCTION:
        return f"production: {_postgresql()}, {redis_words(redis_state())}"
    return f"embedded: SQLite in {settings.DATABASES['default']['NAME']}, no other server"


def _postgresql() -> str:
    place = host_of(settings.DATABASES["default"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (version,) = cursor.fetchone()
    except DatabaseError as problem:
        return f"PostgreSQL at {place} does not answer ({str(problem).strip().partition(chr(10))[0]})"
    return f"PostgreSQL {version.split()[0]} at {place}"


def redis_state() -> dict[str, Any] | None:
    """What Redis says of itself, or None when it does not answer."""
    import redis  # a tenth of a second, for one command only

    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as line:
            info: dict[str, Any] = line.info()
            return info
    except redis.RedisError:
        return None


def redis_words(info: dict[str, Any] | None) -> str:
    """What keeps queued work through a crash, or does not."""
    if info is None:
        return "Redis does not answer"
    kept = "yes" if info.get("aof_enabled") else "no"
    return f"Redis answers, appendonly {kept}, {info.get('maxmemory_policy', 'policy unknown')}"
