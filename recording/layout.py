"""Where the header of a table stands, and what its columns are. Tables are read by their labels, never by position."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from dukcapil.errors import N_, Refused

Cell = str | int | float
Merged = Sequence[tuple[int, int, int, int]]
HEADER_WITHIN = 15  # rows


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
    IGNORED = "ignored"
    OTHER = "other"


WHERE = {Role.CODE, Role.REGION, Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.VILLAGE, Role.NAME}
NUMBERS = {Role.PEOPLE, Role.TARGET, Role.REMAINING, Role.RECORDED, Role.OTHER}

# Whole labels, normalised.
LABELS: dict[Role, str] = {
    Role.CODE: "KODE|CODE|KODE WILAYAH|KODE KELURAHAN|KODE DESA|KODE KELURAHAN DESA|KODE DESA KELURAHAN|KODE KECAMATAN|"
    "KODE KOTA|KODE KABUPATEN|KODE PROVINSI|KODE KEMENDAGRI|KODE DAGRI|KODE KEL|KODE KEC|ID|ID KEL|ID KEC|ID KOTA|"
    "ID WILAYAH|ID KELURAHAN|ID KECAMATAN|KODE ADM",
    Role.REGION: "WILAYAH|REGION",
    Role.PROVINCE: "PROVINSI|NAMA PROVINSI|PROVINCE",
    Role.CITY: "KOTA|NAMA KOTA|WILAYAH KOTA|KABUPATEN|KABUPATEN KOTA|KOTA KABUPATEN|KAB KOTA|NAMA KABUPATEN|"
    "NAMA KABUPATEN KOTA|KOTA ADMINISTRASI|KOTA ADM|CITY|SUDIN|SUKU DINAS",
    Role.DISTRICT: "KECAMATAN|NAMA KECAMATAN|KEC|DISTRICT",
    Role.VILLAGE: "KELURAHAN|NAMA KELURAHAN|DESA|DESA KELURAHAN|KELURAHAN DESA|NAMA DESA|KEL|VILLAGE",
    Role.NAME: "NAMA|NAME|NAMA WILAYAH|ROW LABELS|LABEL BARIS",
    Role.DOCUMENT: "DOKUMEN|DOCUMENT|JENIS DOKUMEN",
    Role.DAY: "TANGGAL|TGL|TANGGAL PELAYANAN|HARI|DAY|DATE",
    Role.PERIOD: "PERIODE|PERIOD|TAHUN",
    Role.SOURCE: "SUMBER|SOURCE",
    Role.EFFECTIVE_FROM: "BERLAKU|BERLAKU SEJAK|TANGGAL BERLAKU|EFFECTIVE FROM",
    Role.KIND: "JENIS|KIND|JENIS TARGET",
    Role.OPENING: "AWAL|ANGKA AWAL|OPENING",
    Role.PEOPLE: "JUMLAH|PEOPLE|JUMLAH ORANG|ORANG",
    Role.IGNORED: "NO|NOMOR|NO URUT|KETERANGAN|KET|CATATAN|BARIS|ALASAN|PERSEN|PERSENTASE|PERCENT|NOTE|NOTES",
}
ROLE_OF = {label: role for role, labels in LABELS.items() for label in labels.split("|")}
# Words anywhere in a label, tried in this order. What is a share is no number of people, whatever else it says; what
# is not yet done is never what is done.
WORDS: tuple[tuple[Role, str], ...] = (
    (Role.IGNORED, r"%|\bPERSEN|\bBPS\b|\bRASIO\b"),
    (Role.REMAINING, r"\bBELUM\b|\bSISA\b|\bKURANG\b"),
    (Role.TARGET, r"\bSASARAN\b|\bTARGET\b|\bWAJIB KTP\b|\bWAJIB KIA\b"),
    (
        Role.RECORDED,
        r"\bSUDAH\b|\bREALISASI\b|\bTEREKAM\b|\bPEREKAMAN\b|\bREKAM\b|\bTERBIT\b|\bCAPAIAN\b|\bTERCATAT\b",
    ),
    (Role.PEOPLE, r"^(?:JUMLAH|TOTAL) (?:E?KTP|KIA)"),
)
DOCUMENTS = (("KIA", r"\bKIA\b|\bKARTU IDENTITAS ANAK\b"), ("KTP", r"\bE ?KTP\b|\bKTP\b|\bKTPEL\b"))
REPEATABLE = NUMBERS | {Role.IGNORED}


@dataclass(frozen=True)
class Column:
    """One column. `key` is its normalised label; a later one of the same label has " #2" behind it."""

    index: int
    label: str
    key: str
    role: Role
    document: str


@dataclass(frozen=True)
class Layout:
    """The columns of a table, and where it stands. `titles` are the texts above the header with their row."""

    columns: tuple[Column, ...]
    header_row: int
    first_data_row: int
    titles: tuple[tuple[int, str], ...]

    def column(self, role: Role) -> Column | None:
        """The first column of this role."""
        return next((column for column in self.columns if column.role == role), None)

    def columns_of(self, role: Role) -> list[Column]:
        """All columns of this role, in the file's order."""
        return [column for column in self.columns if column.role == role]

    @property
    def values(self) -> list[Column]:
        """The columns that may hold numbers of people."""
        return [column for column in self.columns if column.role in NUMBERS]


def normalise_label(label: str) -> str:
    """Upper case without accents; only letters, digits, # and %, single spaces between words."""
    plain = unicodedata.normalize("NFKD", label).upper()
    return " ".join(re.sub(r"[^A-Z0-9#%]+", " ", plain).split())


def role_of(key: str) -> Role:
    """The role that a normalised label stands for."""
    if key in ROLE_OF:
        return ROLE_OF[key]
    return next((role for role, words in WORDS if re.search(words, key)), Role.OTHER)


def document_of(key: str) -> str:
    """The document that a normalised label names; "" for none."""
    return next((document for document, words in DOCUMENTS if re.search(words, key)), "")


def find_layout(rows: Sequence[tuple[int, Sequence[Cell]]], merged: Merged = ()) -> Layout:
    """The header within the first 15 rows: the row that says where, and holds most labels that are known.

    Refused when there is none. One header row or two, merged cells, duplicate labels, columns in any order.
    """
    candidates = [pair for pair in enumerate(rows[:HEADER_WITHIN]) if _is_header(pair[1][1])]
    if not candidates:
        raise Refused(
            N_("Tidak ada judul kolom dalam %(rows)s baris pertama. Perlu kolom kode atau nama wilayah."),
            rows=HEADER_WITHIN,
        )
    place, (number, cells) = max(candidates, key=lambda pair: (*_known(pair[1][1]), -pair[0]))
    labels = [_text(cell) for cell in cells]
    below = place + 1
    if below < len(rows) and _is_second_row(rows[below][1], labels):
        labels = _joined(_spread(labels, place, merged), [_text(cell) for cell in rows[below][1]])
        below += 1
    if below < len(rows) and _numbers_columns(rows[below][1]):
        below += 1
    titles = [
        (row, text)
        for row, above in rows[:place]
        for text in dict.fromkeys(_text(cell) for cell in above)
        if text
    ]
    first = rows[below][0] if below < len(rows) else rows[-1][0] + 1
    return Layout(_columns(labels, [row for _, row in rows[below:]]), number, first, tuple(titles))


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _is_header(cells: Sequence[Cell]) -> bool:
    """Labels and no numbers, with a place among them."""
    if any(isinstance(cell, int | float) for cell in cells):
        return False
    roles = {role_of(normalise_label(_text(cell))) for cell in cells if _text(cell)}
    known = roles - {Role.OTHER, Role.IGNORED}
    return bool(known & WHERE) and (len(known) > 1 or sum(bool(_text(cell)) for cell in cells) > 1)


def _known(cells: Sequence[Cell]) -> tuple[int, int]:
    """How many labels have a role, and how many there are."""
    labels = [text for cell in cells if (text := _text(cell))]
    return sum(role_of(normalise_label(label)) != Role.OTHER for label in labels), len(labels)


def _is_second_row(cells: Sequence[Cell], above: Sequence[str]) -> bool:
    """More labels under groups of the first row: nothing where the row above has a place, no numbers at all.

    A row of totals directly under the header is none: it holds numbers.
    """
    texts = [_text(cell) for cell in cells]
    if any(isinstance(cell, int | float) for cell in cells) or not any(texts):
        return False
    under_places = [
        text for text, label in zip(texts, above, strict=False) if role_of(normalise_label(label)) in WHERE
    ]
    if any(under_places):
        return False
    # A group label stands over its first column alone: the columns beside it have none above.
    grouped = any(text and not label for text, label in zip_longest(texts, above, fillvalue=""))
    filled = [text for text in texts if text]
    return grouped and len(filled) > 1 and not any(re.search(r"\d{2}|^[-–]$", text) for text in filled)


def _spread(labels: list[str], place: int, merged: Merged) -> list[str]:
    """A group label over all of its columns: those of its merged cell, or the blank ones to its right."""
    spread = list(labels)
    for first_row, first, _last_row, last in merged:
        if first_row == place and first < len(labels):
            for index in range(first, min(last + 1, len(labels))):
                spread[index] = labels[first]
    if not any(first_row == place and last > first for first_row, first, _, last in merged):
        for index in range(1, len(spread)):
            spread[index] = spread[index] or spread[index - 1]
    return spread


def _joined(groups: list[str], labels: list[str]) -> list[str]:
    """Both rows as one; a column without a second label keeps the first."""
    width = max(len(groups), len(labels))
    groups, labels = groups + [""] * (width - len(groups)), labels + [""] * (width - len(labels))
    return [
        f"{group} · {label}" if group and label and group != label else label or group
        for group, label in zip(groups, labels, strict=True)
    ]


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """A row "(1) (2) (3)" or 1, 2, 3 … under the header numbers the columns."""
    numbers = [re.fullmatch(r"\(?(\d+)\)?", _text(cell)) for cell in cells if _text(cell)]
    found = [int(match[1]) for match in numbers if match]
    return (
        len(found) > 2
        and len(found) == len(numbers)
        and found == list(range(found[0], found[0] + len(found)))
    )


def _columns(labels: Sequence[str], data: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    counted: Counter[str] = Counter()
    taken: set[Role] = set()
    columns = []
    for index, label in enumerate(labels):
        if not label and not any(_text(row[index]) for row in data if index < len(row)):
            continue
        label = label or f"Kolom {_letters(index)}"
        key = normalise_label(label)
        counted[key] += 1
        role = role_of(key)
        if role in taken and role not in REPEATABLE:
            role = Role.IGNORED
        taken.add(role)
        columns.append(
            Column(
                index, label, key if counted[key] == 1 else f"{key} #{counted[key]}", role, document_of(key)
            )
        )
    return tuple(columns)


def _letters(index: int) -> str:
    """The letters of a column in a spreadsheet program: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
