"""Where the values of a chart are written, so that no number lies on a line or on another number. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

# In parts of the size of the letters:
DIGIT_WIDTH, COMMA_WIDTH = 0.7, 0.38  # in the widest of the usual fonts, bold
ASCENT, DESCENT = 0.74, 0.06  # how far digits reach above their base line, and what they keep clear below it
DOT = 5.5  # its radius, in units of the viewBox
COST_ON_LINE, COST_ON_NUMBER, COST_OUTSIDE = 1, 10, 100
Point = tuple[float, float]
Line = list[Point]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """Where a value is written: the point on the base line at the "start" or the "end" of its letters (`anchor`)."""

    x: str
    y: str
    anchor: str


@dataclass(frozen=True)
class Spot:
    """A place for a number: its label and the room that it takes (left, top, right, bottom)."""

    label: Label
    box: Box


def text_width(people: int, size: int) -> float:
    """Units that a number needs at most, with its separators of thousands."""
    return size * sum(COMMA_WIDTH if letter == "," else DIGIT_WIDTH for letter in f"{people:,}")


def around(dot: Point, people: int, size: int) -> list[Spot]:
    """The places for the number of a dot, the usual one (left above it) first."""
    x, y = dot
    beside = [(-8, -9, "end"), (8, size + 5, "start"), (-8, size + 7, "end"), (8, -9, "start")]
    apart = [(0, -9 - size, "end"), (2, -14 - size, "start"), (0, -14 - 2 * size, "end"), (2, -14 - 2 * size, "start")]
    return [_spot((x + right, y + down), people, size, anchor) for right, down, anchor in [*beside, *apart]]


def along(begin: float, end: float, y: float, people: int, size: int) -> list[Spot]:
    """The places for the number of a level line: above its end, above its begin, below its end."""
    places = [(end, y - 6, "end"), (begin + 4, y - 6, "start"), (end, y + size + 4, "end")]
    return [_spot((x, base), people, size, anchor) for x, base, anchor in places]


def at_end(end: Point, people: int, size: int) -> list[Spot]:
    """The places for the number at the right end of a line: above it, below it, then farther off."""
    x, y = end
    heights = (-6, size + 4, -12 - size, 2 * size + 10, -18 - 2 * size, 3 * size + 16)
    return [_spot((x, y + down), people, size, "end") for down in heights]


def best(*groups: Sequence[Spot], lines: Sequence[Line], dot: Point | None, frame: Box) -> list[Label | None]:
    """The cheapest places, one of each group: inside of the frame, apart, on as few lines as possible, then the earlier
    ones. None for a label without places."""
    priced = [[(_cost(spot, lines, dot, frame) + 0.1 * n, spot) for n, spot in enumerate(spots)] for spots in groups]

    def price(chosen: tuple[tuple[float, Spot], ...]) -> float:
        overlaps = sum(overlap(one.box, other.box) for (_, one), (_, other) in combinations(chosen, 2))
        return sum(cost for cost, _spot in chosen) + COST_ON_NUMBER * overlaps

    cheapest = min(product(*[places for places in priced if places]), key=price)
    chosen = iter(cheapest)
    return [next(chosen)[1].label if spots else None for spots in priced]


def _spot(base: Point, people: int, size: int, anchor: str) -> Spot:
    x, y = base
    width = text_width(people, size)
    left = x - width if anchor == "end" else x
    return Spot(Label(f"{x:.1f}", f"{y:.1f}", anchor), (left, y - ASCENT * size, left + width, y + DESCENT * size))


def _cost(spot: Spot, lines: Sequence[Line], dot: Point | None, frame: Box) -> int:
    left, top, right, bottom = spot.box
    outside = left < frame[0] or top < frame[1] or right > frame[2] or bottom > frame[3]
    on_dot = dot is not None and overlap(spot.box, (dot[0] - DOT, dot[1] - DOT, dot[0] + DOT, dot[1] + DOT))
    lines_below = sum(crosses(line, spot.box) for line in lines)
    return COST_OUTSIDE * outside + COST_ON_NUMBER * on_dot + COST_ON_LINE * lines_below


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def crosses(line: Line, box: Box) -> bool:
    """Whether a line, drawn from left to right, passes through a box."""
    left, top, right, bottom = box
    for (ax, ay), (bx, by) in pairwise(line):
        if bx < left or ax > right:
            continue
        slope = (by - ay) / (bx - ax) if bx > ax else 0
        ends = (ay + slope * (max(left, ax) - ax), ay + slope * (min(right, bx) - ax)) if bx > ax else (ay, by)
        if min(ends) <= bottom and max(ends) >= top:
            return True
    return False
