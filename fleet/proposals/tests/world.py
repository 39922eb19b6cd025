"""A small city to plan for: Jakarta Barat with two vans and four kelurahan that were visited, and Timur with one van."""

import json
from datetime import date, timedelta
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from fleet.models import Proposal, Trip, Van
from fleet.proposals import services
from fleet.proposals.publishing import Published, preview, publish
from fleet.proposals.question import Edit, Options, Question
from fleet.proposals.working import work_due
from fleet.tests.plans import GROGOL, PALMERIAM, TIMUR
from fleet.tests.stops import approve, body, send, stop, van
from recording.coverage.services import recompute_coverage
from recording.tests import world
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after

CENGKARENG = "31.73.01.1001"
MONDAY = date(2021, 11, 29)  # of the first week that is proposed
PLACES = {KAPUK: (400, 100), GROGOL: (300, 60), CENGKARENG: (200, 150), PALMERIAM: (500, 0)}  # target, recorded at the counter
ONE, TWO, EAST, AGENCY = "B 1 PKD", "B 2 PKD", "B 5 PKD", "B 9 PKD"


def build_city() -> None:
    """Targets and counts, the vans, three visits that were reported, and the official run of the day before."""
    for code, (target, counter) in PLACES.items():
        world.target(target, code)
        world.write(world.count(counter, code, day=DAY - timedelta(days=40)))
    first, second, _east, _agency = van(ONE), van(TWO), van(EAST, TIMUR), van(AGENCY, DKI)
    for number, (bus, code, people, missing) in enumerate(
        [(first, KAPUK, 58, 3), (second, GROGOL, 30, 0), (first, CENGKARENG, 12, 9)]
    ):
        trip = stop(bus, code, day=DAY - timedelta(days=20 - number), place=f"RW 0{number + 1}", session="morning")
        missed = {"moved": missing} if missing else {}
        send(
            trip,
            body(people, None, not_found=missed),
            now=after(number - 20, 5),
            confirmed=["zero", f"yield:{people}", f"note:{people}"],
        )
        approve(trip)
    recompute_coverage(by=SYSTEM, day=DAY - timedelta(days=1), now=NOON)


OWN_WORLDS = {"city": build_city}


def question(first_day: date = MONDAY, days: int = 12, region: str = BARAT, **options: Any) -> Question:
    """Two weeks for Barat, unless said otherwise."""
    return Question(region, first_day, days, Options(**options))


def by(who: Actor = SYSTEM, now: Any = NOON) -> Act:
    return Act(who, now, "page")


def asked(of: Question | None = None, *, who: Actor = SYSTEM, now: Any = NOON) -> Proposal:
    return services.ask(act=by(who, now), question=of or question())


def worked(proposal: Proposal, now: Any = NOON) -> Proposal:
    """After a worker came by."""
    work_due(by=SYSTEM, now=now)
    proposal.refresh_from_db()
    return proposal


def ready(of: Question | None = None, *, who: Actor = SYSTEM, now: Any = NOON) -> Proposal:
    return worked(asked(of, who=who, now=now), now)


def again(proposal: Proposal, *edits: Edit, who: Actor = SYSTEM, now: Any = NOON) -> Proposal:
    return worked(services.ask_again(act=by(who, now), number=proposal.pk, edits=edits), now)


def stops_of(proposal: Proposal) -> list[tuple[str, str]]:
    return [(code, day) for code, day in json.loads(proposal.plan)["stops"]]


def published(proposal: Proposal, *, who: Actor = SYSTEM, now: Any = NOON) -> Published:
    proposal.refresh_from_db()
    return publish(act=by(who, now), number=proposal.pk, fingerprint=preview(proposal).fingerprint)


def bus(plate: str) -> Van:
    return Van.objects.get(plate=plate)


def schedule() -> list[tuple[str, str, str, str]]:
    """The stops that stand from the first week on: (day, kelurahan, plate, status)."""
    rows = Trip.objects.standing().filter(day__gte=MONDAY).order_by("day", "van__plate", "pk")
    return [(trip.day.isoformat(), trip.village_id, trip.van.plate, trip.status) for trip in rows.select_related("van")]
