"""From a problem to a plan that carries its proof. An engine proposes; nothing that it says is believed: its stops are
counted again, its prices only bound what any plan is worth, and where it fails the greedy plan stands."""

from dukcapil.errors import Refused
from fleet.planning.cut import parts
from fleet.planning.engine import Engine, Proposal
from fleet.planning.greedy import greedy
from fleet.planning.prices import find_prices, prices_of, usable
from fleet.planning.problem import Plan, Prices, Problem, Stop, plan_of, refuse_bad
from fleet.planning.proof import bound_of, check, value_of

GREEDY = "greedy"
FINE = 500  # prices are searched further while the gap is above the 500th part of the value


def propose(problem: Problem, engine: Engine | None) -> Plan:
    """The best plan that the engine or the greedy way finds, proved; Refused when none keeps every rule."""
    refuse_bad(problem)
    stops: list[Stop] = []
    prices = Prices([[0] * len(problem["days"]) for _ in problem["cities"]], [0] * len(problem["needs"]))
    names = set()
    for part in parts(problem):
        answer, name = solve_part(part.problem, engine)
        names.add(name)
        stops += [(part.places[p], day) for p, day in answer.stops]
        for city, row in zip(part.cities, answer.prices.vans, strict=True):
            prices.vans[city] = row
        for need, price in zip(part.needs, answer.prices.needs, strict=True):
            prices.needs[need] = price
    name = ", ".join(sorted(names)) or GREEDY
    plan = plan_of(problem, stops, prices, value_of(problem, set(stops)), bound_of(problem, *prices), name)
    check(plan)
    return plan


def solve_part(problem: Problem, engine: Engine | None) -> tuple[Proposal, str]:
    """The better of what the engine proposes and the greedy plan, with the prices that bound it best, and whose it is."""
    candidates: list[tuple[int, list[Stop], str]] = []
    prices = usable(problem, Prices([], []))
    if engine is not None:
        try:
            proposal = engine.solve(problem)
            prices = usable(problem, proposal.prices)
            candidates.append((value_of(problem, set(proposal.stops)), tidy(problem, proposal.stops), engine.name))
        except Exception:  # an engine may fail in any way: the greedy plan stands then
            candidates = []
    try:
        stops = greedy(problem)
        candidates.append((value_of(problem, set(stops)), stops, GREEDY))
    except Refused:
        if not candidates:
            raise
    value, stops, name = max(candidates, key=lambda candidate: candidate[0])
    if (bound_of(problem, *prices) - value) * FINE > value:
        starts = (prices, prices_of(problem, stops))
        start = min(starts, key=lambda start: bound_of(problem, *start))
        prices = find_prices(problem, value, start)
    return Proposal(stops, prices), name


def tidy(problem: Problem, stops: list[Stop]) -> list[Stop]:
    """The stops in order; ValueError when one of them is none of the problem's."""
    known = {(p, d) for p, place in enumerate(problem["places"]) for d in range(len(place["bonus"]))}
    if not set(stops) <= known or len(set(stops)) < len(stops):
        raise ValueError("stops that are none")
    return sorted(stops)
