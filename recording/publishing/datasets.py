"""What is published for everybody, described once: the CSV header, the JSON and the data package cannot differ."""

from dataclasses import dataclass

# The licence under which Indonesian agencies commonly publish (data.go.id); whoever needs another changes it here.
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
SOURCE = "Dinas Kependudukan dan Pencatatan Sipil"


@dataclass(frozen=True)
class Column:
    """A column as Frictionless Table Schema calls it; `key`: part of the primary key."""

    name: str
    type: str
    description: str
    key: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """A table with a stable address. `interval`: how often it changes (ISO 8601 repeating duration)."""

    name: str
    title: str
    description: str
    interval: str
    keywords: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


_LEVELS = ("province", "city", "district")
_REGION = Column("region", "string", "Kode wilayah Kemendagri, misalnya 31.73.", key=True)
_NAME = Column("name", "string", "Nama wilayah.")
_LEVEL = Column("level", "string", "Tingkat: provinsi, kota/kabupaten, atau kecamatan.", choices=_LEVELS)
_DOCUMENT = Column(
    "document", "string", "KTP: orang yang direkam untuk KTP-el; KIA: kartu yang terbit.", key=True, choices=("KTP", "KIA")
)
_PERIOD = Column("period", "string", "Nama periode, misalnya 2021.", key=True)
_RUN = Column("run", "integer", "Nomor angka resmi.")
_AS_OF = Column("as_of", "date", "Tanggal keadaan.")
_SUM = "kosong bila people adalah jumlah target wilayah di bawahnya."

COVERAGE = Dataset(
    "cakupan",
    "Cakupan perekaman KTP-el dan penerbitan KIA",
    "Hitungan terhadap target per provinsi, kota/kabupaten dan kecamatan menurut angka resmi terakhir. Setiap angka "
    "resmi bernomor dan tidak pernah diubah; koreksi tampak pada angka berikutnya.",
    "R/P1D",
    ("KTP-el", "KIA", "cakupan", "kependudukan"),
    (
        _REGION,
        _NAME,
        _LEVEL,
        _DOCUMENT,
        _PERIOD,
        Column("recorded", "integer", "Orang sejak awal periode sampai tanggal keadaan."),
        Column("target", "integer", "Target periode; kosong bila belum ada.", required=False),
        Column("percent", "number", "recorded terhadap target, dua desimal; kosong tanpa target.", required=False),
        Column("remaining", "integer", "Sisa target, paling kecil 0; kosong tanpa target.", required=False),
        _RUN,
        _AS_OF,
        Column("status", "string", "Selalu official.", choices=("official",)),
    ),
)
TARGETS = Dataset(
    "target",
    "Target perekaman KTP-el dan penerbitan KIA",
    "Target yang berlaku menurut angka resmi terakhir per provinsi, kota/kabupaten dan kecamatan: target sendiri "
    "dengan sumber dan versinya, atau jumlah target wilayah di bawahnya.",
    "R/P1Y",
    ("KTP-el", "KIA", "target", "kependudukan"),
    (
        _REGION,
        _NAME,
        _LEVEL,
        _DOCUMENT,
        _PERIOD,
        Column("kind", "string", "task: target periode; stock: semua yang wajib.", key=True, choices=("task", "stock")),
        Column("people", "integer", "Orang."),
        Column("source", "string", f"Nomor keputusan atau surat; {_SUM}", required=False),
        Column("effective_from", "date", f"Berlaku sejak; {_SUM}", required=False),
        Column("version", "integer", f"Versi target, mulai 1; {_SUM}", required=False),
        _RUN,
        _AS_OF,
    ),
)
DATASETS = {dataset.name: dataset for dataset in (COVERAGE, TARGETS)}


def table_schema(dataset: Dataset) -> dict[str, object]:
    """The Frictionless Table Schema of a dataset."""
    fields = []
    for column in dataset.columns:
        rules: dict[str, object] = {"required": True} if column.required else {}
        if column.choices:
            rules["enum"] = list(column.choices)
        field = {"name": column.name, "type": column.type, "description": column.description}
        fields.append(field | ({"constraints": rules} if rules else {}))
    return {"fields": fields, "missingValues": [""], "primaryKey": [column.name for column in dataset.columns if column.key]}
