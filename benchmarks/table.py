"""The table for people: each line as soon as it was measured, and all of them at the end."""

from benchmarks.lines import ENGINES, LINES, Row

COLUMNS = ("engine", "line", "measured", "floor", "ratio", "allowed", "")
WIDTHS = (8, 40, 11, 11, 7, 8, 3)  # with the spaces between them 100: what a terminal shows without folding
ORDER = {name: place for place, name in enumerate(name for lines in LINES.values() for name in lines)}


def heading() -> str:
    return _aligned(COLUMNS)


def line(row: Row) -> str:
    """One measurement; NO stands behind it when its bar is broken."""
    verdict = "" if row["ok"] else "NO"
    return _aligned((row["engine"], row["line"], row["measured"], row["floor"], _short(row["ratio"]), row["allowed"], verdict))


def table(rows: list[Row]) -> str:
    """All measurements, both engines of a line one below the other, and how many bars are broken."""
    ordered = sorted(rows, key=lambda row: (ORDER[row["line"]], ENGINES.index(row["engine"])))
    broken = sum(not row["ok"] for row in rows)
    verdict = f"{broken} of {len(rows)} lines are beyond what is allowed." if broken else "All lines are as allowed."
    return "\n".join([heading(), *map(line, ordered), "", verdict])


def _short(ratio: float) -> str:
    """Two decimals, or none where they would say nothing."""
    return f"{ratio:.2f}" if ratio < 1000 else f"{ratio:.0f}"


def _aligned(cells: tuple[str, ...]) -> str:
    """Numbers to the right, so that they can be compared down the column."""
    numbers = COLUMNS.index("measured"), COLUMNS.index("floor"), COLUMNS.index("ratio")
    aligned = [
        cell.rjust(width) if place in numbers else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    return "  ".join(aligned).rstrip()
