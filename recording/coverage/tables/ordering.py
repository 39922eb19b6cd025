"""The order of a table of regions: by any column, both ways, what is missing always last. Pure."""

from collections.abc import Callable, Collection, Iterable
from fractions import Fraction
from typing import Any

DOWN, OTHER = "-", "_kia"  # before a column's name: the largest first; after it: of the document beside
Key = Callable[[Any], Any]


def _of_entries(name: str) -> Key:
    """A number that is missing where nobody has entered anything."""
    return lambda figure: getattr(figure, name) if figure.entries else None


def _beside(key: Key) -> Key:
    return lambda figure: key(figure.beside)


def _not_recorded(figure: Any) -> int | None:
    return figure.not_recorded.people if figure.not_recorded else None


def _done_below(figure: Any) -> Fraction | None:
    return Fraction(figure.below.done, figure.below.total) if figure.below and figure.below.total else None


def _standing(figure: Any) -> int | None:
    """From the furthest behind to beyond the target; without a target there is none."""
    return STANDINGS.index(figure.standing) if figure.standing in STANDINGS else None


STANDINGS = ("silent", "behind", "on_plan", "done", "over")
# A column's name in the address, and what a region has there: None where that is missing.
KEYS: dict[str, Key] = {
    "nama": lambda figure: figure.short_name.casefold(),
    "persen": _of_entries("percent"),
    "rekam": _of_entries("recorded"),
    "target": lambda figure: figure.target,
    "sisa": lambda figure: figure.remaining,
    "rencana": lambda figure: figure.planned,
    "selisih": lambda figure: figure.ahead if figure.entries else None,
    "perhari": lambda figure: figure.needed,
    "hariini": lambda figure: figure.today,
    "takrekam": _not_recorded,
    "tuntas": _done_below,
    "status": _standing,
}
KEYS |= {f"{name}{OTHER}": _beside(KEYS[name]) for name in ("persen", "rekam", "target", "sisa")}
SMALLEST_FIRST = ("nama", "persen", f"persen{OTHER}", "selisih", "status")  # what the first press on a column shows


def ordered(figures: Iterable[Any], order: str) -> list[Any]:
    """The regions by a column, "-" before its name for the largest first. What is missing comes last both ways; equal
    ones follow each other by their code."""
    key = KEYS[order.removeprefix(DOWN)]
    by_code = sorted(figures, key=lambda figure: figure.code)
    known = [figure for figure in by_code if key(figure) is not None]
    missing = [figure for figure in by_code if key(figure) is None]
    return sorted(known, key=key, reverse=order.startswith(DOWN)) + missing


def next_order(column: str, order: str) -> str:
    """What a press on a column's head asks for: the other way round where it is ordered by it already."""
    if order.removeprefix(DOWN) == column:
        return column if order.startswith(DOWN) else f"{DOWN}{column}"
    return column if column in SMALLEST_FIRST else f"{DOWN}{column}"


def is_order(order: str, columns: Collection[str]) -> bool:
    """Whether a table with these columns can be put in that order."""
    return order.removeprefix(DOWN) in KEYS and order.removeprefix(DOWN) in columns
