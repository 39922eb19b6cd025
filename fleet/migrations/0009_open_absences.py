"""Absences may begin at an hour and have no last day yet; what was done to the stops of the schedule is kept, act by act.

The guards that speak of absences go first and come back with the new rule: SQLite builds the table anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from fleet import guards


def drop_former(apps, schema_editor):
    _execute(schema_editor, guards.replaced_by_open_absences)


def restore_former(apps, schema_editor):
    _execute(schema_editor, guards.restored_without_open_absences)


def create(apps, schema_editor):
    _execute(schema_editor, guards.create_open_absences)


def drop(apps, schema_editor):
    _execute(schema_editor, guards.drop_open_absences)


def _execute(schema_editor, statements):
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0008_reminders_by_hand"),
        ("recording", "0014_plainer_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_former, restore_former),
        migrations.AddField(
            model_name="vanabsence",
            name="from_hour",
            field=models.TimeField(
                blank=True, help_text="NULL: the whole of the first day.", null=True, verbose_name="mulai pukul"
            ),
        ),
        migrations.AlterField(
            model_name="vanabsence",
            name="last_day",
            field=models.DateField(
                blank=True, help_text="NULL: until further notice.", null=True, verbose_name="hari terakhir"
            ),
        ),
        migrations.CreateModel(
            name="ScheduleAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="waktu")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("copy", "Minggu disalin"),
                            ("publish", "Minggu diterbitkan"),
                            ("breakdown", "Mobil tidak beroperasi"),
                            ("change", "Diubah"),
                            ("cancel", "Titik dibatalkan"),
                            ("resume", "Dijadwalkan lagi"),
                        ],
                        max_length=10,
                        verbose_name="tindakan",
                    ),
                ),
                ("monday", models.DateField(null=True, verbose_name="minggu")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="diurungkan")),
                (
                    "absence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="acts",
                        to="fleet.vanabsence",
                        verbose_name="mobil tidak siap",
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recording.region",
                        verbose_name="pangkalan",
                    ),
                ),
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="diurungkan oleh",
                    ),
                ),
            ],
            options={
                "verbose_name": "tindakan atas jadwal",
                "verbose_name_plural": "tindakan atas jadwal",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ScheduleStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField(null=True, verbose_name="sebelumnya")),
                ("after", models.JSONField(verbose_name="sesudahnya")),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="fleet.scheduleact",
                        verbose_name="tindakan",
                    ),
                ),
                (
                    "trip",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="steps",
                        to="fleet.trip",
                        verbose_name="jadwal",
                    ),
                ),
            ],
            options={"verbose_name": "perubahan jadwal", "verbose_name_plural": "perubahan jadwal", "ordering": ["pk"]},
        ),
        migrations.AddIndex(
            model_name="scheduleact", index=models.Index(fields=["monday", "kind"], name="fleet_sched_monday_e9c2ca_idx")
        ),
        migrations.RunPython(create, drop),
    ]
