"""The ways to send the vans that are compared. Each tells the stops of a day from what an office has seen by then."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain

from fleet.planning.building import problem_of
from fleet.planning.cut import parts
from fleet.planning.greedy import greedy
from fleet.planning.planner import propose
from fleet.planning.request import MAX_VISITS, REVISIT_GAP, CityVans, PlaceYields, PlanRequest
from fleet.planning.simulation.run import Campaign, Turnout
from fleet.planning.simulation.worlds import WEEK
from fleet.planning.solver import Highs
from fleet.planning.yields import outlooks

AGENCY = "31"
MOST_RECORDINGS = Decimal(0)  # the alpha of a planner that only counts recordings
Outlooks = Callable[[Sequence[Turnout]], list[tuple[tuple[float, ...], int]]]  # yields and reachable of each place


class Daily:
    """The best open places of each city, and for the agency's vans of the province, day by day."""

    def __init__(self, campaign: Campaign, key: Callable[[Turnout], float], skip: bool = True, share: float = 1.0) -> None:
        self.campaign, self.key, self.skip = campaign, key, skip
        self.rows: list[list[int]] = [[] for _city in campaign.world.cities]
        for position, place in enumerate(campaign.world.places):
            self.rows[place.city].append(position)
        for row in self.rows:
            row.sort(key=lambda position: -campaign.world.places[position].gap)
            row[:] = sorted(row[: max(1, round(share * len(row)))])

    def stops(self, day: int) -> list[int]:
        chosen: list[int] = []
        for row, ready in zip([*self.rows, list(chain(*self.rows))], self.campaign.ready(day), strict=True):
            chosen += sorted((p for p in row if self.is_open(p, day, chosen)), key=self.rank)[: len(ready)]
        return chosen

    def is_open(self, position: int, day: int, chosen: Sequence[int]) -> bool:
        turnout = self.campaign.turnouts[position]
        rested = day - turnout.last_day >= REVISIT_GAP
        return rested and position not in chosen and not (self.skip and turnout.left <= 0)

    def rank(self, position: int) -> float:
        return self.key(self.campaign.turnouts[position])


class Weekly:
    """A plan for five days on each Monday, by the planner's own model."""

    def __init__(self, campaign: Campaign, foresee: Outlooks, solver: bool) -> None:
        self.campaign, self.foresee, self.engine = campaign, foresee, Highs() if solver else None
        self.plan: dict[int, list[int]] = {}

    def stops(self, day: int) -> list[int]:
        if day % WEEK == 0:
            self.plan = self.planned(range(day, day + WEEK))
        return self.plan.get(day, [])

    def planned(self, days: range) -> dict[int, list[int]]:
        problem, plan = problem_of(self.request(days)), dict[int, list[int]]()
        if self.engine is not None:
            at = {place.code: position for position, place in enumerate(self.campaign.world.places)}
            stops = [(at[code], int(day)) for code, day in propose(problem, self.engine)["stops"]]
        else:
            stops = [(part.places[p], days[d]) for part in parts(problem) for p, d in greedy(part.problem)]
        for position, day in stops:
            plan.setdefault(day, []).append(position)
        return plan

    def request(self, days: range) -> PlanRequest:
        world, vans = self.campaign.world, [[len(row) for row in self.campaign.ready(day)] for day in days]
        cities = [CityVans(city, tuple(row[number] for row in vans), AGENCY) for number, city in enumerate(world.cities)]
        places = [
            PlaceYields(
                turnout.place.code,
                world.cities[turnout.place.city],
                turnout.recorded,
                reachable,
                tuple(Decimal(f"{expected:.3f}") for expected in yields),
                frozenset(named(day) for day in days if day - turnout.last_day < REVISIT_GAP),
            )
            for turnout, (yields, reachable) in zip(self.campaign.turnouts, self.foresee(self.campaign.turnouts), strict=True)
        ]
        pools = {AGENCY: tuple(row[-1] for row in vans)}
        return PlanRequest(tuple(map(named, days)), tuple(cities), tuple(places), pools, alpha=MOST_RECORDINGS)


def named(day: int) -> str:
    return f"{day:04}"


def learnt(turnouts: Sequence[Turnout]) -> list[tuple[tuple[float, ...], int]]:
    """What the reports tell."""
    known = outlooks({turnout.place.code: turnout.history() for turnout in turnouts}, MAX_VISITS)
    return [(known[t.place.code].means, t.recorded + round(known[t.place.code].left)) for t in turnouts]


def true(turnouts: Sequence[Turnout]) -> list[tuple[tuple[float, ...], int]]:
    """What only the maker of the world knows."""
    return [(turnout.true_yields(MAX_VISITS), sum(map(len, turnout.place.groups))) for turnout in turnouts]


def longest_ago(turnout: Turnout) -> float:
    return turnout.last_day


def smallest_rest(turnout: Turnout) -> float:
    return -turnout.left


PERIODIC = (0.15, 0.3, 0.5, 0.75, 1.0)  # of the places of each city, those with the largest gaps, again and again
POLICIES: dict[str, Callable[[Campaign], Daily | Weekly]] = {
    "skipping_rota": lambda campaign: Daily(campaign, longest_ago),
    **{f"periodic_{share}": lambda c, share=share: Daily(c, longest_ago, False, share) for share in PERIODIC},  # type: ignore[misc]
    "largest_gap": lambda campaign: Daily(campaign, smallest_rest),
    "greedy": lambda campaign: Weekly(campaign, learnt, solver=False),
    "planner": lambda campaign: Weekly(campaign, learnt, solver=True),
    "clairvoyant": lambda campaign: Weekly(campaign, true, solver=False),
}
