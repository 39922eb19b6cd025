"""A van cannot go out: its absence and what becomes of its stops, in one act."""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import partial

import pytest

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.roles import RIGHTS, Action, Role, Scope
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused, Unconfirmed
from dukcapil.tests.processes import together
from fleet.models import ScheduleAct, Trip, Van, VanAbsence
from fleet.schedule.breakdowns import StopAnswer, hit_stops, record_breakdown
from fleet.schedule.notices import notices_of
from fleet.schedule.trips import resume_trip
from fleet.tests.plans import (
    GROGOL,
    PALMERIAM,
    TIMUR,
    TOMORROW,
    absent,
    acts,
    back,
    cancel,
    past,
    pin,
    plan,
    published,
    report,
    stop,
    stored,
    van,
    who_may_change_a_van,
)
from fleet.vans.absences import checked_absence
from recording.models import AuditEntry
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

small_world = pytest.mark.usefixtures("small_world")
LATER = TOMORROW + timedelta(days=1)


def other(plate: str = "B 2001 PKD", base: str = BARAT) -> Van:
    return van(base, plate)


def breaks(
    answers: Mapping[Trip, StopAnswer],
    *,
    first: date = TOMORROW,
    last: date | None = TOMORROW,
    from_hour: time | None = None,
    by: Actor = SYSTEM,
    confirmed: tuple[str, ...] = (),
    number: int | None = None,
) -> ScheduleAct:
    """The van of Barat cannot go out."""
    absence = checked_absence(by=by, van=number or van().pk, first_day=first, last_day=last, kind="damage", from_hour=from_hour)
    told = {trip.pk: answer for trip, answer in answers.items()}
    return record_breakdown(act=Act(by, NOON, "page"), absence=absence, answers=told, confirmed=confirmed)


def now(trip: Trip) -> tuple[str, date, str, str, str]:
    trip.refresh_from_db()
    return trip.van.plate, trip.day, trip.session, trip.status, trip.reason


@small_world
def test_each_stop_goes_where_it_is_told() -> None:
    moved, postponed = published(plan()), plan(stop(session="midday", village=KAPUK))
    off = plan(stop(session="evening"))
    act = breaks(
        {
            moved: StopAnswer(other().pk),
            postponed: StopAnswer(van().pk, LATER, "afternoon"),
            off: StopAnswer(reason=" Mobil rusak "),
        }
    )
    assert now(moved) == ("B 2001 PKD", TOMORROW, "morning", "published", "")
    assert now(postponed) == ("B 1001 PKD", LATER, "afternoon", "planned", "")
    assert (postponed.opens, postponed.closes) == (time(15), time(18)), "the usual hours of the other session"
    assert now(off) == ("B 1001 PKD", TOMORROW, "evening", "cancelled", "Mobil rusak")
    assert act.absence == VanAbsence.objects.get()
    assert acts("van.absent") == [("van.absent", "B 1001 PKD")]
    assert AuditEntry.objects.get(action="van.absent").details["moved"] == 2
    assert [action for action, _plate in acts("trip.")][3:] == ["trip.cancel", "trip.change", "trip.change"]
    assert [step.before and step.before["plate"] for step in act.steps.all()] == ["B 1001 PKD"] * 3


@small_world
def test_recording_it_again_changes_nothing() -> None:
    trip = plan()
    first = breaks({trip: StopAnswer(other().pk)})
    before = stored(trip), len(acts("")), ScheduleAct.objects.count()
    assert breaks({trip: StopAnswer(reason="lain")}) == first
    assert breaks({}) == first
    assert (stored(trip), len(acts("")), ScheduleAct.objects.count()) == before


@small_world
@pytest.mark.parametrize("action", [Action.VAN_WRITE, Action.TRIP_WRITE])
def test_both_rights_are_asked_for(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of an absence that somebody else checked. No role has but one of them, so one is taken away here."""
    head, trip = cast.head_barat(), plan()
    absence = checked_absence(by=SYSTEM, van=trip.van_id, first_day=TOMORROW, last_day=TOMORROW, kind="damage")
    monkeypatch.setitem(RIGHTS[Role.HEAD], action, Scope.NONE)
    with pytest.raises(NotAllowed):
        record_breakdown(act=Act(head, NOON, "page"), absence=absence, answers={trip.pk: StopAnswer(reason="Rusak")})
    assert not VanAbsence.objects.exists()


@small_world
@pytest.mark.parametrize("missing", [True, False])
def test_the_stops_must_be_those_that_were_shown(missing: bool) -> None:
    trips = [plan(), plan(stop(session="evening"))]
    answers = {trips[0]: StopAnswer(other().pk)}
    if not missing:
        answers |= {trips[1]: StopAnswer(other().pk), plan(stop(LATER)): StopAnswer(other().pk)}
    with pytest.raises(Conflict, match="berubah sesudah daftar ini ditampilkan"):
        breaks(answers)
    assert not VanAbsence.objects.exists()
    assert not Trip.objects.filter(van=other()).exists()


@small_world
def test_a_taken_van_is_named_nothing_saved() -> None:
    first, second = plan(), plan(stop(session="evening"))
    plan(stop(van=other().pk, session="evening", place="Balai"))
    before = stored(first), stored(second)
    with pytest.raises(Conflict, match="B 2001 PKD sudah ada di Balai, Kapuk, pada sesi itu") as refused:
        breaks({first: StopAnswer(other().pk), second: StopAnswer(other().pk)})
    assert refused.value.field == f"stop-{second.pk}"
    assert (stored(first), stored(second)) == before
    assert (VanAbsence.objects.count(), ScheduleAct.objects.count(), acts("van.absent")) == (0, 0, [])


@small_world
def test_two_stops_do_not_get_one_place() -> None:
    first, second = plan(), plan(stop(session="evening"))
    with pytest.raises(Conflict, match="pada sesi itu") as refused:
        breaks({trip: StopAnswer(other().pk, LATER, "midday") for trip in (first, second)})
    assert refused.value.field == f"stop-{second.pk}"


@small_world
@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (StopAnswer(reason=" "), Refused, "Tulis alasan pembatalan"),
        (StopAnswer(reason="NIK 3173010101900001"), Refused, "16 digit"),
        (StopAnswer(1, TOMORROW, "night"), NotFound, "Mobil itu tidak ditemukan"),
        (StopAnswer(0, LATER, "morning"), Refused, "Tulis alasan"),
        ("own", Conflict, "B 1001 PKD tidak siap hari itu: Rusak"),
        ("yesterday", Refused, "sudah lewat"),
        ("night", Refused, "Pilih sesinya"),
        ("timur", Refused, "tidak dijadwalkan di wilayah lain"),
    ],
    ids=str,
)
def test_a_wrong_answer_is_refused_at_its_stop(answer: StopAnswer | str, kind: type[Refused], sentence: str) -> None:
    trip = plan()
    made = {
        "own": lambda: StopAnswer(van().pk, TOMORROW, "evening"),
        "yesterday": lambda: StopAnswer(other().pk, DAY - timedelta(days=1), "morning"),
        "night": lambda: StopAnswer(other().pk, TOMORROW, "night"),
        "timur": lambda: StopAnswer(van(TIMUR).pk),
    }
    if answer == StopAnswer(1, TOMORROW, "night"):
        answer = StopAnswer(10**9, TOMORROW, "night")
    with pytest.raises(kind, match=sentence) as refused:
        breaks({trip: made[answer]() if isinstance(answer, str) else answer})
    assert refused.value.field == f"stop-{trip.pk}"
    assert (now(trip)[3], VanAbsence.objects.count()) == ("planned", 0)


@small_world
def test_a_former_drive_is_not_asked_again() -> None:
    first, second = plan(), plan(stop(session="midday", village=GROGOL), confirmed=codes())
    breaks({first: StopAnswer(other().pk), second: StopAnswer(other().pk)})
    assert {now(first)[0], now(second)[0]} == {"B 2001 PKD"}


def codes() -> list[str]:
    """The questions of that second stop."""
    with pytest.raises(Unconfirmed) as asked:
        plan(stop(session="midday", village=GROGOL))
    return [question.code for question in asked.value.questions]


@small_world
def test_another_short_drive_is_asked_once() -> None:
    trip = plan()
    plan(stop(van=other().pk, session="midday", village=GROGOL))
    with pytest.raises(Unconfirmed) as asked:
        breaks({trip: StopAnswer(other().pk)})
    assert not VanAbsence.objects.exists()
    breaks({trip: StopAnswer(other().pk)}, confirmed=tuple(question.code for question in asked.value.questions))
    assert now(trip)[0] == "B 2001 PKD"


@small_world
def test_a_locked_stop_moves_and_stays_locked() -> None:
    trip = pin(plan())
    breaks({trip: StopAnswer(other().pk)})
    assert (now(trip)[0], trip.pinned) == ("B 2001 PKD", True)


@small_world
def test_what_began_before_the_hour_stays() -> None:
    begun, later = plan(stop(DAY, "morning")), plan(stop(DAY, "evening"))
    breaks({later: StopAnswer(other().pk)}, first=DAY, last=DAY, from_hour=time(11))
    assert (now(begun)[0], now(later)[0]) == ("B 1001 PKD", "B 2001 PKD")
    report(published(begun))
    assert now(begun)[3] == "held"


@small_world
def test_what_is_over_refuses_the_absence() -> None:
    old = past()
    coming = plan()
    with pytest.raises(Conflict, match="dilaporkan sebagai tidak beroperasi"):
        breaks({coming: StopAnswer(other().pk)}, first=old.day)
    assert now(coming)[0] == "B 1001 PKD"


@small_world
def test_an_open_absence_hits_all_that_comes() -> None:
    trips = [plan(stop(DAY + timedelta(days=days))) for days in (1, 8, 60)]
    absence = VanAbsence(van=van(), first_day=TOMORROW, kind="damage")
    assert hit_stops(absence, DAY) == trips
    breaks(dict.fromkeys(trips, StopAnswer(other().pk)), last=None)
    assert set(Trip.objects.values_list("van__plate", flat=True)) == {"B 2001 PKD"}
    assert VanAbsence.objects.get().last_day is None


# Taking a stop up again


@small_world
@pytest.mark.parametrize(("announced", "status"), [(True, "published"), (False, "planned")])
def test_a_stop_is_taken_up_again(announced: bool, status: str) -> None:
    trip = published(plan()) if announced else plan()
    breaks({trip: StopAnswer(reason="Mobil rusak")}, last=None)
    resume = partial(resume_trip, act=Act(SYSTEM, NOON, "page"), number=trip.pk)
    with pytest.raises(Conflict, match="B 1001 PKD tidak siap hari itu"):
        resume()
    back(VanAbsence.objects.get().pk, 0)
    assert resume() == resume() == trip
    assert now(trip) == ("B 1001 PKD", TOMORROW, "morning", status, "")
    assert [step.act.kind for step in trip.steps.select_related("act")] == ["breakdown", "resume"]
    assert trip.steps.all()[0].after["reason"] == "Mobil rusak", "its history stays"
    assert acts("trip.resume") == [("trip.resume", "B 1001 PKD")]


@small_world
def test_another_van_takes_it_up_again() -> None:
    trip = plan()
    breaks({trip: StopAnswer(reason="Mobil rusak")})
    resume_trip(act=Act(SYSTEM, NOON, "page"), number=trip.pk, van=other().pk)
    assert now(trip)[0] == "B 2001 PKD"
    with pytest.raises(Conflict, match="sudah berlaku lagi dengan mobil B 2001 PKD"):
        resume_trip(act=Act(SYSTEM, NOON, "page"), number=trip.pk, van=van().pk)


@small_world
def test_a_nonsense_van_takes_nothing_up() -> None:
    trip = cancel(plan())
    with pytest.raises(NotFound):
        resume_trip(act=Act(SYSTEM, NOON, "page"), number=trip.pk, van=0)
    assert now(trip)[3] == "cancelled"


@small_world
def test_a_stop_whose_session_is_taken_stays_off() -> None:
    trip = cancel(plan())
    plan(stop(place="Balai"))
    with pytest.raises(Conflict, match="sudah ada di Balai"):
        resume_trip(act=Act(SYSTEM, NOON, "page"), number=trip.pk)
    old = past()
    Trip.objects.filter(pk=old.pk).update(status="cancelled", reason="Banjir")
    with pytest.raises(Refused, match="sudah lewat"):
        resume_trip(act=Act(SYSTEM, NOON, "page"), number=old.pk)


# The words to the kelurahan


@small_world
def test_each_kelurahan_reads_what_happens_instead() -> None:
    moved, postponed = plan(), plan(stop(session="evening", village=GROGOL, place="Balai"))
    off = plan(stop(session="midday", place="RPTRA"))
    published(plan(stop(LATER, van=other().pk, place="Pasar")))
    act = breaks(
        {
            moved: StopAnswer(other().pk),
            postponed: StopAnswer(other().pk, DAY + timedelta(days=5), "evening"),
            off: StopAnswer(reason="Mobil rusak"),
        }
    )
    kapuk, grogol = notices_of(SYSTEM, act)
    assert kapuk.text == (
        "*Pemberitahuan untuk Kelurahan Kapuk*\n"
        "Mobil keliling Dukcapil B 1001 PKD tidak beroperasi (rusak).\n"
        "• Jumat, 26 November 2021, 08.00–12.00, RW 05: tetap berjalan, dengan mobil B 2001 PKD.\n"
        "• Jumat, 26 November 2021, 12.00–15.00, RPTRA: dibatalkan (Mobil rusak); jadwal berikutnya di kelurahan ini Sabtu, "
        "27 November 2021, 08.00–12.00, Pasar.\n"
        "Kota Administrasi Jakarta Barat"
    )
    assert (
        "• Jumat, 26 November 2021, 18.00–21.00, Balai: menjadi Selasa, 30 November 2021, 18.00–21.00, dengan mobil B 2001 PKD."
        in grogol.text
    )


@small_world
def test_without_a_next_stop_the_words_say_so() -> None:
    trip = plan()
    (notice,) = notices_of(SYSTEM, breaks({trip: StopAnswer(reason="Mobil rusak.")}))
    assert "dibatalkan (Mobil rusak); jadwal penggantinya diberitahukan kemudian." in notice.text


# Two at the same moment


@pytest.mark.usefixtures("committed_world")
def test_two_do_not_get_one_van() -> None:
    """Two vans break down, and both are given the one that is free."""
    numbers = [van().pk, other("B 2002 PKD").pk]
    trips = [plan(stop(van=number, place=f"RW {number}")) for number in numbers]
    free = other().pk
    works = [partial(breaks, {trip: StopAnswer(free)}, number=number) for trip, number in zip(trips, numbers, strict=True)]
    assert sorted(together(*works)) == [0, 1]
    assert Trip.objects.filter(van=free).count() == VanAbsence.objects.count() == 1
    assert not Trip.objects.filter(van__in=VanAbsence.objects.values("van")).exists()


@pytest.mark.usefixtures("committed_world")
def test_the_same_press_twice_is_one_act() -> None:
    trip, free = plan(), other().pk
    assert together(*[partial(breaks, {trip: StopAnswer(free)})] * 4) == [0] * 4
    assert ScheduleAct.objects.count() == VanAbsence.objects.count() == 1


# Who may: the base Barat, Timur, the province


@small_world
@who_may_change_a_van
def test_the_base_records_and_resumes(who: Callable[[], User], answers: tuple[type[Refused] | None, ...]) -> None:
    by = who()
    for (base, village), answer in zip(((BARAT, KAPUK), (TIMUR, PALMERIAM), (DKI, KAPUK)), answers, strict=True):
        number = van(base).pk
        trip = plan(stop(van=number, village=village))
        if answer is None:
            breaks({trip: StopAnswer(reason="Rusak")}, by=by, number=number, last=TOMORROW)
            back(VanAbsence.objects.get(van=number).pk, 0, by=by)
            assert resume_trip(act=Act(by, NOON, "page"), number=trip.pk).status == "planned"
            continue
        with pytest.raises(answer):
            breaks({trip: StopAnswer(reason="Rusak")}, by=by, number=number)
        cancel(trip)
        with pytest.raises(answer):
            resume_trip(act=Act(by, NOON, "page"), number=trip.pk)


@small_world
def test_a_head_gives_no_stop_to_the_agency() -> None:
    trip = plan()
    with pytest.raises(NotAllowed):
        breaks({trip: StopAnswer(van(DKI).pk)}, by=cast.head_barat())
    breaks({trip: StopAnswer(van(DKI).pk)}, by=cast.staff())
    assert now(trip)[0] == van(DKI).plate


@small_world
def test_an_absence_without_stops_is_recorded_too() -> None:
    act = breaks({}, last=None)
    assert (act.absence and act.absence.last_day, act.steps.count(), notices_of(SYSTEM, act)) == (None, 0, [])
    absent(other().pk, 0, None)
    assert breaks({}, number=other().pk, first=DAY, last=None).absence == VanAbsence.objects.get(van=other())
