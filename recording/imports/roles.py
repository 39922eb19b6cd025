"""What a column holds, by its label."""

import re
import unicodedata
from enum import StrEnum


class Role(StrEnum):
    """What a column holds."""

    CODE = "code"
    REGION = "region"  # a code or a name
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    VILLAGE = "village"
    NAME = "name"  # of a region of any level
    DOCUMENT = "document"
    DAY = "day"
    PERIOD = "period"
    SOURCE = "source"
    EFFECTIVE_FROM = "effective_from"
    KIND = "kind"
    OPENING = "opening"
    PEOPLE = "people"
    TARGET = "target"
    REMAINING = "remaining"
    RECORDED = "recorded"
    DATED = "dated"  # people of the day or month that is its label
    IGNORED = "ignored"
    OTHER = "other"


LEVEL_ROLES = {Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.VILLAGE}
PLACE_ROLES = LEVEL_ROLES | {Role.CODE, Role.REGION, Role.NAME}
NUMBER_ROLES = {Role.PEOPLE, Role.TARGET, Role.REMAINING, Role.RECORDED, Role.DATED, Role.OTHER}
REPEATABLE = NUMBER_ROLES | {Role.IGNORED}  # any number of columns may have these

# Whole labels, normalised. Of several columns of one role the one whose label stands first here keeps it, wherever it
# stands in the file: the code of the smallest region, and the date rather than the weekday.
LABELS: dict[Role, str] = {
    Role.CODE: "KEMENDAGRI KODE DESA KELURAHAN|KEMENDAGRI KODE KELURAHAN|KODE KEMENDAGRI|KODE DAGRI|KODE KELURAHAN|"
    "KODE DESA|KODE KELURAHAN DESA|KODE DESA KELURAHAN|KODE KEL|ID KELURAHAN|ID KEL|KODE WILAYAH|KODE|CODE|"
    "KODE ADM|ID WILAYAH|KEMENDAGRI KODE KECAMATAN|KODE KECAMATAN|KODE KEC|ID KECAMATAN|ID KEC|"
    "KEMENDAGRI KODE KABUPATEN KOTA|KODE KOTA|KODE KABUPATEN|KODE KABUPATEN KOTA|KODE KAB KOTA|ID KOTA|"
    "KODE PROVINSI|ID PROVINSI|ID",
    Role.REGION: "WILAYAH|REGION",
    Role.PROVINCE: "PROVINSI|NAMA PROVINSI|KEMENDAGRI NAMA PROVINSI|PROVINCE",
    Role.CITY: "KOTA|NAMA KOTA|WILAYAH KOTA|KABUPATEN|KABUPATEN KOTA|KOTA KABUPATEN|KAB KOTA|NAMA KABUPATEN|"
    "NAMA KABUPATEN KOTA|KEMENDAGRI NAMA KABUPATEN KOTA|KOTA ADMINISTRASI|KOTA ADM|CITY|SUDIN|SUKU DINAS",
    Role.DISTRICT: "KECAMATAN|NAMA KECAMATAN|KEMENDAGRI NAMA KECAMATAN|KEC|DISTRICT",
    Role.VILLAGE: "KELURAHAN|NAMA KELURAHAN|KEMENDAGRI NAMA DESA KELURAHAN|KEMENDAGRI NAMA KELURAHAN|DESA|"
    "DESA KELURAHAN|KELURAHAN DESA|NAMA DESA|KEL|VILLAGE",
    Role.NAME: "NAMA|NAME|NAMA WILAYAH|ROW LABELS|LABEL BARIS",
    Role.DOCUMENT: "DOKUMEN|DOCUMENT|JENIS DOKUMEN",
    Role.DAY: "TANGGAL|TGL|TANGGAL PELAYANAN|HARI|DAY|DATE",
    Role.PERIOD: "PERIODE|PERIOD|TAHUN",
    Role.SOURCE: "SUMBER|SOURCE",
    Role.EFFECTIVE_FROM: "BERLAKU|BERLAKU SEJAK|TANGGAL BERLAKU|EFFECTIVE FROM",
    Role.KIND: "JENIS TARGET|KIND|JENIS",
    Role.OPENING: "AWAL|ANGKA AWAL|OPENING",
    Role.PEOPLE: "JUMLAH|JML|PEOPLE|JUMLAH ORANG|ORANG",
    Role.IGNORED: "NO|NOMOR|NO URUT|KETERANGAN|KET|CATATAN|BARIS|ALASAN|PERSEN|PERSENTASE|PERCENT|NOTE|NOTES",
}
ROLE_OF = {label: role for role, labels in LABELS.items() for label in labels.split("|")}
RANK = {label: rank for rank, label in enumerate(ROLE_OF)}
DOCUMENT = "(?:KIA|E ?KTP|KTP(?: ?EL)?)"  # the name of a document, and nothing else
# Words anywhere in a label, tried in this order. What is a share is no number of people, whatever else it says; what
# is not yet done is never what is done; who is too young for a card is not one who still has to be recorded.
WORDS: tuple[tuple[Role, str], ...] = (
    (Role.IGNORED, r"%|\bP(?:ER|RO)SEN|\bBPS\b|\bRASIO\b"),
    (Role.DAY, r"^(?:TANGGAL|TGL) (?:PEREKAMAN|REKAM|TERBIT|PENERBITAN|LAYANAN|LAPORAN|KEGIATAN|DATA)\b"),
    (Role.OTHER, r"\bBELUM WAJIB\b"),
    (Role.REMAINING, r"\b(?:BELUM|BLM|TIDAK|TDK|SISA|KURANG)\b"),
    (Role.TARGET, r"\b(?:SASARAN|TARGET|WKTP|WAJIB (?:E ?KTP|KTP|KIA))\b"),
    (Role.RECORDED, r"\b(?:SUDAH|SDH|REALISASI|(?:TE|PE)?REKAM(?:AN)?|TERBIT|CAPAIAN|TERCATAT|MEMILIKI)\b"),
    # A KIA counts when it is issued, a KTP-el when its owner is recorded: printing the card comes later.
    (Role.RECORDED, r"\bKIA (?:TER|PEN)?CETAK(?:AN)?\b|\b(?:PENERBITAN|(?:TER|PEN|DI)?CETAK(?:AN)?) KIA\b"),
    (Role.RECORDED, rf"^{DOCUMENT}(?: (?:L|P|LK|PR|LAKI LAKI|PEREMPUAN|L P|LK PR))?$"),
    (Role.PEOPLE, rf"^(?:JUMLAH|TOTAL) (?:E ?KTP|KTP|KIA)|^{DOCUMENT} (?:JML|JUMLAH|TOTAL)$"),
)
# Of several columns of one document: their sum, and the two that make it.
SUM = r"^(?:JUMLAH|JML|TOTAL)\b|\b(?:JUMLAH|JML|TOTAL|L P|LK PR)$"
MEN, WOMEN = r"\b(?:L|LK|LAKI|LAKI LAKI|PRIA)$", r"\b(?:P|PR|PEREMPUAN|WANITA)$"
STOCK = r"\b(?:WKTP|WAJIB)\b"  # everybody who must have the document, and not who is to come in a period
NOT_KEPT = r"\b(?:AKTA|KK|KARTU KELUARGA|IKD|SURAT PINDAH|SKPWNI)\b"  # documents that the portal has no figures of
DOCUMENTS = (("KIA", r"\bKIA\b|\bKARTU IDENTITAS ANAK\b"), ("KTP", r"\b(?:E ?)?KTP(?:EL)?\b"))


def normalise_label(label: str) -> str:
    """Upper case without accents and unseen signs; only letters, digits, # and %, single spaces between words."""
    letters = unicodedata.normalize("NFKD", label).upper()
    plain = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"[^A-Z0-9#%]+", " ", plain).split())


def role_of(key: str) -> Role:
    """The role that a normalised label stands for."""
    if key in ROLE_OF:
        return ROLE_OF[key]
    return next((role for role, words in WORDS if re.search(words, key)), Role.OTHER)


def document_of(key: str) -> str:
    """The document that a normalised label names; "" for none, and for both of them."""
    named = [document for document, words in DOCUMENTS if re.search(words, key)]
    return named[0] if len(named) == 1 else ""
