"""django-import-export with its bulk settings in place of our import, in two ways.

Both write the counts alone, of a file without bad rows, into a table without ledger, day index or range checks, in one
transaction, make no differences and keep no rows. Left to itself the tool would also ask the database twice a row.
"""

import time

from django.db import connection, models
from import_export import fields, instance_loaders, resources, widgets
from tablib import Dataset

from benchmarks.imports.counts_file import CountsFile
from recording.models import Posting, Region


class PlainCount(models.Model):
    """The columns, key and foreign keys of `DailyCount`. No migration knows it: its table lives for one measurement."""

    pk = models.CompositePrimaryKey("region", "document", "day", "source")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=3)
    day = models.DateField()
    source = models.CharField(max_length=40)
    people = models.IntegerField(null=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        app_label = "recording"
        db_table = "benchmark_plaincount"
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


class StoredCounts(instance_loaders.BaseInstanceLoader):
    """Finds stored counts in memory, all read by one query. The tool's own loader of this kind takes one key field."""

    def __init__(self, resource: resources.ModelResource, dataset: Dataset | None = None) -> None:
        super().__init__(resource, dataset)
        self._stored = {count.pk: count for count in PlainCount._default_manager.all()}
        self._key = [resource.fields[name] for name in resource.get_import_id_fields()]

    def get_instance(self, row: dict[str, str]) -> PlainCount | None:
        region, *others = (field.clean(row) for field in self._key)
        return self._stored.get((region.pk, *others))


class PlainCounts(resources.ModelResource):
    """Does what an import must: looks up the region and the stored count of each row, both read once beforehand."""

    region = fields.Field("region", "kode", widget=widgets.CachedForeignKeyWidget(Region, "code"))
    document = fields.Field("document", "dokumen", widget=widgets.CharWidget())
    day = fields.Field("day", "tanggal", widget=widgets.DateWidget("%Y-%m-%d"))
    source = fields.Field("source", "sumber", widget=widgets.CharWidget())
    people = fields.Field("people", "jumlah", widget=widgets.IntegerWidget())

    class Meta:
        model = PlainCount
        fields = ("region", "document", "day", "source", "people")
        import_id_fields = ("region", "document", "day", "source")
        use_bulk = True
        batch_size = 1000
        instance_loader_class = StoredCounts
        use_transactions = True
        skip_unchanged = False
        report_skipped = False
        skip_diff = True
        skip_html_diff = True
        clean_model_instances = False

    def __init__(self, posting: int) -> None:
        super().__init__()
        self._posting = posting

    def init_instance(self, row: object = None) -> PlainCount:
        return PlainCount(posting_id=self._posting)


def import_seconds(file: CountsFile, posting: int) -> float:
    """How long the tool takes from the file to the committed rows."""
    with connection.schema_editor() as editor:
        editor.create_model(PlainCount)
    try:
        start = time.perf_counter()
        with file.good_path.open(encoding="utf-8", newline="") as lines:
            table = Dataset().load(lines, format="csv")
        PlainCounts(posting).import_data(table, raise_errors=True)
        seconds = time.perf_counter() - start
        if PlainCount._default_manager.count() != file.size - file.bad:
            raise RuntimeError("django-import-export did not write every row")
        return seconds
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(PlainCount)
