"""From a question and what is known to the plan, its proof checked, and the facts that its reasons tell."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dukcapil.errors import N_, Refused
from fleet.models import ProposalStep
from fleet.planning.building import problem_of
from fleet.planning.changes import Change, day_added, vans_changed
from fleet.planning.engine import installed_engine
from fleet.planning.plan_file import check_file, written
from fleet.planning.planner import propose
from fleet.planning.problem import FORM, Plan
from fleet.planning.reasons import moves, stop_reasons, van_day_worth
from fleet.planning.refusals import granted, refusal
from fleet.planning.repair import repair
from fleet.planning.request import PlanRequest
from fleet.planning.what_if import estimate, what_if
from fleet.planning.yields import expected_yields, people_left
from fleet.proposals.question import Question
from fleet.proposals.situation import Situation, Wish, request_of

NO_FIGURES = N_("Belum ada angka resmi, jadi sisa tiap kelurahan belum diketahui. Minta usulan sesudah perhitungan malam.")
MAX_SOLVED = 5  # requests whose cost is found by planning again


@dataclass(frozen=True)
class Answer:
    """`plan`: the text of a plan file that was checked; `facts`: see `facts_of`."""

    plan: str
    facts: dict[str, Any]
    engine: str
    version: str = FORM


def answer_to(question: Question, situation: Situation, tell: Callable[[ProposalStep], None]) -> Answer:
    """The best plan for a question. Refused with a sentence where there is none, or where the plan does not pass the check
    that everybody can make."""
    if not situation.run and situation.days:
        raise Refused(NO_FIGURES)
    tell(ProposalStep.YIELDS)
    request = request_of(question, situation, expected_yields(situation.histories), people_left(situation.histories))
    tell(ProposalStep.PLANNING)
    plan = plan_for(question, situation, request)
    tell(ProposalStep.PROVING)
    content = written(plan)
    check_file(content)
    tell(ProposalStep.REASONS)
    return Answer(content.decode(), facts_of(situation, request, plan), plan["engine"])


def plan_for(question: Question, situation: Situation, request: PlanRequest) -> Plan:
    """A repair keeps what is published as far as it can; what was called off has nothing left to keep."""
    if question.repairs:
        return repair(request, installed_engine(), {(stop.village, stop.day) for stop in situation.called_off}).plan
    return propose(problem_of(request), installed_engine())


def facts_of(situation: Situation, request: PlanRequest, plan: Plan) -> dict[str, Any]:
    """What pages tell beside the plan: the run, what every kelurahan is expected to yield, the reasons of the stops, what
    moves and why, requests that are not met, the worth of one more van-day, what-if, and the schedule that was known."""
    places = {place.code: place for place in request.places}
    return {
        "today": situation.today,
        "run": situation.run,
        "as_of": situation.as_of,
        "yields": {code: [str(each) for each in place.yields] for code, place in places.items()},
        "reasons": [_plain(asdict(reason)) for reason in stop_reasons(plan, request.places)],
        "last_days": {place.code: place.last_day for place in situation.places if place.last_day},
        "moves": [asdict(move) for move in moves(request.published, plan)],
        "refused": list(refused_wishes(situation, request, plan)),
        "worth": {city: round(worth, 2) for city, worth in van_day_worth(plan).items()},
        "what_if": list(what_ifs(situation, request, plan)),
        "stops": known_stops(situation),
    }


def known_stops(situation: Situation) -> list[list[Any]]:
    """The stops of the horizon as the plan knew them: compared when it is published."""
    days = {day.day for day in situation.days}
    return [[s.trip, s.van, s.village, s.day, s.published, s.fixed] for s in situation.stops if s.day in days]


def refused_wishes(situation: Situation, request: PlanRequest, plan: Plan) -> Iterator[dict[str, Any]]:
    """Each request for a van that the plan does not meet, and why; of the first ones also what meeting it would cost."""
    known, solved = {place.code for place in request.places}, 0
    for wish in situation.wishes:
        if wish.village not in known or not (no := refusal(request, plan, wish.village, [wish.day])):
            continue
        row = {"request": wish.request, "day": wish.day, "cost": None, "displaced": [], **_plain(asdict(no))}
        if no.why == "dearer" and solved < MAX_SOLVED:
            solved += 1
            row |= _cost(request, plan, wish)
        yield row


def _cost(request: PlanRequest, plan: Plan, wish: Wish) -> dict[str, Any]:
    """In people, and the stops that would go for it; nothing where no plan can meet it beside the pins."""
    try:
        other = granted(request, plan, wish.village, (wish.day,), installed_engine())
    except Refused:
        return {}
    return {"cost": round(float(other.cost), 2), "displaced": [list(stop) for stop in other.displaced]}


def what_ifs(situation: Situation, request: PlanRequest, plan: Plan) -> Iterator[dict[str, Any]]:
    """What changing the question would bring: one van more or fewer in a city on all days, and the first Saturday that vans do
    not go on. Of one city by planning again, in people; of many at once by the multipliers of the plan, which no answer
    exceeds, in weighed recordings. Nothing of a change that pins forbid."""
    for kind, city, day, change in _changes(situation, request):
        try:
            if len(request.cities) == 1:
                other = what_if(request, plan, change, installed_engine())
                people, weighed = round(float(other.recordings), 2), other.weighed
            else:
                people, weighed = None, estimate(request, plan, change)
        except Refused:
            continue
        # A van or a day more never costs anything, a van fewer never brings anything; what remains there is rounding.
        weighed = min(0.0, weighed) if kind == "out" else max(0.0, weighed)
        yield {"kind": kind, "city": city, "day": day, "people": people, "weighed": round(weighed, 2)}


def _changes(situation: Situation, request: PlanRequest) -> Iterator[tuple[str, str, str, Change]]:
    for city in request.cities:
        if any(city.vans):
            yield "out", city.code, "", _vans(city.code, request.days, -1)
        yield "lend", city.code, "", _vans(city.code, request.days, 1)
    if saturday := situation.saturday:
        vans = {city.code: max(city.vans) for city in request.cities}
        closed = {place.code for place in situation.places if saturday in place.closed}
        yield "saturday", "", saturday, lambda asked: day_added(asked, saturday, vans, lambda code: code not in closed)


def _vans(city: str, days: tuple[str, ...], by: int) -> Change:
    return lambda request: vans_changed(request, city, days, by)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON holds."""
    return {name: round(float(value), 2) if isinstance(value, float | Decimal) else value for name, value in fields.items()}
