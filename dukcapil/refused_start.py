"""What keeps a command from starting, in one sentence for the person at the machine, without a traceback.

`--traceback`, as in all of Django's commands, shows the rest.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, OperationalError

from dukcapil.environment import user_name

FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
NOT_WRITTEN = "{user} may not write the database's file: everything in DUKCAPIL_HOME must belong to the portal's user."
DAMAGED = "The database's file is damaged: put a backup back with `portal restore` (docs/operating.md)."
NO_ROOM = "The disk of the database is full: make room, then start again. Nothing that was saved is lost."
SILENT = "PostgreSQL does not answer at the address of DATABASE_URL: {problem}."
OF_THE_DATABASE = {
    "disk is full": NO_ROOM,
    "No space left": NO_ROOM,
    "readonly database": NOT_WRITTEN,
    "unable to open database": NOT_WRITTEN,
    "file is not a database": DAMAGED,
    "malformed": DAMAGED,
    "password authentication failed": "PostgreSQL refuses user or password of DATABASE_URL.",
    "does not exist": "PostgreSQL answers, but: {problem}.",
    "no such table": "The database is not up to date: run `portal migrate`.",
    "too many clients": "PostgreSQL has no connection left: raise its max_connections, or run fewer processes.",
    "could not translate host name": "The host of DATABASE_URL is not known: {problem}.",
    "Connection refused": SILENT,
    "timeout expired": SILENT,
}


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Ends the process with exit code 1 and a sentence when what is inside cannot run for a reason outside of it."""
    try:
        yield
    except (ImproperlyConfigured, OSError, DatabaseError, InterfaceError) as problem:
        words = sentence_of(problem)
        if words is None or "--traceback" in sys.argv:
            raise
        sys.exit(words)


def sentence_of(problem: Exception) -> str | None:
    """None for a fault of the program: that needs its traceback."""
    if isinstance(problem, ImproperlyConfigured):
        return str(problem)
    if isinstance(problem, OSError):
        place = problem.filename or "the portal's folder"
        if problem.errno in FULL:
            return f"The disk of {place} is full: make room, then start again. Nothing that was saved is lost."
        if problem.errno in NOT_ALLOWED:
            return f"{user_name()} may not write {place}: everything in DUKCAPIL_HOME must belong to the portal's user."
        return None
    first = str(problem).strip().partition("\n")[0]
    for sign, words in OF_THE_DATABASE.items():
        if sign in first:
            return words.format(user=user_name(), problem=first.rstrip("."))
    return f"The database does not answer: {first}" if isinstance(problem, OperationalError) else None
