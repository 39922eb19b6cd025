"""A query in the database's own shell (psql, sqlite3), timed by that shell: the limit that our code is held against."""

import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection


def seconds(sql: Sequence[str]) -> float:
    """How long the shell says these statements took together, in one session."""
    return _psql(sql) if connection.vendor == "postgresql" else _sqlite3(sql)


def _psql(sql: Sequence[str]) -> float:
    """Without psql the same server is asked through its C library, with nothing of Django in between."""
    program = shutil.which("psql")
    if program is None:
        with closing(psycopg2.connect(settings.DATABASE_URL)) as bare:
            return _timed(bare.cursor(), sql)
    answer = subprocess.run(
        [program, settings.DATABASE_URL, "--no-psqlrc", "--quiet"],
        input="\\timing on\n" + "".join(f"{statement};\n" for statement in sql),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sum(float(time) for time in re.findall(r"Time: ([\d.]+) ms", answer)) / 1000


def _sqlite3(sql: Sequence[str]) -> float:
    """Where the shell is not installed the same library is asked through Python, with nothing in between."""
    database = str(settings.DATABASES["default"]["NAME"])
    program = shutil.which("sqlite3")
    if program is None:
        with closing(sqlite3.connect(database)) as bare:
            bare.execute("PRAGMA cache_size=-64000")
            return _timed(bare.cursor(), sql)
    script = "PRAGMA cache_size=-64000;\n.timer on\n" + "".join(f"{statement};\n" for statement in sql)
    answer = subprocess.run([program, database], input=script, capture_output=True, text=True, check=True).stdout
    return sum(float(time) for time in re.findall(r"Run Time: real ([\d.]+)", answer))


def _timed(cursor: Any, sql: Sequence[str]) -> float:
    start = time.perf_counter()
    for statement in sql:
        cursor.execute(statement)
    cursor.fetchall()
    return time.perf_counter() - start
