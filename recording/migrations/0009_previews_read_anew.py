"""Files that wait for a decision are read again: what was shown of them was read by fewer rules, and its form has changed.

What a person chose is kept but for the columns: the page sent a mode for each that nobody had chosen.
"""

from typing import Any

from django.db import migrations

READ_ANEW = "Portal membaca berkas ini sekali lagi dengan aturan yang baru; belum ada yang disimpan. Periksa lagi, lalu impor."


def read_anew(apps: Any, schema_editor: Any) -> None:
    batches = apps.get_model("recording", "ImportBatch").objects.using(schema_editor.connection.alias)
    for number, choices in batches.filter(state="ready").values_list("pk", "choices"):
        kept = {name: value for name, value in choices.items() if name != "columns"}
        batches.filter(pk=number).update(state="checking", summary={}, choices=kept, progress=0, refusal=READ_ANEW)


class Migration(migrations.Migration):
    dependencies = [("recording", "0008_period_made_at")]

    operations = [migrations.RunPython(read_anew, migrations.RunPython.noop)]
