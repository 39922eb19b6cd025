"""The templates that people fill in and import: the regions for which they may write, with blank cells.

Labels are always Indonesian, whatever the language of the page: the importer and the offices read them so.
"""

from datetime import date

from django.conf import settings
from django.utils import dateformat, translation

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from recording.coverage.figures import period_for
from recording.models import Document, Level, Period, Region
from recording.publishing.table import Column, Table

CODE = Column("Kode", 16)
CITY, DISTRICT, VILLAGE = Column("Kota", 32), Column("Kecamatan", 26), Column("Kelurahan", 26)
TARGET_COLUMNS = (
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
    period = period_or_refused(name, day)
    rows = [
        (code, village, district, city, document, period.name, None, None, max(opened, period.first_day).isoformat())
        for code, village, district, city, opened in _villages(by, Action.TARGET_WRITE, period.first_day, period.last_day)
        for document in Document.values
    ]
    title = f"Target periode {period.name}"
    return Table(f"templat-target-{period.name}", "Target", TARGET_COLUMNS, rows, title, TARGET_NOTES)


def _villages(by: Actor, action: Action, first: date, last: date) -> list[tuple[str, str, str, str, date]]:
    """(code, name, kecamatan, city, first day) of each one that is open in these days. NotFound when there is none."""
    rows = (
        Region.objects.allowed_to(by, action)
        .filter(level=Level.VILLAGE)
        .open_between(first, last)
        .order_by("code")
        .values_list("code", "name", "parent__name", "parent__parent__name", "opened")
    )
    villages = [(code, name, district, city, opened or date.min) for code, name, district, city, opened in rows]
    if not villages:
        raise NotFound(N_("Tidak ada kelurahan yang dapat Anda isi untuk waktu itu."), "region")
    return villages


def period_or_refused(name: str | None, day: date) -> Period:
    """The period of that name, else that of the day. Refused while none is defined."""
    period = period_for(list(Period.objects.all()), name, day)
    if period is None:
        raise Refused(N_("Belum ada periode. Tetapkan periode lebih dahulu."), "period")
    return period
