"""Where data lies: the database of each form, and the caches."""

from pathlib import Path
from typing import Any

KEPT = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # connections, between requests
# A line whose other end is gone without a word (a cable, a machine) is given up by the system after some ten seconds.
# A server that is there but does not answer: dukcapil/kept_postgresql/watch.py.
LOST_LINE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"


def postgresql(url_config: dict[str, Any]) -> dict[str, Any]:
    """The database of the production form; its address may bring options of its own, such as sslmode."""
    timeouts = "-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
    options = url_config.get("OPTIONS", {}) | LOST_LINE | {"connect_timeout": 3, "options": timeouts}
    return url_config | KEPT | {"ENGINE": "dukcapil.kept_postgresql", "OPTIONS": options}


def sqlite(home: Path) -> dict[str, Any]:
    """The database of the embedded form. Measured with 16 writer processes: without transaction_mode, timeout or WAL
    there are lock errors."""
    return {
        "ENGINE": "dukcapil.kept_sqlite",
        "NAME": home / "portal.sqlite3",
        **KEPT,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: with NORMAL a power cut may take the last commits with it.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            # Of each kept connection: 8 MB of pages in memory, and 64 MB of a log that a large import left behind.
            "PRAGMA cache_size=-8000; PRAGMA journal_size_limit=64000000; "
            # REPLACE then fires the delete triggers that guard the counts.
            "PRAGMA recursive_triggers=ON;",
        },
        "TEST": {"NAME": home / "test.sqlite3"},  # a file: writers in other processes must see it
    }


def caches(redis_url: str) -> dict[str, dict[str, Any]]:
    """`default` is shared by all processes where there is Redis. `pages`, and `answers` and `counters` of the API always lie
    in each process, where reading is quicker than from Redis."""
    shared = {
        "BACKEND": "dukcapil.shared_cache.SharedCache",
        "LOCATION": redis_url,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # a frozen Redis must not freeze pages
    }
    return {
        "default": shared if redis_url else {"BACKEND": LOCAL_CACHE},
        "pages": {"BACKEND": LOCAL_CACHE, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 64}},
        "answers": {"BACKEND": LOCAL_CACHE, "LOCATION": "answers", "OPTIONS": {"MAX_ENTRIES": 64}},
        "counters": {"BACKEND": LOCAL_CACHE, "LOCATION": "counters", "OPTIONS": {"MAX_ENTRIES": 10_000}},
    }
