"""A source has a mapping of columns for each layout. The old ones say of no layout they were; they are asked for once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recording", "0005_former_names")]

    operations = [
        migrations.RunSQL("DELETE FROM recording_importmapping", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="importmapping", name="one_mapping_per_source"),
        migrations.AddField(
            model_name="importmapping", name="layout", field=models.CharField(max_length=64, default=""), preserve_default=False
        ),
        migrations.AddConstraint(
            model_name="importmapping",
            constraint=models.UniqueConstraint(fields=("kind", "source", "layout"), name="one_mapping_per_source_and_layout"),
        ),
    ]
