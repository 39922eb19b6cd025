"""Too little time to drive to another kelurahan is asked about on every page that plans: a box to tick, and then it is
done."""

import re
from datetime import timedelta
from typing import Any

import pytest

from accounts.tests import cast
from fleet.models import Trip
from fleet.tests.plans import without_hours_guards
from fleet.tests.stops import GROGOL, stop, van
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, KAPUK

pytestmark = pytest.mark.usefixtures("at_noon")
TOMORROW = DAY + timedelta(days=1)
ASKS = "Hanya 0 menit antara Kantor RW 05, Kapuk (pukul 08.00–12.00) dan titik ini di kelurahan lain."


def codes(answer: Any) -> list[str]:
    return re.findall(r'type="checkbox" name="confirmed" value="([^"]+)"', answer.content.decode())


def test_a_short_drive_is_ticked_on_the_form() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus, day=TOMORROW)
    fields = {"van": bus.pk, "day": "2021-11-26", "session": "midday", "village": GROGOL, "place": "RPTRA", "services": ["kia"]}
    answer = client.post("/jadwal/tambah/", fields)
    assert (answer.status_code, Trip.objects.count()) == (400, 1)
    assert ASKS in words(answer)
    assert client.post("/jadwal/tambah/", fields | {"confirmed": codes(answer)}).status_code == 302
    assert Trip.objects.filter(village=GROGOL, session="midday").count() == 1


def test_an_earlier_yes_stays_given() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus, day=TOMORROW)
    stop(bus, day=TOMORROW, session="afternoon")
    fields = {"van": bus.pk, "day": "2021-11-26", "session": "midday", "village": GROGOL, "place": "RPTRA", "services": ["kia"]}
    first = codes(client.post("/jadwal/tambah/", fields | {"opens": "12:01", "closes": "14:59"}))
    answer = client.post("/jadwal/tambah/", fields | {"opens": "12:01", "closes": "14:59", "confirmed": first[:1]})
    assert codes(answer) == first[1:]
    assert f'type="hidden" name="confirmed" value="{first[0]}"' in answer.content.decode()


def test_a_drop_in_the_grid_is_asked() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus, day=TOMORROW)
    moved = stop(bus, GROGOL, day=DAY, session="midday", published=False)
    answer = client.post(f"/jadwal/{moved.pk}/", {"act": "move", "van": bus.pk, "day": "2021-11-26"})
    assert answer.status_code == 400
    assert ASKS in words(answer)
    form = answer.content.decode()
    assert 'name="day" value="2021-11-26"' in form
    moved.refresh_from_db()
    assert moved.day == DAY
    posted = {"van": bus.pk, "day": "2021-11-26", "session": "midday", "village": GROGOL, "place": moved.place}
    posted |= {"services": moved.services, "opens": "12:00", "closes": "15:00", "act": "change", "confirmed": codes(answer)}
    assert client.post(f"/jadwal/{moved.pk}/", posted).status_code == 302
    moved.refresh_from_db()
    assert moved.day == TOMORROW


def test_copying_asks_and_then_copies() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus, day=TOMORROW)
    narrow = stop(bus, GROGOL, day=TOMORROW, session="evening")
    Trip.objects.filter(pk=narrow.pk).update(opens="12:10")
    address = "/jadwal/minggu/salin/?pangkalan=31.73&hari=2021-12-03"
    answer = client.get(address)
    page = words(answer)
    assert "1 titik akan direncanakan" in page
    assert "Hanya 10 menit antara Kantor RW 05, Kapuk" in page
    ticked = client.post(address, {"act": "look", "confirmed": codes(answer)})
    assert "2 titik akan direncanakan" in words(ticked)
    next_week = Trip.objects.filter(day=TOMORROW + timedelta(days=7))
    assert not next_week.exists()
    seen = re.findall(r'name="seen" value="([^"]+)"', ticked.content.decode())
    confirmed = re.findall(r'type="hidden" name="confirmed" value="([^"]+)"', ticked.content.decode())
    assert client.post(address, {"seen": seen, "confirmed": confirmed}).status_code == 302
    assert {trip.village_id for trip in next_week.all()} == {KAPUK, GROGOL}


def test_granting_asks_and_then_grants() -> None:
    agency, client = van("B 9 PKD", "31"), logged_in(cast.staff())
    stop(agency, day=TOMORROW)
    asked = {"act": "ask", "day": "2021-11-26", "session": "midday", "village": GROGOL, "place": "SMAN 33", "why": "pemula"}
    assert logged_in(cast.head_barat()).post("/jadwal/permintaan/", asked).status_code == 302
    number = re.search(r'name="request" value="(\d+)"', client.get("/jadwal/permintaan/").content.decode())
    assert number
    grant = {"act": "grant", "request": number[1], "van": agency.pk}
    answer = client.post("/jadwal/permintaan/", grant)
    assert (answer.status_code, Trip.objects.count()) == (400, 1)
    assert ASKS in words(answer)
    assert client.post("/jadwal/permintaan/", grant | {"confirmed": codes(answer)}).status_code == 302
    assert Trip.objects.filter(village=GROGOL, status="published").count() == 1


def test_the_week_says_what_overlaps_already() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus, day=TOMORROW)
    other = stop(bus, day=TOMORROW, session="midday", place="Balai")
    assert "jamnya bertumpuk" not in words(client.get("/jadwal/"))
    with without_hours_guards():
        Trip.objects.filter(pk=other.pk).update(opens="11:00")
    assert "jamnya bertumpuk" in words(client.get("/jadwal/"))
