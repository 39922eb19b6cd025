"""Where the header of a table stands, and what its columns are. Tables are read by their labels, never by position."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

# Whole labels, normalised. Of several columns of one role the one whose label stands first here keeps it, wherever it
# stands in the file: the code of the smallest region, and the date rather than the weekday.
LABELS: dict[Role, str] = {
    Role.CODE: "KODE KEMENDAGRI|KODE DAGRI|KODE KELURAHAN|KODE DESA|KODE KELURAHAN DESA|KODE DESA KELURAHAN|KODE KEL|"
    "ID KELURAHAN|ID KEL|KODE WILAYAH|KODE|CODE|KODE ADM|ID WILAYAH|KODE KECAMATAN|KODE KEC|ID KECAMATAN|ID KEC|"
    "KODE KOTA|KODE KABUPATEN|KODE KABUPATEN KOTA|KODE KAB KOTA|ID KOTA|KODE PROVINSI|ID PROVINSI|ID",
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
    Role.KIND: "JENIS TARGET|KIND|JENIS",
    Role.OPENING: "AWAL|ANGKA AWAL|OPENING",
    Role.PEOPLE: "JUMLAH|PEOPLE|JUMLAH ORANG|ORANG",
    Role.IGNORED: "NO|NOMOR|NO URUT|KETERANGAN|KET|CATATAN|BARIS|ALASAN|PERSEN|PERSENTASE|PERCENT|NOTE|NOTES",
}
ROLE_OF = {label: role for role, labels in LABELS.items() for label in labels.split("|")}
RANK = {label: rank for rank, label in enumerate(ROLE_OF)}
# Words anywhere in a label, tried in this order. What is a share is no number of people, whatever else it says; what
# is not yet done is never what is done; who is too young for a card is not one who still has to be recorded.
WORDS: tuple[tuple[Role, str], ...] = (
    (Role.IGNORED, r"%|\bP(?:ER|RO)SEN|\bBPS\b|\bRASIO\b"),
    (Role.DAY, r"^(?:TANGGAL|TGL) (?:PEREKAMAN|REKAM|TERBIT|PENERBITAN|LAYANAN|LAPORAN|KEGIATAN|DATA)\b"),
    (Role.OTHER, r"\bBELUM WAJIB\b"),
    (Role.REMAINING, r"\bBELUM\b|\bSISA\b|\bKURANG\b"),
    (Role.TARGET, r"\bSASARAN\b|\bTARGET\b|\bWAJIB (?:E ?KTP|KTP|KIA)"),
    (Role.RECORDED, r"\b(?:SUDAH|REALISASI|(?:TE|PE)?REKAM(?:AN)?|TERBIT|CAPAIAN|TERCATAT|MEMILIKI)\b"),
    (Role.PEOPLE, r"^(?:JUMLAH|TOTAL) (?:E ?KTP|KTP|KIA)"),
)
DOCUMENTS = (("KIA", r"\bKIA\b|\bKARTU IDENTITAS ANAK\b"), ("KTP", r"\b(?:E ?)?KTP(?:EL)?\b"))
# Numbers as text, codes, days and times; a year may be the label of a column.
NUMBER = re.compile(r"(?!20\d\d$)[-–(+]?\d[\d.,\s/:–-]*%?\)?")
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
    """The columns of a table, and where it stands. `titles`: (row, text) above it, and groups that name a year."""

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
    place, (_, cells) = max(candidates, key=lambda pair: (*_known(pair[1][1]), -pair[0]))
    first, last = place, place
    if place and _is_group_row(rows[place - 1][1], cells):
        first -= 1
    elif place + 1 < len(rows) and _is_second_row(rows[place + 1][1], cells):
        last += 1
    heads = [("", _text(cell)) for cell in rows[first][1]]
    if first < last:
        heads = _joined(rows[first], rows[last][1], merged)
    below = last + 1
    if below < len(rows) and _numbers_columns(rows[below][1]):
        below += 1
    titles = [
        (row, text)
        for index, (row, above) in enumerate(rows[:last])
        for text in dict.fromkeys(_text(cell) for cell in above)
        if text and (index < first or re.search(r"\b20\d\d\b", text))
    ]
    first_data = rows[below][0] if below < len(rows) else rows[-1][0] + 1
    return Layout(_columns(heads, [row for _, row in rows[below:]]), rows[first][0], first_data, tuple(titles))


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split())


def _role(cell: Cell) -> Role:
    return role_of(normalise_label(_text(cell)))


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or NUMBER.fullmatch(_text(cell)) is not None


def _is_header(cells: Sequence[Cell]) -> bool:
    """Labels and no numbers, with a place among them."""
    if any(_is_number(cell) for cell in cells):
        return False
    known = {_role(cell) for cell in cells if _text(cell)} - {Role.OTHER, Role.IGNORED}
    return bool(known & WHERE) and (len(known) > 1 or sum(bool(_text(cell)) for cell in cells) > 1)


def _known(cells: Sequence[Cell]) -> tuple[int, int]:
    """How many labels have a role, and how many there are."""
    roles = [_role(cell) for cell in cells if _text(cell)]
    return sum(role != Role.OTHER for role in roles), len(roles)


def _is_group_row(cells: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Several labels above groups of columns of the header: beside its places, one of them over a column without any.

    A single text is a title, and so is what stands over the places ("Keadaan", "30 November 2021").
    """
    pairs = [(_text(group), _text(label)) for group, label in zip_longest(cells, below, fillvalue="")]
    filled = [index for index, (group, _) in enumerate(pairs) if group]
    last_place = max(index for index, (_, label) in enumerate(pairs) if _role(label) in WHERE)
    titled = any(index <= last_place and _role(pairs[index][0]) not in WHERE for index in filled)
    wide = any(not group and label for index in filled for group, label in pairs[index + 1 : index + 2])
    return len(filled) > 1 and wide and not titled and not any(_is_number(cell) for cell in cells)


def _is_second_row(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """More labels under groups of the header: nothing new under its places, no numbers at all (a row of totals has).

    A group stands over its first column alone: one beside it has nothing above.
    """
    filled = [cell for cell in cells if _text(cell)]
    if len(filled) < 2 or any(_is_number(cell) or _text(cell) in ("-", "–") for cell in filled):
        return False
    pairs = [(_text(cell), _text(label)) for cell, label in zip_longest(cells, above, fillvalue="")]
    if any(text and text != label and _role(label) in WHERE for text, label in pairs):
        return False
    return any(text and not label for text, label in pairs)


def _joined(upper: tuple[int, Sequence[Cell]], lower: Sequence[Cell], merged: Merged) -> list[tuple[str, str]]:
    """(group, label) of each column. A group lies over its merged cell, or else over the blank ones to its right."""
    row, cells = upper
    pairs = [(_text(group), _text(label)) for group, label in zip_longest(cells, lower, fillvalue="")]
    groups = [group for group, _ in pairs]
    wide = [(first, last) for top, first, _, last in merged if top == row - 1 and first < last]
    for first, last in wide:
        groups[first : last + 1] = groups[first : first + 1] * len(groups[first : last + 1])
    for index in range(1, 0 if wide else len(groups)):
        groups[index] = groups[index] or groups[index - 1]
    # Without a second label a column keeps the first: the group beside it does not reach so far.
    return [
        (group if group != label else "", label) if label else ("", own)
        for group, (own, label) in zip(groups, pairs, strict=True)
    ]


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """A row "(1) (2) (3)", 1, 2, 3 or "(3)=(2):(1)" under the header numbers the columns, from 1 on."""
    texts = [text for cell in cells if (text := _text(cell))]
    found = [match for text in texts if (match := re.fullmatch(r"(\()?(\d{1,4})\)?(?:\s*=.*)?", text))]
    counted = [int(match[2]) for match in found] == list(range(1, len(texts) + 1))
    return counted and len(texts) > (1 if all(match[1] for match in found) else 2)


def _columns(heads: Sequence[tuple[str, str]], data: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    counted: Counter[str] = Counter()
    used: set[str] = set()
    first: dict[Role, tuple[int, int]] = {}  # rank and place of the column that keeps the role
    columns = []
    for index, (group, text) in enumerate(heads):
        if not text and not any(_text(row[index]) for row in data if index < len(row)):
            continue
        letters = f"Kolom {_letters(index)}"
        label = f"{group} · {text}" if group else text or letters
        base = key = normalise_label(label) or normalise_label(letters)
        while key in used:
            counted[base] += 1
            key = f"{base} #{counted[base] + 1}"
        used.add(key)
        own = normalise_label(text)
        role = _grouped_role(normalise_label(group), own) if group else role_of(base)
        rank = (RANK.get(base, RANK.get(own, len(RANK))), index)
        first[role] = min(first.get(role, rank), rank)
        columns.append(Column(index, label, key, role, document_of(own) or document_of(base)))
    keepers = {role: index for role, (_, index) in first.items()}
    return tuple(
        column
        if column.role in REPEATABLE or keepers[column.role] == column.index
        else replace(column, role=Role.IGNORED)
        for column in columns
    )


def _grouped_role(group: str, label: str) -> Role:
    """The role of a column under a group. Shares and what is left are so with every label below them; otherwise the
    column's own label decides; where that only says "jumlah", or nothing known, both do."""
    begins, several = role_of(group.partition(" ")[0]), " DAN " in group
    if begins in (Role.IGNORED, Role.REMAINING) and not several:
        return begins
    own, whole = role_of(label), role_of(f"{group} {label}")
    vague = own == Role.OTHER or (own == Role.PEOPLE and not several)
    return whole if vague and whole != Role.OTHER else own


def _letters(index: int) -> str:
    """The letters of a column in a spreadsheet program: A, B … Z, AA."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(65 + last)
