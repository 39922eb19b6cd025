"""The map of what a plan will reach: each kecamatan with the people whom its stops are expected to record."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from django.urls import reverse

from accounts.rights import Actor
from fleet.models import Proposal
from fleet.proposals.week_grid import WeekGrid
from recording.public import Figure, Level, TileMap, official_figures, tile_map

DISTRICT = 8  # letters of a kelurahan's code that are its kecamatan's


def map_of_plan(by: Actor, proposal: Proposal, grid: WeekGrid, today: date) -> TileMap[Figure] | None:
    """None where no kecamatan has a place on the map, or there are no official figures."""
    official = official_figures(by, proposal.region_id, Level.DISTRICT, proposal.first_day, proposal.last_day, today=today)
    expected: defaultdict[str, float] = defaultdict(float)
    for city in grid.cities:
        for day in city.days:
            for stop in day.stops:
                expected[stop.village.code[:DISTRICT]] += stop.expected or 0
    if not official.run:
        return None
    reached = [
        replace(figure, recorded=figure.recorded + round(expected[figure.code]), url=reverse("region", args=[figure.code]))
        for figure in official.regions
    ]
    return tile_map(reached, near=len(grid.cities) == 1)
