"""The words to a kelurahan about its stops when a van cannot come: to copy or to share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.rights import Actor
from dukcapil import figures
from fleet.models import ScheduleAct, Trip, TripStatus
from fleet.schedule.acts import State
from recording.public import Region


@dataclass(frozen=True)
class Change:
    """What became of one stop: `before` and `after` as `Trip.state` tells them; `coming`: the next stop that people of its
    kelurahan are told of, for one that was called off; `trip`: the stop as it is by now."""

    before: State
    after: State
    trip: Trip | None
    coming: Trip | None

    @property
    def called_off(self) -> bool:
        return bool(self.after["status"] == TripStatus.CANCELLED)

    @property
    def postponed(self) -> bool:
        return not self.called_off and (self.before["day"], self.before["opens"]) != (self.after["day"], self.after["opens"])

    @property
    def sentence(self) -> str:
        """When and where it was to be, and what happens instead."""
        return f"{_when(self.before)}, {self.before['place']}: {self._instead()}"

    def _instead(self) -> str:
        if self.called_off:
            coming = self.coming and _("jadwal berikutnya di kelurahan ini %(when)s, %(place)s") % {
                "when": _when(self.coming.state),
                "place": self.coming.place,
            }
            why = {"why": self.after["reason"].rstrip("."), "coming": coming or _("jadwal penggantinya diberitahukan kemudian")}
            return _("dibatalkan (%(why)s); %(coming)s.") % why
        if self.postponed:
            return _("menjadi %(when)s, dengan mobil %(plate)s.") % {"when": _when(self.after), "plate": self.after["plate"]}
        return _("tetap berjalan, dengan mobil %(plate)s.") % {"plate": self.after["plate"]}


@dataclass(frozen=True)
class Notice:
    """What one kelurahan is told."""

    village: Region
    changes: list[Change]
    text: str


def notices_of(by: Actor, act: ScheduleAct) -> list[Notice]:
    """One for each kelurahan with stops that the act changed, in three queries."""
    steps = [(step.before, step) for step in act.steps.select_related("trip__van") if step.before]
    codes = {before["village"] for before, _step in steps}
    villages = Region.objects.in_bulk(codes)
    coming = list(_coming(by, codes, min((before["day"] for before, _step in steps), default="")))
    notices = []
    for code in sorted(codes):
        changes = [
            Change(before, step.after, step.trip, _next(coming, code, before["day"]))
            for before, step in steps
            if before["village"] == code
        ]
        notices.append(Notice(villages[code], changes, _text(act, villages[code], changes)))
    return notices


def _coming(by: Actor, codes: Iterable[str], day: str) -> Iterable[Trip]:
    """The published stops in these kelurahan after a day."""
    if not day:
        return []
    stops = Trip.objects.visible_to(by).published().filter(village__in=codes, day__gte=day)
    return stops.select_related("van", "village").order_by("day", "opens")


def _next(coming: Iterable[Trip], code: str, day: str) -> Trip | None:
    return next((stop for stop in coming if stop.village_id == code and stop.day.isoformat() > day), None)


def _text(act: ScheduleAct, village: Region, changes: list[Change]) -> str:
    plate = changes[0].before["plate"]
    why = act.absence and act.absence.get_kind_display()
    head = _("Pemberitahuan untuk Kelurahan %(village)s") % {"village": village.name}
    if why:
        said = _("Mobil keliling Dukcapil %(plate)s tidak beroperasi (%(why)s).") % {"plate": plate, "why": why.lower()}
    else:
        said = _("Mobil keliling Dukcapil %(plate)s tidak beroperasi.") % {"plate": plate}
    return "\n".join([f"*{head}*", said, *(f"• {change.sentence}" for change in changes), act.base.name])


def _when(state: State) -> str:
    hours = f"{state['opens']}–{state['closes']}".replace(":", ".")
    return f"{figures.long_day(date.fromisoformat(state['day']))}, {hours}"
