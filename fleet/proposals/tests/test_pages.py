"""Pages of proposals: asking, reading the reasons, changing, publishing; by form, with bad input too."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.tests import cast
from fleet.models import Proposal, Trip
from fleet.planning.plan_file import check_file
from fleet.proposals.question import Edit
from fleet.proposals.tests.world import (
    BARAT,
    CENGKARENG,
    MONDAY,
    ONE,
    OWN_WORLDS,
    TIMUR,
    again,
    asked,
    bus,
    by,
    published,
    question,
    ready,
    stops_of,
    worked,
)
from fleet.proposals.week_grid import week_grid
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.tests.plans import absent
from fleet.tests.stops import GROGOL
from recording.tests.pages import Answer, logged_in, rows, value, words
from recording.tests.world import DAY, KAPUK

pytestmark = pytest.mark.usefixtures("city")
__all__ = ["OWN_WORLDS"]
PAGE = "/jadwal/usulan/"
ASKED = {"region": BARAT, "first_day": "29/11/2021", "days": "14", "alpha": "0.5"}


@pytest.fixture
def head() -> Client:
    return logged_in(cast.head_barat())


def page_of(proposal: Proposal) -> str:
    return f"{PAGE}{proposal.pk}/"


def act(head: Client, proposal: Proposal, act: str, **fields: Any) -> Answer:
    return head.post(page_of(proposal), {"act": act, **fields})


def newest() -> Proposal:
    return Proposal.objects.order_by("-pk")[0]


def test_a_head_asks_and_follows_the_work(head: Client) -> None:
    assert "Jakarta Barat" in words(head.get(PAGE))
    answer = head.post(PAGE, ASKED)
    proposal = newest()
    assert answer["Location"] == page_of(proposal)
    assert head.post(PAGE, ASKED)["Location"] == page_of(proposal)  # pressed twice
    assert "Menunggu giliran" in words(head.get(page_of(proposal)))
    worked(proposal)
    page = words(head.get(page_of(proposal)))
    assert "Siap diperiksa" in page
    assert "Terbukti: tidak ada rencana lain yang lebih baik." in page
    assert "kunjungan ke-2, terakhir 58" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_day": "24/11/2021"}, "Hari itu sudah lewat"),
        ({"first_day": "besok"}, "Tanggal tidak sah"),
        ({"first_day": ""}, "wajib diisi"),
        ({"days": "13"}, "Masukkan pilihan yang valid"),
        ({"region": "31.75"}, "Masukkan pilihan yang valid"),
        ({"alpha": "7"}, "Masukkan pilihan yang valid"),
    ],
)
def test_bad_questions_are_refused_at_their_field(head: Client, fields: dict[str, str], sentence: str) -> None:
    answer = head.post(PAGE, ASKED | fields)
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert value(answer, "first_day") == (ASKED | fields)["first_day"]
    assert not Proposal.objects.exists()


def test_only_who_plans_a_city_is_asked(head: Client) -> None:
    reader = logged_in(cast.reader_barat())
    assert "Minta usulan" not in words(reader.get(PAGE))
    assert reader.post(PAGE, ASKED).status_code == 403
    proposal = ready()
    seen = reader.get(page_of(proposal))
    assert "Siap diperiksa" in words(seen)
    assert b'name="act"' not in seen.content
    assert act(reader, proposal, "again").status_code == 403
    other = logged_in(cast.head_timur())
    assert b'name="act"' not in other.get(page_of(proposal)).content
    assert act(other, proposal, "again").status_code == 403
    assert logged_in(cast.staff_jabar()).get(page_of(proposal)).status_code == 404
    assert Proposal.objects.count() == 1


def test_nobody_replaces_the_proposal_of_another_city(head: Client) -> None:
    proposal = asked(who=cast.head_barat())
    other = logged_in(cast.head_timur())
    assert other.post(f"{PAGE}?dari={proposal.pk}", ASKED | {"region": TIMUR}).status_code == 403
    proposal.refresh_from_db()
    assert proposal.status == "queued"


def test_the_agency_plans_all_cities_at_once(head: Client) -> None:
    staff = logged_in(cast.staff())
    options = {"region": "31", "agency": "on", "lend_own": "on", "worst_city_first": "on", "floor": "1", "saturdays": "on"}
    proposal = worked(Proposal.objects.get(pk=_number(staff.post(PAGE, ASKED | options))))
    assert proposal.options["floor"] == 1
    page = words(staff.get(page_of(proposal)))
    assert "Jakarta Barat" in page
    assert "Jakarta Timur" in page
    assert "Titik yang dijamin tiap kota" not in words(head.get(PAGE))


def _number(answer: Answer) -> int:
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def test_stops_are_pinned_banned_and_moved(head: Client) -> None:
    proposal = ready()
    changes = {f"ubah:{KAPUK}:2021-11-30": "pin", f"ubah:{CENGKARENG}:2021-11-29": "ban_all", f"ubah:{GROGOL}:2021-11-29": ""}
    changed = worked(Proposal.objects.get(pk=_number(act(head, proposal, "again", **changes))))
    assert (KAPUK, "2021-11-30") in stops_of(changed)
    assert CENGKARENG not in {village for village, _day in stops_of(changed)}
    page = words(head.get(page_of(changed)))
    assert "Dikunci:" in page
    assert "Tidak ke Cengkareng Barat sama sekali" in page
    assert "Usulan ini sudah diganti." in words(head.get(page_of(proposal)))
    freed = worked(Proposal.objects.get(pk=_number(act(head, changed, "again", boleh=f"{CENGKARENG}:"))))
    assert freed.bans == []
    named = {"sematkan-village": "Kapuk", "sematkan-day": "2021-12-07"}
    moved = {f"ubah:{GROGOL}:2021-11-29": "move", f"ke:{GROGOL}:2021-11-29": "2021-12-01"}
    pinned = worked(Proposal.objects.get(pk=_number(act(head, freed, "again", **named, **moved))))
    assert {(KAPUK, "2021-11-30"), (KAPUK, "2021-12-07"), (GROGOL, "2021-12-01")} <= set(stops_of(pinned))


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"act": "again", f"ubah:{KAPUK}:2021-11-29": "fly"}, 400, "Kiriman itu tidak dikenal"),
        ({"act": "again", "ubah:x": "pin"}, 400, "Kiriman itu tidak dikenal"),
        ({"act": "again", f"ubah:{KAPUK}:2021-11-29": "move"}, 400, "Pilih harinya."),
        ({"act": "again", "sematkan-village": "Atlantis", "sematkan-day": "2021-12-03"}, 400, "Atlantis"),
        ({"act": "again", "ubah:31.75.01.1004:2021-11-29": "pin"}, 400, "di luar wilayah usulan ini"),
        ({"act": "again", "ubah:31.73.01.9999:2021-11-29": "pin"}, 400, "Kelurahan 31.73.01.9999 tidak dikenal."),
        ({"act": "again", "ubah:31.73.01:2021-11-29": "ban_all"}, 400, "Kelurahan 31.73.01 tidak dikenal."),
        ({"act": "again", f"ubah:{KAPUK}:besok": "pin"}, 400, "Kiriman itu tidak dikenal"),
        ({"act": "again", f"ubah:{KAPUK}:2021-11-29": "move", f"ke:{KAPUK}:2021-11-29": "x"}, 400, "Kiriman itu tidak dikenal"),
        ({"act": "publish"}, 409, "Jadwal berubah sesudah daftar ini ditampilkan."),
        ({"act": "terbang"}, 400, "Kiriman itu tidak dikenal"),
        ({"act": "repair"}, 409, "yang sudah diterbitkan"),
    ],
)
def test_what_no_page_sends_changes_nothing(head: Client, fields: dict[str, str], status: int, sentence: str) -> None:
    proposal = ready()
    before = Trip.objects.count()
    answer = head.post(page_of(proposal), fields)
    assert answer.status_code == status
    assert sentence in words(answer)
    assert (Proposal.objects.count(), Trip.objects.count()) == (1, before)


def test_publishing_writes_what_the_page_showed(head: Client) -> None:
    proposal = ready()
    seen = value(head.get(page_of(proposal)), "seen")
    act(head, proposal, "publish", seen=seen)
    act(head, proposal, "publish", seen=seen)  # pressed twice
    stands = Trip.objects.filter(status="published", day__gte=MONDAY)
    assert {(trip.village_id, trip.day.isoformat()) for trip in stands} == set(stops_of(proposal))
    page = words(head.get(page_of(proposal)))
    assert "Diterbitkan" in page
    assert "Perbaiki sisa hari" in page
    repaired = worked(Proposal.objects.get(pk=_number(act(head, proposal, "repair"))))
    assert repaired.repairs


def test_what_forbids_publishing_is_said_once(head: Client) -> None:
    proposal = ready()
    seen = value(head.get(page_of(proposal)), "seen")
    absent(bus(ONE).pk, (MONDAY - DAY).days, (MONDAY - DAY).days)
    page = act(head, proposal, "publish", seen=seen)
    assert page.status_code == 409
    assert words(page).count("Minta usulan lagi.") == 1
    assert words(head.get(page_of(proposal))).count("Minta usulan lagi.") == 1


def test_stops_after_the_period_are_told_apart(head: Client) -> None:
    sentence = "Periode target berakhir Jumat, 31 Desember 2021."
    assert sentence not in words(head.get(page_of(ready())))
    assert sentence in words(head.get(page_of(ready(question(days=42)))))


def test_an_impossible_question_says_why(head: Client) -> None:
    proposal = again(ready(), Edit("pin", KAPUK, "2021-11-29"), Edit("pin", KAPUK, "2021-11-30"))
    page = words(head.get(page_of(proposal)))
    assert "Tidak ada rencana yang memenuhi permintaan ini" in page
    assert "Kapuk dikunci dua kali dalam 5 hari kerja." in page
    release = {f"ubah:{KAPUK}:2021-11-30": "release"}
    assert worked(Proposal.objects.get(pk=_number(act(head, proposal, "again", **release)))).status == "ready"


def test_other_days_keep_what_was_fixed(head: Client) -> None:
    proposal = again(ready(), Edit("pin", KAPUK, "2021-12-03"), Edit("ban", CENGKARENG))
    address = f"{PAGE}?dari={proposal.pk}"
    assert value(head.get(address), "first_day") == "2021-11-29"
    changed = Proposal.objects.get(pk=_number(head.post(address, ASKED | {"first_day": "2021-11-30", "days": "7"})))
    assert changed.replaces == proposal
    assert [pin[:2] for pin in changed.pins] == [[KAPUK, "2021-12-03"]]
    assert changed.bans == [[CENGKARENG, ""]]
    shorter = Proposal.objects.get(pk=_number(head.post(address, ASKED | {"first_day": "2021-12-06", "days": "7"})))
    assert shorter.pins == []


def test_the_plan_file_passes_the_check(head: Client) -> None:
    proposal = ready()
    answer = head.get(f"{page_of(proposal)}rencana.json")
    assert check_file(answer.content)["stops"] == json.loads(answer.content)["stops"]
    assert f"-{proposal.pk}.json" in answer["Content-Disposition"]
    assert head.get(f"{page_of(asked(question(days=7)))}rencana.json").status_code == 409


def test_the_closing_plan_tells_what_each_kelurahan_needs(head: Client) -> None:
    published(ready())
    page = head.get("/jadwal/sisa-kunjungan/")
    (city,) = rows(page, "Hari mobil per kota")
    assert city[0] == "Kota Administrasi Jakarta Barat"
    assert KAPUK in page.content.decode()
    assert re.search(r"dari sisa \d+ orang, sekitar \d+ diperkirakan masih dapat ditemui", words(page))
    staff = logged_in(cast.staff())
    assert [row[0] for row in rows(staff.get("/jadwal/sisa-kunjungan/"), "Hari mobil per kota")] == [
        "Kota Administrasi Jakarta Barat",
        "Kota Administrasi Jakarta Timur",
    ]
    assert logged_in(cast.reader_barat()).get("/jadwal/sisa-kunjungan/?wilayah=31.75").status_code == 404


def test_the_closing_plan_opens_for_a_kecamatan(head: Client) -> None:
    for code in ("31.73.01", KAPUK):
        (city,) = rows(head.get(f"/jadwal/sisa-kunjungan/?wilayah={code}"), "Hari mobil per kota")
        assert city[0] == "Kota Administrasi Jakarta Barat"
    assert 'href="/jadwal/sisa-kunjungan/?wilayah=31">Semua kota' in head.get("/jadwal/sisa-kunjungan/").content.decode()
    alone = logged_in(cast.reader_barat()).get("/jadwal/sisa-kunjungan/")
    assert "Semua kota" not in words(alone)


def test_a_refused_request_may_cost_nobody(head: Client) -> None:
    ask_for_van(act=by(cast.head_barat()), request=RequestInput(MONDAY, "full", CENGKARENG, "SMAN 33", "pemula"))
    proposal = ready(question(days=1))
    assert "orang lebih sedikit" in words(head.get(page_of(proposal)))
    proposal.facts["refused"][0]["cost"] = 0.2
    proposal.save(update_fields=["facts"])
    page = words(head.get(page_of(proposal)))
    assert "merekam kira-kira sama banyak, tetapi kurang merata" in page
    assert "orang lebih sedikit" not in page


@pytest.mark.parametrize(("expected", "told"), [(1.2, "1 person (0–3)"), (2.0, "2 people (0–3)")])
def test_one_person_is_told_as_one(head: Client, expected: float, told: str) -> None:
    proposal = ready()
    stop = next(stop for day in week_grid(proposal).cities[0].days for stop in day.stops)
    with translation.override("en"):
        page = render_to_string("fleet/proposals/_stop.html", {"stop": replace(stop, expected=expected, low=0, high=3)})
    assert told in words(page)


def test_a_long_plan_takes_few_queries(head: Client, django_assert_max_num_queries: Any) -> None:
    proposal = ready(question(days=28))
    head.get(page_of(proposal))
    with django_assert_max_num_queries(45):
        head.get(page_of(proposal))


def test_a_city_is_told_the_same_alone(head: Client) -> None:
    """Places learn from each other; which of them a page shows must not change what it says of one."""
    alone = rows(head.get("/jadwal/sisa-kunjungan/?wilayah=31.73"), "Hari mobil per kota")
    among = rows(logged_in(cast.staff()).get("/jadwal/sisa-kunjungan/"), "Hari mobil per kota")
    assert alone == [row for row in among if "Barat" in row[0]]
