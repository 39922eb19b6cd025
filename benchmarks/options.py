"""Measures the portal in ratios to floors of the same run."""

import argparse
from collections.abc import Sequence

from benchmarks.lines import ENGINES

WITHOUT_ENGINE = ("forecast", "plan")
EXAMPLES = """examples:
  make bench                          everything but --growth, --load, --forecast and --plan, nation included
  make bench ARGS=--quick             the same without the nation and the large import
  make bench ARGS="--api --rounds 5"  the API and the first page, medians of five rounds
  make bench ARGS=--growth            one, five and ten years of DKI beside each other
  make bench ARGS=--forecast          how often forecasts of made-up campaigns were right
  make bench ARGS=--plan              the planner: 200 instances of DKI and the nation
  make bench ARGS="--load --reports 1020 --engine postgres"
                                      eight o'clock with 17 reports a second, on the production form

Each line is explained in docs/benchmarks.md. The exit code is 1 when a bar is broken. Run it on a quiet machine."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; a wrong word ends the process here, not after minutes of measuring."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="without the size of the nation and the large import")
    parser.add_argument("--api", action="store_true", help="only the lines of the API and the first page")
    parser.add_argument("--growth", action="store_true", help="only the lines of one, five and ten years")
    parser.add_argument("--load", action="store_true", help="only the lines of eight o'clock")
    parser.add_argument("--forecast", action="store_true", help="only the forecasts; they need no engine and come once")
    parser.add_argument("--plan", action="store_true", help="only the lines of the planner, which knows no database")
    parser.add_argument("--pages", type=_positive, default=500, metavar="N", help="first pages in that minute (500)")
    parser.add_argument("--reports", type=_positive, default=17, metavar="N", help="van reports in that minute (17)")
    parser.add_argument("--engine", choices=ENGINES, help="only this one; without it both, one after the other")
    parser.add_argument(
        "--rounds", type=_positive, default=3, metavar="N", help="measure N times in turns with the floor, take medians (3)"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON at the end; lines go to standard error")
    return parser.parse_args(arguments)


def parts(asked: argparse.Namespace) -> list[str]:
    """What is measured one after the other, each in a database of its own."""
    return [part for part in ("api", "growth", "load", "forecast", "plan") if getattr(asked, part)] or ["everything"]


def turns(asked: argparse.Namespace) -> list[tuple[str, str]]:
    """Each part with each of its engines; forecasts and plans use none, so they come once, under the first one's name."""
    engines = (asked.engine,) if asked.engine else ENGINES
    return [(part, engine) for part in parts(asked) for engine in (ENGINES[:1] if part in WITHOUT_ENGINE else engines)]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
