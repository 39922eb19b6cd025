"""Where data lies: the database of each form, and the caches."""

from pathlib import Path
from typing import Any

LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"


def postgresql(url_config: dict[str, Any]) -> dict[str, Any]:
    """The database of the production form; its address may bring options of its own, such as sslmode."""
    timeouts = "-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
    options = url_config.get("OPTIONS", {}) | {"connect_timeout": 3, "options": timeouts}
    return url_config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def sqlite(home: Path) -> dict[str, Any]:
    """The database of the embedded form. Measured with 16 writer processes: without transaction_mode, timeout or WAL
    there are lock errors."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "portal.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: with NORMAL a power cut may take the last commits with it.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; "
            # REPLACE then fires the delete triggers that guard the counts.
            "PRAGMA recursive_triggers=ON;",
        },
        "TEST": {"NAME": home / "test.sqlite3"},  # a file: writers in other processes must see it
    }


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """`default` is shared by all processes where there is Redis. `answers` and `counters` of the API always lie in each
    process, where reading is quicker than from Redis."""
    shared = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # a frozen Redis must not freeze pages
    }
    return {
        "default": shared if redis_url else {"BACKEND": LOCAL_CACHE},
        "answers": {"BACKEND": LOCAL_CACHE, "LOCATION": "answers", "OPTIONS": {"MAX_ENTRIES": 64}},
        "counters": {"BACKEND": LOCAL_CACHE, "LOCATION": "counters", "OPTIONS": {"MAX_ENTRIES": 10_000}},
    }
