"""The guards of both apps, in the database that the migrations made."""

import pytest
from django.db import connection

import fleet.guards
from recording.guards import postgresql, sqlite


@pytest.mark.django_db
def test_every_guard_still_stands_after_all_migrations() -> None:
    """SQLite drops a table's triggers when a migration rebuilds it: such a migration must create them again."""
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    created = [
        *engine.CREATE,
        *(
            statement
            for table in (
                "recording_runvoid",
                "recording_ledgerspan",
                "recording_ledgersum",
                "recording_coverageforecast",
                "recording_forecastoutcome",
            )
            for statement in engine.append_only(table)
        ),
        *fleet.guards.create(connection.vendor),
        *fleet.guards.create_hours(connection.vendor),
        *fleet.guards.create_open_absences(connection.vendor),
    ]
    wanted = sum("CREATE TRIGGER" in statement for statement in created)
    wanted -= len(fleet.guards.replaced_by_open_absences(connection.vendor))
    query = (
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone()[0] == wanted


@pytest.mark.django_db
def test_the_view_of_counts_stands() -> None:
    """A migration that builds the table of counts anew on SQLite has to make it again."""
    assert "recording_currentcount" in connection.introspection.table_names(include_views=True)
