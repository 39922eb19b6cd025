"""Databases of tests: emptied after one that committed, and copied for installations of their own."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

FILLED_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


def empty_every_table() -> None:
    """As `migrate` left it. Quicker than Django's way, which cuts off every file and fills the tables of `migrate` anew;
    and the guards of the database, which refuse it, do not fire in that moment."""
    with connection.cursor() as cursor, transaction.atomic():
        tables = set(connection.introspection.table_names(cursor)) - FILLED_BY_MIGRATE
        emptying = [f'DELETE FROM "{table}"' for table in tables]
        if connection.vendor == "postgresql":
            # In a replica no trigger fires, nor do those of the foreign keys.
            cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *emptying]))
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        dropping, again = [f'DROP TRIGGER "{name}"' for name, _sql in triggers], [sql for _name, sql in triggers]
        for statement in ("PRAGMA defer_foreign_keys = ON", *dropping, *emptying, *again):
            cursor.execute(statement)


def new_installation(home: Path) -> None:
    """A folder as `start` leaves it behind in the embedded form: an empty database, and the static files collected."""
    home.mkdir(exist_ok=True)
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name)) as ours, closing(sqlite3.connect(home / "portal.sqlite3")) as its:
        ours.backup(its)
    shutil.copytree(settings.STATIC_ROOT, home / "static")
