"""How the vans do: recordings per visit, and plan against held."""

from datetime import timedelta

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.performance.selectors import by_repeat, by_session, grouped, plan_and_held, visits
from fleet.reports.approval import return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import GROGOL, body, day_of_stops, send, stop, van
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, DKI, NOON, after

at_noon = pytest.mark.usefixtures("at_noon")
YESTERDAY = DAY - timedelta(days=1)


@at_noon
def test_recordings_per_visit_are_grouped() -> None:
    bus = van()
    for back, people, session in (
        (6, 10, "morning"),
        (5, 20, "full"),
        (4, 31, "afternoon"),
        (3, 12, "morning"),
        (2, 8, "morning"),
    ):
        send(stop(bus, day=DAY - timedelta(days=back), session=session), body(people), now=after(days=-back))
    send(stop(bus, GROGOL, day=YESTERDAY), nihil(["record"]), now=after(days=-1))
    send(stop(bus, day=DAY), ReportBody(IDLE, idle_reason="damage"))
    returned = stop(bus, GROGOL, session="evening")
    send(returned, body(77))
    return_report(act=Act(SYSTEM, NOON, "page"), trip=returned.pk, version=1, reason="periksa")
    found = visits(SYSTEM, DKI, DAY - timedelta(days=9), DAY)
    recordings = [(visit.recordings, visit.ordinal) for visit in found]
    assert recordings == [(10, 1), (20, 2), (31, 3), (12, 4), (8, 5), (0, 1)]
    repeat = [(group.label, group.visits, group.recordings, group.best, str(group.per_visit)) for group in by_repeat(found)]
    assert repeat == [("1", 2, 10, 10, "5.0"), ("2", 1, 20, 20, "20.0"), ("3", 1, 31, 31, "31.0"), ("4+", 2, 20, 12, "10.0")]
    assert [(group.label, group.visits) for group in by_session(found)] == [("Pagi", 4), ("Sore", 1), ("Penuh", 1)]
    places = grouped(found, lambda visit: visit.village, lambda visit: visit.name)
    assert [(group.label, str(group.per_visit)) for group in places] == [("Kapuk", "16.2"), ("Grogol", "0.0")]
    said = words(logged_in(cast.reader()).get("/kinerja/"))
    assert "81 perekaman, 6 kunjungan" in said
    assert words(logged_in(cast.reader()).get("/kinerja/?rentang=bukan")) == said


@at_noon
def test_plan_and_held_counts_announced_stops() -> None:
    day_of_stops()
    never = stop(van("B 8 PKD"), published=False)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=never.pk, reason="sopir cuti")
    found = [(kept.base, kept.announced, kept.held, kept.cancelled) for kept in plan_and_held(SYSTEM, DKI, DAY, DAY)]
    assert found == [(BARAT, 5, 3, 1), ("31.75", 1, 0, 0)]
