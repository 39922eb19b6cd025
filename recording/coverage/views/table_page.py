"""What the page "Tabel" shows, put together from the selectors and the pure modules."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure
from recording.coverage.runs import Runs
from recording.coverage.tables.choices import STANDING_WORDS, TableChoices
from recording.coverage.tables.columns import BESIDE, ONE, Column, table_columns
from recording.coverage.tables.ordering import DOWN, next_order
from recording.coverage.tables.selectors import Basis, Total, fill_details, find_basis, place_of, region_table, total_of
from recording.models import CoverageRun, Document, Level, Period

MAX_ROWS_SHOWN = 300  # on one page: all kelurahan of DKI
Link = tuple[str, str, bool]  # label, address, whether it is the chosen one
Option = tuple[str, str, bool]  # value, label, whether it is the chosen one


@dataclass(frozen=True)
class Page:
    """Of the table and of the comparison alike."""

    choices: TableChoices
    region: Figure
    ancestors: list[Figure]
    run: CoverageRun
    period: Period
    periods: list[Link]
    tabs: list[tuple[str, str, bool]]
    documents: list[tuple[str, str, str, bool]]
    definitions: list[tuple[str, str, str]]
    kept: list[tuple[str, str]]  # what the form of the rows keeps, and below what that of the regions to compare does
    kept_figures: list[tuple[str, str]]


@dataclass(frozen=True)
class TablePage(Page):
    """`rows` are those of this page of all `found` ones, of the `level_total` of their level."""

    levels: list[Link] = field(default_factory=list)
    level_label: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    rows: list[Figure] = field(default_factory=list)
    found: int = 0
    level_total: int = 0
    total: Total | None = None  # where it says something else than the region's own figure
    notes: list[str] = field(default_factory=list)
    cities: list[Option] = field(default_factory=list)
    standings: list[Option] = field(default_factory=list)
    orders: list[Option] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    all_url: str = ""
    previous_url: str = ""
    next_url: str = ""


def shared_parts(choices: TableChoices, basis: Basis, line: list[Figure]) -> dict[str, Any]:
    """What the table and the comparison have in common. `line`: the regions above, highest first, and the region itself."""
    *ancestors, region = line
    for figure in ancestors:
        figure.url = choices.figures.url("region_table", code=figure.code)
    return {
        "choices": choices,
        "region": region,
        "ancestors": ancestors,
        "run": basis.run,
        "period": basis.period,
        "periods": [(period.name, choices.url(period=period.name), period == basis.period) for period in basis.periods],
        "tabs": choices.figures.tabs("region_table"),
        "documents": choices.document_links(),
        "definitions": definitions(choices.documents[0]),
        "kept": choices.kept(("dokumen", "periode", "run", "tingkat")),
        "kept_figures": choices.kept(("dokumen", "periode", "run")),
    }


def table_page(by: Actor, choices: TableChoices, runs: Runs) -> TablePage:
    """Four queries, five for both documents."""
    basis = find_basis(choices.documents, choices.period, runs)
    table = region_table(by, choices.code, basis)
    level, cities = table.at(choices.level), table.at(Level.CITY)
    fill_details(by, [table.figure, *level], basis)
    found = choices.rows(table)
    start = (choices.page - 1) * MAX_ROWS_SHOWN
    rows = found[start : start + MAX_ROWS_SHOWN]
    names = {figure.code: figure.short_name for figure in table.below}
    for row in rows:
        row.url = choices.figures.url(code=row.code)
        row.place = place_of(row, names, choices.code)
    label = str(Level(choices.level).label) if choices.level else ""
    total = total_of(found, _total_name(len(found), len(level), label), basis)
    notes = [] if choices.wanted or not level else why_different(total, table.figure, label)
    columns = _columns(choices, basis, label)
    return TablePage(
        **shared_parts(choices, basis, [*table.ancestors, table.figure]),
        levels=choices.level_links(),
        level_label=label,
        columns=columns,
        rows=rows,
        found=len(found),
        level_total=len(level),
        total=total if rows and (notes or choices.wanted) else None,
        notes=notes,
        cities=[(city.code, city.short_name, city.code == choices.city) for city in cities],
        standings=_standings(choices),
        orders=_orders(choices, columns),
        files=_files(choices),
        all_url=choices.url(text="", city="", standing=""),
        previous_url=choices.url(page=choices.page - 1) if choices.page > 1 else "",
        next_url=choices.url(page=choices.page + 1) if len(found) > start + MAX_ROWS_SHOWN else "",
    )


def _columns(choices: TableChoices, basis: Basis, level: str) -> dict[str, Column]:
    names = BESIDE if choices.both else [name for name in ONE if name != "takrekam" or choices.document == Document.KTP]
    return table_columns(
        names,
        document=choices.documents[0],
        level=level,
        day=basis.run.as_of,
        order=choices.order,
        address=lambda order: choices.url(order=order),
    )


def _total_name(found: int, level_total: int, level: str) -> str:
    numbers = {"found": figures.people(found), "total": figures.people(level_total), "level": level}
    if found == level_total:
        return _("Jumlah %(total)s %(level)s") % numbers
    return _("Jumlah %(found)s dari %(total)s %(level)s") % numbers


def why_different(total: Total, region: Figure, level: str) -> list[str]:
    """Why the rows of a level do not add up to their region's own figure, as sentences; none where they do."""
    notes = []
    for rows, own in ((total, region), (total.beside, region.beside)):
        if rows is not None and own is not None:
            notes += _differences(rows, own, level)
    return list(dict.fromkeys(notes))


def _differences(rows: Figure, own: Figure, level: str) -> list[str]:
    notes = []
    if above := own.recorded - rows.recorded:
        words = {"people": figures.people(above), "level": level}
        notes.append(
            _("%(people)s orang dicatat langsung di atas tingkat %(level)s: hanya wilayah di atasnya memuatnya.") % words
        )
    if rows.target != own.target and rows.target is not None:
        words = {
            "own": figures.people(own.target),
            "sum": figures.people(rows.target),
            "level": level,
            "region": own.short_name,
        }
        notes.append(_("Target %(region)s %(own)s, sedangkan jumlah target %(level)s %(sum)s.") % words)
    if rows.remaining != own.remaining and rows.target == own.target and not above:
        notes.append(
            _("Sisa per %(level)s lebih besar: kelebihan di satu wilayah tidak mengurangi sisa wilayah lain.")
            % {"level": level}
        )
    return notes


def _standings(choices: TableChoices) -> list[Option]:
    return [(word, str(standing.label), word == choices.standing) for word, standing in STANDING_WORDS.items()]


def _orders(choices: TableChoices, columns: dict[str, Column]) -> list[Option]:
    """Every order by name: on a phone the heads of the columns are out of sight."""
    options = []
    for name, column in columns.items():
        first = next_order(name, "")
        second = name if first.startswith(DOWN) else f"{DOWN}{name}"
        for order in (first, second):
            if name == "nama":
                words = _("%(column)s, Z–A") if order.startswith(DOWN) else _("%(column)s, A–Z")
            else:
                words = _("%(column)s, terbesar dahulu") if order.startswith(DOWN) else _("%(column)s, terkecil dahulu")
            options.append((order, words % {"column": column.label}, order == choices.order))
    return options


def _files(choices: TableChoices) -> list[tuple[str, str]]:
    """(words, address) of the same rows as files."""
    query = choices.query()
    return [
        (label, f"{reverse('figure_export_file', args=[choices.code, suffix])}?{query}")
        for label, suffix in ((_("Unduh XLSX"), "xlsx"), (_("Unduh CSV"), "csv"))
    ]
