"""The database itself keeps the hours of a van's stops apart. Stops that overlap already stay as they are."""

from django.db import migrations

from fleet import guards


def create(apps, schema_editor):
    for statement in guards.create_hours(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in guards.drop_hours(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("fleet", "0003_guards")]
    operations = [migrations.RunPython(create, drop)]
