"""What the runs said of a region, one after the other."""

from django.db.models import QuerySet

from accounts.rights import Actor, require
from accounts.roles import Action
from recording.models import CoverageFigure
from recording.parsing.region_names import is_code


def visible_figures(by: Actor, code: str) -> QuerySet[CoverageFigure]:
    """The figures that `by` may read, with run and period. A region out of reach is NotFound, as everywhere."""
    if is_code(code):
        require(by=by, action=Action.COVERAGE_READ, code=code)
    figures = CoverageFigure.objects.allowed_to(by, Action.COVERAGE_READ)
    return figures.select_related("run__void", "period")
