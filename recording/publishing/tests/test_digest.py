"""The text for WhatsApp and the press: by rule, complete in every case, and without a number that is not the run's."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.figures import Figure
from recording.coverage.services import recompute_coverage, run_due
from recording.models import Level
from recording.publishing.digest import Facts, digest
from recording.tests.pages import logged_in, words
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, write


def figure(name: str, recorded: int | None, goal: int | None) -> Figure:
    """`recorded` None: nothing was reported."""
    return Figure("31", name, Level.CITY, recorded or 0, 0 if recorded is None else 1, goal)


FACTS = Facts(
    document="KTP",
    period="2021",
    portal="Rekam Jakarta",
    day=date(2021, 11, 25),
    number=326,
    status="official",
    region=figure("Jakarta Raya", 31_000, 60_000),
    children=[figure("Jakarta Pusat", 1_589, 6_359), figure("Jakarta Barat", 13_770, 13_770)],
    previous_day=date(2021, 11, 24),
    change=134,
    causes=[("new", 130), ("late", 4), ("corrected", 0)],
)


def test_the_whole_text_in_indonesian() -> None:
    assert digest(FACTS, "id") == (
        "Perekaman KTP-el Jakarta Raya 2021\n\n"
        "Sampai Kamis, 25 November 2021, 31.000 dari 60.000 warga sudah direkam untuk KTP-el di Jakarta Raya (51,67%); "
        "sisa 29.000. Kota/kabupaten tuntas: 1 dari 2.\n\n"
        "Naik 134 sejak Rabu, 24 November 2021: +130 baru, +4 terlambat dilaporkan. "
        "Paling tertinggal: Jakarta Pusat, 1.589 dari 6.359 (24,99%). Sudah tuntas: Jakarta Barat.\n\n"
        "Jakarta Pusat: 1.589 dari 6.359 (24,99%)\nJakarta Barat: 13.770 dari 13.770 (100%)\n\n"
        "Angka resmi nomor 326, keadaan per Kamis, 25 November 2021. Rekam Jakarta"
    )


def test_the_whole_text_in_english() -> None:
    assert digest(FACTS, "en").startswith(
        "KTP-el recordings, Jakarta Raya 2021\n\n"
        "By Thursday, 25 November 2021, 31,000 of 60,000 residents of Jakarta Raya were recorded for the KTP-el "
        "(51.67%); 29,000 remain. Cities at target: 1 of 2.\n\n"
        "Up 134 since Wednesday, 24 November 2021: +130 new, +4 reported late. "
    )


CASES = [
    ({"region": figure("X", 7, None)}, "7 warga sudah direkam untuk KTP-el di X; belum ada target."),
    ({"region": figure("X", None, 60)}, "belum ada laporan dari X; targetnya 60."),
    ({"region": figure("X", None, None)}, "belum ada laporan dari X."),
    ({"region": figure("X", 60, 60)}, "60 dari 60 warga sudah direkam untuk KTP-el di X (100%); target tercapai."),
    ({"region": figure("X", 66, 60)}, "(110,00%); target terlampaui 6."),
    ({"previous_day": None}, "Belum ada angka hari sebelumnya sebagai pembanding."),
    ({"change": 0, "causes": [("new", 0)]}, "Tidak berubah sejak Rabu, 24 November 2021."),
    ({"change": -5, "causes": [("returned", -5)]}, "Turun 5 sejak Rabu, 24 November 2021: −5 laporan dikembalikan."),
    ({"change": 0, "causes": [("new", 5), ("corrected", -5)]}, "Jumlahnya tetap sejak"),
    ({"target_change": -1_000}, "Target berubah −1.000."),
    ({"children": []}, "sisa 29.000.\n\n"),
    ({"children": [figure("A", None, 5)]}, "A: belum ada laporan (target 5)"),
    ({"children": [figure("A", 3, None)]}, "A: 3 (belum ada target)"),
    ({"children": [figure(name, 5, 5) for name in "DCBA"]}, "Sudah tuntas: A, B, C, dan 1 lagi."),
    ({"document": "KIA"}, "31.000 dari 60.000 KIA sudah terbit di Jakarta Raya (51,67%)"),
    ({"document": "KIA", "region": figure("X", 7, None)}, "7 KIA sudah terbit di X; belum ada target."),
    ({"status": "provisional"}, "Angka sementara nomor 326"),
    ({"status": "void"}, "TIDAK BERLAKU: angka nomor 326"),
    ({"status": "ahead"}, "HARINYA BELUM LEWAT: angka nomor 326"),
]


@pytest.mark.parametrize(("other", "sentence"), CASES)
def test_every_case_has_its_sentence(other: dict[str, object], sentence: str) -> None:
    facts = replace(FACTS, **other)  # type: ignore[arg-type]
    assert sentence in digest(facts, "id")
    assert digest(facts, "en").count("\n\n") == digest(facts, "id").count("\n\n")


def test_a_kia_is_never_called_recorded() -> None:
    text = digest(replace(FACTS, document="KIA"), "id")
    assert "rekam" not in text.replace("Rekam Jakarta", "")


PEOPLE = st.integers(0, 10**7)


@given(PEOPLE, st.none() | PEOPLE, st.lists(st.tuples(st.none() | PEOPLE, st.none() | PEOPLE), max_size=6), PEOPLE)
def test_every_number_is_one_of_the_runs(
    recorded: int, goal: int | None, below: list[tuple[int | None, int | None]], change: int
) -> None:
    region, children = figure("X", recorded, goal), [figure("Y", *each) for each in below]
    facts = replace(FACTS, region=region, children=children, change=change, causes=[("new", change)])
    known = {326, 25, 24, 2021, change, len(children), sum(child.reached for child in children)}
    for each in (region, *children):
        known |= {each.recorded if each.entries else None, each.target, each.remaining, each.surplus, each.percent}  # type: ignore[arg-type]
    known |= set(range(len(children)))  # how many more are done
    for number in re.findall(r"\d[\d.]*(?:,\d+)?", digest(facts, "id")):
        assert Decimal(number.strip(".").replace(".", "").replace(",", ".")) in known, number


# The page


@pytest.fixture
def story(at_noon: None) -> None:
    target(40_000, KAPUK)
    write(count(30_000, day=DAY - timedelta(days=1)))
    run_due(by=SYSTEM, now=NOON)
    write(count(1_000))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


@pytest.mark.usefixtures("story")
def test_the_page_holds_both_texts_whatever_its_language() -> None:
    client = logged_in(cast.reader())
    for language in ("id", "en"):
        client.cookies["django_language"] = language
        page = words(client.get(f"/wilayah/{BARAT}/ringkasan/"))
        assert "31.000 dari 40.000 warga sudah direkam untuk KTP-el di Jakarta Barat (77,50%); sisa 9.000." in page
        assert "31,000 of 40,000 residents of Jakarta Barat were recorded for the KTP-el (77.50%); 9,000 remain." in page
        assert "Naik 1.000 sejak Rabu, 24 November 2021: +1.000 baru." in page
    old = words(client.get(f"/wilayah/{BARAT}/ringkasan/?run=1"))
    assert "30.000 dari 40.000 warga" in old
    assert "Angka resmi nomor 1" in old


@pytest.mark.usefixtures("story")
def test_an_unreadable_region_is_not_named() -> None:
    assert logged_in(cast.reader_barat()).get("/wilayah/31.71/ringkasan/").status_code == 404
    assert logged_in(cast.admin()).get("/wilayah/31.99/ringkasan/").status_code == 404


@pytest.mark.usefixtures("story")
def test_the_page_asks_eight_times() -> None:
    client = logged_in(cast.reader())
    client.get("/wilayah/31/ringkasan/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/wilayah/31/ringkasan/")
    assert len(captured) == 8


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_run_it_says_what_next() -> None:
    assert "Belum ada angka" in words(logged_in(cast.staff()).get("/wilayah/31/ringkasan/"))
