"""Many campaigns as one table: for each world how each policy fared, beside the clairvoyant and the bars."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from fleet.planning.simulation.policies import PERIODIC, POLICIES
from fleet.planning.simulation.run import Campaign
from fleet.planning.simulation.worlds import CITIES, TARGET, WORLDS, World, world_of

VERSION = 1  # of worlds, policies and form: figures of another version are no longer those that the command prints
MAX_DAYS = 300
NAMES = ("skipping_rota", "periodic_rota", "largest_gap", "greedy", "planner", "clairvoyant")
FOREKNOWING = "foretold"


class Measure(NamedTuple):
    """The days until a share of the reachable people is recorded, or the people recorded within so many days."""

    share: float | None
    days: int = MAX_DAYS


class Bar(NamedTuple):
    """How many times the other's figure the planner's must be: the median over the seeds, and the least, which some of the
    seeds may miss."""

    world: str
    other: str
    median: float
    least: float
    may_miss: float = 0.0


MEASURES = {
    "everyone": Measure(0.8),
    "gone": Measure(0.8),
    "lag": Measure(0.8),
    "groups": Measure(0.5),
    "scarce": Measure(None, 130),
    "called_off": Measure(None, 60),
}
BARS = (
    Bar("everyone", "skipping_rota", 1.25, 1.0),
    Bar("gone", "skipping_rota", 1.25, 1.0),
    Bar("lag", "skipping_rota", 1.25, 1.0),
    Bar("groups", "skipping_rota", 1.25, 1.0),
    Bar("scarce", "largest_gap", 1.25, 0.0),
    Bar("scarce", "periodic_rota", 0.0, 1.0, 0.05),
    Bar("called_off", FOREKNOWING, 0.95, 0.0),
)


def simulate(
    worlds: Sequence[str] = WORLDS,
    seeds: int = 8,
    days: int | None = None,
    cities: Mapping[str, tuple[int, int]] = CITIES,
    target: int = TARGET,
) -> dict[str, Any]:
    """The table. `days`: how long a campaign lasts at most, instead of what its world is measured by."""
    rows = {name: row_of(name, seeds, days, cities, target) for name in worlds}
    return {"version": VERSION, "seeds": seeds, "worlds": rows, "bars": [told(bar, rows) for bar in BARS if bar.world in rows]}


def row_of(name: str, seeds: int, days: int | None, cities: Mapping[str, tuple[int, int]], target: int) -> dict[str, Any]:
    measure = MEASURES[name] if days is None else MEASURES[name]._replace(days=days)
    figures = [figures_of(world_of(name, seed, cities, target), measure) for seed in range(1, seeds + 1)]
    policies = {policy: [each[policy] for each in figures] for policy in figures[0]}
    best = policies["clairvoyant"]
    return {
        "share": measure.share,
        "days": measure.days,
        "policies": {
            policy: {
                "values": values,
                "median": middle(values),
                "of_clairvoyant": middle(ratios(measure.share is not None, values, best)),
            }
            for policy, values in policies.items()
        },
    }


def figures_of(world: World, measure: Measure) -> dict[str, int | None]:
    """Of each policy, the day on which the share was reached (None: never), or the people recorded."""
    found = {name: figure(world, measure, name) for name in POLICIES}
    periodic = [found.pop(f"periodic_{share}") for share in PERIODIC]
    reached = [value for value in periodic if value is not None]
    found["periodic_rota"] = (max if measure.share is None else min)(reached, default=None)  # the best, in hindsight
    answer = {name: found[name] for name in NAMES}
    if world.name == "called_off":
        answer[FOREKNOWING] = figure(world, measure, "planner", foretold=True)
    return answer


def figure(world: World, measure: Measure, policy: str, foretold: bool = False) -> int | None:
    campaign = Campaign(world, foretold)
    until = None if measure.share is None else round(measure.share * world.reachable)
    course = campaign.run(POLICIES[policy](campaign).stops, measure.days, until)
    if until is None:
        return course[-1]
    return len(course) if course[-1] >= until else None


def ratios(sooner: bool, values: Sequence[int | None], others: Sequence[int | None]) -> list[float | None]:
    """How many times the others' figures these are; of days, how many times sooner. None where one is missing or 0."""
    pairs = zip(others, values, strict=True) if sooner else zip(values, others, strict=True)
    return [upper / lower if upper is not None and lower else None for upper, lower in pairs]


def middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 3) if len(known) == len(values) else None


def told(bar: Bar, rows: Mapping[str, Any]) -> dict[str, Any]:
    """A bar with what was reached, and whether it holds; where the other never gets there, it counts as at the last day."""
    row = rows[bar.world]
    policies, sooner = row["policies"], row["share"] is not None
    others = [row["days"] if value is None else value for value in policies[bar.other]["values"]]
    found = [ratio or 0.0 for ratio in ratios(sooner, policies["planner"]["values"], others)]
    least = sorted(found)[int(bar.may_miss * len(found))]
    holds = median(found) >= bar.median and least >= bar.least
    return {**bar._asdict(), "found": round(median(found), 3), "worst": round(min(found), 3), "holds": holds}
