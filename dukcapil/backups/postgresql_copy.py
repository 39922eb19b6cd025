"""Production: a dump by PostgreSQL's own programs, tried out in a database beside the portal's, which takes its name."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import errors, sql

from dukcapil.backups.children import BackupFailed, program

FILE = "portal.dump"
DEBIAN = Path("/usr/lib/postgresql")
BESIDE = "_restored"  # the database in which a copy is tried out: the portal's name with this ending
TERMS = ("sslmode", "sslrootcert", "sslcert", "sslkey")  # of DATABASE_URL, which libpq must know too


def write_copy(folder: Path, evidence: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A dump as of one instant, while others go on writing, and the evidence of that same instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        found = evidence()
        tell = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={folder / FILE}"]
        program(_program("pg_dump"), *tell, environment=_libpq(_name()))
    return found


@contextmanager
def tried_out(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal on the copy in `folder`, restored into a database of its own. Whatever is left of that
    at the end is dropped; what `put_in_place` gave another name stays."""
    beside = _name() + BESIDE
    with _administrator() as cursor:
        _drop(cursor, beside)
        _create(cursor, beside)
    try:
        tell = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={beside}", str(folder / FILE)]
        program(_program("pg_restore"), *tell, environment=_libpq(beside))
        yield {"DATABASE_URL": urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path=f"/{beside}"))}
    finally:
        with _administrator() as cursor:
            _drop(cursor, beside)


@contextmanager
def stopped() -> Iterator[None]:
    """BackupFailed while anybody else is connected: web, worker and beat must stand still."""
    connection.close()
    with _administrator() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [_name()])
        (others,) = cursor.fetchone()
    if others:
        raise BackupFailed(f"{others} connections are open: stop web, worker and beat first.")
    yield


def put_in_place(_folder: Path, stamp: str) -> str:
    """The copy under the portal's name; the name of the database that had it. Both change in one transaction."""
    name, kept = _name(), f"{_name()}_before_{stamp}"
    connection.close()
    with _administrator() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone() is not None
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format
        old = rename(sql.Identifier(name), sql.Identifier(kept))
        new = rename(sql.Identifier(name + BESIDE), sql.Identifier(name))
        try:
            cursor.execute(sql.SQL("; ").join([sql.SQL("BEGIN"), *([old] if there else []), new, sql.SQL("COMMIT")]))
        except errors.ObjectInUse as problem:
            cursor.execute("ROLLBACK")
            raise BackupFailed("Somebody has connected meanwhile: stop web, worker and beat first.") from problem
    return kept if there else ""


def put_secret(_text: str, _stamp: str) -> None:
    """In production the secret is given from outside; whoever restores is told when it is another one."""


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _libpq(database: str) -> dict[str, str]:
    """The connection for PostgreSQL's programs: the password never stands among the arguments, which everybody can read."""
    given = connection.settings_dict
    words = {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"], "PGPASSWORD": given["PASSWORD"]}
    words |= {f"PG{term.upper()}": given["OPTIONS"].get(term) for term in TERMS}
    return {"PGDATABASE": database, **{name: str(value) for name, value in words.items() if value}}


@contextmanager
def _administrator() -> Iterator[Any]:
    """A cursor outside of the portal's database, without a transaction."""
    given = connection.settings_dict
    words = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    words |= {term: given["OPTIONS"].get(term) for term in TERMS}
    try:
        line = psycopg2.connect(dbname="postgres", connect_timeout=3, **{name: value for name, value in words.items() if value})
    except psycopg2.OperationalError as problem:
        raise BackupFailed(f"PostgreSQL does not answer: {str(problem).strip().partition(chr(10))[0]}") from problem
    with closing(line):
        line.autocommit = True
        with line.cursor() as cursor:
            yield cursor


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(cursor: Any, name: str) -> None:
    """Empty, and in the order of letters of the portal's own database, where there is one."""
    cursor.execute("SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s", [_name()])
    words = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    if (same := cursor.fetchone()) is not None:
        terms = sql.SQL("ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(*map(sql.Literal, same))
        words = sql.SQL(" ").join([words, terms])
    try:
        cursor.execute(words)
    except errors.InsufficientPrivilege as problem:
        user = connection.settings_dict["USER"]
        raise BackupFailed(
            f'{user} may not create the database in which a copy is tried out: ALTER ROLE "{user}" CREATEDB.'
        ) from problem


def _program(name: str) -> str:
    """pg_dump or pg_restore of the server's own version: an older one refuses it, a newer one writes what it cannot read."""
    with _administrator() as cursor:
        cursor.execute("SHOW server_version_num")
        major = int(cursor.fetchone()[0]) // 10_000
    for path in (str(DEBIAN / str(major) / "bin" / name), shutil.which(name)):
        if path and Path(path).exists() and f" {major}." in program(path, "--version", environment={}):
            return path
    raise BackupFailed(f"{name} of PostgreSQL {major} is missing: install postgresql-client-{major}.")
