"""The figures of a run as a table to take away: a region and everything below it, down to the kelurahan.

Labels are Indonesian, whatever the language of the page, like those of the other exports.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import translation

from accounts.rights import Actor
from dukcapil import figures
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure, subtree
from recording.models import CoverageRun, Document, Period
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
    Column("Realisasi sejak awal", 14, people=True),
    Column("Wajib", 14, people=True),
    Column("Cakupan", 10, percent=True),
    Column("Keterangan", 20),
    Column("Keadaan per", 13),
    Column("Nomor", 8, people=True),
    Column("Status", 14),
)
# Where a figure stands, in the words of the pages.
STANDINGS = {
    "none": "belum ada target",
    "over": "melebihi target",
    "done": "tuntas",
    "silent": "belum ada laporan",
    "behind": "tertinggal dari rencana",
    "on_plan": "sesuai rencana",
}
SOURCE = "Sumber: hitungan harian pelayanan dan target yang berlaku, dari perhitungan bernomor di atas."


def figures_table(by: Actor, code: str, run: CoverageRun, document: str, period: Period) -> Table:
    """One row for each region, the region itself first. What was not reported is left empty: missing is not zero."""
    regions = subtree(by, code, run, document, period)
    region = regions[0]
    with translation.override(settings.LANGUAGE_CODE):
        status, day = run.seal.label, figures.long_day(run.as_of)
        label = str(Document(document).label)
        origin = f"{status} nomor {run.number}, keadaan per {day}"
        notes = [
            f"{label} {period.name}, {region.name}. {origin}, dihitung {figures.moment(run.finished_at)}.",
            SOURCE,
            *(f"{term}: {meaning}" for _name, term, meaning in definitions(document)),
            "Sel kosong berarti belum ada data; nol berarti memang tidak ada orang yang dilayani.",
        ]
        rows = list(_rows(regions, run, document, period))
    return Table(
        f"capaian-{document}-{period.name}-{code}-nomor-{run.number}-{run.as_of.isoformat()}",
        "Capaian",
        COLUMNS,
        rows,
        title=f"Capaian {label} {period.name}: {region.name}",
        lines=[origin],
        notes=notes,
        notes_name="Definisi",
        footer=f"{settings.PORTAL_NAME} · {origin}",
    )


def _rows(regions: Sequence[Figure], run: CoverageRun, document: str, period: Period) -> Iterator[Sequence[Value]]:
    names = {figure.code: figure.name for figure in regions}
    for figure in regions:
        parts, reported = figure.code.split("."), figure.entries > 0
        stock = figure.stock
        yield (
            figure.code,
            figure.level_label,
            figure.name,
            names.get(".".join(parts[:2]), ""),
            names.get(".".join(parts[:3]), "") if len(parts) > 2 else "",
            document,
            period.name,
            figure.recorded if reported else None,
            figure.target,
            figure.percent if reported else None,
            figure.remaining,
            figure.surplus if reported and figure.target is not None else None,
            stock.recorded if stock else None,
            stock.target if stock else None,
            stock.percent if stock else None,
            STANDINGS[figure.standing],
            run.as_of.isoformat(),
            run.number,
            run.seal.label,
        )
