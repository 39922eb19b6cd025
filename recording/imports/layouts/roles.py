"""What a column holds, by its label."""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple


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
    DATED = "dated"  # people of the day or month that its label names
    IGNORED = "ignored"
    OTHER = "other"


GROUPED = " · "  # between the parts of a label, from the top of the header down
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
    Role.IGNORED: "LEMBAR|NO|NOMOR|NO URUT|KETERANGAN|KET|CATATAN|BARIS|ALASAN|PERSEN|PERSENTASE|PERCENT|NOTE|NOTES",
}
ROLE_OF = {label: role for role, labels in LABELS.items() for label in labels.split("|")}
RANK = {label: rank for rank, label in enumerate(ROLE_OF)}
MEN_WORDS, WOMEN_WORDS, BOTH_WORDS = "L|LK|LAKI|LAKI LAKI|PRIA", "P|PR|PEREMPUAN|WANITA", "L P|LK PR"
DOCUMENT = "(?:KIA|E ?KTP|KTP(?: ?EL)?)"  # the name of a document, and nothing else


class Words(NamedTuple):
    """A rule of labels: which role has a label with one of these words (divided by "|", as they are shown to people)
    anywhere in it, or one of the form of `pattern`, for which the words are examples."""

    role: Role
    words: str
    pattern: str = ""

    def fit(self, key: str) -> bool:
        """Whether a normalised label follows the rule."""
        return re.search(self.pattern or rf"\b(?:{self.words})\b", key) is not None


# Tried in this order. What is a share is no number of people, whatever else it says; what is not yet done is never what
# is done; who is too young for a card is not one who still has to be recorded.
WORDS = (
    Words(Role.IGNORED, "%|PERSEN|PERSENTASE|PROSENTASE|BPS|RASIO", r"%|\bP(?:ER|RO)SEN|\bBPS\b|\bRASIO\b"),
    Words(
        Role.DAY,
        "TANGGAL PEREKAMAN|TANGGAL TERBIT|TANGGAL LAYANAN|TANGGAL LAPORAN|TGL KEGIATAN|TGL DATA",
        r"^(?:TANGGAL|TGL) (?:PEREKAMAN|REKAM|TERBIT|PENERBITAN|LAYANAN|LAPORAN|KEGIATAN|DATA)\b",
    ),
    Words(Role.OTHER, "BELUM WAJIB"),
    # Who came and was not recorded, and cards that somebody has already.
    Words(Role.OTHER, "GAGAL|DITOLAK|TERTUNDA|DITUNDA|BATAL|NON|PERMOHONAN|PENGGANTIAN|HILANG|RUSAK|DUPLIKAT"),
    Words(Role.REMAINING, "BELUM|BLM|TIDAK|TDK|SISA|KURANG"),
    Words(Role.TARGET, "SASARAN|TARGET|WKTP|WAJIB KTP|WAJIB E KTP|WAJIB EKTP|WAJIB KIA"),
    Words(
        Role.RECORDED, "SUDAH|SDH|REALISASI|REKAM|PEREKAMAN|TEREKAM|REKAMAN|PEREKAM|TEREKAMAN|TERBIT|CAPAIAN|TERCATAT|MEMILIKI"
    ),
    # A KIA counts when it is issued, a KTP-el when its owner is recorded: printing the card comes later.
    Words(
        Role.RECORDED,
        "CETAK KIA|PENCETAKAN KIA|KIA TERCETAK|PENERBITAN KIA",
        r"\bKIA (?:TER|PEN)?CETAK(?:AN)?\b|\b(?:PENERBITAN|(?:TER|PEN|DI)?CETAK(?:AN)?) KIA\b",
    ),
    Words(
        Role.RECORDED,
        "KTP|KTP-EL|E-KTP|KIA|KTP L|KIA PR|KTP L+P",
        rf"^{DOCUMENT}(?: (?:{MEN_WORDS}|{WOMEN_WORDS}|{BOTH_WORDS}))?$",
    ),
    Words(
        Role.PEOPLE,
        "JUMLAH KTP|TOTAL KIA|KTP JML|KIA JUMLAH",
        rf"^(?:JUMLAH|TOTAL) (?:E ?KTP|KTP|KIA)|^{DOCUMENT} (?:JML|JUMLAH|TOTAL)$",
    ),
)
# Of several columns of one document: their sum, and the two that make it.
SUM_WORDS = "JUMLAH|JML|TOTAL"
SUM = rf"^(?:{SUM_WORDS})\b|\b(?:{SUM_WORDS}|{BOTH_WORDS})$"
MEN, WOMEN = rf"\b(?:{MEN_WORDS})$", rf"\b(?:{WOMEN_WORDS})$"
STOCK = r"\b(?:WKTP|WAJIB)\b"  # everybody who must have the document, and not who is to come in a period
NOT_KEPT_WORDS = "AKTA|KK|KARTU KELUARGA|IKD|SURAT PINDAH|SKPWNI"
NOT_KEPT = rf"\b(?:{NOT_KEPT_WORDS})\b"  # documents that the portal has no figures of
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
    return next((rule.role for rule in WORDS if rule.fit(key)), Role.OTHER)


def document_of(key: str) -> str:
    """The document that a normalised label names; "" for none, and for both of them."""
    named = [document for document, words in DOCUMENTS if re.search(words, key)]
    return named[0] if len(named) == 1 else ""


def is_document(key: str) -> bool:
    """Whether a normalised text is the name of a document and nothing else."""
    return re.fullmatch(DOCUMENT, key) is not None


def document_named(text: str) -> str:
    """KTP or KIA for what is its name and nothing else; any other text as it is."""
    key = normalise_label(text)
    return document_of(key) if is_document(key) else text
