"""Files that wait for a decision are read again: their previews lack the lines of changes and the targets beside counts."""

from typing import Any

from django.db import migrations

READ_ANEW = "Portal membaca berkas ini sekali lagi dengan aturan yang baru; belum ada yang disimpan. Periksa lagi, lalu impor."


def read_anew(apps: Any, schema_editor: Any) -> None:
    batches = apps.get_model("recording", "ImportBatch").objects.using(schema_editor.connection.alias)
    batches.filter(state="ready").update(state="checking", summary={}, progress=0, refusal=READ_ANEW)


class Migration(migrations.Migration):
    dependencies = [("recording", "0010_webhook_events")]

    operations = [migrations.RunPython(read_anew, migrations.RunPython.noop)]
