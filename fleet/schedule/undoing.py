"""Undoing what was done to a whole week: copying or publishing it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from accounts.acts import Act
from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from fleet.models import ScheduleAct, ScheduleActKind, ScheduleStep, Trip, TripStatus
from recording.public import write_audit

OF_WEEKS = (ScheduleActKind.COPY, ScheduleActKind.PUBLISH)


@dataclass(frozen=True)
class Undone:
    """How many stops are as they were before, and those that stay as they are: (the stop, why)."""

    stops: int
    stay: list[tuple[Trip, Refused]] = field(default_factory=list)


def undo_week_act(*, act: Act, number: int) -> Undone:
    """Take back a copy (its stops go) or a publication (its stops are plans again). A stop with a report, one that was
    changed since, and one whose day is over stay, each with the reason. Conflict, and the act may still be undone, while
    all of them stay. Undone again: nothing changes."""
    kept = ScheduleAct.objects.filter(pk=number, kind__in=OF_WEEKS).first()
    if kept is None or not can(act.by, Action.FLEET_READ, kept.base_id):
        raise NotFound(N_("Tindakan itu tidak ditemukan."))
    require(by=act.by, action=Action.TRIP_WRITE, code=kept.base_id)
    with one_writer():
        kept.refresh_from_db()
        if kept.undone_at:
            return Undone(0)
        steps = [step for step in kept.steps.select_related("trip__van", "trip__village", "trip__report") if step.trip]
        refusals = [(step, _refusal(step, business_date(act.now))) for step in steps]
        free = [step.trip.pk for step, why in refusals if step.trip and not why]
        if not free:
            raise _nothing_to_undo([why for _step, why in refusals if why])
        _take_back(kept, free)
        kept.undone_at, kept.undone_by = act.now, act.author
        kept.save(update_fields=["undone_at", "undone_by"])
        stay = [(step.trip, why) for step, why in refusals if step.trip and why]
        details: dict[str, object] = {"act": kept.pk, "kind": kept.kind, "stops": len(free), "stay": len(stay)}
        write_audit(act=act, action="trip.undo", subject=kept.base_id, details=details)
    return Undone(len(free), stay)


def _nothing_to_undo(whys: list[Refused]) -> Conflict:
    """With each reason, and of how many stops it holds."""
    reasons = "; ".join(f"{stops} {why}" for why, stops in Counter(map(str, whys)).items())
    return Conflict(N_("Tidak ada yang dapat diurungkan. Titik yang tetap: %(reasons)s."), reasons=reasons)


def _take_back(kept: ScheduleAct, numbers: list[int]) -> None:
    trips = Trip.objects.filter(pk__in=numbers)
    if kept.kind == ScheduleActKind.COPY:
        trips.delete()
    else:
        trips.update(status=TripStatus.PLANNED)  # `announced` stays: people may have been told of the stop meanwhile


def _refusal(step: ScheduleStep, today: date) -> Refused | None:
    """Why the stop of this step stays as it is, if so."""
    trip = step.trip
    assert trip
    if hasattr(trip, "report"):
        return Refused(N_("sudah punya laporan"))
    if hasattr(trip, "request"):
        return Refused(N_("menjawab permintaan mobil Dinas"))
    if _without_announced(trip.state) != _without_announced(step.after):
        return Refused(N_("sudah diubah sesudahnya"))
    if trip.day < today:
        return Refused(N_("harinya sudah lewat"))
    return None


def _without_announced(state: Mapping[str, object]) -> dict[str, object]:
    """A publication that was undone leaves `announced` behind, and nothing else: that alone does not hold a copy back."""
    return {name: value for name, value in state.items() if name != "announced"}


def acts_to_undo(by: Actor, bases: list[str], monday: date) -> list[ScheduleAct]:
    """The acts on that week of these bases that `by` may take back, the newest first, each with `stops`; in one query."""
    acts = ScheduleAct.objects.filter(base__in=bases, monday=monday, kind__in=OF_WEEKS, undone_at=None)
    acts = acts.annotate(stops=Count("steps")).select_related("by")
    return [act for act in acts if can(by, Action.TRIP_WRITE, act.base_id)]
