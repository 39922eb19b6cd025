"""Publishing: what the preview showed is what the schedule holds, by the services of stops made by hand, or nothing at all."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound
from fleet.models import Proposal, ScheduleAct, Trip, Van
from fleet.proposals import services
from fleet.proposals.explaining import moved_stops
from fleet.proposals.publishing import preview, publish
from fleet.proposals.question import Edit
from fleet.proposals.tests.world import (
    AGENCY,
    CENGKARENG,
    EAST,
    MONDAY,
    ONE,
    OWN_WORLDS,
    TIMUR,
    TWO,
    again,
    asked,
    bus,
    by,
    published,
    question,
    ready,
    schedule,
    stops_of,
    worked,
)
from fleet.schedule.breakdowns import StopAnswer, record_breakdown
from fleet.schedule.undoing import undo_week_act
from fleet.tests.plans import GROGOL, PALMERIAM, absent, acts, cancel, pin
from fleet.tests.stops import stop
from fleet.vans.absences import checked_absence
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after

pytestmark = pytest.mark.usefixtures("city")
__all__ = ["OWN_WORLDS"]
TUESDAY = MONDAY + timedelta(days=1)
WEEK = question(days=5)  # three stops: of each kelurahan one


def test_what_was_shown_is_what_stands() -> None:
    head = cast.head_barat()
    proposal = ready(WEEK, who=head)
    shown = preview(proposal)
    done = publish(act=by(head), number=proposal.pk, fingerprint=shown.fingerprint)
    assert (done.new, done.kept, done.called_off) == (3, 0, 0)
    assert {(code, day) for day, code, _plate, _status in schedule()} == set(stops_of(proposal))
    assert {(row[2], row[3]) for row in schedule()} == {(ONE, "published"), (TWO, "published")}
    stored = {(t.village_id, t.day, t.van_id, t.place, t.opens) for t in Trip.objects.filter(day__gte=MONDAY)}
    assert stored == {(s.village.code, s.day, s.van.pk, s.wanted.place, s.wanted.hours[0]) for s in shown.stops}
    proposal.refresh_from_db()
    assert (proposal.status, proposal.published_by, proposal.published_at) == ("published", head, NOON)
    assert [action for action, _subject in acts("trip.p")][3:] == ["trip.plan"] * 3 + ["trip.publish"]
    assert AuditEntry.objects.get(action="proposal.publish").details == {
        "proposal": proposal.pk,
        "new": 3,
        "kept": 0,
        "called_off": 0,
    }


def test_a_van_goes_on_in_its_last_kecamatan() -> None:
    """On Friday in Cengkareng Barat, on Monday in Kapuk, beside it; by plates alone the first van would go there."""
    stop(bus(TWO), CENGKARENG, day=MONDAY - timedelta(days=3))
    vans = {s.village.code: s.van.plate for s in preview(ready(WEEK)).stops if s.day == MONDAY}
    assert vans[KAPUK] == TWO


def test_the_place_and_hours_are_those_last_used() -> None:
    kapuk = {s.village.code: s.wanted for s in preview(ready(WEEK)).stops}[KAPUK]
    assert (kapuk.place, kapuk.session, kapuk.hours) == ("RW 01", "morning", (time(8), time(12)))
    Trip.objects.filter(village=KAPUK).update(services=["kia"])
    kapuk = {s.village.code: s.wanted for s in preview(ready(question(days=6))).stops}[KAPUK]
    assert (kapuk.place, kapuk.session) == ("Kantor Kelurahan Kapuk", "morning"), "a stop without recordings tells nothing"


def test_published_twice_is_published_once() -> None:
    proposal = ready(WEEK)
    shown = preview(proposal).fingerprint
    answers = [publish(act=by(), number=proposal.pk, fingerprint=shown) for _time in range(2)]
    assert answers[0] == answers[1]
    assert len(schedule()) == 3
    with pytest.raises(Conflict, match="sudah diterbitkan"):
        publish(act=by(), number=proposal.pk, fingerprint="other")


@pytest.mark.parametrize(
    ("who", "answer"),
    [(cast.head_timur, NotAllowed), (cast.reader, NotAllowed), (cast.reader_barat, NotAllowed), (cast.staff_jabar, NotFound)],
)
def test_who_may_not_plan_the_city_publishes_nothing(who: Callable[[], User], answer: type[Exception]) -> None:
    proposal = ready(WEEK)
    with pytest.raises(answer):
        published(proposal, who=who())
    assert not schedule()


def other_stop() -> None:
    stop(bus(TWO), GROGOL, day=TUESDAY)


def van_away() -> None:
    absent(bus(ONE).pk, 4, 9)
    absent(bus(TWO).pk, 4, 9)


def vans_retired() -> None:
    Van.objects.update(retired=MONDAY)


def edited_plan() -> None:
    row = Proposal.objects.get()
    Proposal.objects.filter(pk=row.pk).update(plan=row.plan.replace('"value":', '"value":1'))


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (other_stop, "Jadwal berubah sejak usulan ini dihitung: Grogol, Selasa, 30 November 2021"),
        (van_away, "Tidak ada lagi mobil yang siap untuk"),
        (vans_retired, "Tidak ada lagi mobil yang siap untuk"),
        (edited_plan, "Rencana ditolak"),
    ],
)
def test_what_changed_meanwhile_is_told_and_nothing_written(happens: Callable[[], None], sentence: str) -> None:
    proposal = ready(WEEK)
    shown = preview(proposal).fingerprint
    happens()
    before = schedule()
    with pytest.raises(Exception, match=sentence):
        publish(act=by(), number=proposal.pk, fingerprint=shown)
    assert schedule() == before
    proposal.refresh_from_db()
    assert proposal.status == "ready"


def test_another_van_than_shown_is_a_conflict() -> None:
    proposal = ready(WEEK)
    shown = preview(proposal)
    first = next(s for s in shown.stops if s.village.code == CENGKARENG)
    absent(first.van.pk, (first.day - DAY).days, (first.day - DAY).days)
    with pytest.raises(Conflict, match="sesudah daftar ini ditampilkan"):
        publish(act=by(), number=proposal.pk, fingerprint=shown.fingerprint)
    published(proposal)
    assert {row[1]: row[2] for row in schedule()}[CENGKARENG] != first.van.plate


def test_a_failure_in_the_middle_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stop(bus(TWO), GROGOL, day=date(2021, 12, 3))
    proposal = ready(WEEK)
    before = schedule()

    def broken(**_given: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("fleet.proposals.publishing.publish_stops", broken)
    with pytest.raises(RuntimeError):
        published(proposal)
    assert (schedule(), AuditEntry.objects.filter(action__in=("trip.plan", "trip.cancel"), at__gte=NOON).count()) == (before, 1)


def test_left_out_stops_are_called_off_with_reasons() -> None:
    """The plan takes the place of the planned and published stops of its days, but for those that nobody may move."""
    left_out = stop(bus(TWO), CENGKARENG, day=date(2021, 12, 3))
    kept = stop(bus(ONE), KAPUK, day=date(2021, 12, 1))
    pinned = pin(stop(bus(TWO), GROGOL, day=TUESDAY))
    proposal = again(ready(WEEK), Edit("ban", CENGKARENG))
    assert (KAPUK, "2021-12-01") in stops_of(proposal), "a published stop is kept where it is worth as much"
    assert not [code for code, _day in stops_of(proposal) if code == GROGOL], "it is visited already, by a pinned stop"
    done = published(proposal)
    assert (done.new, done.kept, done.called_off) == (0, 1, 1)
    for trip in (left_out, kept, pinned):
        trip.refresh_from_db()
    assert [trip.status for trip in (left_out, kept, pinned)] == ["cancelled", "published", "published"]
    assert left_out.reason == "Diganti jadwal baru; kelurahan ini tidak dikunjungi pada hari itu."
    (move,) = moved_stops(proposal)
    assert move.sentence.startswith("Cengkareng Barat, Jumat, 3 Desember 2021: tidak dikunjungi, karena kelurahannya tertutup")


def test_a_draft_that_is_kept_is_published() -> None:
    draft = stop(bus(TWO), KAPUK, day=MONDAY, published=False)
    proposal = again(ready(WEEK), Edit("pin", KAPUK, MONDAY.isoformat()))
    done = published(proposal)
    draft.refresh_from_db()
    assert (draft.status, draft.announced, draft.van.plate, done.kept) == ("published", True, TWO, 1)


def test_a_named_van_comes() -> None:
    plates = []
    for plate in (ONE, TWO):
        proposal = asked(question(days=5))
        worked(proposal)
        pinned = again(proposal, Edit("pin", CENGKARENG, "2021-12-02", van=bus(plate).pk))
        plates.append({(s.village.code, s.day): s.van.plate for s in preview(pinned).stops}[CENGKARENG, date(2021, 12, 2)])
    assert plates == [ONE, TWO]


def test_each_week_can_be_undone() -> None:
    published(ready())
    acts_of_weeks = ScheduleAct.objects.filter(kind="publish", monday__gte=MONDAY).order_by("monday")
    assert [(act.base_id, act.monday) for act in acts_of_weeks] == [(BARAT, MONDAY), (BARAT, MONDAY + timedelta(days=7))]
    assert undo_week_act(act=by(), number=acts_of_weeks[0].pk).stops == 3


def test_two_heads_get_theirs_and_one_publishes() -> None:
    first, second = asked(WEEK, who=cast.head_barat()), asked(question(days=5, saturdays=True), who=cast.staff())
    worked(second)
    first.refresh_from_db()
    assert (first.status, second.status) == ("ready", "ready")
    shown = preview(second).fingerprint
    published(first, who=cast.head_barat())
    with pytest.raises(Conflict, match="Jadwal berubah sejak usulan ini dihitung"):
        publish(act=by(cast.staff()), number=second.pk, fingerprint=shown)
    assert len(schedule()) == 3


def test_the_agency_lends_its_van() -> None:
    """Only the agency publishes what its own van does, also in one city."""
    absent(bus(EAST).pk, 4, 20)
    proposal = ready(question(region=TIMUR, days=5, agency=True), who=cast.staff())
    with pytest.raises(NotAllowed):
        published(proposal, who=cast.head_timur())
    published(proposal, who=cast.staff())
    assert [(row[1], row[2]) for row in schedule()] == [(PALMERIAM, AGENCY)]


def test_a_van_of_another_sudin_is_moved_first() -> None:
    absent(bus(EAST).pk, 4, 20)
    absent(bus(AGENCY).pk, 4, 20)
    proposal = ready(question(region=DKI, days=5, lend_own=True), who=cast.staff())
    assert (PALMERIAM in {code for code, _day in stops_of(proposal)}, proposal.status) == (True, "ready")
    with pytest.raises(Conflict, match="memerlukan mobil dari Sudin lain"):
        published(proposal)
    assert not schedule()


def test_only_ready_plans_to_come_are_published() -> None:
    former = ready(WEEK)
    newer = again(former, Edit("ban", GROGOL))
    waiting = asked(question(days=7))
    for proposal, now, sentence in (
        (former, NOON, "diganti usulan yang lebih baru"),
        (waiting, NOON, "belum siap"),
        (newer, after(7), "sudah lewat"),
    ):
        with pytest.raises(Conflict, match=sentence):
            publish(act=by(now=now), number=proposal.pk, fingerprint="x")


TUESDAY_MORNING = NOON + timedelta(days=5, hours=-5)  # before the first vans go out


def repaired(first: Proposal) -> Proposal:
    return worked(services.repair(act=by(cast.head_barat(), TUESDAY_MORNING), number=first.pk), TUESDAY_MORNING)


def test_a_stop_called_off_is_planned_anew() -> None:
    """Not on that day, on which it is not wanted there; the others stay where they are, today's without being asked."""
    first = ready()
    published(first)
    cancel(Trip.objects.standing().get(village=KAPUK, day=date(2021, 12, 6)), "Banjir")
    repair = repaired(first)
    others = {(code, day) for code, day in stops_of(first) if day > "2021-11-30"} - {(KAPUK, "2021-12-06")}
    assert others <= set(stops_of(repair))
    (move,) = moved_stops(repair)
    assert (move.village.code, move.day) == (KAPUK, date(2021, 12, 6))
    assert move.new_day
    assert move.new_day > move.day
    assert move.sentence.startswith("Kapuk: dari Senin, 6 Desember 2021 ke ")
    done = published(repair, who=cast.head_barat(), now=TUESDAY_MORNING)
    assert (done.new, done.kept, done.called_off) == (1, 2, 0)


def test_what_was_left_out_is_not_wanted() -> None:
    stop(bus(TWO), CENGKARENG, day=date(2021, 12, 3))
    first = again(ready(WEEK), Edit("ban", CENGKARENG))
    assert published(first).called_off == 1
    repair = repaired(first)
    assert (moved_stops(repair), repair.facts["today"]) == ([], "2021-11-30")


def test_a_broken_van_s_stops_go_to_others() -> None:
    """One whose van broke down may be held on the same day by another van; what no van is left for moves and says so."""
    first = ready()
    published(first)
    gone = list(Trip.objects.standing().filter(van=bus(ONE), day__gte=TUESDAY))
    absence = checked_absence(by=SYSTEM, van=bus(ONE).pk, first_day=TUESDAY, last_day=None, kind="damage")
    answers = {trip.pk: StopAnswer(reason="Mobil rusak") for trip in gone}
    record_breakdown(act=by(now=TUESDAY_MORNING), absence=absence, answers=answers)
    kept = [row for row in schedule() if row[0] >= TUESDAY.isoformat()]
    repair = repaired(first)
    published(repair, now=TUESDAY_MORNING)
    rows = [row for row in schedule() if row[0] >= TUESDAY.isoformat()]
    assert {row[2] for row in rows} == {TWO}
    assert set(kept) < set(rows)
    assert (CENGKARENG, TUESDAY.isoformat()) in {(row[1], row[0]) for row in rows}, "on the same day, by the other van"
    moved = {(move.village.code, move.day): move.why for move in moved_stops(repair)}
    assert moved.keys() < {(trip.village_id, trip.day) for trip in gone}
    assert "mobil yang siap hari itu kurang" in moved.values()
