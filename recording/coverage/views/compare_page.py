"""A few regions side by side: their numbers in rows, the regions in columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.rights import Actor, region_not_found
from dukcapil import figures
from dukcapil.errors import Refused
from recording.coverage.figures import Figure
from recording.coverage.runs import Runs
from recording.coverage.tables.choices import TableChoices
from recording.coverage.tables.columns import ONE, Column, table_columns
from recording.coverage.tables.selectors import Basis, fill_details, find_basis, regions_beside
from recording.coverage.views.table_page import Page, shared_parts
from recording.models import Document
from recording.parsing.region_names import line_of
from recording.regions.search import suggestions
from recording.regions.selectors import UnclearRegion

MAX_COMPARED = 6


@dataclass(frozen=True)
class Cell:
    region: str
    text: str
    beside: str = ""  # what makes the number plain


@dataclass(frozen=True)
class Side:
    """The numbers of one document: each row has a cell for every region."""

    label: str
    figures: list[Figure]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Problem:
    """Why a text is no column, with the regions that may be meant: words and the address with that one added."""

    sentence: str
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ComparePage(Page):
    regions: list[Figure] = field(default_factory=list)
    without: list[tuple[Figure, str]] = field(default_factory=list)  # each region with the address of the others
    sides: list[Side] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    table_url: str = ""
    codes: str = ""
    room: bool = True  # for one more region


def compare_page(by: Actor, choices: TableChoices, runs: Runs, codes: Sequence[str], refused: Sequence[Refused]) -> ComparePage:
    """The first six of these regions that the reader may see, with a sentence about each of the others."""
    basis = find_basis(choices.documents, choices.period, runs)
    line = line_of(choices.code)
    known = {figure.code: figure for figure in regions_beside(by, [*line, *codes], basis)}
    if choices.code not in known:
        raise region_not_found(choices.code)
    seen = [known[code] for code in codes if code in known]
    shown = seen[:MAX_COMPARED]
    shown_codes = tuple(figure.code for figure in shown)
    problems = [_problem(by, choices, shown_codes, refusal) for refusal in refused]
    problems += [Problem(str(region_not_found(code))) for code in codes if code not in known]
    if left_out := ", ".join(figure.short_name for figure in seen[MAX_COMPARED:]):
        problems.append(
            Problem(_("Paling banyak enam wilayah berdampingan; yang tidak tampil: %(names)s.") % {"names": left_out})
        )
    fill_details(by, shown, basis)
    for figure in shown:
        figure.url = choices.figures.url(code=figure.code)
    others = [tuple(code for code in shown_codes if code != figure.code) for figure in shown]
    return ComparePage(
        **shared_parts(choices, basis, [known[code] for code in line if code in known]),
        regions=shown,
        without=[(figure, choices.url(compared=rest)) for figure, rest in zip(shown, others, strict=True)],
        sides=_sides(shown, choices, basis) if shown else [],
        problems=problems,
        table_url=choices.url(compared=()),
        codes=",".join(shown_codes),
        room=len(shown) < MAX_COMPARED,
    )


def _problem(by: Actor, choices: TableChoices, codes: tuple[str, ...], refusal: Refused) -> Problem:
    hits = refusal.hits if isinstance(refusal, UnclearRegion) else []
    return Problem(
        str(refusal),
        [
            (", ".join(filter(None, (each.name, each.level, each.place))), choices.url(compared=(*codes, each.code)))
            for each in suggestions(by, hits)
        ],
    )


def _sides(shown: list[Figure], choices: TableChoices, basis: Basis) -> list[Side]:
    sides = []
    for number, document in enumerate(choices.documents):
        of_document = shown if not number else [figure.beside for figure in shown if figure.beside]
        columns = table_columns(ONE, document=document, level="", day=basis.run.as_of)
        sides.append(Side(str(Document(document).label), of_document, _rows(of_document, columns, document)))
    return sides


def _rows(shown: list[Figure], columns: dict[str, Column], document: str) -> list[tuple[str, list[Cell]]]:
    rows = [
        (columns["rekam"].label, [_cell(figure, _recorded(figure)) for figure in shown]),
        (columns["target"].label, [_cell(figure, figures.people(figure.target)) for figure in shown]),
        (_("Capaian"), [_cell(figure, figures.percent(figure.percent if figure.entries else None)) for figure in shown]),
        (columns["sisa"].label, [_cell(figure, figures.people(figure.remaining), of_which(figure)) for figure in shown]),
        (columns["rencana"].label, [_cell(figure, figures.people(figure.planned)) for figure in shown]),
        (
            columns["selisih"].label,
            [_cell(figure, figures.signed(figure.ahead if figure.entries else None)) for figure in shown],
        ),
        (columns["perhari"].label, [_cell(figure, figures.people(figure.needed)) for figure in shown]),
        (columns["hariini"].label, [_cell(figure, figures.people(figure.today)) for figure in shown]),
    ]
    if document == Document.KTP:
        rows.append((columns["takrekam"].label, [_cell(figure, figures.people(_missed(figure))) for figure in shown]))
        for reason in dict.fromkeys(
            reason for figure in shown if figure.not_recorded for reason in figure.not_recorded.reasons
        ):
            cells = [
                _cell(figure, figures.people(figure.not_recorded.reasons.get(reason) if figure.not_recorded else None))
                for figure in shown
            ]
            rows.append((_("– %(reason)s") % {"reason": reason}, cells))
    return rows


def _cell(figure: Figure, text: str, beside: str = "") -> Cell:
    return Cell(figure.short_name, text, beside)


def _recorded(figure: Figure) -> str:
    return figures.people(figure.recorded if figure.entries else None)


def _missed(figure: Figure) -> int | None:
    return figure.not_recorded.people if figure.not_recorded else None


def of_which(figure: Figure) -> str:
    """Of what remains, how many cannot be recorded: beside it, never taken from it."""
    missed = _missed(figure)
    return _("tidak terekam %(people)s") % {"people": figures.people(missed)} if missed else ""
