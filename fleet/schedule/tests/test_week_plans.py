"""What an act on a week shows first is what it does; and each can be undone, as long as nothing hangs on its stops."""

import gzip
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, NotFound, Refused
from fleet.models import ScheduleAct, Trip, Van, VanAbsence
from fleet.schedule.selectors import month_of
from fleet.schedule.undoing import Undone, undo_week_act
from fleet.schedule.weeks import CopyPlan, copy_week, fingerprint, plan_copy, publish_week, stops_to_publish
from fleet.tests.plans import GROGOL, PALMERIAM, TIMUR, cancel, past, pin, plan, report, stop, van
from recording.models import AuditEntry, Region
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, NOON, after

small_world = pytest.mark.usefixtures("small_world")
MOST_VANS, MOST_BYTES = 17, 60_000
MONDAY, NEXT, WEEK = date(2021, 11, 22), date(2021, 11, 29), timedelta(days=7)


def act(by: Actor = SYSTEM, days: int = 0) -> Act:
    return Act(by, after(days), "page")


def shown() -> CopyPlan:
    return plan_copy(act=act(), base=BARAT, monday=NEXT)


def undo(kind: str = "copy", *, by: Actor = SYSTEM, days: int = 0) -> Undone:
    return undo_week_act(act=act(by, days), number=ScheduleAct.objects.get(kind=kind).pk)


def why(undone: Undone) -> list[str]:
    return [str(reason) for _trip, reason in undone.stay]


@small_world
def test_what_is_shown_is_what_is_copied() -> None:
    plan(stop(DAY))
    plan(stop(DAY + timedelta(days=1), village=GROGOL))
    VanAbsence.objects.create(van=van(), first_day=DAY + WEEK, last_day=DAY + WEEK, kind="damage")
    found = shown()
    assert Trip.objects.count() == 2, "showing stores nothing"
    assert [(each.day, str(each.why)) for each in found.skipped] == [
        (DAY + WEEK, "Mobil B 1001 PKD tidak siap hari itu: Rusak.")
    ]
    assert [stop.village_id for stop in found.new] == [GROGOL]
    new = found.new[0]
    copied = copy_week(act=act(), base=BARAT, monday=NEXT, seen=fingerprint(found.new))
    assert copied.planned == 1
    (made,) = Trip.objects.filter(day__gte=NEXT)
    assert (made.identity, made.opens, made.closes, made.services) == (new.identity, new.opens, new.closes, new.services)


@small_world
def test_a_changed_plan_is_shown_again() -> None:
    plan(stop(DAY))
    seen = fingerprint(shown().new)
    plan(stop(DAY + timedelta(days=1)))
    with pytest.raises(Conflict, match="berubah sesudah daftar ini ditampilkan"):
        copy_week(act=act(), base=BARAT, monday=NEXT, seen=seen)
    with pytest.raises(Conflict, match="berubah sesudah daftar ini ditampilkan"):
        publish_week(act=act(), base=BARAT, monday=MONDAY, seen=[])
    assert set(Trip.objects.values_list("status", "day")) == {("planned", DAY), ("planned", DAY + timedelta(days=1))}
    seen = fingerprint(stops_to_publish(BARAT, MONDAY, DAY))
    assert publish_week(act=act(), base=BARAT, monday=MONDAY, seen=seen) == 2


@small_world
@pytest.mark.parametrize(
    "change",
    [{"village": GROGOL}, {"place": "Pasar"}, {"opens": "09:00"}, {"closes": "11:00"}, {"services": ["kia"]}],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_stop_is_shown_again(change: dict[str, Any]) -> None:
    """Before the week is published, and before it is copied: what is stored is what was shown."""
    trip = plan(stop(DAY))
    listed, copied = fingerprint(stops_to_publish(BARAT, MONDAY, DAY)), fingerprint(shown().new)
    Trip.objects.filter(pk=trip.pk).update(**change)
    with pytest.raises(Conflict, match="berubah sesudah daftar ini ditampilkan"):
        publish_week(act=act(), base=BARAT, monday=MONDAY, seen=listed)
    with pytest.raises(Conflict, match="berubah sesudah daftar ini ditampilkan"):
        copy_week(act=act(), base=BARAT, monday=NEXT, seen=copied)
    assert Trip.objects.get().status == "planned"


@small_world
def test_showing_a_copy_costs_a_handful_of_queries() -> None:
    costs = []
    for sessions in (["morning"], ["midday", "afternoon", "evening"]):
        for session in sessions:
            plan(stop(DAY, session, place=session))
        with CaptureQueriesContext(connection) as queries:
            shown()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 5


# Undoing


@small_world
def test_a_copy_is_undone_in_one_act() -> None:
    plan(stop(DAY))
    plan(stop(DAY, "evening"))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    assert undo() == Undone(2)
    assert not Trip.objects.filter(day__gte=NEXT).exists()
    assert undo() == Undone(0), "undone again: nothing changes"
    assert AuditEntry.objects.filter(action="trip.undo").count() == 1
    assert copy_week(act=act(), base=BARAT, monday=NEXT).planned == 2, "and may be copied again"


@small_world
def test_a_publication_is_undone_in_one_act() -> None:
    plan(stop(DAY))
    publish_week(act=act(), base=BARAT, monday=MONDAY)
    assert undo("publish") == Undone(1)
    assert Trip.objects.values_list("status", "announced").get() == ("planned", True), "people may have been told"
    assert publish_week(act=act(), base=BARAT, monday=MONDAY) == 1


def moved(trip: Trip) -> None:
    Trip.objects.filter(pk=trip.pk).update(session="midday", opens="12:00", closes="15:00")


def published_too(trip: Trip) -> None:
    publish_week(act=act(), base=BARAT, monday=NEXT)


@small_world
@pytest.mark.parametrize("change", [moved, pin, cancel])
def test_a_changed_stop_stays(change: Callable[[Trip], object]) -> None:
    plan(stop(DAY))
    plan(stop(DAY, "evening"))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    trip = Trip.objects.get(day__gte=NEXT, session="morning")
    change(trip)
    undone = undo()
    assert (undone.stops, why(undone)) == (1, ["sudah diubah sesudahnya"])
    assert Trip.objects.get(day__gte=NEXT) == trip


@small_world
@pytest.mark.parametrize("change", [moved, pin, cancel, published_too])
def test_without_a_free_stop_nothing_is_undone(change: Callable[[Trip], object]) -> None:
    plan(stop(DAY))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    trip = Trip.objects.get(day__gte=NEXT)
    change(trip)
    with pytest.raises(Conflict, match=r"Titik yang tetap: 1 sudah diubah sesudahnya\."):
        undo()
    assert Trip.objects.filter(pk=trip.pk).exists()
    assert ScheduleAct.objects.get(kind="copy").undone_at is None
    assert not AuditEntry.objects.filter(action="trip.undo").exists()


@small_world
def test_a_publication_and_its_copy_are_undone() -> None:
    plan(stop(DAY))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    publish_week(act=act(), base=BARAT, monday=NEXT)
    assert (undo("publish"), undo("copy")) == (Undone(1), Undone(1))
    assert not Trip.objects.filter(day__gte=NEXT).exists()


@small_world
def test_a_published_copy_waits_for_its_publication() -> None:
    """Refused first, it may be undone after the publication was."""
    plan(stop(DAY))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    publish_week(act=act(), base=BARAT, monday=NEXT)
    with pytest.raises(Conflict, match="Tidak ada yang dapat diurungkan"):
        undo("copy")
    assert (undo("publish"), undo("copy")) == (Undone(1), Undone(1))
    assert not Trip.objects.filter(day__gte=NEXT).exists()


@small_world
def test_a_reported_and_a_past_stop_stay() -> None:
    first, second = plan(stop(DAY)), plan(stop(DAY, "evening"))
    publish_week(act=act(), base=BARAT, monday=MONDAY)
    first.refresh_from_db()
    report(first)
    with pytest.raises(Conflict, match=r"Titik yang tetap: 1 sudah punya laporan; 1 harinya sudah lewat\."):
        undo("publish", days=1)
    second.refresh_from_db()
    assert second.status == "published"


@small_world
@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (cast.staff, None),
        (cast.head_barat, None),
        (cast.head_timur, NotAllowed),
        (cast.reader_barat, NotAllowed),
        (cast.staff_jabar, NotFound),
    ],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_the_base_undoes_its_weeks(who: Callable[[], User], answer: type[Refused] | None) -> None:
    plan(stop(DAY))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    if answer is None:
        assert undo(by=who()).stops == 1
        return
    for attempt in (partial(undo, by=who()), partial(plan_copy, act=act(who()), base=BARAT, monday=NEXT)):
        with pytest.raises((answer, NotAllowed)):
            attempt()
    assert Trip.objects.count() == 2


# The pages


QUERY = "?pangkalan=31.73&hari=2021-12-03"


def fields(page: Any, name: str) -> list[str]:
    inputs = [part.partition(">")[0] for part in page.content.decode().split("<input")]
    return [each.split('value="')[1].split('"')[0] for each in inputs if f'name="{name}"' in each]


@pytest.mark.usefixtures("at_noon")
def test_a_week_is_copied_published_and_undone() -> None:
    client = logged_in(cast.head_barat())
    plan(stop(DAY))
    page = client.get(f"/jadwal/minggu/salin/{QUERY}")
    assert "1 titik akan direncanakan" in words(page)
    client.post(f"/jadwal/minggu/salin/{QUERY}", {"seen": fields(page, "seen")})
    assert "1 jadwal disalin dari minggu lalu." in words(client.get(f"/jadwal/{QUERY}"))
    page = client.get(f"/jadwal/minggu/terbitkan/{QUERY}")
    assert "1 titik akan diketahui umum" in words(page)
    client.post(f"/jadwal/minggu/terbitkan/{QUERY}", {"seen": fields(page, "seen")})
    week = words(client.get(f"/jadwal/{QUERY}"))
    assert "1 jadwal diterbitkan." in week
    assert "Minggu diterbitkan: 1 titik, Budi Barat" in week
    copied, newest = (ScheduleAct.objects.get(kind=kind).pk for kind in ("copy", "publish"))
    client.post(f"/jadwal/minggu/urungkan/{copied}/{QUERY}")
    page = client.get(f"/jadwal/{QUERY}")
    assert "Tidak ada yang dapat diurungkan. Titik yang tetap: 1 sudah diubah sesudahnya." in words(page)
    assert f"/jadwal/minggu/urungkan/{copied}/" in page.content.decode(), "the button stays"
    for number in (newest, copied):
        client.post(f"/jadwal/minggu/urungkan/{number}/{QUERY}")
        assert "1 jadwal dikembalikan seperti semula." in words(client.get(f"/jadwal/{QUERY}"))
    assert not Trip.objects.filter(day__gte=NEXT).exists()


@pytest.mark.usefixtures("at_noon")
def test_undoing_names_the_stops_that_stay() -> None:
    client = logged_in(cast.head_barat())
    plan(stop(DAY))
    plan(stop(DAY, "evening"))
    copy_week(act=act(), base=BARAT, monday=NEXT)
    cancel(Trip.objects.get(day__gte=NEXT, session="morning"))
    client.post(f"/jadwal/minggu/urungkan/{ScheduleAct.objects.get(kind='copy').pk}/{QUERY}")
    week = words(client.get(f"/jadwal/{QUERY}"))
    assert "1 jadwal dikembalikan seperti semula." in week
    assert "Tetap: B 1001 PKD, Kapuk, Kam, 2 Des 2021, sudah diubah sesudahnya." in week


@pytest.mark.usefixtures("at_noon")
def test_skipped_stops_are_told_calmly() -> None:
    client = logged_in(cast.head_barat())
    plan(stop(DAY))
    VanAbsence.objects.create(van=van(), first_day=NEXT, last_day=None, kind="damage")
    page = client.get(f"/jadwal/minggu/salin/{QUERY}")
    assert "1 titik tidak ikut" in words(page)
    assert "Mobil B 1001 PKD tidak siap hari itu: Rusak." in words(page)
    assert "Salin 1 titik" not in words(page)
    assert "alert" not in page.content.decode().partition("<main")[2]


@pytest.mark.usefixtures("at_noon")
def test_what_changed_meanwhile_is_shown_again() -> None:
    client = logged_in(cast.head_barat())
    plan(stop(DAY))
    for way in ("salin", "terbitkan"):
        page = client.post(f"/jadwal/minggu/{way}/?pangkalan=31.73&hari={NEXT if way == 'salin' else MONDAY}", {"seen": ["9"]})
        assert page.status_code == 409
        assert "Periksa lagi daftar yang baru" in words(page)
    assert Trip.objects.values_list("status", "day").get() == ("planned", DAY)


@pytest.mark.usefixtures("at_noon")
def test_all_bases_stand_in_one_week() -> None:
    """The agency sees all unfolded; a head the own base first and unfolded. More vans take no more queries."""
    plan(stop(DAY))
    plan(stop(DAY, van=van(TIMUR).pk, village=PALMERIAM))
    order = lambda page: [part.partition("</b>")[0] for part in page.split("<b>Kota Administrasi ")[1:]]  # noqa: E731
    page = logged_in(cast.staff()).get("/jadwal/").content.decode()
    assert (order(page), page.count('<details class="week-group" open>')) == (["Jakarta Barat", "Jakarta Timur"], 2)
    page = logged_in(cast.head_timur()).get("/jadwal/").content.decode()
    assert (order(page), page.count('<details class="week-group" open>')) == (["Jakarta Timur", "Jakarta Barat"], 1)
    client = logged_in(cast.staff())
    costs = []
    for more in (0, 8):
        for n in range(more):
            plan(stop(DAY, van=van(BARAT, f"B {2000 + n} PKD").pk, place=f"RW {n}"))
        client.get("/jadwal/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/jadwal/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.usefixtures("at_noon")
def test_seventeen_vans_stay_small_on_the_wire() -> None:
    for number in range(MOST_VANS):
        bus = van(BARAT, f"B {3000 + number} PKD").pk
        for session in ("morning", "evening"):
            plan(stop(DAY, session, van=bus, place=f"Balai warga RW {number}"))
    page = logged_in(cast.staff()).get("/jadwal/").content
    assert page.count(b'class="trip ') == 2 * MOST_VANS
    assert len(gzip.compress(page)) <= MOST_BYTES


@small_world
def test_a_month_counts_stops_and_empty_days() -> None:
    past(DAY - timedelta(days=1))
    plan(stop(DAY, "morning"))
    plan(stop(DAY, "evening"))
    cancel(plan(stop(DAY + timedelta(days=1))))
    (month,) = month_of(SYSTEM, date(2021, 11, 1), date(2021, 11, 30))
    counts = {day: stops for day, stops, _works in month.days if stops}
    assert counts == {DAY - timedelta(days=1): 1, DAY: 2}
    assert (month.stops, month.workdays, month.empty_workdays) == (3, 22, 20)


@small_world
@pytest.mark.parametrize(("retired", "bases"), [(1, []), (2, [BARAT]), (30, [BARAT])])
def test_a_month_has_bases_with_vans(retired: int, bases: list[str]) -> None:
    """On any day of it: the day of retirement is the first one without the van."""
    Van.objects.filter(pk=van().pk).update(retired=date(2021, 11, retired))
    assert [month.base.code for month in month_of(SYSTEM, date(2021, 11, 1), date(2021, 11, 30))] == bases


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("query", "status"), [("", 200), ("?hari=2021-12-15", 200), ("?hari=kapan", 400), ("?hari=0001-01-01", 400)]
)
def test_the_month_leads_to_its_weeks(query: str, status: int) -> None:
    plan(stop(DAY))
    page = logged_in(cast.head_barat()).get(f"/jadwal/bulan/{query}")
    assert page.status_code == status
    if not query:
        assert "/jadwal/?pangkalan=31.73&amp;hari=2021-11-25" in page.content.decode()
        assert "21 dari 22 hari kerja tanpa titik" in words(page)


@small_world
def test_a_closed_kelurahan_is_named_before_publishing() -> None:
    trip = plan(stop(DAY + timedelta(days=1)))
    Region.objects.filter(code=trip.village_id).update(closed=DAY)
    assert [each.pk for each in stops_to_publish(BARAT, MONDAY, NOON.date())] == [trip.pk]
    with pytest.raises(Conflict, match="Minggu ini belum diterbitkan"):
        publish_week(act=act(), base=BARAT, monday=MONDAY, seen=fingerprint([trip]))


@pytest.mark.usefixtures("at_noon")
def test_the_history_says_who_undid_it() -> None:
    """Of the stop that is a plan again, not of the one that stayed published; also after it was published again."""
    head = cast.head_barat()
    client = logged_in(head)
    taken, stays = plan(stop(DAY)), plan(stop(DAY, "evening"))
    publish_week(act=act(head), base=BARAT, monday=MONDAY)
    stays.refresh_from_db()
    report(stays)
    undo("publish", by=head)
    at = "Budi Barat, Kam, 25 Nov 2021 pukul 12.00 WIB"
    assert f"{at} diurungkan oleh {at}" in words(client.get(f"/jadwal/{taken.pk}/"))
    assert "diurungkan" not in words(client.get(f"/jadwal/{stays.pk}/"))
    publish_week(act=act(head), base=BARAT, monday=MONDAY)
    assert words(client.get(f"/jadwal/{taken.pk}/")).count("diurungkan oleh") == 1
