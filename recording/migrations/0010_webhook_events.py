"""A delivery tells an event: a new official run, or that one became void. Until now only the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recording", "0009_previews_read_anew")]

    operations = [
        migrations.RemoveConstraint(model_name="webhookdelivery", name="run_once_per_webhook"),
        migrations.AddField(
            model_name="webhookdelivery",
            name="event",
            field=models.CharField(
                choices=[("run.official", "Angka resmi baru"), ("run.void", "Tidak berlaku")],
                default="run.official",
                max_length=12,
                verbose_name="kabar",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("webhook", "run", "event"), name="event_once_per_webhook"),
        ),
    ]
