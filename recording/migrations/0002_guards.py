"""What the database itself enforces, on both engines: the ledger, append-only tables, periods that never overlap."""

from django.db import migrations

from recording.guards import postgresql, sqlite


def _guards(schema_editor):
    return postgresql if schema_editor.connection.vendor == "postgresql" else sqlite


def create(apps, schema_editor):
    for statement in _guards(schema_editor).CREATE:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in _guards(schema_editor).DROP:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("recording", "0001_tables")]
    operations = [migrations.RunPython(create, drop)]
