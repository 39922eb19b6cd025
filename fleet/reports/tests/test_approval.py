"""Approving and returning reports: on which version, what leaves the coverage, and who may."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.models import User
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import Trip, TripStatus, VanReport
from fleet.reports.approval import Approval, approve_shown, return_report, withdraw_approval
from fleet.reports.permits import permit_entry
from fleet.tests.stops import GROGOL, approve, body, give_back, send, stands, stop, van
from recording.ledger.selectors import check_ledger
from recording.models import AuditEntry, CountChange, Posting
from recording.tests.world import BARAT, DAY, NOON, after

small_world = pytest.mark.usefixtures("small_world")


@small_world
def test_a_correction_must_be_approved_again() -> None:
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
def test_a_returned_report_leaves_the_coverage() -> None:
    trip = stop(van())
    send(trip, body(20, 4), by=cast.head_barat())
    report = give_back(trip, reason="angka KIA janggal", by=cast.staff())
    trip.refresh_from_db()
    assert (report.status, report.decision, stands(trip), stands(trip, "KIA")) == ("returned", "angka KIA janggal", None, None)
    assert trip.status == TripStatus.PUBLISHED
    assert give_back(trip).pk == report.pk
    again = send(trip, body(20, 3), by=cast.head_barat(), expected=1).report
    assert (again.version, again.status, stands(trip, "KIA"), again.decision) == (2, "sent", 3, "")
    kinds = list(Posting.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["entry", "return", "entry"]
    assert check_ledger().mismatches == 0


@small_world
def test_a_decision_is_about_the_version_read() -> None:
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


def three_sent() -> list[Trip]:
    trips = [stop(van()), stop(van("B 2 PKD"), GROGOL), stop(van("B 3 PKD"), day=DAY - timedelta(days=1))]
    for trip in trips:
        send(trip, body(20), by=cast.head_barat())
    return trips


def shown(trips: list[Trip], by: User | None = None, now: datetime = NOON) -> Approval:
    return approve_shown(act=Act(by or cast.staff(), now, "page"), versions={trip.pk: 1 for trip in trips})


def withdrawn(trips: list[Trip], by: User | None = None, now: datetime = NOON, reason: str = "") -> list[VanReport]:
    act = Act(by or cast.staff(), now, "page")
    return withdraw_approval(act=act, versions={trip.pk: 1 for trip in trips}, reason=reason)


def statuses() -> list[str]:
    return list(VanReport.objects.order_by("pk").values_list("status", flat=True))


def trail() -> list[str]:
    decisions = AuditEntry.objects.filter(action__in=("report.approved", "report.withdrawn"))
    return list(decisions.order_by("pk").values_list("action", flat=True))


@small_world
def test_approving_a_list_twice_is_approving_once() -> None:
    trips = three_sent()
    assert [report.pk for report in shown(trips).approved] == [trip.pk for trip in trips]
    assert shown(trips) == Approval([], [])
    assert (statuses(), trail()) == (["approved"] * 3, ["report.approved"] * 3)


@small_world
def test_what_changed_since_it_was_shown_stays_out() -> None:
    trips = three_sent()
    send(trips[0], body(21), expected=1, reason="salah hitung")
    give_back(trips[1])
    done = shown(trips)
    assert [report.pk for report in done.approved] == [trips[2].pk]
    assert {report.pk for report in done.changed} == {trips[0].pk, trips[1].pk}
    assert statuses() == ["sent", "returned", "approved"]


@small_world
def test_a_stranger_decides_nothing_of_a_list() -> None:
    trips = three_sent()
    for who, problem in ((cast.head_barat, NotAllowed), (cast.reader, NotAllowed), (cast.staff_jabar, NotFound)):
        for attempt in (shown, withdrawn):
            with pytest.raises(problem):
                attempt(trips, who())
    assert statuses() == ["sent"] * 3


@pytest.mark.usefixtures("committed_world")
def test_two_clerks_approve_each_report_once() -> None:
    trips, one, other = three_sent(), cast.staff(), cast.admin()
    works = [lambda: shown(trips, one), lambda: shown(trips, other), lambda: shown(trips[:2], other)]
    assert together(*works) == [0, 0, 0]
    assert (statuses(), trail()) == (["approved"] * 3, ["report.approved"] * 3)


@small_world
def test_an_approval_taken_back_waits_again() -> None:
    trips = three_sent()
    shown(trips)
    changes = CountChange.objects.count()
    assert [report.pk for report in withdrawn(trips)] == [trip.pk for trip in trips]
    assert withdrawn(trips) == []
    assert (statuses(), stands(trips[0]), CountChange.objects.count()) == (["sent"] * 3, 20, changes)
    report = VanReport.objects.get(pk=trips[0].pk)
    assert (report.decided_at, report.decided_by, report.version) == (None, None, 1)
    assert trail() == ["report.approved"] * 3 + ["report.withdrawn"] * 3
    assert len(shown(trips).approved) == 3


@small_world
def test_later_taking_back_needs_a_reason() -> None:
    trips, ten_minutes = three_sent(), timedelta(minutes=10)
    shown(trips)
    for by, now in ((cast.staff(), NOON + ten_minutes + timedelta(seconds=1)), (cast.admin(), NOON)):
        with pytest.raises(Refused, match="Tulis alasannya"):
            withdrawn(trips, by, now)
    assert len(withdrawn(trips, now=NOON + ten_minutes)) == 3
    shown(trips)
    assert len(withdrawn(trips, cast.admin(), after(days=3), "angka Puskesmas tertukar")) == 3
    entries = AuditEntry.objects.filter(action="report.withdrawn").order_by("-pk")
    assert entries[0].details["reason"] == "angka Puskesmas tertukar"


@small_world
def test_what_moved_on_is_not_taken_back() -> None:
    trips = three_sent()
    shown(trips)
    send(trips[0], body(21), expected=1, reason="salah hitung")
    give_back(trips[1])
    assert [report.pk for report in withdrawn(trips)] == [trips[2].pk]
    assert statuses() == ["sent", "returned", "sent"]


@small_world
def test_a_return_marks_fields_until_correction() -> None:
    (trip, *_others) = three_sent()
    act, reason = Act(cast.staff(), NOON, "page"), "angka tertukar"
    with pytest.raises(Refused, match="tidak dikenal"):
        return_report(act=act, trip=trip.pk, version=1, reason=reason, fields=["record", "nik"])
    assert stands(trip) == 20
    report = return_report(act=act, trip=trip.pk, version=1, reason=reason, fields=["moved", "kia", "record"])
    assert report.wrong_fields == ["record", "kia", "moved"]
    assert AuditEntry.objects.get(action="report.returned").details["fields"] == ["record", "kia", "moved"]
    assert send(trip, body(19), expected=1).report.wrong_fields is None


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
def test_the_city_sends_and_the_agency_decides(who: Any, sending: Any, deciding: Any) -> None:
    by, first, second = who(), stop(van()), stop(van("B 2 PKD"), GROGOL)
    send(second, body(9))
    old = date(2021, 11, 1)
    attempts = [
        (sending, lambda: send(first, by=by)),
        (deciding, lambda: approve(second, by=by)),
        (deciding, lambda: give_back(second, by=by)),
        (
            deciding,
            lambda: permit_entry(act=Act(by, NOON, "page"), city=BARAT, day=old, expires=after(hours=1), reason="banjir"),
        ),
    ]
    for problem, attempt in attempts:
        if problem is None:
            attempt()
        else:
            with CaptureQueriesContext(connection) as asked, pytest.raises(problem):
                attempt()
            assert not any("SAVEPOINT" in query["sql"] for query in asked), "who may not, takes no lock"
    assert (stands(first) is not None) == (sending is None)
    assert (stands(second) is None) == (deciding is None)
