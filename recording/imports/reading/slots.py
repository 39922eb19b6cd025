"""What the rows of a table say beside their regions and numbers, and the regions that were met with it. Pure."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from recording.imports.layouts.columns import Value

NOT_NAMED = array("i", [-1])


@dataclass
class Slot:
    """What a row says beside its region and number. `people` are those that were taken with it, by the region's number
    in `Places`, and -1 for a region that the file has not named with it."""

    document: str
    people: "array[int]" = field(default_factory=lambda: array("i"))

    def has(self, index: int) -> bool:
        """Whether this region stands here already; it may not stand here twice."""
        return index < len(self.people) and self.people[index] >= 0

    def mark(self, index: int, people: int) -> None:
        """`index`: the region's number in `Places`."""
        if index >= len(self.people):
            self.people.extend(NOT_NAMED * (index + 256 - len(self.people)))
        self.people[index] = people


SomeSlot = TypeVar("SomeSlot", bound=Slot)
# Gets every good number: its line, region, slot, column and people.
Take = Callable[[int, str, SomeSlot, Value, int], None]


class Entry(NamedTuple, Generic[SomeSlot]):
    """One number of a row. `sums` are those of its column, by region."""

    value: Value
    slot: SomeSlot
    people: int
    sums: dict[str, int]
