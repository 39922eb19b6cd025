"""A query in the database's own shell (psql, sqlite3), timed by that shell: the limit that our code is held against."""

import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection


def seconds(sql: str) -> float:
    """How long the shell says the query took."""
    return _psql(sql) if connection.vendor == "postgresql" else _sqlite3(sql)


def _psql(sql: str) -> float:
    """Without psql the same server is asked through its C library, with nothing of Django in between."""
    program = shutil.which("psql")
    if program is None:
        with closing(psycopg2.connect(settings.DATABASE_URL)) as bare:
            return _asked(bare.cursor(), sql)
    answer = subprocess.run(
        [program, settings.DATABASE_URL, "--no-psqlrc", "--quiet", "--command", r"\timing on", "--command", sql],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return float(re.findall(r"Time: ([\d.]+) ms", answer)[-1]) / 1000


def _sqlite3(sql: str) -> float:
    """Where the shell is not installed the same library is asked through Python, with nothing in between."""
    database = str(settings.DATABASES["default"]["NAME"])
    program = shutil.which("sqlite3")
    if program is None:
        with closing(sqlite3.connect(database)) as bare:
            bare.execute("PRAGMA cache_size=-64000")
            return _asked(bare.cursor(), sql)
    script = f"PRAGMA cache_size=-64000;\n.timer on\n{sql};\n"
    answer = subprocess.run([program, database], input=script, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"Run Time: real ([\d.]+)", answer)[-1])


def _asked(cursor: Any, sql: str) -> float:
    start = time.perf_counter()
    cursor.execute(sql)
    cursor.fetchall()
    return time.perf_counter() - start
