"""The words by which files are read, as a clerk may look them up: straight from the tables that read them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext

from dukcapil.errors import N_
from recording.imports.layouts.categories import CATEGORY_WORDS, Category
from recording.imports.layouts.modes import SAYS_DAILY, TOTAL_WORDS
from recording.imports.layouts.roles import BOTH_WORDS, LABELS, MEN_WORDS, NOT_KEPT_WORDS, SUM_WORDS, WOMEN_WORDS, WORDS, Role
from recording.imports.layouts.row_words import NOWHERE_WORDS, TOTALS_OF_ALL_WORDS, TOTALS_OF_ROW_WORDS
from recording.parsing.region_names import DIRECTIONS, EXPANDED, NICKNAMES, PREFIXES


class Entry(NamedTuple):
    """What some words mean, how the portal reads them, and the words themselves."""

    meaning: str
    reading: str
    words: list[str]


COLUMNS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    (N_("Kode wilayah"), N_("Kode Kemendagri; kode wilayah terkecil yang dipakai."), (Role.CODE,)),
    (
        N_("Nama wilayah"),
        N_("Provinsi, kota, kecamatan, atau kelurahan di baris itu."),
        (Role.REGION, Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.VILLAGE, Role.NAME),
    ),
    (N_("Dokumen"), N_("KTP atau KIA, menurut barisnya."), (Role.DOCUMENT,)),
    (N_("Tanggal"), N_("Hari pelayanan, menurut barisnya."), (Role.DAY,)),
    (N_("Sudah"), N_("Yang direkam, atau KIA yang terbit: kolom ini diimpor."), (Role.RECORDED, Role.PEOPLE)),
    (N_("Belum"), N_("Yang belum direkam: tidak pernah diimpor sebagai hitungan."), (Role.REMAINING,)),
    (N_("Target"), N_("Sasaran; WKTP dan WAJIB KTP adalah semua yang wajib, dan ditanyakan dulu."), (Role.TARGET,)),
    (N_("Bukan hitungan"), N_("Yang belum wajib, gagal, ditolak, atau hanya diganti kartunya; dilewati."), (Role.OTHER,)),
    (
        N_("Isi berkas target"),
        N_("Periode, sumber, tanggal berlaku, jenis, dan angka awal."),
        (Role.PERIOD, Role.SOURCE, Role.EFFECTIVE_FROM, Role.KIND, Role.OPENING),
    ),
    (N_("Dilewati"), N_("Nomor urut, persen, dan keterangan."), (Role.IGNORED,)),
)

CATEGORIES: tuple[tuple[Category, str, str], ...] = (
    (Category.DONE, N_("Sudah"), N_("Diusulkan untuk dihitung, dan selalu ditanyakan.")),
    (Category.LEFT, N_("Belum"), N_("Tidak pernah dihitung; barisnya dilewati.")),
    (Category.SEX, N_("L dan P"), N_("Dijumlahkan, setelah ditanyakan.")),
    (Category.WHOLE, N_("Jumlah"), N_("Jumlah baris lain; tidak pernah diusulkan.")),
    (Category.DOCUMENT, N_("Dokumen"), N_("Tiap baris dihitung untuk dokumennya.")),
)


def column_words() -> list[Entry]:
    """The words of column titles."""
    return [
        Entry(gettext(meaning), gettext(reading), [word for role in roles for word in _words_of(role)])
        for meaning, reading, roles in COLUMNS
    ]


def part_words() -> list[Entry]:
    """The words by which several columns of one document are told apart, and documents that have no figures here."""
    asked = N_("Bagian dari satu dokumen: portal bertanya kolom mana yang dihitung, atau menjumlahkan keduanya.")
    return [
        Entry(gettext(N_("Laki-laki")), gettext(asked), MEN_WORDS.split("|")),
        Entry(gettext(N_("Perempuan")), gettext(asked), WOMEN_WORDS.split("|")),
        Entry(
            gettext(N_("Keduanya")),
            gettext(N_("Jumlah kolom lain dari dokumen itu; diusulkan lebih dulu.")),
            [*SUM_WORDS.split("|"), *(words.replace(" ", "+") for words in BOTH_WORDS.split("|"))],
        ),
        Entry(gettext(N_("Dokumen lain")), gettext(N_("Tidak dicatat di portal; dilewati.")), NOT_KEPT_WORDS.split("|")),
    ]


def title_words() -> list[Entry]:
    """The words of titles, sheets and file names that say whether numbers are totals."""
    return [
        Entry(
            gettext(N_("Total sampai hari itu")),
            gettext(N_("Diusulkan sebagai total; portal bertanya dulu.")),
            list(TOTAL_WORDS),
        ),
        Entry(gettext(N_("Hitungan hari itu saja")), gettext(N_("Judul templat portal; tidak ditanyakan lagi.")), [SAYS_DAILY]),
    ]


def category_words() -> list[Entry]:
    """The words by which rows of one region differ."""
    return [Entry(gettext(meaning), gettext(reading), CATEGORY_WORDS[each].split("|")) for each, meaning, reading in CATEGORIES]


def row_words() -> list[Entry]:
    """The words of rows that are no region."""
    total, nowhere = N_("Baris jumlah: dicocokkan, tidak diimpor."), N_("Orang tanpa wilayah di portal: tidak diimpor.")
    return [
        Entry(gettext(N_("Jumlah")), gettext(total), sorted(f"{TOTALS_OF_ROW_WORDS}|{TOTALS_OF_ALL_WORDS}".split("|"))),
        Entry(gettext(N_("Tak terpetakan")), gettext(nowhere), sorted(NOWHERE_WORDS.split("|"))),
    ]


def name_words() -> list[Entry]:
    """Short forms in names of regions: (short form → what it is read as)."""
    return [
        Entry(gettext(N_("Kota")), gettext(N_("Nama pendek kota.")), _pairs(NICKNAMES)),
        Entry(gettext(N_("Arah")), gettext(N_("Di akhir nama.")), _pairs(DIRECTIONS)),
        Entry(gettext(N_("Awal nama")), gettext(N_("KEP. SERIBU, P. PANGGANG.")), _pairs(EXPANDED)),
        Entry(gettext(N_("Sebutan di depan nama")), gettext(N_("Diabaikan: KEC. TEBET adalah Tebet.")), list(PREFIXES)),
    ]


def _words_of(role: Role) -> Iterable[str]:
    yield from (word for word in LABELS.get(role, "").split("|") if word)
    for rule in WORDS:
        if rule.role == role:
            yield from rule.words.split("|")


def _pairs(readings: Mapping[str, str]) -> list[str]:
    return [f"{short} → {long}" for short, long in readings.items()]
