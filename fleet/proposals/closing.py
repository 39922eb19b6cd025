"""What is still to be done until the targets are reached, counted in stop-days. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class PlaceToClose:
    """A kelurahan: people who remain to its target (None: there is none), those whom its next visit is expected to record, and
    its visits that were held in the period and that are booked until its end. `left`: how many of those who remain can still
    be found, on average."""

    code: str
    name: str
    district: str
    remaining: int | None
    expected: float
    held: int
    booked: int
    left: float = 0.0

    @property
    def needed(self) -> int | None:
        """Visits: what remains divided by what the next visit yields, rounded up. None without a target, or where nobody is
        expected to come: no number of visits is enough there."""
        if self.remaining is None:
            return None
        if not self.remaining:
            return 0
        return ceil(self.remaining / self.expected) if self.expected >= 0.5 else None

    @property
    def out_of_reach(self) -> bool:
        """Whether people remain whom no visit is expected to record."""
        return bool(self.remaining) and self.needed is None

    @property
    def short_by(self) -> int | None:
        """Visits that are needed and not booked."""
        return None if self.needed is None else max(0, self.needed - self.booked)


@dataclass(frozen=True)
class CityToClose:
    """A city with its kelurahan. `gone`: the working days of the period that are over, of `days` in all."""

    code: str
    name: str
    places: tuple[PlaceToClose, ...]
    gone: int
    days: int

    @property
    def needed(self) -> int:
        """Stop-days that its kelurahan still need, where visits can help."""
        return sum(place.needed or 0 for place in self.places)

    @property
    def remaining(self) -> int:
        """People who remain to the targets of its kelurahan."""
        return sum(place.remaining or 0 for place in self.places)

    @property
    def left(self) -> int:
        """About how many of them can still be found: no number of stop-days records more."""
        return round(sum(min(place.left, place.remaining or 0) for place in self.places))

    @property
    def booked(self) -> int:
        return sum(place.booked for place in self.places)

    @property
    def held(self) -> int:
        return sum(place.held for place in self.places)

    @property
    def short_by(self) -> int:
        """Stop-days that are needed and not booked; what is booked too often in one kelurahan helps no other."""
        return sum(place.short_by or 0 for place in self.places)

    @property
    def out_of_reach(self) -> int:
        """Kelurahan in which people remain whom no visit is expected to record."""
        return sum(place.out_of_reach for place in self.places)

    @property
    def expected_by_today(self) -> int:
        """Stop-days that an even course would have held by today: of those held and those still needed, the same on each
        working day of the period; rounded down."""
        return (self.held + self.needed) * self.gone // self.days if self.days else 0

    @property
    def behind(self) -> int:
        """Stop-days short of that; 0: on schedule."""
        return max(0, self.expected_by_today - self.held)

    @property
    def on_schedule(self) -> bool:
        return not self.behind


def worst_first(places: Iterable[PlaceToClose]) -> list[PlaceToClose]:
    """Those that lack most visits first; those out of reach before those that are done, without a target last."""

    def order(place: PlaceToClose) -> tuple[object, ...]:
        done = not place.out_of_reach and not place.short_by
        return place.remaining is None, done, -(place.short_by or 0), -(place.remaining or 0), place.code

    return sorted(places, key=order)
