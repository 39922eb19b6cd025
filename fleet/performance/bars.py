"""Horizontal bars as coordinates: each as long as its value, the value at its end. Pure; templates only write it out.

Coordinates are strings in the units of the SVG's viewBox, with a dot in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, TEXT_SIZE = 280, 12  # units; letters as in portal.css
ROW, NAME, BAR, THICK, VALUE = 42, 13, 19, 14, 30.5  # of a row: its height, and where in it stands what
VALUE_ROOM = 62  # units right of the longest bar
LONGEST = WIDTH - VALUE_ROOM
LETTER = 0.6  # the width of a letter in parts of its size, in the widest of the usual fonts
SHOWN_AT_EACH_END = 6  # of more bars than twice that, the first and the last ones


@dataclass(frozen=True)
class Value:
    """What one bar shows: `text` is its value in words, `note` how many it was taken from."""

    name: str
    value: Decimal
    text: str
    note: str


@dataclass(frozen=True)
class Bar:
    """One row: the name and the note stand at `name_y`, the bar begins at 0, the text stands right of its end."""

    name: str
    text: str
    note: str
    name_y: str
    y: str
    length: str
    text_x: str
    text_y: str


@dataclass(frozen=True)
class BarChart:
    """`left_out` rows stand only in the table; `gap_y` is where the picture says so, between the first and the last."""

    height: int
    bars: list[Bar]
    left_out: int
    gap_y: str
    width: int = WIDTH
    longest: int = LONGEST
    thick: int = THICK


def bar_chart(values: Sequence[Value], most: Decimal | None = None) -> BarChart:
    """In the order given, against `most` (None: the largest of them)."""
    top = most or max([Decimal(1), *(value.value for value in values)])
    left_out = max(0, len(values) - 2 * SHOWN_AT_EACH_END)
    shown = [*values[:SHOWN_AT_EACH_END], *values[-SHOWN_AT_EACH_END:]] if left_out else values
    bars = []
    for number, value in enumerate(shown):
        row = number + (1 if left_out and number >= SHOWN_AT_EACH_END else 0)
        length = LONGEST * min(value.value / top, Decimal(1))
        bars.append(
            Bar(
                shortened(value.name, WIDTH - _width(value.note) - TEXT_SIZE),
                value.text,
                value.note,
                _number(row * ROW + NAME),
                _number(row * ROW + BAR),
                _number(length),
                _number(length + 6),
                _number(row * ROW + VALUE),
            )
        )
    rows = len(shown) + bool(left_out)
    return BarChart(rows * ROW, bars, left_out, _number(SHOWN_AT_EACH_END * ROW + VALUE - 6) if left_out else "")


def shortened(name: str, room: float) -> str:
    """The name, cut with "…" where it needs more units than there are."""
    letters = int(room / (LETTER * TEXT_SIZE))
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip(' ,')}…"


def _width(text: str) -> float:
    return len(text) * LETTER * TEXT_SIZE


def _number(value: float | Decimal) -> str:
    return f"{value:.1f}"
