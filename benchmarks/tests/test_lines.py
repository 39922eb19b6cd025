"""The table: its lines are those of the text, it fits a terminal, and it says which bars are broken."""

import re
from pathlib import Path

import pytest

from benchmarks import options, table
from benchmarks.lines import ENGINES, LINES, Line, Measured, at_least, at_most, line_of, row

pytestmark = pytest.mark.once

BASE = Path(__file__).resolve().parents[2]


def told_lines() -> dict[str, dict[str, str]]:
    """Of docs/benchmarks.md: the lines with their bars, by the command that prints them."""
    sections = re.split(r"^## `(.+)`$", (BASE / "docs/benchmarks.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {command: dict(_rows(text)) for command, text in zip(sections[::2], sections[1::2], strict=True)}


def _rows(text: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("| `"):
            names, measures, floor, bars, why = line.strip("| ").split(" | ")
            assert measures, names
            assert floor, names
            assert why.endswith("."), names
            assert why.count(". ") == 0, f"{names}: argue in one sentence"
            rows += zip(re.findall("`(.+?)`", names), bars.split(" · "), strict=True)
    return rows


def bar_in_words(line: Line) -> str:
    return line.allowed("sqlite") + ("" if line.sqlite == line.postgres else f" (PostgreSQL {line.postgres:g})")


def test_the_text_tells_every_line() -> None:
    code = {command: {name: bar_in_words(line) for name, line in lines.items()} for command, lines in LINES.items()}
    assert told_lines() == code


def test_every_line_is_measured_somewhere() -> None:
    code = "\n".join(path.read_text() for path in (BASE / "benchmarks").rglob("*.py") if path.name != "lines.py")
    for name in (name for lines in LINES.values() for name in lines):
        number = re.sub("195,000|2,000,000", "{size:,}", name)
        forms = (name, number, number.replace("{size", "{file.size"), *_parts(name))
        assert any(f'"{form}' in code for form in forms), name


def _parts(name: str) -> list[str]:
    """What stands in the code of a name that is put together."""
    beginnings = [name.rpartition(end)[0] for end in (", 5 years", ", 10 years", ", at 5 years") if name.endswith(end)]
    beginnings += [name.rpartition(": ")[0]] * (": " in name)
    beginnings += re.findall("queries of the page of |entries of the province, |entries, ", name)
    beginnings += re.findall("plan of DKI, ", name)
    return beginnings + [name.partition("eight o'clock, ")[2]] * name.startswith("eight o'clock, ")


def test_no_name_stands_twice() -> None:
    names = [name for lines in LINES.values() for name in lines]
    assert len(names) == len(set(names))


def test_an_unknown_line_is_no_row() -> None:
    with pytest.raises(KeyError):
        line_of("import of 196,000 rows")


@pytest.mark.parametrize(
    ("line", "ratio", "holds"),
    [(at_most(2), 2.0, True), (at_most(2), 2.01, False), (at_least(8), 8.0, True), (at_least(8), 7.99, False)],
)
def test_a_bar_itself_is_still_allowed(line: Line, ratio: float, holds: bool) -> None:
    assert line.holds("sqlite", ratio) is holds


def test_each_engine_has_its_bar() -> None:
    line = at_most(2.2, postgres=1.4)
    assert (line.holds("sqlite", 1.5), line.holds("postgres", 1.5)) == (True, False)
    assert (line.allowed("sqlite"), at_least(0.7).allowed("postgres")) == ("<= 2.2", ">= 0.7")


def widest_rows() -> list[dict[str, object]]:
    """Every line on both engines, with values as long as any."""
    widest = [Measured(name, "123.456 s", "123.456 s", 12345.678) for lines in LINES.values() for name in lines]
    return [row(engine, measured) for engine in ENGINES for measured in widest]


def test_the_table_fits_a_terminal() -> None:
    rows = widest_rows()
    assert max(map(len, table.table(rows).splitlines())) <= 100
    assert len({len(name) > table.WIDTHS[1] for lines in LINES.values() for name in lines}) == 1


def test_the_table_says_what_is_broken() -> None:
    good, bad = Measured("import of 195,000 rows", "1 s", "1 s", 1.0), Measured("import of 195,000 rows", "9 s", "1 s", 9.0)
    rows = [row("postgres", good), row("sqlite", bad)]
    lines = table.table(rows).splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["sqlite", "postgres"]
    assert [line.endswith("NO") for line in lines[1:3]] == [True, False]
    assert lines[-1] == "1 of 2 lines are beyond what is allowed."
    assert table.table(rows[:1]).splitlines()[-1] == "All lines are as allowed."


def test_the_parts_are_those_asked_for() -> None:
    assert options.parts(options.parse([])) == ["everything"]
    assert options.parts(options.parse(["--growth", "--api"])) == ["api", "growth"]


def test_forecasts_come_once_whatever_the_engine() -> None:
    assert options.turns(options.parse(["--api"])) == [("api", "sqlite"), ("api", "postgres")]
    assert options.turns(options.parse(["--forecast", "--api", "--engine", "postgres"])) == [
        ("api", "postgres"),
        ("forecast", "sqlite"),
    ]


@pytest.mark.parametrize("arguments", [["--rounds", "0"], ["--engine", "oracle"], ["--fast"]])
def test_a_wrong_word_ends_at_once(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        options.parse(arguments)
