"""The page of a van that cannot go out: by form, without JavaScript, with bad input too."""

from datetime import time, timedelta
from typing import Any

import pytest

from accounts.tests import cast
from fleet.models import ScheduleAct, Trip, VanAbsence
from fleet.tests.plans import absent, published
from fleet.tests.stops import GROGOL, body, send, stop, van
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, KAPUK

pytestmark = pytest.mark.usefixtures("at_noon")
TOMORROW = DAY + timedelta(days=1)


def address(number: int, query: str = "?hari=2021-11-26") -> str:
    return f"/jadwal/mobil/{number}/tidak-beroperasi/{query}"


def fields(**other: str) -> dict[str, str]:
    usual = {"kind": "damage", "first_day": "2021-11-26", "from_hour": "", "lasts": "today", "last_day": "", "note": "rem"}
    return usual | other


def chosen(page: Any) -> list[str]:
    text = page.content.decode()
    return [
        part.split('value="')[1].split('"')[0] for part in text.split("<input") if 'type="radio"' in part and " checked" in part
    ]


def test_one_press_moves_both_stops() -> None:
    bus, free, client = van(), van("B 2 PKD"), logged_in(cast.head_barat())
    trips = [stop(bus, day=TOMORROW), stop(bus, GROGOL, day=TOMORROW, session="evening")]
    page = client.get(address(bus.pk))
    assert "2 titik terkena" in words(page)
    assert "B 2 PKD kosong tidak ada titik lain hari itu" in words(page)
    assert [value for value in chosen(page) if value.startswith("van:")] == [f"van:{free.pk}"] * 2
    answers = {f"stop-{trip.pk}-choice": f"van:{free.pk}" for trip in trips}
    answer = client.post(address(bus.pk), fields(**answers))
    act = ScheduleAct.objects.get()
    assert answer["Location"] == f"/jadwal/tidak-beroperasi/{act.pk}/"
    assert set(Trip.objects.values_list("van__plate", flat=True)) == {"B 2 PKD"}
    done = words(client.get(answer["Location"]))
    assert "Yang terjadi dengan 2 titik" in done
    assert "tetap berjalan, dengan mobil B 2 PKD." in done
    assert "Rusak Jum, 26 Nov 2021 · rem" in done


def test_every_answer_works_in_the_form() -> None:
    bus, free, client = van(), van("B 2 PKD"), logged_in(cast.head_barat())
    slot, other, off = (stop(bus, day=TOMORROW, session=session) for session in ("morning", "midday", "evening"))
    client.post(
        address(bus.pk),
        fields(
            **{
                f"stop-{slot.pk}-choice": f"slot:{free.pk}:2021-11-29:morning",
                f"stop-{other.pk}-choice": "other",
                f"stop-{other.pk}-day": "2021-12-01",
                f"stop-{other.pk}-session": "afternoon",
                f"stop-{other.pk}-van": str(free.pk),
                f"stop-{off.pk}-choice": "cancel",
                f"stop-{off.pk}-reason": "Mobil rusak",
            }
        ),
    )
    found = Trip.objects.order_by("pk").values_list("van__plate", "day", "session", "status")
    assert [(plate, day.isoformat(), session, status) for plate, day, session, status in found] == [
        ("B 2 PKD", "2021-11-29", "morning", "published"),
        ("B 2 PKD", "2021-12-01", "afternoon", "published"),
        ("B 1 PKD", "2021-11-26", "evening", "cancelled"),
    ]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({}, "Pilih apa yang terjadi dengan titik ini."),
        ({"choice": "van:x"}, "Pilih apa yang terjadi"),
        ({"choice": "van:1:2"}, "Pilih apa yang terjadi"),
        ({"choice": "slot:1:kapan:morning"}, "Pilih apa yang terjadi"),
        ({"choice": "terbang"}, "Pilih apa yang terjadi"),
        ({"choice": "van:" + "9" * 40}, "Pilih apa yang terjadi"),
        ({"choice": "van:999999"}, "Mobil itu tidak ditemukan"),
        ({"choice": "other", "day": "", "session": "morning"}, "Isi harinya."),
        ({"choice": "other", "day": "kapan", "session": "morning"}, "Tanggal tidak sah"),
        ({"choice": "cancel", "reason": " "}, "Tulis alasan pembatalan"),
        ({"choice": "busy"}, "B 3 PKD sudah ada di Kantor RW 05, Kapuk, pada sesi itu"),
    ],
    ids=str,
)
def test_a_wrong_answer_saves_nothing(answer: dict[str, str], sentence: str) -> None:
    bus, client = van(), logged_in(cast.head_barat())
    trip = stop(bus, day=TOMORROW)
    busy = stop(van("B 3 PKD"), day=TOMORROW).van_id
    if answer.get("choice") == "busy":
        answer = {"choice": f"van:{busy}"}
    page = client.post(address(bus.pk), fields(**{f"stop-{trip.pk}-{name}": value for name, value in answer.items()}))
    assert page.status_code in (400, 404, 409)
    assert sentence in words(page)
    trip.refresh_from_db()
    assert (trip.status, trip.van, VanAbsence.objects.count()) == ("published", bus, 0)
    assert 'value="rem"' in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first_day": "kapan"}, "Tanggal tidak sah"),
        ({"lasts": "day"}, "Isi hari terakhirnya"),
        ({"lasts": "day", "last_day": "2021-11-01"}, "Hari terakhir sebelum hari pertama"),
        ({"lasts": "lama"}, "lama"),
        ({"kind": "cuti"}, "cuti"),
        ({"from_hour": "siang"}, "waktu"),
        ({"note": "NIK 3173010101900001"}, "16 digit"),
    ],
    ids=str,
)
def test_a_wrong_absence_saves_nothing(wrong: dict[str, str], sentence: str) -> None:
    bus = van()
    page = logged_in(cast.head_barat()).post(address(bus.pk), fields(**wrong))
    assert page.status_code == 400
    assert sentence in words(page)
    assert not VanAbsence.objects.exists()


def test_looking_shows_other_days_and_saves_nothing() -> None:
    bus, free, client = van(), van("B 2 PKD"), logged_in(cast.head_barat())
    first, second = stop(bus, day=TOMORROW), stop(bus, day=TOMORROW + timedelta(days=3))
    look = fields(act="look", lasts="open") | {f"stop-{first.pk}-choice": "cancel", f"stop-{first.pk}-reason": "Ban pecah"}
    page = client.post(address(bus.pk), look)
    assert page.status_code == 200
    assert "2 titik terkena" in words(page)
    assert [value for value in chosen(page) if value != "open"] == ["cancel", f"van:{free.pk}"]
    assert 'value="Ban pecah"' in page.content.decode()
    assert f"stop-{second.pk}-choice" in page.content.decode()
    assert (VanAbsence.objects.count(), ScheduleAct.objects.count()) == (0, 0)


def test_a_day_that_has_begun_counts_from_now() -> None:
    """At noon the morning stop is at work: it stays and is reported; the evening is given away."""
    bus, client = van(), logged_in(cast.head_barat())
    stop(bus), stop(bus, GROGOL, session="evening")
    page = client.get(address(bus.pk, ""))
    assert "1 titik terkena" in words(page)
    assert 'value="12:00"' in page.content.decode()
    assert "Grogol" in words(page)


def test_a_reported_stop_is_in_the_way() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    send(stop(bus), body(10))
    page = client.post(address(bus.pk, ""), fields(act="look", first_day="2021-11-25"))
    assert "Titik ini sudah lewat atau sudah dilaporkan" in words(page)
    answer = client.post(address(bus.pk, ""), fields(first_day="2021-11-25"))
    assert "1 jadwal mobil ini masih berlaku" in words(answer)


def test_a_short_drive_is_said_and_taken() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    trip = stop(bus, day=TOMORROW)
    near = van("B 2 PKD")
    stop(near, GROGOL, day=TOMORROW, session="midday")
    page = client.get(address(bus.pk))
    assert "hanya 0 menit dari titik lain di Grogol" in words(page)
    assert [value for value in chosen(page) if value != "today"] == [], "it is not proposed"
    code = page.content.decode().split('name="confirmed" value="')[1].split('"')[0]
    client.post(address(bus.pk), fields(**{f"stop-{trip.pk}-choice": f"van:{near.pk}", "confirmed": code}))
    trip.refresh_from_db()
    assert trip.van == near


def test_its_page_takes_a_stop_up_again() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    trip = stop(bus, day=TOMORROW)
    client.post(address(bus.pk), fields(**{f"stop-{trip.pk}-choice": "cancel", f"stop-{trip.pk}-reason": "Mobil rusak"}))
    page = words(client.get(f"/jadwal/{trip.pk}/"))
    assert "Mobil B 1 PKD tidak siap hari itu: Rusak." in page
    assert "Jadwalkan lagi dengan" not in page
    assert "Mobil tidak beroperasi B 1 PKD · Jum, 26 Nov 2021 08:00–12:00 · Mobil rusak" in page
    client.post(f"/jadwal/{trip.pk}/", {"act": "resume", "van": str(bus.pk)})
    assert "tidak siap hari itu" in words(client.get(f"/jadwal/{trip.pk}/"))
    absence = str(VanAbsence.objects.get().pk)
    client.post(f"/armada/{bus.pk}/", {"act": "back", "absence": absence, "day": "2021-11-26"})
    assert "Jadwalkan lagi dengan B 1 PKD" in words(client.get(f"/jadwal/{trip.pk}/"))
    client.post(f"/jadwal/{trip.pk}/", {"act": "resume", "van": str(bus.pk)})
    trip.refresh_from_db()
    assert (trip.status, trip.reason) == ("published", "")
    done = words(client.get(f"/jadwal/tidak-beroperasi/{ScheduleAct.objects.filter(kind='breakdown').get().pk}/"))
    assert "Catatan ini sudah dicabut" in done
    assert "dibatalkan (Mobil rusak)" in done


def test_the_ways_to_the_page_stand_where_needed() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    trip = published(stop(bus, day=TOMORROW))
    way = f"/jadwal/mobil/{bus.pk}/tidak-beroperasi/"
    assert way in client.get(f"/armada/{bus.pk}/").content.decode()
    assert f"{way}?hari=2021-11-26" in client.get("/jadwal/?hari=2021-11-26").content.decode()
    assert f"{way}?hari=2021-11-26&amp;jam=08:00" in client.get(f"/jadwal/{trip.pk}/").content.decode()
    for who in (cast.reader, cast.head_timur):
        reader = logged_in(who())
        assert reader.get(way).status_code == 403
        for page in (f"/armada/{bus.pk}/", "/jadwal/?pangkalan=31.73", f"/jadwal/{trip.pk}/"):
            assert way not in reader.get(page).content.decode()


def test_a_day_away_from_noon_stays_open() -> None:
    """Absent from 13.00 on, the van still takes a stop in the morning of its first day."""
    bus, client = van(), logged_in(cast.head_barat())
    absent(bus.pk, 1, 2, from_hour=time(13))
    page = client.get("/jadwal/")
    cells = {part[:10]: part.partition("</td>")[0] for part in page.content.decode().split('data-day="')[1:]}
    closed = {day for day, cell in cells.items() if "data-closed" in cell}
    assert closed & {"2021-11-26", "2021-11-27", "2021-11-28"} == {"2021-11-27"}
    assert "hari=2021-11-26" in cells["2021-11-26"]
    assert words(page).count("Rusak mulai 13.00") == 1
    assert stop(bus, day=TOMORROW).day == TOMORROW, "the database takes it too"


def test_a_van_that_is_away_shows_until_when() -> None:
    bus, client = van(), logged_in(cast.head_barat())
    absent(bus.pk, 1, None)
    week = words(client.get("/jadwal/"))
    assert week.count("Rusak") == 3, "from Friday to Sunday"
    assert "Rusak" in words(client.get("/jadwal/?hari=2022-06-01"))
    assert KAPUK not in week
