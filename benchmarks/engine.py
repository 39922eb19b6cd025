"""The measurements of one part on one engine. Called by `benchmarks.__main__` with the part
that is measured and the file descriptor for its rows, as JSON lines."""

import json
import os
import sys

import django
import psycopg2
from django.utils.module_loading import import_string

from benchmarks import options
from benchmarks.lines import row
from dukcapil import testing


def main() -> None:
    """Prepare the engine, then the settings may be read, then the models may be imported: hence by name."""
    engine, asked = os.environ["TEST_ENGINE"], options.parse(sys.argv[3:])
    testing.prepare(engine, durable=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dukcapil.settings"
    if "DATABASE_URL" in os.environ:
        _create_database(os.environ["DATABASE_URL"])
    django.setup()
    with os.fdopen(int(sys.argv[2]), "w", buffering=1) as answers:
        for measured in import_string("benchmarks.measurements.measure")(sys.argv[1], engine, asked):
            answers.write(json.dumps(row(engine, measured)) + "\n")


def _create_database(url: str) -> None:
    """The server from the wheel is empty: make the database that DATABASE_URL names."""
    base, _, name = url.rpartition("/")
    connection = psycopg2.connect(f"{base}/postgres")
    connection.autocommit = True
    connection.cursor().execute(f'CREATE DATABASE "{name}"')
    connection.close()


if __name__ == "__main__":
    main()
