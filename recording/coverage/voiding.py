"""Runs that are not to be believed, and the clock that made them: declared by a person, or found when it is back."""

from datetime import datetime

from accounts.acts import Act
from accounts.rights import SYSTEM, require
from accounts.roles import Action
from dukcapil.clock import business_date, last_closed_day
from dukcapil.errors import N_, Refused
from dukcapil.locks import one_writer
from recording.audit import write_audit
from recording.coverage.clock_check import open_question
from recording.coverage.credible import MAX_SKEW, lies_ahead, runs_of_a_jump
from recording.coverage.runs import run_numbered
from recording.models import CONFIRM_CLOCK, NIGHTLY, VOID_RUN, CoverageRun, Door, JobDay, RunVoid
from recording.parsing.free_text import free_text
from recording.webhooks.delivery import queue_void_deliveries

MAX_REASON_LENGTH = 300
MAX_RUNS_LISTED = 60  # the last ones
JUMPED = "Dibuat ketika jam server berada di masa depan; malamnya dihitung lagi pada waktunya."


def void_run(*, act: Act, number: int, reason: str) -> RunVoid:
    """Declare a run void: it is told as such, is never the newest, and its night becomes due again. It stays readable
    under its number, with the reason. Twice is once."""
    require(by=act.by, action=Action.RUN_START)
    with one_writer():
        run = run_numbered(number, business_date(act.now))
        if run.voided:
            return run.voided
        reason = free_text(reason, "reason", longest=MAX_REASON_LENGTH)
        if not reason:
            raise Refused(N_("Tulis alasannya; alasan tampil bersama angka yang tidak berlaku."), "reason")
        return _void(act, run, reason)


def confirm_clock(*, act: Act) -> bool:
    """Confirm that the clock is right although time made a leap: the nights in it are then caught up. False when there
    is nothing to confirm."""
    require(by=act.by, action=Action.RUN_START)
    jump = open_question(act.now)
    if jump is None:
        return False
    with one_writer():
        leap: dict[str, object] = {"since": jump.since.isoformat(), "until": jump.until.isoformat()}
        write_audit(act=act, action=CONFIRM_CLOCK, subject=act.now.isoformat(), details=leap)
    return True


def take_back_what_lies_ahead(now: datetime) -> None:
    """After the clock was ahead and is back: nights that have not come are not done, and the runs that were made for
    them are void."""
    numbers = _of_a_jump(now)
    early = JobDay.objects.filter(job=NIGHTLY, day__gt=last_closed_day(now + MAX_SKEW))
    if not numbers and not early.exists():
        return
    act = Act(SYSTEM, now, Door.TASK)
    with one_writer():
        early.delete()
        for run in CoverageRun.objects.standing().filter(number__in=numbers):
            _void(act, run, JUMPED)


def _of_a_jump(now: datetime) -> list[int]:
    standing = CoverageRun.objects.standing().order_by("number")
    ahead = list(standing.filter(finished_at__gt=now + MAX_SKEW).values_list("number", "finished_at"))
    if not ahead:
        return []
    before = standing.filter(number__lt=ahead[0][0]).values_list("finished_at", flat=True).last()
    return runs_of_a_jump(before, ahead)


def runs_ahead(now: datetime) -> list[CoverageRun]:
    """The runs, not void, whose moment has not come, by number: somebody should look at the clock, and declare them
    void."""
    newest = CoverageRun.objects.standing().select_related("void").order_by("-number")[:MAX_RUNS_LISTED]
    return sorted((run for run in newest if is_ahead(run, now)), key=lambda run: run.number)


def is_ahead(run: CoverageRun, now: datetime) -> bool:
    """Whether the moment of a run that stands has not come."""
    return not run.voided and lies_ahead(run.finished_at, now)


def _void(act: Act, run: CoverageRun, reason: str) -> RunVoid:
    nights = JobDay.objects.filter(run=run)
    days = [day.isoformat() for day in nights.values_list("day", flat=True)]
    nights.delete()
    write_audit(
        act=act,
        action=VOID_RUN,
        subject=str(run.number),
        details={"reason": reason, "as_of": run.as_of.isoformat(), "status": run.status, "nights": days},
    )
    queue_void_deliveries(run=run, now=act.now)
    return RunVoid.objects.create(run=run, reason=reason, at=act.now, by=act.author, door=act.door)
