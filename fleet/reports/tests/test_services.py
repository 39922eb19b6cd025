"""Sending daily reports: what they put into the ledger, sending again, correcting, and questions."""

import os
import signal
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, Refused, Unconfirmed
from dukcapil.tests.processes import fork, join, together
from fleet.models import ReportVersion, Trip, VanReport
from fleet.reports import services as reports
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.reports.services import AlreadyReported, ReportInput
from fleet.tests.stops import GROGOL, body, send, stands, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.services import move_van
from recording.coverage.changes import Comparison, differences
from recording.coverage.services import recompute_coverage
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_count
from recording.models import CountChange, Posting
from recording.tests import world
from recording.tests.world import BARAT, DAY, DKI, NOON, after

small_world = pytest.mark.usefixtures("small_world")


@small_world
@pytest.mark.parametrize(
    ("told", "ktp", "kia", "status"),
    [
        (body(20, 4, elsewhere_ktp=3), 17, 4, "held"),
        (body(None, lines={"birth": 3}), None, None, "held"),
        (nihil(["record", "kia"]), 0, 0, "held"),
        (ReportBody(IDLE, idle_reason="damage"), None, None, "published"),
    ],
)
def test_a_report_posts_its_residents_at_once(told: ReportBody, ktp: Any, kia: Any, status: str) -> None:
    trip = stop(van())
    sent = send(trip, told)
    trip.refresh_from_db()
    assert (stands(trip), stands(trip, "KIA"), trip.status) == (ktp, kia, status)
    assert (sent.report.version, sent.report.status, sent.repeated) == (1, "sent", False)
    assert Posting.objects.count() == (1 if (ktp, kia) != (None, None) else 0)


@small_world
def test_the_next_run_changes_by_the_reports_sum() -> None:
    world.write(world.count(1_000, code=GROGOL, day=DAY - timedelta(days=1)), now=NOON)
    first = recompute_coverage(by=SYSTEM, day=DAY - timedelta(days=1), now=NOON)
    villages = ["31.73.01.1001", world.KAPUK, GROGOL]
    for number in range(17):
        bus = van(f"B {100 + number} PKD")
        send(stop(bus, villages[number % 3]), body(3 + number, number, elsewhere_ktp=1, elsewhere_kia=0))
    second = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    period = world.period()
    for document, people in (("KTP", sum(2 + n for n in range(17))), ("KIA", sum(range(17)))):
        parts = differences(Comparison(first, second, document, period), [DKI, BARAT])
        assert {code: part.recorded for code, part in parts.items()} == {DKI: people, BARAT: people}
        assert parts[DKI].new == people
    assert check_ledger().mismatches == 0


@small_world
def test_one_device_id_is_one_body() -> None:
    trip = stop(van())
    first = send(trip, body(20), device="hp-1")
    again = send(trip, body(20), device="hp-1")
    assert (again.repeated, again.report.pk, first.report.version) == (True, trip.pk, 1)
    with pytest.raises(Conflict, match="sudah dipakai untuk isi lain"):
        send(trip, body(21), device="hp-1", expected=1, reason="salah")
    other = stop(van("B 2 PKD"), GROGOL)
    with pytest.raises(Conflict, match="sudah dipakai untuk isi lain"):
        send(other, body(20), device="hp-1")
    with pytest.raises(Conflict, match="sudah dipakai untuk isi lain"):
        send(trip, body(20), device="hp-1", by=cast.head_barat())
    assert (ReportVersion.objects.count(), CountChange.objects.count(), stands(trip)) == (1, 1, 20)


@small_world
@pytest.mark.parametrize("device", ["", "x" * 41, "a b", "a\x00", "é", "<b>"])
def test_an_id_that_no_device_makes_is_refused(device: str) -> None:
    trip = stop(van())
    with pytest.raises(Refused, match="Kunci kiriman tidak sah"):
        reports.send_report(act=Act(SYSTEM, NOON, "page"), trip=trip.pk, report=ReportInput(body(), device))
    assert not VanReport.objects.exists()


@small_world
def test_a_second_phone_sees_what_stands() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    with pytest.raises(AlreadyReported, match="Budi Barat sudah melaporkan jadwal ini") as refused:
        send(trip, body(25))
    assert refused.value.report.version == 1
    same = send(trip, body(20))
    assert (same.repeated, ReportVersion.objects.count(), stands(trip)) == (True, 1, 20)


@small_world
def test_what_was_confirmed_is_asked_once_and_remembered() -> None:
    trip = stop(van())
    with pytest.raises(Unconfirmed) as asked:
        send(trip, body(150))
    assert [question.code for question in asked.value.questions] == ["many:150"]
    assert not VanReport.objects.exists()
    send(trip, body(150), confirmed=["many:150"])
    send(trip, body(150, 7), expected=1, reason="KIA menyusul")  # the same figure is not asked again
    with pytest.raises(Unconfirmed):
        send(trip, body(151, 7), expected=2, reason="satu lagi")
    assert (stands(trip), VanReport.objects.get().confirmed) == (150, ["many:150"])


@small_world
def test_former_reports_and_visits_are_compared() -> None:
    bus = van()
    for back in (4, 3, 2):
        send(stop(bus, day=DAY - timedelta(days=back)), body(10 + back), now=after(days=-back), confirmed=[])
    trip = stop(bus)
    with pytest.raises(Unconfirmed, match="tidak biasa") as asked:
        send(trip, body(60))
    assert [question.code for question in asked.value.questions] == ["yield:60"]
    with pytest.raises(Unconfirmed) as asked:
        send(trip, body(12))
    assert asked.value.questions[0].code.startswith("same:")


@small_world
def test_a_moved_van_leaves_its_reports_behind() -> None:
    bus = van()
    yesterday = stop(bus, day=DAY - timedelta(days=1))
    today, tomorrow = stop(bus), stop(bus, day=DAY + timedelta(days=1))
    send(today, body(20))
    _moved, cancelled = move_van(act=Act(SYSTEM, NOON, "page"), van=bus.pk, base="31.75", reason="tukar mobil")
    tomorrow.refresh_from_db()
    assert (cancelled, tomorrow.status, tomorrow.reason) == (1, "cancelled", "tukar mobil")
    assert send(yesterday, body(7), by=cast.head_barat()).report.version == 1
    send(today, body(21), by=cast.head_barat(), expected=1, reason="salah hitung")
    with pytest.raises(NotAllowed):
        send(yesterday, body(8), by=cast.head_timur(), expected=1, reason="x")
    assert (stands(yesterday), stands(today)) == (7, 21)


@small_world
@pytest.mark.parametrize("field", ["obstacles", "reason"])
def test_no_nik_enters_with_a_report(field: str) -> None:
    trip = stop(van())
    nik = "warga 3173011234567890 menolak"
    told = body(5, obstacles=nik) if field == "obstacles" else body(5)
    with pytest.raises(Refused, match="NIK") as refused:
        send(trip, told, reason=nik if field == "reason" else "")
    assert (refused.value.field, VanReport.objects.count()) == (field, 0)


@pytest.mark.usefixtures("unlucky")
def test_a_report_is_stored_with_its_counts_only() -> None:
    trip = stop(van())
    with pytest.raises(Exception, match="unlucky"):
        send(trip, body(13))
    assert (VanReport.objects.count(), ReportVersion.objects.count(), Posting.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("committed_world")
def test_twenty_simultaneous_sendings_count_once() -> None:
    trip = stop(van())
    assert together(*[partial(send, trip, body(20, 4), device="hp-1")] * 20) == [0] * 20
    assert (VanReport.objects.count(), ReportVersion.objects.count(), CountChange.objects.count()) == (1, 1, 2)
    assert (stands(trip), stands(trip, "KIA")) == (20, 4)


def _or_told(trip: Trip, people: int) -> None:
    try:
        send(trip, body(people), device=f"hp-{people}")
    except AlreadyReported:
        return


@pytest.mark.usefixtures("committed_world")
def test_of_simultaneous_reports_one_is_taken() -> None:
    trip = stop(van())
    assert together(*(partial(_or_told, trip, 10 + number) for number in range(8))) == [0] * 8
    assert (ReportVersion.objects.count(), CountChange.objects.count()) == (1, 1)
    assert stands(trip) == ReportVersion.objects.get().body["lines"]["record"]


@pytest.mark.usefixtures("committed_world")
@pytest.mark.parametrize("step", ["_store", "post_counts", "send_report"])
def test_a_killed_server_loses_and_doubles_nothing(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the report, after its counts, or after the commit and before the answer: the phone sends again."""
    trip = stop(van())
    reached, tell = os.pipe()
    real = getattr(reports, step)

    def stand_still(*args: Any, **named: Any) -> Any:
        real(*args, **named)
        os.write(tell, b".")
        signal.pause()

    def work() -> None:
        monkeypatch.setattr(reports, step, stand_still)
        reports.send_report(act=Act(SYSTEM, NOON, "page"), trip=trip.pk, report=ReportInput(body(20, 4), "hp-1"))

    child = fork(work)
    os.read(reached, 1)
    os.kill(child, signal.SIGKILL)
    assert join([child]) == [-signal.SIGKILL]
    connection.close()
    assert VanReport.objects.exists() == (step == "send_report")
    sent = send(trip, body(20, 4), device="hp-1")
    assert (sent.report.version, sent.repeated) == (1, step == "send_report")
    assert (stands(trip), stands(trip, "KIA"), CountChange.objects.count()) == (20, 4, 2)
    assert check_ledger().mismatches == 0


@small_world
@pytest.mark.parametrize("document", ["KTP", "KIA"])
def test_counts_entered_by_hand_are_asked_about(document: str) -> None:
    trip = stop(van())
    world.write(world.count(11, source="mobil", document=document))
    with pytest.raises(Unconfirmed) as asked:
        send(trip, body(20, 4))
    assert [question.code for question in asked.value.questions] == ["entered:11"]
    send(trip, body(20, 4), confirmed=["entered:11"])
    other = stop(van("B 2 PKD"), GROGOL)
    send(other, body(5, 2))
    with pytest.raises(Refused, match="sudah ada laporan mobil"):
        record_count(
            act=Act(cast.head_barat(), NOON, "page"), count=world.count(5, code=GROGOL, source="mobil", document=document)
        )
    assert world.value(GROGOL, source="mobil", document=document) is None


@small_world
def test_sets_limit_all_stops_of_a_day() -> None:
    bus = van(sets=1)
    send(stop(bus), body(100), confirmed=["hours:100"])
    evening = stop(bus, GROGOL, session="evening")
    with pytest.raises(Refused, match="Perekaman 161 melebihi 160, batas sehari"):
        send(evening, body(61), confirmed=["hours:61"])
    send(evening, body(60))


@small_world
def test_an_absent_van_reports_only_idle() -> None:
    bus = van()
    trip = stop(bus)
    send(trip, ReportBody(IDLE, idle_reason="damage"))
    add_absence(act=Act(SYSTEM, NOON, "page"), van=bus.pk, first_day=DAY, last_day=DAY, kind="damage")
    with pytest.raises(Conflict, match="tercatat tidak beroperasi hari itu: Rusak"):
        send(trip, body(20), expected=1, reason="ternyata jalan")
    assert stands(trip) is None


@small_world
def test_a_second_report_by_one_person_says_so() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    with pytest.raises(AlreadyReported, match="Anda sudah melaporkan jadwal ini"):
        send(trip, body(21), by=cast.head_barat())
