"""The names of all regions day by day: which were open, and what each was called."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from recording.imports.matching.names import RegionNames, index_names
from recording.parsing.days import ONE_DAY
from recording.parsing.region_names import normalise


class Lifetime(NamedTuple):
    """The present name of a region, and its first and last day; None: as long as anyone counts, and still open."""

    code: str
    name: str
    opened: date | None = None
    closed: date | None = None


class OldName(NamedTuple):
    """A name that a region had from a first (None: always) to a last day."""

    code: str
    name: str
    first_day: date | None
    last_day: date


class Chronicle:
    """Gives the names of a day. Days between which nothing changed share one index. All days before `first`, of which no
    file may speak, count as that one."""

    def __init__(
        self,
        regions: Sequence[Lifetime],
        old_names: Sequence[OldName],
        aliases: Iterable[tuple[str, str]],
        decided: Mapping[str, str],
        *,
        first: date,
    ) -> None:
        self._regions, self._old_names, self._aliases, self._decided = regions, old_names, list(aliases), decided
        begins = {region.opened for region in regions} | {old.first_day for old in old_names}
        ends = {region.closed for region in regions} | {old.last_day for old in old_names}
        turns = {day for day in begins if day} | {day + ONE_DAY for day in ends if day}
        self._days = [first, *sorted(day for day in turns if first < day)]
        self._other_names: dict[str, set[str]] = defaultdict(set)
        for old in old_names:
            self._other_names[old.code].add(normalise(old.name))
        self._indexes: dict[date, RegionNames] = {}

    def on(self, day: date) -> RegionNames:
        """The names of a day."""
        day = self._days[max(0, bisect_right(self._days, day) - 1)]
        if day not in self._indexes:
            self._indexes[day] = self._index(day)
        return self._indexes[day]

    def all(self) -> Iterator[RegionNames]:
        """The names of every time that differs from the one before it."""
        return (self.on(day) for day in self._days)

    def _index(self, day: date) -> RegionNames:
        then = {old.code: old.name for old in self._old_names if (old.first_day or day) <= day <= old.last_day}
        return index_names(
            [(region.code, then.get(region.code, region.name)) for region in self._regions],
            self._aliases,
            self._decided,
            closed=frozenset(region.code for region in self._regions if not _is_open(region, day)),
            present={region.code: normalise(region.name) for region in self._regions if region.code in then},
            other_names=self._other_names,
        )


def _is_open(region: Lifetime, day: date) -> bool:
    return (region.opened or day) <= day <= (region.closed or day)
