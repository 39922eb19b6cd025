"""Which moments make the clock certain, and by how much two clocks may differ."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.conf import LazySettings

from dukcapil import clock
from recording.coverage import clock_check
from recording.models import CONFIRM_CLOCK, AuditEntry, CoverageRun, Door, RunVoid
from recording.tests.world import DAY, NOON, count, write


def ran(at: datetime) -> CoverageRun:
    number = CoverageRun.objects.count() + 1
    return CoverageRun.objects.create(
        number=number, as_of=DAY, finished_at=at, status="provisional", ledger_position=0, audit_position=0
    )


def acted(at: datetime, action: str = "trip.plan") -> AuditEntry:
    return AuditEntry.objects.create(at=at, door=Door.PAGE, action=action, subject="")


def wrote(at: datetime) -> None:
    write(count(at.day, day=DAY), now=at)


def ran_void(at: datetime) -> None:
    RunVoid.objects.create(run=ran(at), reason="jam salah", at=NOON, door=Door.PAGE)


HOURS = timedelta(hours=1)
# What is known besides the run of the night, with the hours from it at which it happened; and the jump that is asked about.
KNOWN = [
    ([], 72, (0, 72)),
    ([], 36, None),
    ([(ran, 50)], 72, None),
    ([(ran_void, 50)], 72, (0, 72)),
    ([(ran, 100)], 72, (0, 72)),
    ([(wrote, 30), (wrote, 60)], 72, None),
    ([(acted, 30), (acted, 60)], 72, None),
    ([(acted, 30)], 72, (30, 72)),
    ([(wrote, 30), (acted, 60), (wrote, 120)], 72, None),
    ([(wrote, 30), (acted, 60), (acted, 120)], 72, None),
    ([(partial(acted, action=CONFIRM_CLOCK), 70)], 72, None),
    ([(partial(acted, action=CONFIRM_CLOCK), 100)], 72, (0, 72)),
]


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("known", "hours", "jump"), KNOWN)
def test_a_moment_is_certain_by_what_happened(
    known: list[tuple[Callable[[datetime], object], int]], hours: int, jump: tuple[int, int] | None, settings: LazySettings
) -> None:
    """What lies ahead of the moment that is asked about, and what is void, makes nothing certain."""
    settings.LEAPS_ARE_ASKED_ABOUT = True
    ran(NOON)
    for happens, after in known:
        happens(NOON + after * HOURS)
    asked = clock_check.open_question(NOON + hours * HOURS)
    assert asked == (jump and tuple(NOON + after * HOURS for after in jump))


@pytest.mark.parametrize(("minutes", "differ"), [(0, False), (10, False), (11, True), (-11, True)])
def test_clocks_differ_by_more_than_minutes(monkeypatch: pytest.MonkeyPatch, minutes: int, differ: bool) -> None:
    monkeypatch.setattr(clock, "database_lead", lambda: timedelta(minutes=minutes))
    assert clock_check.clocks_differ() is differ
