"""What is asked of the planner: where, when, by which options, and what the head fixed. Pure: no database, no clock."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from dukcapil.errors import N_, NotFound, Refused
from dukcapil.region_codes import is_within

MAX_DAYS, MAX_FLOOR = 42, 200
ALPHAS = ("0", "0.5", "1")  # only the sum counts; balanced; the places furthest behind first


@dataclass(frozen=True)
class Options:
    """`alpha`: how much a place of low coverage is weighed. `lend_own`: an idle van of a Sudin may serve another city.
    `floor`: stops that each city is promised. `saturdays`: whether vans go on Saturdays too. `agency`: whether vans of the
    agency may be lent, which only who plans them may ask."""

    alpha: str = "0.5"
    lend_own: bool = False
    worst_city_first: bool = False
    floor: int = 0
    saturdays: bool = False
    agency: bool = False

    @property
    def weight(self) -> Decimal:
        return Decimal(self.alpha)


@dataclass(frozen=True)
class Pin:
    """A stop that the head wants; `van` 0: whichever."""

    village: str
    day: str
    van: int = 0


@dataclass(frozen=True)
class Ban:
    """A stop that the head does not want; `day` "": on no day."""

    village: str
    day: str = ""


EditKind = Literal["pin", "release", "ban", "allow", "move"]


@dataclass(frozen=True)
class Edit:
    """What the head changes in a proposal before asking again. `release` takes a pin back, `allow` a ban. `move`: from `day`
    to `to_day`, with `van` if it is named."""

    kind: EditKind
    village: str
    day: str = ""
    to_day: str = ""
    van: int = 0


@dataclass(frozen=True)
class Question:
    """`days`: of the calendar, from `first_day` on."""

    region: str
    first_day: date
    days: int
    options: Options = field(default_factory=Options)
    pins: frozenset[Pin] = frozenset()
    bans: frozenset[Ban] = frozenset()
    repairs: bool = False

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    def keeping(self, former: "Question") -> "Question":
        """With the pins and bans of another question, as far as they lie in this one's region and days."""
        first, last = self.first_day.isoformat(), self.last_day.isoformat()
        pins = {pin for pin in former.pins if is_within(pin.village, self.region) and first <= pin.day <= last}
        bans = {ban for ban in former.bans if is_within(ban.village, self.region) and (not ban.day or first <= ban.day <= last)}
        return replace(self, pins=frozenset(pins), bans=frozenset(bans))

    def digest(self) -> str:
        """The same for the same question."""
        parts = [self.region, self.first_day.isoformat(), self.days, asdict(self.options), self.repairs]
        return hashlib.sha256(json.dumps([*parts, written(self.pins), written(self.bans)]).encode()).hexdigest()


def written(rows: Iterable[Pin | Ban]) -> list[list[Any]]:
    """Pins or bans as a proposal stores them."""
    return sorted(list(asdict(row).values()) for row in rows)


def options_of(stored: Mapping[str, Any]) -> Options:
    return Options(**stored)


def refuse_odd(question: Question, today: date) -> None:
    """Refuse what nobody can mean, before anything is read."""
    if question.first_day < today:
        raise Refused(N_("Hari itu sudah lewat; jadwal hanya untuk hari ini dan sesudahnya."), "first_day")
    if question.first_day > today + timedelta(days=366 - MAX_DAYS):
        raise Refused(N_("Jadwal disusun paling jauh satu tahun ke depan."), "first_day")
    if not 1 <= question.days <= MAX_DAYS:
        raise Refused(N_("Jangka usulan antara 1 dan %(most)s hari."), "days", most=MAX_DAYS)
    if question.options.alpha not in ALPHAS:
        raise Refused(N_("Bobot pemerataan harus 0, 0,5 atau 1."), "alpha")
    if not 0 <= question.options.floor <= MAX_FLOOR:
        raise Refused(N_("Titik yang dijamin tiap kota antara 0 dan %(most)s."), "floor", most=MAX_FLOOR)
    for day in sorted({pin.day for pin in question.pins} | {ban.day for ban in question.bans if ban.day}):
        if not _is_day(day):
            raise Refused(N_("Kiriman itu tidak dikenal. Muat ulang halamannya."), "day")


def _is_day(text: str) -> bool:
    """Whether it is a day as pins and bans are stored, and read again by every page of their proposal."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def edited(question: Question, edits: Sequence[Edit]) -> Question:
    """The question with these changes, one after the other."""
    pins, bans = set(question.pins), set(question.bans)
    for edit in edits:
        if edit.kind not in ("pin", "release", "ban", "allow", "move"):
            raise NotFound(N_("Kiriman itu tidak dikenal. Muat ulang halamannya."))
        here = {pin for pin in pins if (pin.village, pin.day) == (edit.village, edit.day)}
        if edit.kind == "allow":
            bans.discard(Ban(edit.village, edit.day))
            continue
        pins -= here
        if edit.kind == "ban":
            bans.add(Ban(edit.village, edit.day))
            pins -= {pin for pin in pins if not edit.day and pin.village == edit.village}
        elif edit.kind == "pin":
            pins.add(Pin(edit.village, edit.day, edit.van))
            bans -= {Ban(edit.village, edit.day), Ban(edit.village)}
        elif edit.kind == "move":
            pins.add(Pin(edit.village, edit.to_day, edit.van))
            bans.add(Ban(edit.village, edit.day))
            bans -= {Ban(edit.village, edit.to_day), Ban(edit.village)}
    return replace(question, pins=frozenset(pins), bans=frozenset(bans))
