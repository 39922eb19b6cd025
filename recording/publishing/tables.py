"""The rows of the files that people take with them: templates to fill in, counts and targets.

Their labels are always Indonesian, whatever the language of the page: the importer and the offices read them so.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import dateformat, translation

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from recording.coverage.figures import period_for
from recording.models import DailyCount, Document, Level, Period, Region, Target
from recording.parsing.region_names import level_of, parent_of
from recording.publishing.exports import MOST_ROWS, Column, Table, Value, too_long
from recording.regions.selectors import visible_region

CHUNK = 2_000  # rows that are taken from the database at once
CODE = Column("Kode", 16)
CITY, DISTRICT, VILLAGE = Column("Kota", 32), Column("Kecamatan", 26), Column("Kelurahan", 26)
COUNT_COLUMNS = (
    CODE,
    CITY,
    DISTRICT,
    VILLAGE,
    Column("Dokumen", 10),
    Column("Tanggal", 12),
    Column("Sumber", 16),
    Column("Jumlah", 12, people=True),
)
TARGET_COLUMNS = (
    CODE,
    Column("Nama", 32),
    Column("Dokumen", 10),
    Column("Periode", 12),
    Column("Target", 14, people=True),
    Column("Sumber", 40),
    Column("Berlaku", 12),
    Column("Jenis", 8),
    Column("Awal", 14, people=True),
)
TARGET_ENTRIES = (
    CODE,
    Column("Nama", 26),
    DISTRICT,
    CITY,
    Column("Dokumen", 10),
    Column("Periode", 12),
    Column("Target", 14, people=True, entry=True),
    Column("Sumber", 40, entry=True),
    Column("Berlaku", 12),
)
NUMBERS = (
    "Tulis bilangan bulat, misalnya 1250 atau 1.250. Kosong berarti belum ada datanya; nol ditulis 0 atau NIHIL.",
    "Jangan menulis NIK, nomor KK, atau nama warga: portal hanya menerima jumlah orang, dan menolak berkas ber-NIK.",
    "Kode dan nama wilayah sudah terisi; jangan diubah. Baris yang tidak diperlukan boleh dihapus.",
)
COUNT_NOTES = (
    "Isi dua kolom berwarna: orang yang direkam untuk KTP-el dan KIA yang terbit pada hari di judul, hari itu saja.",
    *NUMBERS,
    "Untuk hari lain, ubah tanggal di judul dan di nama berkas, atau unduh templat hari itu.",
    "Angka dicatat sebagai pelayanan di loket; sumber lain dapat dipilih sesudah berkas diunggah.",
)
TARGET_NOTES = (
    "Isi kolom berwarna: target periode dan sumbernya, yaitu nomor keputusan atau surat.",
    *NUMBERS,
    "Berlaku adalah hari pertama target itu dipakai; tulis seperti 2021-01-31.",
)


def count_template(by: Actor, day: date) -> Table:
    """The kelurahan for which `by` may record counts, open on that day, with a blank column for each document."""
    require(by=by, action=Action.COUNT_WRITE)
    with translation.override(settings.LANGUAGE_CODE):
        title = f"Hitungan harian, keadaan {dateformat.format(day, 'j F Y')}"
        documents = [Column(str(label), 14, people=True, entry=True) for label in Document.labels]
    rows = [
        (code, city, district, name, *[None] * len(documents))
        for code, name, district, city, _ in _villages(by, Action.COUNT_WRITE, day, day)
    ]
    columns = (CODE, Column("Kota/Kabupaten", 32), DISTRICT, VILLAGE, *documents)
    return Table(f"templat-hitungan-{day.isoformat()}", "Hitungan", columns, rows, title, COUNT_NOTES)


def target_template(by: Actor, name: str | None, day: date) -> Table:
    """The kelurahan whose targets `by` may set, once for each document, for the period of that name or of the day."""
    require(by=by, action=Action.TARGET_WRITE)
    period = _period(name, day)
    rows = [
        (code, village, district, city, document, period.name, None, None, max(opened, period.first_day).isoformat())
        for code, village, district, city, opened in _villages(
            by, Action.TARGET_WRITE, period.first_day, period.last_day
        )
        for document in Document.values
    ]
    title = f"Target periode {period.name}"
    return Table(f"templat-target-{period.name}", "Target", TARGET_ENTRIES, rows, title, TARGET_NOTES)


def _villages(by: Actor, action: Action, first: date, last: date) -> list[tuple[str, str, str, str, date]]:
    """(code, name, kecamatan, city, first day) of each one that is open in these days. NotFound when there is none."""
    found = (
        Region.objects.allowed_to(by, action)
        .filter(level=Level.VILLAGE)
        .filter(Q(opened=None) | Q(opened__lte=last), Q(closed=None) | Q(closed__gte=first))
        .order_by("code")
        .values_list("code", "name", "parent__name", "parent__parent__name", "opened")
    )
    villages = [(code, name, district, city, opened or date.min) for code, name, district, city, opened in found]
    if not villages:
        raise NotFound(N_("Tidak ada kelurahan yang dapat Anda isi untuk waktu itu."), "region")
    return villages


def export_days(first: date | None, last: date | None, day: date) -> tuple[date, date]:
    """The span of an export; what is not said is that of the period of the day. Refused when it ends too early."""
    if first is None or last is None:
        period = _period(None, day)
        first, last = first or period.first_day, last or period.last_day
    if last < first:
        raise Refused(N_("Hari terakhir mendahului hari pertama."), "sampai")
    return first, last


def _period(name: str | None, day: date) -> Period:
    period = period_for(list(Period.objects.all()), name, day)
    if period is None:
        raise Refused(N_("Belum ada periode. Tetapkan periode lebih dahulu."), "period")
    return period


def counts_table(by: Actor, code: str, document: str, first: date, last: date, *, whole: bool = False) -> Table:
    """The stored counts of a region and everything below it, one row each; `document` "" means all of them.

    Missing ones are left out. Refused when a sheet does not hold them, unless the `whole` is asked for.
    """
    require(by=by, action=Action.COUNT_READ, code=code)
    region = visible_region(by, code)
    counts = DailyCount.objects.visible_to(by).below(code).filter(day__range=(first, last), people__isnull=False)
    if document:
        counts = counts.filter(document=document)
    if not whole:
        _check_length(counts)
    parts = ["hitungan", region.code, *([document] if document else []), first.isoformat(), last.isoformat()]
    return Table("-".join(parts), "Hitungan", COUNT_COLUMNS, _count_rows(counts, _names(code)))


def _count_rows(counts: QuerySet[DailyCount], names: dict[str, str]) -> Iterator[Sequence[Value]]:
    rows = counts.order_by("day", "region_id", "document", "source").values_list(
        "day", "region_id", "document", "source", "people"
    )
    lines: dict[str, tuple[str, ...]] = {}
    for day, code, document, source, people in rows.iterator(CHUNK):
        if code not in lines:
            lines[code] = (code, *_above(code, names))
        yield (*lines[code], document, day.isoformat(), source, people)


def _names(code: str) -> dict[str, str]:
    """The names of all regions of the province in which a region lies."""
    return dict(Region.objects.below(code[:2]).values_list("code", "name"))


def _above(code: str, names: dict[str, str]) -> tuple[str, str, str]:
    """The names of city, district and village; "" below the region's own level. A province has none of them."""
    found, each = {}, code
    while parent := parent_of(each):
        found[level_of(each)] = names[each]
        each = parent
    return found.get("city", ""), found.get("district", ""), found.get("village", "")


def targets_table(by: Actor, code: str, *, whole: bool = False) -> Table:
    """The newest version of every target of a region and everything below it, in all periods; withdrawn ones are left
    out. Refused when a sheet does not hold them, unless the `whole` is asked for."""
    require(by=by, action=Action.COUNT_READ, code=code)
    region = visible_region(by, code)
    same = {name: OuterRef(name) for name in ("region", "document", "period", "kind")}
    newest = Target.objects.filter(**same).order_by("-version").values("version")[:1]
    targets = Target.objects.visible_to(by).below(code).filter(people__isnull=False, version=Subquery(newest))
    if not whole:
        _check_length(targets)
    return Table(f"target-{region.code}", "Target", TARGET_COLUMNS, _target_rows(targets))


def _target_rows(targets: QuerySet[Target]) -> Iterator[Sequence[Value]]:
    rows = targets.order_by("period__first_day", "region_id", "document", "kind").values_list(
        "region_id", "region__name", "document", "period__name", "people", "source", "effective_from", "kind", "opening"
    )
    for code, name, document, period, people, source, since, kind, opening in rows.iterator(CHUNK):
        yield code, name, document, period, people, source, since.isoformat(), kind, opening


def _check_length(rows: "QuerySet[DailyCount] | QuerySet[Target]") -> None:
    """Counts no further than a sheet reaches. Its first row is the header."""
    if rows.order_by()[:MOST_ROWS].count() == MOST_ROWS:
        raise too_long()
