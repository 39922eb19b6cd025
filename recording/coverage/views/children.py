"""The regions just below one on its page: their columns, and the order that the address asks for."""

from accounts.rights import Actor
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage.breakdown import FigureBreakdown
from recording.coverage.choices import ChosenFigures
from recording.coverage.figures import RegionCoverage
from recording.coverage.not_recorded import Rows
from recording.coverage.tables.choices import MAX_TEXT
from recording.coverage.tables.columns import CHILDREN, Column, table_columns
from recording.coverage.tables.ordering import is_order, ordered
from recording.coverage.tables.selectors import Basis, fill_needed, give_missed, rows_of_missed


def children_order(request: PortalRequest) -> str:
    """?urut=, "" for the furthest behind first; NotFound for what is no column here."""
    order = request.GET.get("urut", "")
    if order and not is_order(order, CHILDREN):
        raise NotFound(N_("Tabel tidak dapat diurutkan menurut “%(order)s”."), order=order[:MAX_TEXT])
    return order


def missed_below(by: Actor, chosen: ChosenFigures, coverage: RegionCoverage) -> Rows | None:
    """The query for who of the region and of those just below it could not be recorded."""
    return rows_of_missed(by, [coverage.figure, *coverage.children], _basis(chosen))


def _basis(chosen: ChosenFigures) -> Basis:
    return Basis(chosen.run, chosen.period, (chosen.choices.document,))


def children_columns(
    chosen: ChosenFigures, coverage: RegionCoverage, breakdown: FigureBreakdown, order: str
) -> dict[str, Column]:
    """Their heads; puts them in the order and gives them what is needed per day and who could not be recorded."""
    figures = [coverage.figure, *coverage.children]
    fill_needed(figures, _basis(chosen))
    give_missed(figures, breakdown.missed)
    if order:
        coverage.children[:] = ordered(coverage.children, order)
    here = chosen.choices.url()
    return table_columns(
        CHILDREN,
        document=chosen.choices.document,
        level=coverage.children[0].level_label if coverage.children else "",
        day=chosen.run.as_of,
        below=coverage.grandchildren[0].level_label if coverage.grandchildren else "",
        order=order,
        address=lambda wanted: f"{here}&urut={wanted}#bawah",
    )
