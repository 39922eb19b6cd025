"""What was done to the stops of the schedule, act by act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.acts import Act
from fleet.models import ScheduleAct, ScheduleActKind, ScheduleStep, Trip, TripStatus, VanAbsence

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


@dataclass(frozen=True)
class Done:
    """What an act did to a stop, and on which day that put it; `undone`: whether it was taken back from this stop."""

    step: ScheduleStep
    day: date
    undone: bool


def history_of(trip: Trip) -> list[Done]:
    """What was done to a stop, the newest last, in one query. Of a publication that was undone some stops may stay as they
    are: one was taken back where it is a plan when the next act finds it, or now. A copy that was taken back leaves no
    stop."""
    steps = list(trip.steps.select_related("act__by", "act__undone_by"))
    found = [*(step.before or {} for step in steps[1:]), trip.state]
    return [
        Done(step, date.fromisoformat(step.after["day"]), bool(step.act.undone_at) and _is_taken_back(step, then))
        for step, then in zip(steps, found, strict=False)
    ]


def _is_taken_back(step: ScheduleStep, then: State) -> bool:
    return step.act.kind == ScheduleActKind.PUBLISH and then.get("status") == TripStatus.PLANNED
