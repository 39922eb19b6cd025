"""What proposals wait for: being planned, by a worker or by a command.

The work is a row (`status`), so nothing is lost with a process: whoever comes next takes up a proposal whose time is over.
Nothing is locked while the solver runs; of two that plan the same, the first to end is stored, and both would store the same.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused
from dukcapil.locks import one_writer
from fleet.models import UNFINISHED, Proposal, ProposalStatus, ProposalStep
from fleet.proposals.answering import Answer, answer_to
from fleet.proposals.explaining import stored_values
from fleet.proposals.inputs import known_now, situation_of
from fleet.proposals.question import Question
from fleet.proposals.selectors import question_of
from fleet.proposals.services import checked, store

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)  # renewed with every step; a step of the largest question takes five seconds
MAX_ATTEMPTS = 3
BROKEN = N_("Rencana gagal disusun karena kesalahan portal; jadwal tidak berubah. Hubungi pengelola portal.")
PERCENT = {
    ProposalStep.READING: 5,
    ProposalStep.YIELDS: 20,
    ProposalStep.PLANNING: 40,
    ProposalStep.PROVING: 75,
    ProposalStep.REASONS: 85,
}
Tell = Callable[[ProposalStep], None]


def work_due(*, by: Actor, now: datetime) -> list[int]:
    """Plan every proposal that waits, the oldest first."""
    require(by=by, action=Action.TRIP_WRITE)
    waiting = list(free_proposals(now).order_by("pk").values_list("pk", flat=True))
    for number in waiting:
        work_on(number=number, now=now)
    return waiting


def propose_now(*, act: Act, question: Question) -> Proposal:
    """Ask and plan in this process, for commands: the proposal as it is afterwards."""
    question = checked(act, question)
    with one_writer():
        proposal = store(act, question, None)
        claimed = _claim(proposal.pk, act.now)
    if claimed:
        _work(claimed, act.now)
    proposal.refresh_from_db()
    return proposal


def work_on(*, number: int, now: datetime) -> None:
    """Plan one proposal, if it waits and nobody else does it."""
    with one_writer():
        proposal = _claim(number, now)
    if proposal:
        _work(proposal, now)


def free_proposals(now: datetime) -> QuerySet[Proposal]:
    """The proposals that wait, and that no worker has or whose worker's time is over; `free_since` when."""
    waiting = Proposal.objects.filter(Q(working_until=None) | Q(working_until__lt=now), status__in=UNFINISHED)
    return waiting.annotate(free_since=Coalesce("working_until", "at"))


def _claim(number: int, now: datetime) -> Proposal | None:
    working = {"status": ProposalStatus.WORKING, "working_until": now + LEASE, "attempts": F("attempts") + 1}
    claimed = free_proposals(now).filter(pk=number).update(**working)
    return Proposal.objects.get(pk=number) if claimed else None


def _work(proposal: Proposal, now: datetime) -> None:
    try:
        if proposal.attempts > MAX_ATTEMPTS:
            raise Refused(BROKEN)
        question, tell = question_of(proposal), _teller(proposal, now)
        tell(ProposalStep.READING)
        known = known_now(question, business_date(now))
        situation = situation_of(question, today=business_date(now))
        _finish(proposal, known, answer_to(question, situation, tell), now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the proposal is taken up again when its time is over
    except Refused as problem:
        _fail(proposal, problem, now)
    except Exception:
        log.exception("proposal %s failed", proposal.pk)
        _fail(proposal, Refused(BROKEN), now)


def _teller(proposal: Proposal, now: datetime) -> Tell:
    started = time.monotonic()

    def tell(step: ProposalStep) -> None:
        passed = timedelta(seconds=time.monotonic() - started)
        working = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WORKING)
        working.update(step=step, progress=PERCENT[step], working_until=now + passed + LEASE)

    return tell


def _finish(proposal: Proposal, known: str, answer: Answer, now: datetime) -> None:
    """Store the answer, unless the proposal was finished or replaced meanwhile. What it was asked in place of is replaced
    now that there is something better; what was published stays published."""
    with one_writer():
        done = _end(
            proposal,
            now,
            status=ProposalStatus.READY,
            plan=answer.plan,
            facts=answer.facts,
            engine=answer.engine,
            version=answer.version,
            known=known,
            progress=100,
        )
        if done and proposal.replaces_id:
            former = Proposal.objects.filter(pk=proposal.replaces_id)
            former.filter(status__in=(ProposalStatus.READY, ProposalStatus.FAILED)).update(status=ProposalStatus.REPLACED)


def _fail(proposal: Proposal, problem: Refused, now: datetime) -> None:
    with one_writer():
        failure = {"failure": problem.template, "failure_values": stored_values(problem)}
        _end(proposal, now, status=ProposalStatus.FAILED, **failure)


def _end(proposal: Proposal, now: datetime, **fields: Any) -> bool:
    working = Proposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WORKING)
    return bool(working.update(step="", working_until=None, finished_at=now, **fields))
