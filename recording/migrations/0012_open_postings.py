"""Large acts of writing go on part by part, unseen until they have ended (docs/decisions/0023)."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from recording.guards import current_counts


def create_view(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(current_counts.CREATE, params=None)


def drop_view(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(current_counts.DROP, params=None)


def _to(model: str) -> models.ForeignKey:
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [("recording", "0011_previews_with_folds")]

    operations = [
        migrations.AlterField("dailycount", "posting", _to("recording.posting")),
        migrations.AlterField("dailycount", "region", _to("recording.region")),
        migrations.CreateModel(
            name="OpenPosting",
            fields=[
                ("number", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("first_change", models.BigIntegerField()),
                ("holder", models.CharField(max_length=32)),
                ("until", models.DateTimeField()),
                (
                    "posting",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="recording.posting"),
                ),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("number", 1)), name="one_open_posting")]},
        ),
        migrations.CreateModel(
            name="CurrentCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "region", "document", "day", "source", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region", _to("recording.region")),
                ("document", models.CharField(choices=[("KTP", "Perekaman KTP-el"), ("KIA", "KIA terbit")], max_length=3)),
                ("day", models.DateField()),
                ("source", models.CharField(max_length=40)),
                ("people", models.IntegerField(null=True)),
                ("posting", _to("recording.posting")),
            ],
            options={"db_table": "recording_currentcount", "managed": False},
        ),
        migrations.RunPython(create_view, drop_view),
    ]
