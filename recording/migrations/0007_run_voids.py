"""Runs may be void. The database keeps the rows of that as well; the runs themselves stay as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from recording.guards import postgresql, sqlite

TABLE = "recording_runvoid"


def keep(apps, schema_editor):
    guards = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in guards.append_only(TABLE):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("recording", "0006_mappings_of_layouts"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AlterField(
            model_name="coveragerun",
            name="status",
            field=models.CharField(
                choices=[("official", "Angka resmi"), ("provisional", "Sementara"), ("void", "Tidak berlaku")],
                max_length=11,
                verbose_name="status",
            ),
        ),
        migrations.CreateModel(
            name="RunVoid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="waktu")),
                ("reason", models.TextField(verbose_name="alasan")),
                ("door", models.CharField(max_length=10, verbose_name="pintu")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="oleh",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="void",
                        to="recording.coveragerun",
                        verbose_name="angka resmi",
                    ),
                ),
            ],
            options={"verbose_name": "angka tidak berlaku", "verbose_name_plural": "angka tidak berlaku"},
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
