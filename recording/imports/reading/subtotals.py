"""Rows that sum up those just above them, recognised by where they stand. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

MAX_BLOCKS = 60  # a city of DKI has at most ten kecamatan, so more blocks above one row are no subtotal


class RowSums:
    """Sums of the numbers of rows that stand between two others."""

    def __init__(self, rows: Iterable[tuple[int, Sequence[int]]], width: int) -> None:
        """`rows`: the number of each row and its `width` numbers."""
        ordered = sorted(rows)
        self._numbers = [number for number, _ in ordered]
        self._sums = [list(accumulate((people[place] for _, people in ordered), initial=0)) for place in range(width)]

    def between(self, above: int, below: int) -> list[int]:
        """The sums of all rows after the row `above` and before the row `below`; nothing where there are none."""
        first, last = bisect_right(self._numbers, above), bisect_left(self._numbers, below)
        return [sums[last] - sums[first] for sums in self._sums] if first < last else []

    def is_subtotal(self, row: int, people: Sequence[int], borders: Sequence[int]) -> bool:
        """Whether a row of these numbers sums up what stands between it and one of the `borders` above it, the numbers
        of rows that may be subtotals themselves."""
        starts = [0, *(border for border in borders if border < row)][-MAX_BLOCKS:]
        return any(self.between(start, row) == list(people) for start in reversed(starts))
