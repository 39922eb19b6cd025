"""A kelurahan that closes and one that opens, at every door: each exists exactly on the days on which it is open."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.clock import JAKARTA
from dukcapil.errors import Refused
from dukcapil.models import Demo
from fleet.models import Trip, VanRequest
from fleet.reports.forms import PermitForm
from fleet.reports.permits import permit_entry
from fleet.schedule.requests import RequestInput, ask_for_van, grant_request, withdraw_request
from fleet.schedule.trips import plan_trips
from fleet.tests.plans import GROGOL, cancel, past, plan, stop, van
from fleet.vans.forms import own_bases
from fleet.vans.services import move_van, register_van, set_quota
from recording.developers.forms import KeyForm
from recording.imports.tests.imports import imported, reasons
from recording.models import DailyCount, Door, Region
from recording.targets.services import define_period
from recording.tests.api import bearer, post, row
from recording.tests.commands import csv_file, run
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after

CLOSES, OPENS = "31.73.01.1006", "31.73.01.1009"
NAMES = {CLOSES: "Cengkareng Timur", OPENS: "Cengkareng Utara"}
LAST_DAY, FIRST_DAY = date(2021, 12, 31), date(2022, 1, 1)
TURN = [(LAST_DAY, CLOSES, OPENS, "belum ada"), (FIRST_DAY, OPENS, CLOSES, "sudah tutup")]
SHARED = settings.BASE_DIR.parent / "shared" / "cases" / "regions" / "r4_future.csv"
IS_HERE = pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not beside the project")
OF_ITS_DAY = pytest.mark.parametrize(("day", "there", "gone", "sentence"), TURN, ids=["last day", "first day"])
OWN_FILE = f"kode,nama,dibuka,ditutup\n{CLOSES},{NAMES[CLOSES]},,{LAST_DAY}\n{OPENS},{NAMES[OPENS]},{FIRST_DAY},\n"


def at(day: date) -> None:
    """The portal's own clock at the noon of a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=JAKARTA)
    Demo.objects.update_or_create(pk=1, defaults={"until": DAY, "shift": clock.real_now() - noon})


@pytest.fixture(params=["small file", pytest.param("shared file", marks=IS_HERE)])
def turned(request: pytest.FixtureRequest, small_world: None, tmp_path: Path) -> None:
    """One kelurahan ends with the year 2021, another one begins with 2022; it is 3 January 2022."""
    file = csv_file(tmp_path, OWN_FILE) if request.param == "small file" else SHARED
    assert run("load_regions", file).code == 0
    year = {"name": "2022", "first_day": FIRST_DAY, "last_day": date(2022, 12, 31)}
    define_period(act=Act(SYSTEM, NOON, Door.COMMAND), **year)  # type: ignore[arg-type]  # a name and two days
    at(FIRST_DAY + timedelta(days=2))


@OF_ITS_DAY
@pytest.mark.usefixtures("turned")
def test_the_form_takes_who_is_open(day: date, there: str, gone: str, sentence: str) -> None:
    client = logged_in(cast.head_barat())
    offered = client.get(f"/cari/saran/?untuk=catat&q={there[:8]}&hari={day}").content.decode()
    assert (f'({there})"' in offered, f'({gone})"' in offered) == (True, False)
    typed = {"document": "KTP", "day": day.isoformat(), "source": "loket", "people": "3"}
    for code in (gone, there):
        answer = client.post("/catat/", typed | {"region": NAMES[code]})
        assert answer.status_code == (302 if code == there else 400)
        assert code == there or sentence in words(answer)
    assert list(DailyCount.objects.values_list("region", "day")) == [(there, day)]


@OF_ITS_DAY
@pytest.mark.usefixtures("turned")
def test_the_schedule_takes_who_is_open(day: date, there: str, gone: str, sentence: str) -> None:
    at(LAST_DAY)
    client, bus = logged_in(cast.head_barat()), van()
    offered = client.get(f"/jadwal/kelurahan/?q={there[:8]}&hari={day}").content.decode()
    assert (f'({there})"' in offered, f'({gone})"' in offered) == (True, False)
    fields: dict[str, Any] = {"van": bus.pk, "day": day.isoformat(), "session": "morning", "place": "RW 1"}
    for code in (gone, there):
        answer = client.post("/jadwal/tambah/", fields | {"village": code, "services": ["record"]})
        assert answer.status_code == (302 if code == there else 400)
        asked = {"act": "ask", "day": day.isoformat(), "session": "full", "village": code, "place": "RW 2", "why": "pemula"}
        answer = client.post("/jadwal/permintaan/", asked)
        assert answer.status_code == (302 if code == there else 400)
    assert list(Trip.objects.values_list("village", "day")) == [(there, day)]
    assert list(VanRequest.objects.values_list("village", "day")) == [(there, day)]


@OF_ITS_DAY
@pytest.mark.usefixtures("turned")
def test_an_import_takes_who_is_open(day: date, there: str, gone: str, sentence: str, tmp_path: Path) -> None:
    header = "kecamatan,kelurahan,dokumen,tanggal,sumber,jumlah\n"
    rows = [f"Cengkareng,{NAMES[code]},KTP,{day},loket,7\n" for code in (gone, there)]
    now = datetime(2022, 1, 3, 12, tzinfo=JAKARTA)
    done = imported(csv_file(tmp_path, header + "".join(rows)), now=now, good_rows=True)
    assert [sentence in reason for reason in reasons(done) if NAMES[gone] in reason] == [True]
    assert list(DailyCount.objects.values_list("region", "day", "people")) == [(there, day, 7)]


@OF_ITS_DAY
@pytest.mark.usefixtures("turned")
def test_the_api_takes_who_is_open(day: date, there: str, gone: str, sentence: str) -> None:
    asking = bearer(cast.head_barat(), days=90)
    listed = logged_in(cast.staff()).get(f"/api/v1/regions/?parent=31.73.01&open_on={day}&limit=100").json()["results"]
    codes = {region["code"] for region in listed}
    assert (there in codes, gone in codes) == (True, False)
    refused = post(asking, row(region=gone, day=day.isoformat()))
    assert (refused.status_code, sentence in refused.content.decode()) == (400, True)
    assert post(asking, row(region=there, day=day.isoformat())).status_code == 200
    assert list(DailyCount.objects.values_list("region", "day")) == [(there, day)]


# Stops and bases that a closing leaves behind


@pytest.mark.usefixtures("small_world")
def test_a_whole_plan_needs_open_kelurahan() -> None:
    Region.objects.filter(code=KAPUK).update(closed=DAY)
    with pytest.raises(Refused, match="sudah tutup"):
        plan_trips(act=Act(SYSTEM, NOON, "page"), trips=[stop(village=GROGOL), stop(session="midday")])
    assert not Trip.objects.exists()


@pytest.mark.usefixtures("small_world")
def test_a_request_beyond_a_closing_is_not_granted() -> None:
    bus, act = van(DKI), Act(SYSTEM, NOON, "page")
    asked = ask_for_van(act=act, request=RequestInput(DAY + timedelta(days=1), "full", KAPUK, "RW 5", "pemula"))
    Region.objects.filter(code=KAPUK).update(closed=DAY)
    with pytest.raises(Refused, match="sudah tutup"):
        grant_request(act=act, number=asked.pk, van=bus.pk)
    asked.refresh_from_db()
    assert (asked.status, Trip.objects.count()) == ("open", 0)


@pytest.mark.usefixtures("small_world")
def test_loading_lists_stops_beyond_a_closing(tmp_path: Path) -> None:
    days, act = [DAY + timedelta(days=ahead) for ahead in (1, 2, 3)], Act(SYSTEM, NOON, "page")
    past(days[1])
    plan(stop(days[0]))
    plan(stop(days[2], village=GROGOL))
    cancel(plan(stop(days[2], session="afternoon")))
    for day, village in ((days[0], KAPUK), (days[1], KAPUK), (days[2], KAPUK), (days[2], GROGOL)):
        asked = ask_for_van(act=act, request=RequestInput(day, "full", village, "RW 9", "pemula"))
    withdraw_request(act=act, number=asked.pk)
    withdraw_request(act=act, number=VanRequest.objects.get(day=days[1]).pk)
    file = csv_file(tmp_path, f"kode,nama,dibuka,ditutup\n{KAPUK},Kapuk,,{days[0]}\n")
    assert run("load_regions", file, "--json").json["beyond"] == [
        "Jadwal B 1001 PKD (Terbit) di RW 05, 31.73.01.1004 Kapuk, pada Sabtu, 27 November 2021: "
        "kelurahannya tidak buka hari itu.",
        "Permintaan mobil ke RW 9, 31.73.01.1004 Kapuk, pada Minggu, 28 November 2021: kelurahannya tidak buka hari itu.",
    ]


@pytest.mark.usefixtures("small_world")
def test_a_city_is_offered_until_it_closes() -> None:
    bus, by, act = van(DKI), cast.staff(), Act(SYSTEM, NOON, "page")
    Region.objects.filter(code=BARAT).update(closed=DAY - timedelta(days=2))
    for day, is_open in ((DAY - timedelta(days=2), True), (DAY, False)):
        permit = PermitForm(by=by, initial={"day": day})
        keys = KeyForm(by=by, day=day)
        for offered in (permit.fields["city"], keys.fields["jurisdiction"]):
            assert (BARAT in dict(offered.choices)) is is_open  # type: ignore[attr-defined]  # fields with choices
        assert (BARAT in dict(own_bases(by, day))) is is_open
    for refused in (
        lambda: register_van(act=act, plate="B 7 PKD", base=BARAT, sets=2),
        lambda: move_van(act=act, van=bus.pk, base=BARAT, reason="mutasi"),
        lambda: set_quota(act=act, base=BARAT, vans=2),
    ):
        with pytest.raises(Refused, match="sudah tutup"):
            refused()


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(("city", "days", "sentence"), [(BARAT, 1, ""), (BARAT, 0, "sudah tutup"), ("31.99", 1, "Pilih kota")])
def test_a_permit_needs_an_open_city(city: str, days: int, sentence: str) -> None:
    closed = DAY - timedelta(days=9)
    Region.objects.filter(code=BARAT).update(closed=closed)
    asked: dict[str, Any] = {"city": city, "day": closed + timedelta(days=1 - days), "expires": after(hours=1)}
    if not sentence:
        assert permit_entry(act=Act(SYSTEM, NOON, "page"), reason="banjir", **asked).city_id == BARAT
        return
    with pytest.raises(Refused, match=sentence) as refused:
        permit_entry(act=Act(SYSTEM, NOON, "page"), reason="banjir", **asked)
    assert refused.value.field == "city"
