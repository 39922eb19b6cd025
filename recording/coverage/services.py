"""Coverage runs: turning counts and targets into numbered, frozen figures; every night exactly once, or by hand."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Min

from accounts.rights import Actor, require, stored_user
from accounts.roles import Action
from dukcapil.clock import business_date, database_lead, last_closed_day
from dukcapil.errors import N_, Refused
from dukcapil.locks import single_flight
from recording.coverage import run_sql
from recording.coverage.clock_check import clocks_differ, jump_words, open_question
from recording.coverage.ledger_sums import sum_ledger
from recording.coverage.voiding import take_back_what_lies_ahead
from recording.ledger.large_writes import wait_for_large_writes
from recording.models import NIGHTLY, CoverageRun, JobDay, JobFailure, Period, RunStatus
from recording.webhooks.delivery import queue_deliveries

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
PATIENCE_SECONDS, NIGHTLY_PATIENCE_SECONDS = 20, 600  # with a large act of writing; someone waits at a page for the first
MAX_SPANS_BY_HAND = 20  # of the ledger, in seconds; more, after an upgrade, is the night's
MAX_FAILURE_INTERVAL = timedelta(hours=1)  # in which the same failure is written down once
CLOCKS_DIFFER = N_("Jam server dan jam basis data berbeda. Betulkan jamnya; sesudah itu perhitungan berjalan sendiri.")


@dataclass(frozen=True)
class _Positions:
    ledger: int
    audit: int


def recompute_coverage(*, by: Actor, day: date, now: datetime) -> CoverageRun:
    """The figures as of `day`: a new run, or the newest run of that day when no input has changed since.

    A day that is not over gives provisional figures, a past one official ones. Writers go on writing meanwhile.
    """
    require(by=by, action=Action.RUN_START)
    if day > business_date(now):
        raise Refused(N_("Tanggal %(day)s belum tiba; paling akhir hari ini."), "day", day=day.isoformat())
    if clocks_differ():
        raise Refused(CLOCKS_DIFFER)
    if jump := open_question(now):
        raise Refused(
            N_("%(question)s Jawab dahulu di halaman Angka resmi, atau dengan confirm_clock."), question=jump_words(jump)
        )
    run = _run(by=by, day=day, now=now, nightly=False)
    sum_ledger(max_spans=MAX_SPANS_BY_HAND)
    return run


def run_due(*, by: Actor, now: datetime) -> list[CoverageRun]:
    """Make the run of every business day that is due and has none; each exactly once, whoever calls, however often:
    JobDay has one row per day, written in the transaction of the run.

    A day is due from 00:15 of the next one (Asia/Jakarta). Missed nights are caught up, oldest first; a first
    installation begins with the last closed day. A failure is written down for all to see and raised; that day
    stays due. None is made by a clock that is not to be believed (`clock_check`): a person has to look first.
    """
    require(by=by, action=Action.RUN_START)
    if clocks_differ():
        refusal = Refused(CLOCKS_DIFFER)
        # At the database's time: one that lies ahead would stay red until it comes.
        _record_failure(last_closed_day(now), now + database_lead(), refusal)
        raise refusal
    take_back_what_lies_ahead(now)
    if jump := open_question(now):
        log.warning("no night is made: %s", jump_words(jump))
        return []
    runs = []
    for day in due_days(now):
        try:
            runs.append(_run(by=by, day=day, now=now, nightly=True))
        except Exception as problem:
            _record_failure(day, now, problem)
            raise
    sum_ledger()  # also without a night: what an upgrade or a killed process left
    return runs


def due_days(now: datetime) -> list[date]:
    """The business days that are over, due, and not yet done, oldest first: those since the last one that was done, and
    those whose run is void. None before a period is defined."""
    if not Period.objects.exists():
        return []
    last = last_closed_day(now)
    nights = JobDay.objects.filter(job=NIGHTLY, day__lte=last)
    known = nights.aggregate(first=Min("day"), newest=Max("day"), number=Count("pk"))
    first, newest = known["first"] or last, known["newest"]
    complete = newest is not None and known["number"] == (newest - first).days + 1
    done = {newest} if complete else set(nights.values_list("day", flat=True))
    if complete:
        first = newest
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in days if day not in done]


def _run(*, by: Actor, day: date, now: datetime, nightly: bool) -> CoverageRun:
    """Sum, then write. Sum again when another run, finished meanwhile, read more than this one did, and when a large act
    of writing began: no run reads half of one.

    Positions must never fall from one run to the next, or the difference between two runs could not be explained.
    """
    status = RunStatus.OFFICIAL if day < business_date(now) else RunStatus.PROVISIONAL
    for _ in range(MAX_ATTEMPTS):
        wait_for_large_writes(now, NIGHTLY_PATIENCE_SECONDS if nightly else PATIENCE_SECONDS)
        with single_flight():
            positions = _sum(day)
            if positions is None:
                continue
            with transaction.atomic():
                if nightly and (done := JobDay.objects.filter(job=NIGHTLY, day=day).first()):
                    return done.run
                if _overtaken(positions):
                    continue
                run = _same_run(day, status, positions) or _write(by, day, now, status, positions)
                if nightly:
                    JobDay.objects.create(job=NIGHTLY, day=day, run=run, finished_at=now)
                return run
    raise Refused(N_("Perhitungan lain sedang berjalan. Coba lagi sebentar."))


def _sum(day: date) -> _Positions | None:
    """Step 1, outside of the write transaction: on SQLite no writer waits while the counts are summed. None when half of
    a large act of writing would be in the sums."""
    with connection.cursor() as cursor:
        # Read before the periods: one that is defined in between makes the next run, instead of being overlooked.
        cursor.execute(run_sql.AUDIT_POSITION)
        (audit,) = cursor.fetchone()
        periods = list(Period.objects.filter(first_day__lte=day).order_by("first_day"))
        statement, params = run_sql.stage(periods, day)
        for drop in run_sql.DROP:
            cursor.execute(drop)
        cursor.execute(statement, params)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE run_input")  # a new table is taken for a small one: nested loops, half as quick
        cursor.execute(run_sql.OWN_TARGETS)
        cursor.execute(run_sql.TARGETS_BY_REGION)
        for level in run_sql.LEVELS_FROM_BELOW:
            cursor.execute(run_sql.COUNTS_TO_PARENTS, [level])
            cursor.execute(run_sql.CHILDREN_TARGETS, [level])
        cursor.execute(run_sql.LEDGER_POSITION)
        ledger, going_on = cursor.fetchone()
    return None if going_on else _Positions(int(ledger), int(audit))


def _overtaken(positions: _Positions) -> bool:
    read = CoverageRun.objects.aggregate(ledger=Max("ledger_position"), audit=Max("audit_position"))
    return (read["ledger"] or 0) > positions.ledger or (read["audit"] or 0) > positions.audit


def _same_run(day: date, status: str, positions: _Positions) -> CoverageRun | None:
    newest = CoverageRun.objects.standing().filter(as_of=day).newest_first().first()
    if newest is None or newest.status != status:
        return None
    return newest if _Positions(newest.ledger_position, newest.audit_position) == positions else None


def _write(by: Actor, day: date, now: datetime, status: str, positions: _Positions) -> CoverageRun:
    """Step 2: the run and all its figures in one transaction; readers see all of it or nothing."""
    number = (CoverageRun.objects.aggregate(newest=Max("number"))["newest"] or 0) + 1
    run = CoverageRun.objects.create(
        number=number,
        as_of=day,
        finished_at=now,
        status=status,
        by=stored_user(by),
        ledger_position=positions.ledger,
        audit_position=positions.audit,
    )
    with connection.cursor() as cursor:
        cursor.execute(run_sql.FIGURES, [number])
        for drop in run_sql.DROP:
            cursor.execute(drop)
    queue_deliveries(run=run, now=now)
    return run


def _record_failure(day: date, now: datetime, problem: Exception) -> None:
    log.error("nightly coverage of %s failed", day, exc_info=problem)
    error = f"{type(problem).__name__}: {problem}"[:2000]
    try:
        same = JobFailure.objects.filter(job=NIGHTLY, day=day, error=error, at__gt=now - MAX_FAILURE_INTERVAL)
        if not same.exists():
            JobFailure.objects.create(job=NIGHTLY, day=day, at=now, error=error)
    except DatabaseError:
        log.exception("the failure could not be written down either")
