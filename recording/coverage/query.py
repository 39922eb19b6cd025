"""The rows of a coverage query: the figures of any level below a region, in any run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.rights import Actor, home_region, region_not_found
from dukcapil.errors import N_, NotFound
from recording.coverage.figures import Figure, figure_of, period_for, shown_figure, with_figures
from recording.models import CoverageRun, Period, Region

ROWS_AT_A_TIME = 2_000


@dataclass(frozen=True)
class CoverageQuery:
    """`parent` "": all that the reader may see. `level` "": the parent, or else where the reader's reach begins, and
    the regions just below it. Neither `run` nor `day`: the newest run."""

    document: str
    level: str
    parent: str
    period: str | None
    run: int | None
    day: date | None
    fields: tuple[str, ...]


def period_of(name: str | None, run: CoverageRun) -> Period:
    """The period of that name, or of the run's day; NotFound when there is none."""
    period = period_for(list(Period.objects.all()), name, run.as_of)
    if period is None:
        raise NotFound(N_("Belum ada periode."), "period")
    return period


def query_figures(by: Actor, query: CoverageQuery, run: CoverageRun, period: Period) -> Iterator[Figure]:
    """The figures by code, read in pieces, so that a nation needs no more memory than a city. NotFound, with the first
    piece, for a parent that `by` may not see."""
    regions = Region.objects.visible_to(by)
    parent = query.parent or ("" if query.level else home_region(by))
    if parent and not regions.filter(code=parent).exists():
        raise region_not_found(parent, "parent")
    if query.level:
        regions = (regions.below(parent) if parent else regions).filter(level=query.level)
    else:
        regions = regions.filter(code=parent) | regions.filter(parent_id=parent)
    rows = with_figures(regions, run, query.document, period).order_by("code")
    piece = list(rows[: ROWS_AT_A_TIME + 1])
    for figure in map(figure_of, piece if len(piece) <= ROWS_AT_A_TIME else rows.iterator(ROWS_AT_A_TIME)):
        if figure.code == parent or shown_figure(figure, run.as_of):
            yield figure
