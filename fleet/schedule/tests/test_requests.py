"""Asking for a van of the agency: the question, its answers, and who may give them."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from dukcapil.tests.processes import together
from fleet.models import Trip, VanRequest
from fleet.schedule.requests import RequestInput, ask_for_van, grant_request, refuse_request, withdraw_request
from fleet.tests.plans import GROGOL, PALMERIAM, TOMORROW, YESTERDAY, acts, plan, published, report, stop, van
from fleet.tests.plans import stored as stored_trip
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

small_world = pytest.mark.usefixtures("small_world")
SCHOOL: dict[str, Any] = {"day": TOMORROW, "session": "morning", "village": KAPUK, "place": "SMA 33", "why": "120 pemula"}


def ask(*, by: Actor = SYSTEM, **more: Any) -> VanRequest:
    return ask_for_van(act=Act(by, NOON, "page"), request=RequestInput(**SCHOOL | more))


def grant(request: VanRequest, number: int = 0, *, by: Actor = SYSTEM) -> Trip:
    number = number or van(DKI).pk
    return grant_request(act=Act(by, NOON, "page"), number=request.pk, van=number)


def refuse(request: VanRequest, reason: str = "Semua dipakai", *, by: Actor = SYSTEM) -> VanRequest:
    return refuse_request(act=Act(by, NOON, "page"), number=request.pk, reason=reason)


def withdraw(request: VanRequest, *, by: Actor = SYSTEM) -> VanRequest:
    return withdraw_request(act=Act(by, NOON, "page"), number=request.pk)


def stored(request: VanRequest) -> tuple[object, ...]:
    return tuple(VanRequest.objects.filter(pk=request.pk).values_list()[0])


ANSWERS: dict[str, Callable[[VanRequest], object]] = {"granted": grant, "refused": refuse, "withdrawn": withdraw}
SAID = {"granted": "Disetujui", "refused": "Ditolak", "withdrawn": "Ditarik"}


# Asking


@small_world
def test_a_question_waits_with_who_asked_and_when() -> None:
    by = cast.head_barat()
    found = VanRequest.objects.get(pk=ask(by=by, place=" SMA 33 ", why=" 120 pemula\n").pk)
    assert (found.day, found.session, found.village_id) == (TOMORROW, "morning", KAPUK)
    assert (found.place, found.why, found.status) == ("SMA 33", "120 pemula", "open")
    assert (found.at, found.by) == (NOON, by)
    assert (found.trip, found.answer, found.answered_at, found.answered_by) == (None, "", None, None)


@small_world
def test_the_same_request_again_is_one_row() -> None:
    first = ask()
    assert [ask().pk, ask(place=" SMA 33").pk, ask(by=cast.head_barat()).pk] == [first.pk] * 3
    assert acts("request.") == [("request.ask", KAPUK)]


@small_world
@pytest.mark.parametrize("other", [{"place": "SMA 84"}, {"why": "lansia"}], ids=str)
def test_a_different_request_for_the_stop_conflicts(other: dict[str, Any]) -> None:
    before = stored(ask())
    with pytest.raises(Conflict, match="Sudah ada permintaan untuk kelurahan, hari dan sesi itu: SMA 33"):
        ask(**other)
    assert stored(VanRequest.objects.get()) == before


@small_world
@pytest.mark.parametrize("other", [{"day": DAY}, {"session": "evening"}, {"village": GROGOL}], ids=str)
def test_another_day_session_or_kelurahan_is_another_question(other: dict[str, Any]) -> None:
    assert ask().pk != ask(**other).pk
    assert VanRequest.objects.filter(status="open").count() == 2


@small_world
@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
def test_a_closed_request_may_be_asked_again(answer: str) -> None:
    first = ask()
    ANSWERS[answer](first)
    assert ask().pk != first.pk
    assert sorted(VanRequest.objects.values_list("status", flat=True)) == sorted([answer, "open"])


@small_world
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"village": "31.73.01"}, "village", "Pilih kelurahannya"),
        ({"village": BARAT}, "village", "Pilih kelurahannya"),
        ({"village": "31.73.01.9999"}, "village", "Pilih kelurahannya"),
        ({"session": "night"}, "session", "Pilih sesinya"),
        ({"day": YESTERDAY}, "day", "Hari itu sudah lewat"),
        ({"place": " "}, "place", "Tulis tempatnya"),
        ({"place": "3173010101900001"}, "place", "Hapus angka 16 digit"),
        ({"place": "x" * 121}, "place", "Paling panjang 120 huruf"),
        ({"why": ""}, "why", "Tulis untuk apa mobilnya diperlukan"),
        ({"why": "NIK 3173010101900001"}, "why", "Hapus angka 16 digit"),
        ({"why": "x" * 201}, "why", "Paling panjang 200 huruf"),
    ],
    ids=str,
)
def test_a_wrong_question_is_refused_at_its_field(wrong: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        ask(**wrong)
    assert (refused.value.field, refused.value.status) == (field, 400)
    assert not VanRequest.objects.exists()


@small_world
def test_a_van_may_be_asked_for_today() -> None:
    assert ask(day=DAY).day == DAY


@pytest.mark.usefixtures("committed_world")
def test_eight_simultaneous_requests_are_one_row() -> None:
    assert together(*[ask] * 8) == [0] * 8
    assert VanRequest.objects.count() == 1


# Granting


@small_world
def test_a_granted_request_has_one_published_trip() -> None:
    by, request = cast.staff(), ask()
    trips = [grant(request, by=by).pk for _ in range(3)]
    request.refresh_from_db()
    trip = Trip.objects.get()
    assert trips == [trip.pk] * 3
    assert (trip.van.base_id, trip.day, trip.session, trip.village_id, trip.place) == (
        DKI,
        TOMORROW,
        "morning",
        KAPUK,
        "SMA 33",
    )
    assert (trip.status, trip.announced) == ("published", True)
    assert (request.status, request.trip, request.answer) == ("granted", trip, "")
    assert (request.answered_at, request.answered_by) == (NOON, by)
    assert acts("request.") == [("request.ask", KAPUK), ("request.granted", KAPUK)]
    assert [action for action, _plate in acts("trip.")] == ["trip.plan"]


@small_world
def test_a_granted_request_keeps_its_van() -> None:
    request = ask()
    trip = grant(request)
    assert grant(request, van(DKI, "B 7 ABC").pk) == trip
    assert Trip.objects.get().van_id == van(DKI).pk


@small_world
@pytest.mark.parametrize(
    ("problem", "kind", "field"), [("busy", Conflict, "session"), ("of a city", Refused, "van"), ("no van", Refused, "van")]
)
def test_a_request_waits_while_the_van_cannot(problem: str, kind: type[Refused], field: str) -> None:
    request, before = ask(), Trip.objects.count()
    number = {"busy": van(DKI).pk, "of a city": van(BARAT).pk, "no van": 4711}[problem]
    if problem == "busy":
        plan(stop(TOMORROW, "full", PALMERIAM, van=number))
        before = 1
    with pytest.raises(kind) as refused:
        grant(request, number)
    assert (type(refused.value), refused.value.field) == (kind, field)
    request.refresh_from_db()
    assert (request.status, request.trip, Trip.objects.count()) == ("open", None, before)


@small_world
@pytest.mark.parametrize("taken", ["granted", "published", "reported"])
def test_a_published_stop_does_not_answer_a_request(taken: str) -> None:
    wanted = stop(DAY, place="SMA 33", van=van(DKI).pk)
    trip = grant(ask(day=DAY)) if taken == "granted" else published(plan(wanted))
    if taken == "reported":
        report(trip)
    before, request = stored_trip(trip), ask(day=DAY)
    with pytest.raises(Conflict, match="Mobil itu sudah dijadwalkan di tempat itu") as refused:
        grant(request)
    assert refused.value.field == "van"
    request.refresh_from_db()
    assert (request.status, stored_trip(trip)) == ("open", before)


@small_world
def test_a_planned_stop_answers_the_request() -> None:
    trip = plan(stop(TOMORROW, place="SMA 33", van=van(DKI).pk))
    assert grant(ask()) == trip
    assert Trip.objects.get().status == "published"


@small_world
def test_a_request_of_a_past_day_stays_open() -> None:
    request = ask()
    VanRequest.objects.update(day=YESTERDAY)
    with pytest.raises(Refused, match="sudah lewat"):
        grant(request)
    assert not Trip.objects.exists()


@pytest.mark.usefixtures("committed_world")
def test_simultaneous_grants_make_one_trip() -> None:
    request = ask()
    numbers = [van(DKI).pk, van(DKI, "B 7 ABC").pk] * 3
    assert together(*(partial(grant, request, number) for number in numbers)) == [0] * 6
    assert Trip.objects.get().request == request


@pytest.mark.usefixtures("committed_world")
def test_of_three_simultaneous_answers_one_is_given() -> None:
    request = ask()
    van(DKI)
    codes = together(*(partial(answer, request) for answer in ANSWERS.values()))
    assert sorted(codes) == [0, 1, 1]
    request.refresh_from_db()
    assert request.status == list(ANSWERS)[codes.index(0)]
    assert Trip.objects.count() == (request.status == "granted")
    assert len(acts("request.")) == 2


# Refusing and withdrawing


@small_world
def test_a_refused_question_keeps_its_first_reason() -> None:
    by, request = cast.staff(), ask()
    for reason in (" Semua dipakai ", "lain"):
        refuse(request, reason, by=by)
    request.refresh_from_db()
    assert (request.status, request.answer) == ("refused", "Semua dipakai")
    assert (request.answered_at, request.answered_by, request.trip) == (NOON, by, None)
    assert acts("request.") == [("request.ask", KAPUK), ("request.refused", KAPUK)]


@small_world
@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Tulis alasannya; Sudin membacanya"), (" ", "Tulis alasannya"), ("3173010101900001", "16 digit")],
)
def test_a_question_is_refused_with_a_reason_only(reason: str, sentence: str) -> None:
    request = ask()
    with pytest.raises(Refused, match=sentence) as refused:
        refuse(request, reason)
    assert refused.value.field == "reason"
    assert VanRequest.objects.get().status == "open"


@small_world
def test_a_question_is_withdrawn_once() -> None:
    request = ask()
    assert [withdraw(request).status for _ in range(2)] == ["withdrawn"] * 2
    assert acts("request.") == [("request.ask", KAPUK), ("request.withdrawn", KAPUK)]


@small_world
@pytest.mark.parametrize("second", ANSWERS)
@pytest.mark.parametrize("first", ANSWERS)
def test_an_answer_is_not_followed_by_another_one(first: str, second: str) -> None:
    request = ask()
    ANSWERS[first](request)
    before = stored(request)
    if first == second:
        ANSWERS[second](request)
    else:
        with pytest.raises(Conflict, match=f"Permintaan ini sudah dijawab: {SAID[first]}"):
            ANSWERS[second](request)
    assert (stored(request), len(acts("request."))) == (before, 2)
    assert Trip.objects.count() == (first == "granted")


# Who may


@small_world
@pytest.mark.parametrize(
    ("who", "asks_in_barat", "asks_in_timur", "answers"),
    [
        (cast.admin, None, None, None),
        (cast.staff, None, None, None),
        (cast.head_barat, None, NotAllowed, NotAllowed),
        (cast.head_timur, NotAllowed, None, NotAllowed),
        (cast.reader, NotAllowed, NotAllowed, NotAllowed),
        (cast.reader_barat, NotAllowed, NotFound, NotFound),
        (cast.api_barat, NotAllowed, NotFound, NotFound),
        (cast.staff_jabar, NotFound, NotFound, NotFound),
        (cast.disabled, NotFound, NotFound, NotFound),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_the_city_asks_and_the_province_answers(
    who: Callable[[], User],
    asks_in_barat: type[Refused] | None,
    asks_in_timur: type[Refused] | None,
    answers: type[Refused] | None,
) -> None:
    by = who()
    to_grant, to_refuse, to_withdraw = (ask(session=session) for session in ("midday", "afternoon", "evening"))
    acted: list[tuple[Callable[[], object], type[Refused] | None]] = [
        (partial(ask, by=by), asks_in_barat),
        (partial(ask, by=by, village=PALMERIAM), asks_in_timur),
        (partial(withdraw, to_withdraw, by=by), asks_in_barat),
        (partial(grant, to_grant, by=by), answers),
        (partial(refuse, to_refuse, by=by), answers),
    ]
    for act, answer in acted:
        if answer is None:
            act()
        else:
            with pytest.raises(answer):
                act()
    written = [answer for _act, answer in acted].count(None)
    assert len(acts("request.")) == 3 + written
    assert Trip.objects.count() == (answers is None)


@small_world
def test_a_missing_request_is_not_found() -> None:
    number = van(DKI).pk
    for act in (
        partial(grant, VanRequest(pk=4711), number),
        partial(refuse, VanRequest(pk=4711)),
        partial(withdraw, VanRequest(pk=4711)),
    ):
        with pytest.raises(NotFound, match="Permintaan itu tidak ditemukan"):
            act()


@small_world
@pytest.mark.parametrize("days", [0, 1, 30])
def test_asking_does_not_take_a_van(days: int) -> None:
    day: date = DAY + timedelta(days=days)
    ask(day=day)
    assert plan(stop(day, van=van(DKI).pk)).status == "planned"
