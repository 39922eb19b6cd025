"""The measurements of one engine. Called by `benchmarks.__main__` with the file for the answer."""

import json
import os
import sys
from pathlib import Path

import django
import psycopg2
from django.utils.module_loading import import_string

from dukcapil import testing


def main() -> None:
    """Prepare the engine, then the settings may be read, then the models may be imported: hence by name."""
    engine = os.environ["TEST_ENGINE"]
    testing.prepare(engine)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dukcapil.settings"
    if "DATABASE_URL" in os.environ:
        _create_database(os.environ["DATABASE_URL"])
    django.setup()
    name = "measure_api" if "--api" in sys.argv else "measure"
    rows = import_string(f"benchmarks.measurements.{name}")(engine, quick="--quick" in sys.argv)
    Path(sys.argv[1]).write_text(json.dumps(rows))


def _create_database(url: str) -> None:
    """The server from the wheel is empty: make the database that DATABASE_URL names."""
    base, _, name = url.rpartition("/")
    connection = psycopg2.connect(f"{base}/postgres")
    connection.autocommit = True
    connection.cursor().execute(f'CREATE DATABASE "{name}"')
    connection.close()


if __name__ == "__main__":
    main()
