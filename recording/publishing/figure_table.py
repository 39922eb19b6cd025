"""The figures of a run as a table to take away: a region and everything below it, or the rows of a page "Tabel".

Labels are Indonesian, whatever the language of the page, like those of the other exports.
"""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.utils import translation

from accounts.rights import Actor
from dukcapil import figures
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure
from recording.coverage.standing import Standing
from recording.coverage.tables.selectors import Basis, RegionTable, fill_details, region_table
from recording.models import Document
from recording.publishing.table import Column, Table, Value

COLUMNS = (
    Column("Kode", 15),
    Column("Tingkat", 14),
    Column("Nama", 34),
    Column("Kota", 32),
    Column("Kecamatan", 24),
    Column("Dokumen", 10),
    Column("Periode", 10),
    Column("Realisasi", 12, people=True),
    Column("Target", 12, people=True),
    Column("Capaian", 10, percent=True),
    Column("Sisa", 12, people=True),
    Column("Kelebihan", 12, people=True),
    Column("Rencana sampai hari itu", 14, people=True),
    Column("Selisih dari rencana", 14, people=True),
    Column("Perlu per hari kerja", 12, people=True),
    Column("Hari itu", 10, people=True),
    Column("Tidak terekam", 12, people=True),
    Column("Realisasi sejak awal", 14, people=True),
    Column("Wajib", 14, people=True),
    Column("Cakupan", 10, percent=True),
    Column("Keterangan", 20),
    Column("Keadaan per", 13),
    Column("Nomor", 8, people=True),
    Column("Status", 14),
)
SOURCE = "Sumber: hitungan harian pelayanan dan target yang berlaku, dari perhitungan bernomor di atas."


MISSED = (
    "Tidak terekam: orang dalam daftar yang dicari mobil keliling pada periode itu tetapi pindah, meninggal, di luar negeri, "
    "berdata ganda, atau tidak ditemukan. Sisa tidak dikurangi dengan angka ini. "
    "Menurut laporan mobil saat berkas ini diunduh, bukan dari perhitungan bernomor."
)
Rows = Callable[[RegionTable], list[Figure]]


def figures_table(by: Actor, code: str, basis: Basis, rows: Rows | None = None) -> Table:
    """One row for each region and document: the region itself first and then all below it, or the `rows` of it. What was
    not reported is left empty: missing is not zero."""
    run, period = basis.run, basis.period
    table = region_table(by, code, basis)
    region = table.figure
    regions = rows(table) if rows else [region, *table.below]
    with translation.override(settings.LANGUAGE_CODE):
        fill_details(by, [region, *table.below], basis)
        status, day = run.seal.label, figures.long_day(run.as_of)
        label = " + ".join(str(Document(document).label) for document in basis.documents)
        origin = f"{status} nomor {run.number}, keadaan per {day}"
        notes = [
            f"{label} {period.name}, {region.name}. {origin}, dihitung {figures.moment(run.finished_at)}.",
            SOURCE,
            *(f"{term}: {meaning}" for _name, term, meaning in definitions(basis.documents[0])),
            MISSED,
            "Sel kosong berarti belum ada data; nol berarti memang tidak ada orang yang dilayani.",
        ]
        reasons = list(region.not_recorded.reasons) if region.not_recorded else []
        names = {figure.code: figure.name for figure in [*table.ancestors, region, *table.below]}
        cells = [
            _row(side, document, names, reasons, basis)
            for figure in regions
            for document, side in zip(basis.documents, (figure, figure.beside), strict=False)
            if side
        ]
    return Table(
        f"capaian-{'-'.join(basis.documents)}-{period.name}-{code}-nomor-{run.number}-{run.as_of.isoformat()}",
        "Capaian",
        _columns(reasons),
        cells,
        title=f"Capaian {label} {period.name}: {region.name}",
        lines=[origin],
        notes=notes,
        notes_name="Definisi",
        footer=f"{settings.PORTAL_NAME} · {origin}",
        to_read=True,
    )


def _columns(reasons: Sequence[str]) -> list[Column]:
    """The reasons stand behind their total."""
    end = next(number for number, column in enumerate(COLUMNS, 1) if column.label == "Tidak terekam")
    return [
        *COLUMNS[:end],
        *(Column(f"Tidak terekam: {reason.lower()}", 12, people=True) for reason in reasons),
        *COLUMNS[end:],
    ]


def _row(figure: Figure, document: str, names: Mapping[str, str], reasons: Sequence[str], basis: Basis) -> Sequence[Value]:
    parts, reported = figure.code.split("."), figure.entries > 0
    stock, missed, run = figure.stock, figure.not_recorded, basis.run
    return (
        figure.code,
        figure.level_label,
        figure.name,
        names.get(".".join(parts[:2]), "") if len(parts) > 1 else "",
        names.get(".".join(parts[:3]), "") if len(parts) > 2 else "",
        document,
        basis.period.name,
        figure.recorded if reported else None,
        figure.target,
        figure.percent if reported else None,
        figure.remaining,
        figure.surplus if reported and figure.target is not None else None,
        figure.planned,
        figure.ahead if reported else None,
        figure.needed,
        figure.today,
        missed.people if missed else None,
        *(missed.reasons.get(reason) if missed else None for reason in reasons),
        stock.recorded if stock else None,
        stock.target if stock else None,
        stock.percent if stock else None,
        str(Standing(figure.standing).label),
        run.as_of.isoformat(),
        run.number,
        run.seal.label,
    )
