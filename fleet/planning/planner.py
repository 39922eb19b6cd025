"""From a problem to a plan that carries its proof. An engine proposes; nothing that it says is believed: its stops are
counted again, its prices only bound what any plan is worth, and where it fails the greedy plan stands."""

from dukcapil.errors import Refused
from fleet.planning.cases import joined, leaves, tidy_case
from fleet.planning.cut import parts
from fleet.planning.engine import Engine, Proposal, answer_of
from fleet.planning.greedy import greedy
from fleet.planning.prices import find_prices, level_prices, prices_of, usable
from fleet.planning.problem import MAX_STEPS, Case, Plan, Prices, Problem, Stop, plan_of, refuse_bad, steps
from fleet.planning.proof import bound_of, check, value_of

GREEDY = "greedy"
FINE = 500  # prices are searched further while the gap is above the 500th part of the value


def propose(problem: Problem, engine: Engine | None) -> Plan:
    """The best plan that the engine or the greedy way finds, proved; Refused when none keeps every rule."""
    refuse_bad(problem)
    stops: list[Stop] = []
    case: Case = [[[0] * len(problem["days"]) for _ in problem["cities"]], [0] * len(problem["needs"])]
    names = set()
    for part in parts(problem):
        answer, name = solve_part(part.problem, engine)
        names.add(name)
        stops += [(part.places[p], day) for p, day in answer.stops]
        told = answer.case or [*answer.prices]
        fits = leaves(case) * leaves(told) * steps(problem) <= 2 * MAX_STEPS
        case = joined(case, part, told if fits else [*answer.prices])
    name = ", ".join(sorted(names)) or GREEDY
    plan = plan_of(problem, stops, case, value_of(problem, set(stops)), bound_of(problem, *case), name)
    check(plan)
    return plan


def solve_part(problem: Problem, engine: Engine | None) -> tuple[Proposal, str]:
    """The better of what the engine proposes and the greedy plan, with what bounds it best, and whose it is."""
    candidates: list[tuple[int, list[Stop], str]] = []
    prices, case = usable(problem, Prices([], [])), None
    if engine is not None:
        try:
            proposal = answer_of(engine, problem)
            prices = usable(problem, proposal.prices)
            case = proposal.case and tidy_case(problem, proposal.case)
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
        starts = (prices, prices_of(problem, stops), level_prices(problem))
        start = min(starts, key=lambda start: bound_of(problem, *start))
        prices = find_prices(problem, value, start)
    if case and bound_of(problem, *case) >= bound_of(problem, *prices):
        case = None
    return Proposal(stops, prices, case), name


def tidy(problem: Problem, stops: list[Stop]) -> list[Stop]:
    """The stops in order; ValueError when one of them is none of the problem's."""
    known = {(p, d) for p, place in enumerate(problem["places"]) for d in range(len(place["bonus"]))}
    if not set(stops) <= known or len(set(stops)) < len(stops):
        raise ValueError("stops that are none")
    return sorted(stops)
