"""What was done to the stops of the schedule, act by act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.acts import Act
from fleet.models import ScheduleAct, ScheduleActKind, ScheduleStep, Trip, VanAbsence

State = dict[str, Any]


def keep_act(
    *,
    act: Act,
    kind: ScheduleActKind,
    base: str,
    stops: Sequence[tuple[State | None, Trip]],
    monday: date | None = None,
    absence: VanAbsence | None = None,
) -> ScheduleAct:
    """Store what an act did to each of these stops: (its state before, the stop as it is now). Called in the transaction
    of the act."""
    kept = ScheduleAct.objects.create(kind=kind, base_id=base, monday=monday, absence=absence, at=act.now, by=act.author)
    ScheduleStep.objects.bulk_create(
        ScheduleStep(act=kept, trip=stop, before=before, after=stop.state) for before, stop in stops
    )
    return kept
