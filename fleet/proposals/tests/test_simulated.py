"""The page of methods shows what the simulator stored, in words, with the clearest figures first."""

import pytest

from accounts.tests import cast
from fleet.planning.simulation.table import BARS, NAMES
from fleet.proposals import simulated
from recording.tests.pages import logged_in, rows


def test_every_figure_has_words() -> None:
    for world, row in simulated.stored_figures()["worlds"].items():
        assert world in simulated.WORLDS
        assert set(NAMES) <= set(row["policies"]) <= set(simulated.POLICIES)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ({"median": 102.5, "of_clairvoyant": 0.932}, ["103", "93%"]),
        ({"median": 11334, "of_clairvoyant": 1.0}, ["11.334", "100%"]),
        ({"median": None, "of_clairvoyant": None}, ["–", "–"]),
    ],
)
def test_what_is_never_reached_is_a_dash(row: dict[str, float | None], cells: list[str]) -> None:
    assert list(simulated.line("planner", row)[1:]) == cells


@pytest.mark.parametrize(("ratio", "words"), [(1.358, "1,36×"), (1.0, "1,00×"), (0.954, "0,95×")])
def test_ratios_are_rounded_not_cut(ratio: float, words: str) -> None:
    assert simulated.times(ratio) == words


@pytest.mark.django_db
def test_the_page_of_methods_tells_each_bar() -> None:
    page = logged_in(cast.reader()).get("/metode/")
    shown = rows(page, "Perencana dibandingkan dengan cara lain")
    assert len(shown) == len(BARS)
    assert {row[-1] for row in shown} == {"terpenuhi"}
    assert [row[4] for row in shown][-2:] == ["≥ 1,00×", "≥ 0,95×"]
