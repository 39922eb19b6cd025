"""How many people are still to be recorded, kelurahan by kelurahan: the schedule of the vans shows it."""

from dataclasses import dataclass
from datetime import date

from accounts.rights import Actor
from recording.coverage.figures import period_for, subtree
from recording.coverage.runs import runs_for
from recording.models import Document, Level, Period


@dataclass(frozen=True)
class Remaining:
    """A kelurahan in the newest run: people still missing to the KTP target; None without a target."""

    code: str
    name: str
    remaining: int | None
    district: str  # its name


def remaining_below(by: Actor, code: str, today: date) -> list[Remaining]:
    """Every kelurahan of a region with what remains of its KTP target, by code; [] before the first run. `code` may be
    a kelurahan itself. NotFound for a region that `by` may not see."""
    runs = runs_for(None, today)
    period = period_for(list(Period.objects.all()), None, runs.shown.as_of) if runs else None
    if runs is None or period is None:
        return []
    figures = subtree(by, code, runs.shown, Document.KTP, period)
    names = {figure.code: figure.name for figure in figures}
    return [
        Remaining(figure.code, figure.name, figure.remaining, names.get(figure.code[:8], ""))
        for figure in figures
        if figure.level == Level.VILLAGE
    ]
