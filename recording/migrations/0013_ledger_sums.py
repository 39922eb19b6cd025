"""The ledger summed for large regions. The database keeps these rows as well; the runs that come fill them."""

import django.db.models.deletion
from django.db import migrations, models

from recording.guards import postgresql, sqlite

TABLES = ("recording_ledgerspan", "recording_ledgersum")


def keep(apps, schema_editor):
    guards = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for table in TABLES:
        for statement in guards.append_only(table):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("recording", "0012_open_postings")]

    operations = [
        migrations.CreateModel(
            name="LedgerSpan",
            fields=[
                ("until", models.BigIntegerField(primary_key=True, serialize=False)),
                ("after", models.BigIntegerField(unique=True)),
            ],
            options={"verbose_name": "bagian buku yang dijumlahkan", "verbose_name_plural": "bagian buku yang dijumlahkan"},
        ),
        migrations.CreateModel(
            name="LedgerSum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "region",
                        "document",
                        "day",
                        "source",
                        "until",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("document", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("source", models.CharField(max_length=40)),
                ("until", models.BigIntegerField()),
                ("people", models.BigIntegerField()),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="sums",
                        to="recording.region",
                    ),
                ),
            ],
            options={"verbose_name": "jumlah buku", "verbose_name_plural": "jumlah buku"},
        ),
        migrations.AddIndex(model_name="coveragerun", index=models.Index(fields=["finished_at"], name="run_finished")),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
