"""The log: one JSON object in each line, whoever writes it, with the time in its zone and the request that it belongs to.

No personal data: of a request its path is told, without the question, a NIK or the secret of a calendar. What is known to
happen around the portal (a database or a broker that is away, a full disk, a refusal) is told in one line; only an error
that nobody foresaw brings its traceback along.
"""

import errno
import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
ELSEWHERE = ("redis", "kombu", "amqp", "psycopg2", "urllib3")  # packages whose errors are about what lies around the portal
AWAY = ("OperationalError", "InterfaceError", "Silent")  # of Django's database errors
FULL = (errno.ENOSPC, errno.EDQUOT)
request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLine(logging.Formatter):
    """A record as JSON. `fields` of a record stand beside the message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request"] = number
        line |= getattr(record, "fields", {})
        raised = record.exc_info[1] if record.exc_info else None
        if raised is not None:
            line["error"] = in_one_line(raised)
            if not is_foreseen(raised):
                line["traceback"] = self.formatException(record.exc_info)  # type: ignore[arg-type]
        return json.dumps(line, ensure_ascii=False, default=str)


class WithoutRefusals(logging.Filter):
    """Django tells each answer from 400 on; that it was given stands in the line of the request already."""

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 0)
        raised = record.exc_info[1] if record.exc_info else None
        return not status or not (400 <= status < 500 or status == 503 or (raised is not None and is_foreseen(raised)))


def is_foreseen(raised: BaseException) -> bool:
    """Whether something around the portal failed, and not the portal."""
    kind = type(raised)
    if kind.__module__.partition(".")[0] in ELSEWHERE or is_disk_full(raised):
        return True
    return kind.__name__ in AWAY or any(parent.__name__ == "Refused" for parent in kind.__mro__)


def is_disk_full(raised: BaseException) -> bool:
    """Also by the words of a database, which brings no number."""
    if isinstance(raised, OSError):
        return raised.errno in FULL
    return type(raised).__name__ == "OperationalError" and ("disk is full" in str(raised) or "No space left" in str(raised))


def in_one_line(raised: BaseException) -> str:
    """The kind of an error and the first line of its words."""
    words = str(raised).strip().partition("\n")[0]
    return f"{type(raised).__name__}: {words}" if words else type(raised).__name__


def logging_settings(level: str) -> Mapping[str, Any]:
    """LOGGING of the settings."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "dukcapil.log_lines.JsonLine"}},
        "filters": {"without_refusals": {"()": "dukcapil.log_lines.WithoutRefusals"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_refusals"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"axes": {"level": "WARNING"}},  # failures and locks, not five lines for each log-in
    }
