"""Asking for a proposal, changing it and asking again, and repairing a published week. The answer is a worker's
(fleet/proposals/working.py): no request waits for the solver."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import JAKARTA, business_date
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import one_writer
from dukcapil.region_codes import is_within
from dukcapil.task_queue import wake_workers
from fleet.models import UNFINISHED, Proposal, ProposalStatus, Session
from fleet.proposals.inputs import known_now
from fleet.proposals.question import Edit, Question, edited, refuse_odd, written
from fleet.proposals.selectors import question_of, visible_proposal
from fleet.schedule.trips import HOURS
from recording.public import Level, Region, write_audit

TASK = "fleet.propose_due"
MAX_WAITING = 10  # proposals of one person, so that nobody keeps the others waiting
OPEN = (*UNFINISHED, ProposalStatus.READY, ProposalStatus.FAILED)  # what another proposal may take the place of


def ask(*, act: Act, question: Question, replaces: Proposal | None = None) -> Proposal:
    """Put a question to the planner: who may edit the schedule of a city may ask for it, the agency also for all cities.

    The same question gets the same row while that waits, or is answered and nothing that it was asked about has changed.
    """
    question = checked(act, question)
    if replaces is not None:
        require(by=act.by, action=Action.TRIP_WRITE, code=replaces.region_id)
    with one_writer():
        if same := _same(question, business_date(act.now)):
            return same
        if act.author and Proposal.objects.filter(by=act.author, status__in=UNFINISHED).count() >= MAX_WAITING:
            raise Conflict(N_("Sudah %(most)s usulan Anda yang menunggu. Tunggu sampai ada yang selesai."), most=MAX_WAITING)
        if replaces is not None and replaces.status in OPEN:
            waiting = Proposal.objects.filter(pk=replaces.pk, status__in=UNFINISHED)
            waiting.update(status=ProposalStatus.REPLACED, working_until=None, finished_at=act.now)
        proposal = store(act, question, replaces)
    wake_workers(TASK)
    return proposal


def checked(act: Act, question: Question) -> Question:
    """The question, of somebody who may ask it; a province is always planned with the vans of the agency."""
    require(by=act.by, action=Action.TRIP_WRITE, code=question.region)
    region = Region.objects.filter(code=question.region, level__in=(Level.PROVINCE, Level.CITY)).first()
    if region is None:
        raise Refused(N_("Usulan disusun untuk satu kota atau untuk seluruh provinsi."), "region")
    refuse_odd(question, business_date(act.now))
    if region.level == Level.PROVINCE:
        question = replace(question, options=replace(question.options, agency=True))
    if question.options.agency:
        require(by=act.by, action=Action.TRIP_WRITE, code=question.region[:2])
    named = {pin.village for pin in question.pins} | {ban.village for ban in question.bans}
    known = set(Region.objects.filter(code__in=named, level=Level.VILLAGE).values_list("code", flat=True))
    for village in sorted(named):
        if not is_within(village, question.region):
            raise Refused(N_("Kelurahan %(place)s di luar wilayah usulan ini."), "village", place=village)
        if village not in known:
            raise Refused(N_("Kelurahan %(place)s tidak dikenal."), "village", place=village)
    return question


def store(act: Act, question: Question, replaces: Proposal | None) -> Proposal:
    """The row of a question, with its trail; called under the lock."""
    proposal = Proposal.objects.create(
        region_id=question.region,
        first_day=question.first_day,
        days=question.days,
        options=asdict(question.options),
        pins=written(question.pins),
        bans=written(question.bans),
        repairs=question.repairs,
        digest=question.digest(),
        replaces=replaces,
        by=act.author,
        door=act.door,
        at=act.now,
    )
    details: dict[str, object] = {"proposal": proposal.pk, "first": question.first_day.isoformat(), "days": question.days}
    write_audit(act=act, action="proposal.ask", subject=question.region, details=details)
    return proposal


def _same(question: Question, today: date) -> Proposal | None:
    """The newest proposal with this question that still stands for its answer."""
    asked = Proposal.objects.filter(region=question.region, digest=question.digest())
    newest = asked.filter(status__in=(*UNFINISHED, ProposalStatus.READY)).first()
    if newest is None or newest.is_waiting:
        return newest
    return newest if newest.known == known_now(question, today) else None


def ask_again(*, act: Act, number: int, edits: Sequence[Edit] = (), question: Question | None = None) -> Proposal:
    """The proposal with what the head changed (`edits`), or with other days and options (`question`), as a new one that
    takes its place as soon as it is ready. Unchanged and still true: the same row. Of a published one: see `repair`."""
    former = visible_proposal(act.by, number)
    require(by=act.by, action=Action.TRIP_WRITE, code=former.region_id)
    if question is None:
        is_published = former.status == ProposalStatus.PUBLISHED
        question = _days_to_come(former, act.now) if is_published else question_of(former)
    return ask(act=act, question=edited(question, edits), replaces=former)


def pin(*, act: Act, number: int, village: str, day: str, van: int = 0) -> Proposal:
    """Ask again with this stop, whatever it is worth."""
    return ask_again(act=act, number=number, edits=[Edit("pin", village, day, van=van)])


def ban(*, act: Act, number: int, village: str, day: str = "") -> Proposal:
    """Ask again without this stop; without a day: without this kelurahan."""
    return ask_again(act=act, number=number, edits=[Edit("ban", village, day)])


def move(*, act: Act, number: int, village: str, day: str, to_day: str, van: int = 0) -> Proposal:
    """Ask again with this stop on another day."""
    return ask_again(act=act, number=number, edits=[Edit("move", village, day, to_day, van)])


def repair(*, act: Act, number: int) -> Proposal:
    """Ask again about the days of a published proposal that are still to come: a van broke down, a stop was called off, a
    report came in. Published stops are kept as far as they can be; each that moves says why. Conflict once all its days
    are over."""
    former = visible_proposal(act.by, number)
    require(by=act.by, action=Action.TRIP_WRITE, code=former.region_id)
    if former.status != ProposalStatus.PUBLISHED:
        raise Conflict(N_("Hanya usulan yang sudah diterbitkan yang dapat diperbaiki; usulan ini diubah lalu diminta lagi."))
    return ask_again(act=act, number=number)


def _days_to_come(former: Proposal, now: datetime) -> Question:
    """The question of a published proposal about the days that have not begun: today is one until the first vans go out."""
    question, today = question_of(former), business_date(now)
    has_begun = now.astimezone(JAKARTA).time() >= HOURS[Session.MORNING][0]
    first_day = max(question.first_day, today + timedelta(days=has_begun))
    if first_day > question.last_day:
        raise Conflict(N_("Semua hari usulan ini sudah lewat. Minta usulan baru."))
    iso = first_day.isoformat()
    return replace(
        question,
        first_day=first_day,
        days=(question.last_day - first_day).days + 1,
        repairs=True,
        pins=frozenset(row for row in question.pins if row.day >= iso),
        bans=frozenset(row for row in question.bans if not row.day or row.day >= iso),
    )
