"""What each night forecasts, and what became of it. The database keeps both; the nights that come fill them."""

import django.db.models.deletion
from django.db import migrations, models

from recording.guards import postgresql, sqlite

TABLES = ("recording_coverageforecast", "recording_forecastoutcome")


def keep(apps, schema_editor):
    guards = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for table in TABLES:
        for statement in guards.append_only(table):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("recording", "0014_plainer_words")]

    operations = [
        migrations.CreateModel(
            name="ForecastOutcome",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "document", "period", "region", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("document", models.CharField(choices=[("KTP", "Perekaman KTP-el"), ("KIA", "KIA terbit")], max_length=3)),
                ("band", models.SmallIntegerField()),
                ("reached_on", models.DateField(null=True)),
                ("inside", models.BooleanField()),
                ("known_in", models.BigIntegerField()),
                (
                    "period",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="recording.period",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="recording.region",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="recording.coveragerun",
                    ),
                ),
            ],
            options={"verbose_name": "hasil perkiraan", "verbose_name_plural": "hasil perkiraan"},
        ),
        migrations.CreateModel(
            name="CoverageForecast",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "document", "period", "region", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("document", models.CharField(choices=[("KTP", "Perekaman KTP-el"), ("KIA", "KIA terbit")], max_length=3)),
                ("band", models.SmallIntegerField()),
                ("state", models.CharField(max_length=12)),
                ("recorded", models.BigIntegerField()),
                ("target", models.BigIntegerField()),
                ("pace_people", models.BigIntegerField()),
                ("pace_days", models.SmallIntegerField()),
                ("expected_on", models.DateField(null=True)),
                ("low_on", models.DateField(null=True)),
                ("middle_on", models.DateField(null=True)),
                ("high_on", models.DateField(null=True)),
                ("counted", models.BooleanField()),
                ("known", models.IntegerField()),
                ("inside", models.IntegerField()),
                (
                    "period",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="recording.period",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="recording.region",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="forecasts",
                        to="recording.coveragerun",
                    ),
                ),
            ],
            options={
                "verbose_name": "perkiraan",
                "verbose_name_plural": "perkiraan",
                "indexes": [
                    models.Index(
                        condition=models.Q(("counted", True)), fields=["document", "period", "region"], name="forecast_counted"
                    )
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
