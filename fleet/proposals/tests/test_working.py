"""The queue of proposals: one worker at a time, none lost with a process, and nothing shown that is not proved."""

import os
import signal
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import NotAllowed
from dukcapil.tests.processes import fork, join
from fleet.models import Proposal
from fleet.planning import engine
from fleet.planning.engine import Proposal as Answer
from fleet.planning.plan_file import check_file
from fleet.planning.problem import Prices, Problem
from fleet.proposals import answering, readiness, services, working
from fleet.proposals.explaining import failure_of
from fleet.proposals.question import Edit
from fleet.proposals.tests.world import ONE, OWN_WORLDS, asked, build_city, by, ready, stops_of, worked
from fleet.tasks import propose_due
from fleet.tests.stops import van
from recording.tests.world import NOON

__all__ = ["OWN_WORLDS"]
MINUTE = timedelta(minutes=1)


class Broken:
    """An engine that fails or lies in one way; `ways` says in which."""

    name = "broken"

    def __init__(self, way: str) -> None:
        self.way = way

    def solve(self, problem: Problem) -> Answer:
        if self.way == "raises":
            raise RuntimeError("node limit")
        if self.way == "nothing":
            return Answer([], Prices([], []))
        everywhere = [(place, day) for place in range(len(problem["places"])) for day in range(len(problem["days"]))]
        return Answer(everywhere, Prices([[10**12] * len(problem["days"])] * 9, [-(10**9)] * 99))


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("way", ["raises", "nothing", "lies"])
def test_no_engine_that_fails_or_lies_is_believed(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "installed_engine", lambda: Broken(way))
    proposal = ready()
    assert (proposal.status, proposal.engine, len(stops_of(proposal))) == ("ready", "greedy", 6)
    assert check_file(proposal.plan.encode())["value"] > 0


@pytest.mark.usefixtures("city")
def test_without_the_solver_the_greedy_plan_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    for module in ("fleet.planning.solver", "fleet.planning.model"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    assert engine.installed_engine() is None
    assert (ready().engine, Proposal.objects.get().status) == ("greedy", "ready")


@pytest.mark.usefixtures("city")
def test_no_plan_is_shown_that_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    real = answering.written
    monkeypatch.setattr(answering, "written", lambda plan: real(plan | {"value": plan["value"] + 1}))
    proposal = ready()
    assert (proposal.status, proposal.plan) == ("failed", "")
    assert failure_of(proposal).startswith("Rencana ditolak: ")


@pytest.mark.usefixtures("city")
def test_a_fault_of_the_portal_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "answer_to", lambda *_given: 1 / 0)
    proposal = ready()
    assert (proposal.status, failure_of(proposal)[:38]) == ("failed", "Rencana gagal disusun karena kesalahan")


@pytest.mark.usefixtures("city")
def test_a_database_that_is_away_only_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: Any) -> None:
        raise OperationalError("gone")

    proposal = asked()
    with monkeypatch.context() as patch:
        patch.setattr(working, "answer_to", away)
        with pytest.raises(OperationalError):
            worked(proposal)
    proposal.refresh_from_db()
    assert proposal.status == "working"
    assert worked(proposal, NOON + MINUTE).status == "ready"


@pytest.mark.usefixtures("at_noon")
def test_without_official_figures_nothing_is_guessed() -> None:
    van(ONE)
    assert failure_of(ready())[:24] == "Belum ada angka resmi, j"


@pytest.mark.usefixtures("city")
def test_progress_is_told_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    real = answering.answer_to

    def watched(of: Any, situation: Any, tell: Any) -> Any:
        def tell_and_look(step: Any) -> None:
            tell(step)
            seen.append(Proposal.objects.values_list("step", "progress", "status")[0])

        return real(of, situation, tell_and_look)

    monkeypatch.setattr(working, "answer_to", watched)
    proposal = ready()
    assert [step for step, _percent, _status in seen] == ["yields", "planning", "proving", "reasons"]
    assert [percent for _step, percent, _status in seen] == sorted(percent for _step, percent, _status in seen)
    assert {status for _step, _percent, status in seen} == {"working"}
    assert (proposal.step, proposal.progress) == ("", 100)


@pytest.mark.usefixtures("city")
def test_a_worker_has_a_proposal_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = asked()
    meanwhile: list[list[int]] = []

    def another_worker(*given: Any) -> Any:
        meanwhile.append(working.work_due(by=SYSTEM, now=NOON + timedelta(seconds=20)))
        return answering.answer_to(*given)

    monkeypatch.setattr(working, "answer_to", another_worker)
    assert (working.work_due(by=SYSTEM, now=NOON), meanwhile) == ([proposal.pk], [[]])
    assert working.work_due(by=SYSTEM, now=NOON + MINUTE) == []


@pytest.mark.usefixtures("city")
def test_what_was_replaced_meanwhile_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = asked()

    def asked_again(*given: Any) -> Any:
        monkeypatch.undo()
        services.ask_again(act=by(), number=proposal.pk, edits=[Edit("ban", "31.73.01.1004")])
        return answering.answer_to(*given)

    monkeypatch.setattr(working, "answer_to", asked_again)
    worked(proposal)
    assert (proposal.status, proposal.plan) == ("replaced", "")


@pytest.mark.usefixtures("city")
def test_a_proposal_that_kills_workers_fails() -> None:
    proposal = asked()
    Proposal.objects.update(status="working", attempts=working.MAX_ATTEMPTS, working_until=NOON - MINUTE)
    worked(proposal)
    assert (proposal.status, failure_of(proposal)[:14]) == ("failed", "Rencana gagal ")


@pytest.mark.usefixtures("city")
def test_the_task_asks_the_database_what_waits() -> None:
    proposal = asked()
    assert (propose_due(), propose_due()) == ([proposal.pk], [])
    with pytest.raises(NotAllowed):
        working.work_due(by=cast.reader(), now=NOON)


@pytest.mark.usefixtures("city")
def test_monitors_see_what_nobody_takes_up() -> None:
    asked()
    told = [readiness.proposals(NOON + minutes * MINUTE) for minutes in (5, 6)]
    assert told == ["ok", "waiting: 1"]
    assert {name: dict(each.values)[""] for each in readiness.measures(NOON + MINUTE) for name in [each.name]} == {
        "portal_proposals_waiting": 1,
        "portal_proposals_oldest_seconds": 60.0,
    }
    Proposal.objects.update(status="working", working_until=NOON + 9 * MINUTE)
    assert readiness.proposals(NOON + 6 * MINUTE) == "ok"


@pytest.mark.usefixtures("committed_world")
def test_a_killed_workers_proposal_is_taken_up_again(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a minute and by itself, and as if nothing had been."""
    build_city()
    proposal = asked()
    reached, tell = os.pipe()

    def stand_still(*_given: Any) -> None:
        os.write(tell, b".")
        signal.pause()

    def work() -> None:
        monkeypatch.setattr(answering, "propose", stand_still)
        working.work_due(by=SYSTEM, now=NOON)

    child = fork(work)
    os.read(reached, 1)
    try:
        proposal.refresh_from_db()
        assert (proposal.status, proposal.step, proposal.attempts) == ("working", "planning", 1)
    finally:
        os.kill(child, signal.SIGKILL)
        assert join([child]) == [-signal.SIGKILL]
    assert working.work_due(by=SYSTEM, now=NOON + timedelta(seconds=10)) == [], "its time is not over"
    beat = settings.CELERY_BEAT_SCHEDULE["proposals"]["schedule"]
    assert working.LEASE + beat < MINUTE
    worked(proposal, NOON + MINUTE)
    assert (proposal.status, proposal.attempts, len(stops_of(proposal))) == ("ready", 2, 6)
