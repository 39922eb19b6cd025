"""What the database itself enforces of the schedule, on both engines; reports and permits are never rewritten."""

from django.db import migrations

from fleet import guards


def create(apps, schema_editor):
    for statement in guards.create(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in guards.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("fleet", "0002_schedule"), ("recording", "0003_imports")]
    operations = [migrations.RunPython(create, drop)]
