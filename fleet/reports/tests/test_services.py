"""Daily reports: what they put into the ledger, sending again, correcting, deciding, and closed days."""

import os
import signal
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import fork, join, together
from fleet.models import EntryPermit, ReportVersion, Trip, TripStatus, VanReport
from fleet.reports import services as reports
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.reports.permits import permit_entry
from fleet.reports.selectors import trips_to_report
from fleet.reports.services import AlreadyReported, ReportInput, Unconfirmed
from fleet.schedule.trips import cancel_trip
from fleet.tests.stops import GROGOL, PALMERIAM, body, send, stands, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.services import move_van
from recording.coverage.changes import Comparison, differences
from recording.coverage.services import recompute_coverage
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_count
from recording.models import AuditEntry, CountChange, DailyCount, Posting
from recording.tests import world
from recording.tests.world import BARAT, DAY, DKI, NOON, after

small_world = pytest.mark.usefixtures("small_world")


def approve(trip: Trip, version: int = 1, by: Any = SYSTEM) -> VanReport:
    return approve_report(act=Act(by, NOON, "page"), trip=trip.pk, version=version)


def give_back(trip: Trip, version: int = 1, reason: str = "periksa lagi", by: Any = SYSTEM) -> VanReport:
    return return_report(act=Act(by, NOON, "page"), trip=trip.pk, version=version, reason=reason)


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
def test_a_report_posts_its_residents_in_the_same_act(told: ReportBody, ktp: Any, kia: Any, status: str) -> None:
    trip = stop(van())
    sent = send(trip, told)
    trip.refresh_from_db()
    assert (stands(trip), stands(trip, "KIA"), trip.status) == (ktp, kia, status)
    assert (sent.report.version, sent.report.status, sent.repeated) == (1, "sent", False)
    assert Posting.objects.count() == (1 if (ktp, kia) != (None, None) else 0)


@small_world
def test_a_day_of_reports_changes_the_next_run_by_exactly_their_sum() -> None:
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
def test_the_same_id_and_body_is_one_report_and_another_body_is_refused() -> None:
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
def test_a_second_phone_is_shown_what_stands_and_the_same_figures_change_nothing() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    with pytest.raises(AlreadyReported, match="Budi Barat sudah melaporkan jadwal ini") as refused:
        send(trip, body(25))
    assert refused.value.report.version == 1
    same = send(trip, body(20))
    assert (same.repeated, ReportVersion.objects.count(), stands(trip)) == (True, 1, 20)


@small_world
def test_a_correction_is_a_new_version_with_its_reason_and_must_be_approved_again() -> None:
    trip = stop(van())
    send(trip, body(20, 4))
    approve(trip)
    with pytest.raises(Refused, match="Tulis alasan perubahan") as refused:
        send(trip, body(18, 4), expected=1)
    assert refused.value.field == "reason"
    report = send(trip, body(18), expected=1, reason="dua orang terhitung dua kali").report
    assert (report.version, report.status, report.decided_by) == (2, "sent", None)
    assert (stands(trip), stands(trip, "KIA")) == (18, None)
    assert [(each.number, each.body["lines"]) for each in report.versions.all()] == [
        (1, {"kia": 4, "record": 20}),
        (2, {"record": 18}),
    ]
    first = Posting.objects.order_by("pk")[0]
    later = CountChange.objects.exclude(posting=first)
    reasons = set(later.values_list("posting__reason", flat=True))
    assert reasons == {"dua orang terhitung dua kali"}
    assert check_ledger().mismatches == 0


@small_world
def test_a_returned_report_leaves_the_coverage_until_it_is_sent_again() -> None:
    trip = stop(van())
    send(trip, body(20, 4), by=cast.head_barat())
    report = give_back(trip, reason="angka KIA janggal", by=cast.staff())
    trip.refresh_from_db()
    assert (report.status, report.decision, stands(trip), stands(trip, "KIA")) == (
        "returned",
        "angka KIA janggal",
        None,
        None,
    )
    assert trip.status == TripStatus.PUBLISHED
    assert give_back(trip).pk == report.pk
    again = send(trip, body(20, 3), by=cast.head_barat(), expected=1).report
    assert (again.version, again.status, stands(trip, "KIA"), again.decision) == (2, "sent", 3, "")
    kinds = list(Posting.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["entry", "return", "entry"]
    assert check_ledger().mismatches == 0


@small_world
def test_a_decision_is_made_on_the_version_that_was_read() -> None:
    trip = stop(van())
    send(trip, body(20))
    send(trip, body(21), expected=1, reason="salah hitung")
    for decide in (approve, give_back):
        with pytest.raises(Conflict, match="baru saja diperbaiki"):
            decide(trip, 1)
    assert approve(trip, 2).status == "approved"
    assert approve(trip, 2).status == "approved"
    assert AuditEntry.objects.filter(action="report.approved").count() == 1
    give_back(trip, 2)
    with pytest.raises(Conflict, match="sudah dikembalikan"):
        approve(trip, 2)
    with pytest.raises(Refused, match="Tulis apa yang harus diperbaiki"):
        give_back(trip, 2, reason="  ")


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
def test_the_vans_report_of_the_day_before_and_former_visits_are_known() -> None:
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
@pytest.mark.parametrize(
    ("back", "open_"), [(-1, False), (0, True), (3, True), (4, False)], ids=["tomorrow", "today", "3 back", "4 back"]
)
def test_a_day_is_open_on_itself_and_three_days_after(back: int, open_: bool) -> None:
    trip = stop(van(), day=DAY - timedelta(days=back))
    if open_:
        assert send(trip).report.version == 1
        return
    with pytest.raises(Refused, match=r"belum tiba|sudah ditutup"):
        send(trip)
    assert (VanReport.objects.count(), DailyCount.objects.count()) == (0, 0)


@small_world
def test_a_permit_opens_one_day_of_one_city_until_its_moment() -> None:
    old = DAY - timedelta(days=9)
    barat, timur = stop(van(), day=old), stop(van("B 2 PKD", "31.75"), PALMERIAM, day=old)
    for _ in range(2):
        permit_entry(act=Act(cast.staff(), NOON, "page"), city=BARAT, day=old, expires=after(hours=6), reason="banjir")
    assert (EntryPermit.objects.count(), AuditEntry.objects.filter(action="report.permit").count()) == (1, 1)
    for closed, now in ((timur, NOON), (barat, after(hours=6))):
        with pytest.raises(Refused, match="sudah ditutup"):
            send(closed, now=now)
    assert send(barat, now=after(hours=5)).report.version == 1


@small_world
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": DAY}, "day"),
        ({"expires": NOON}, "until"),
        ({"expires": after(days=61)}, "until"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_permit_that_makes_no_sense_is_refused(wrong: dict[str, Any], field: str) -> None:
    asked: dict[str, Any] = {"city": BARAT, "day": date(2021, 11, 1), "expires": after(hours=1), "reason": "banjir"}
    with pytest.raises(Refused) as refused:
        permit_entry(act=Act(SYSTEM, NOON, "page"), **asked | wrong)
    assert (refused.value.field, EntryPermit.objects.count()) == (field, 0)


@small_world
def test_a_trip_that_was_cancelled_planned_or_removed_takes_no_report_and_says_why() -> None:
    planned, cancelled, gone = (stop(van(f"B {n} PKD"), published=n != 1) for n in (1, 2, 3))
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")
    Trip.objects.filter(pk=gone.pk).delete()
    for trip, problem, sentence in (
        (planned, Conflict, "belum diterbitkan"),
        (cancelled, Conflict, "dibatalkan: banjir"),
        (gone, NotFound, "Isian tetap tersimpan di perangkat Anda"),
    ):
        with pytest.raises(problem, match=sentence):
            send(trip)
    assert (VanReport.objects.count(), DailyCount.objects.count()) == (0, 0)


@small_world
def test_a_van_that_moved_leaves_its_open_reports_with_the_city_of_the_stop() -> None:
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


WRITERS: list[tuple[Callable[[], User], type[Exception] | None, type[Exception] | None]] = [
    (cast.admin, None, None),
    (cast.staff, None, None),
    (cast.head_barat, None, NotAllowed),
    (cast.head_timur, NotAllowed, NotAllowed),
    (cast.reader, NotAllowed, NotAllowed),
    (cast.reader_barat, NotAllowed, NotAllowed),
    (cast.api_barat, NotAllowed, NotAllowed),
    (cast.staff_jabar, NotFound, NotFound),
    (cast.disabled, NotFound, NotFound),
]


@small_world
@pytest.mark.parametrize(("who", "sending", "deciding"), WRITERS, ids=lambda x: getattr(x, "__name__", None))
def test_reports_are_sent_by_the_city_and_decided_by_the_agency(who: Any, sending: Any, deciding: Any) -> None:
    by, first, second = who(), stop(van()), stop(van("B 2 PKD"), GROGOL)
    send(second, body(9))
    old = date(2021, 11, 1)
    attempts = [
        (sending, lambda: send(first, by=by)),
        (deciding, lambda: approve(second, by=by)),
        (deciding, lambda: give_back(second, by=by)),
        (
            deciding,
            lambda: permit_entry(
                act=Act(by, NOON, "page"), city=BARAT, day=old, expires=after(hours=1), reason="banjir"
            ),
        ),
    ]
    for problem, attempt in attempts:
        if problem is None:
            attempt()
        else:
            with pytest.raises(problem):
                attempt()
    assert (stands(first) is not None) == (sending is None)
    assert (stands(second) is None) == (deciding is None)


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
def test_a_report_whose_counts_cannot_be_stored_is_not_stored_either() -> None:
    trip = stop(van())
    with pytest.raises(Exception, match="unlucky"):
        send(trip, body(13))
    assert (VanReport.objects.count(), ReportVersion.objects.count(), Posting.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("committed_world")
def test_the_same_report_sent_twenty_times_at_once_counts_once() -> None:
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
def test_of_phones_that_report_one_trip_with_other_figures_one_is_taken_and_the_others_are_told() -> None:
    trip = stop(van())
    assert together(*(partial(_or_told, trip, 10 + number) for number in range(8))) == [0] * 8
    assert (ReportVersion.objects.count(), CountChange.objects.count()) == (1, 1)
    assert stands(trip) == ReportVersion.objects.get().body["lines"]["record"]


@pytest.mark.usefixtures("committed_world")
@pytest.mark.parametrize("step", ["_store", "post_counts", "send_report"])
def test_a_server_killed_on_the_way_loses_nothing_and_counts_nothing_twice(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
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
def test_what_was_entered_by_hand_for_vans_is_asked_about_and_not_entered_after_a_report(document: str) -> None:
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
            act=Act(cast.head_barat(), NOON, "page"),
            count=world.count(5, code=GROGOL, source="mobil", document=document),
        )
    assert world.value(GROGOL, source="mobil", document=document) is None


@small_world
def test_the_sets_on_board_limit_all_stops_of_a_day_together() -> None:
    bus = van(sets=1)
    send(stop(bus), body(100), confirmed=["many:100"])
    evening = stop(bus, GROGOL, session="evening")
    with pytest.raises(Refused, match="Perekaman 161 melebihi 160, batas sehari"):
        send(evening, body(61), confirmed=["many:61"])
    send(evening, body(60))


@small_world
def test_a_van_that_is_absent_reports_only_that_it_did_not_go_out() -> None:
    bus = van()
    trip = stop(bus)
    send(trip, ReportBody(IDLE, idle_reason="damage"))
    add_absence(act=Act(SYSTEM, NOON, "page"), van=bus.pk, first_day=DAY, last_day=DAY, kind="damage")
    with pytest.raises(Conflict, match="tercatat tidak siap hari itu: Rusak"):
        send(trip, body(20), expected=1, reason="ternyata jalan")
    assert stands(trip) is None


@small_world
def test_a_report_that_was_returned_late_can_still_be_mended_for_three_days() -> None:
    trip = stop(van())
    send(trip, body(20))
    return_report(act=Act(SYSTEM, after(days=9), "page"), trip=trip.pk, version=1, reason="periksa")
    assert [each.pk for each in trips_to_report(SYSTEM, BARAT, DAY + timedelta(days=12), after(days=12))] == [trip.pk]
    with pytest.raises(Refused, match="sudah ditutup"):
        send(trip, body(21), expected=1, now=after(days=13))
    assert send(trip, body(21), expected=1, now=after(days=12)).report.version == 2


@small_world
def test_a_second_try_of_the_same_person_is_told_so() -> None:
    trip = stop(van())
    send(trip, body(20), by=cast.head_barat())
    with pytest.raises(AlreadyReported, match="Anda sudah melaporkan jadwal ini"):
        send(trip, body(21), by=cast.head_barat())
