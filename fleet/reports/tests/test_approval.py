"""Approving and returning reports: on which version, what leaves the coverage, and who may."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.models import User
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from fleet.models import TripStatus
from fleet.reports.permits import permit_entry
from fleet.tests.stops import GROGOL, approve, body, give_back, send, stands, stop, van
from recording.ledger.selectors import check_ledger
from recording.models import AuditEntry, CountChange, Posting
from recording.tests.world import BARAT, NOON, after

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
