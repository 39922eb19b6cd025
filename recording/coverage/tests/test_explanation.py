"""Why a figure changed: parts that sum exactly for every pair of runs, and the ledger rows behind each of them."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.testing import shared_worlds
from recording.coverage.changes import UNCOVERED, Comparison, changes_behind, differences, part_words
from recording.coverage.services import recompute_coverage
from recording.ledger.services import return_counts, undo_posting
from recording.models import CoverageRun, Door
from recording.tests import world
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

CIDENG, PALMERIAM = "31.71.01.1002", "31.75.01.1004"
D1, D2 = DAY - timedelta(days=1), DAY - timedelta(days=2)


def compute(day: date) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=NOON)


def tell_story() -> list[CoverageRun]:
    """Four runs in which everything that can change a figure happens; the last one looks back at an earlier day."""
    target(100, KAPUK)
    write(count(30, day=D2), count(8, CIDENG, day=D2), count(5, PALMERIAM, day=D2), count(11, day=DAY))
    first = compute(D2)
    write(count(40, day=D2), reason="hitung ulang")  # corrected +10
    write(count(6, CIDENG, day=D2, source="mobil"))  # late +6
    mistaken = write(count(9, "31.73.01.1001", day=D1))  # new
    return_counts(act=Act(SYSTEM, NOON, Door.COMMAND), keys=[count(5, PALMERIAM, day=D2).key], reason="salah")
    second = compute(D1)
    assert mistaken.posting
    undo_posting(act=Act(SYSTEM, NOON, Door.COMMAND), posting=mistaken.posting.pk, reason="dobel")
    target(120, KAPUK, since=DAY)
    third = compute(DAY)
    write(count(1, day=D1))
    return [first, second, third, compute(D1)]


OWN_WORLDS = {"story": tell_story}


@pytest.fixture
def story(at_noon: None) -> list[CoverageRun]:
    runs: list[CoverageRun] = shared_worlds.given("story")
    return runs


PAIRS = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]
CODES = [DKI, BARAT, KAPUK, "31.71", CIDENG, "31.75", PALMERIAM, "31.73.01.1001"]


@pytest.mark.parametrize("pair", PAIRS)
def test_rows_behind_a_part_sum_to_it(story: list[CoverageRun], pair: tuple[int, int]) -> None:
    earlier, later = (story[number] for number in pair)
    period = world.period()
    found = differences(Comparison(earlier, later, "KTP", period), CODES)
    for code in CODES:
        for part in part_words():
            behind: Any = changes_behind(Comparison(earlier, later, "KTP", period), code, part)
            total = sum(-row.delta if row.part == UNCOVERED else row.delta for row in behind)
            assert total == (0 if part == "regrouped" else getattr(found[code], part)), (code, part)
        recorded = [
            sum(run.figures.filter(region=code, document="KTP", period=period).values_list("recorded", flat=True))
            for run in (earlier, later)
        ]
        assert found[code].recorded == recorded[1] - recorded[0]
        assert found[code].regrouped == 0


def test_regions_show_before_after_and_parts(story: list[CoverageRun]) -> None:
    page = logged_in(cast.reader()).get("/wilayah/31/perubahan/?dari=1&sampai=2")
    assert "dari 23 Nov 2021 sampai 24 Nov 2021 Naik 20 orang" in words(page)
    names = ["Baru", "Terlambat", "Koreksi", "Dikembalikan"]
    assert [name for name in [*names, "Dibatalkan", "Susunan wilayah"] if f'number">{name}<' in page.content.decode()] == names
    assert rows(page, "Sebab perubahan") == [
        ["Jakarta Barat", "30 dari 100", "+9", "0", "+10", "0", "+19", "49 dari 100", "tetap"],
        ["Jakarta Pusat", "8", "0", "+6", "0", "0", "+6", "14", "tetap"],
        ["Jakarta Timur", "5", "0", "0", "0", "−5", "−5", "–", "tetap"],
    ]
    undone = logged_in(cast.reader()).get("/wilayah/31.73/perubahan/?dari=2&sampai=3")
    assert rows(undone, "Sebab perubahan")[0] == ["Cengkareng", "49 dari 100", "+11", "−9", "+2", "51 dari 120", "+20"]


def test_a_cell_leads_to_rows_summing_to_it(story: list[CoverageRun]) -> None:
    client = logged_in(cast.staff())
    html = client.get("/wilayah/31/perubahan/?dari=1&sampai=3").content.decode()
    links = re.findall(r'<a class="tap" href="([^"]*bagian=[^"]*)">([^<]*)</a>', html)
    assert len(links) >= 6
    for address, shown in links:
        page = client.get(unescape(address))
        assert f": {unescape(shown)}" in words(page)
        deltas = [row[4] for row in rows(page, "Jejak perubahan")]
        number = lambda text: int(text.split()[0].replace("−", "-"))  # noqa: E731
        assert sum(map(number, deltas)) == number(unescape(shown)), address


def test_many_rows_are_paged_by_position(story: list[CoverageRun]) -> None:
    write(*(count(1, source=f"s{number:03}") for number in range(130)))
    compute(DAY)
    client, address = logged_in(cast.reader()), "/wilayah/31/perubahan/buku/?bagian=new&dari=1&sampai=5"

    def shown(page: Any) -> list[int]:
        return [int(row[-1].replace(".", "")) for row in rows(page, "Jejak perubahan")]

    def follow(page: Any, rel: str) -> Any:
        link = re.search(rf'rel="{rel}" href="([^"]*)"', page.content.decode())
        return client.get(unescape(link[1])) if link else None

    pages = [client.get(address)]
    while page := follow(pages[-1], "next"):
        pages.append(page)
    listed = [number for page in pages for number in shown(page)]
    assert [len(shown(page)) for page in pages[:-1]] == [50] * (len(pages) - 1)
    assert (len(pages) > 2, listed, len(set(listed))) == (True, sorted(listed, reverse=True), len(listed))
    assert shown(follow(pages[2], "prev")) == shown(pages[1])
    assert shown(follow(pages[1], "prev")) == shown(pages[0])
    assert follow(pages[0], "prev") is None
    for odd in ("mulai=x", "mulai=-1", "sebelum=٢", "mulai=" + "9" * 400, "halaman=2", "sebelum=999999999999999999"):
        assert shown(client.get(f"{address}&{odd}")) == shown(pages[0]), odd
    assert shown(client.get(f"{address}&mulai=0")) == []


def test_the_default_compares_the_two_newest_runs(story: list[CoverageRun]) -> None:
    page = words(logged_in(cast.reader()).get("/wilayah/31/perubahan/"))
    assert "dari 24 Nov 2021 sampai 25 Nov 2021" in page
    old = words(logged_in(cast.reader()).get("/wilayah/31/perubahan/?run=2"))
    assert "dari 23 Nov 2021 sampai 24 Nov 2021" in old


def test_reversed_runs_are_swapped_equal_ones_told(story: list[CoverageRun]) -> None:
    client = logged_in(cast.reader())
    turned = words(client.get("/wilayah/31/perubahan/?dari=2&sampai=1"))
    assert "Naik 20 orang" in turned
    assert "Urutannya dibalik" in turned
    assert "Pilih dua angka yang berbeda" in words(client.get("/wilayah/31/perubahan/?dari=2&sampai=2"))


def test_a_part_without_rows_says_why(story: list[CoverageRun]) -> None:
    page = logged_in(cast.reader()).get("/wilayah/31/perubahan/buku/?dari=1&sampai=2&bagian=regrouped")
    assert "tidak mempunyai jejak perubahan" in words(page)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/wilayah/31/perubahan/?dari=abc", "Perhitungan nomor abc tidak ada."),
        ("/wilayah/31/perubahan/?dari=99", "Perhitungan nomor 99 tidak ada."),
        ("/wilayah/31/perubahan/?sampai=-1", "Perhitungan nomor -1 tidak ada."),
        ("/wilayah/31/perubahan/?periode=1999", "Periode 1999 tidak ada."),
        ("/wilayah/31/perubahan/?dokumen=SIM", "Dokumen SIM tidak dikenal"),
        ("/wilayah/31.99/perubahan/", "Wilayah 31.99 tidak ditemukan."),
        ("/wilayah/31/perubahan/buku/?bagian=lain", "Bagian lain tidak dikenal."),
        ("/wilayah/31/perubahan/buku/", "Bagian tidak dikenal."),
        ("/wilayah/31.99/perubahan/buku/?bagian=new", "Wilayah 31.99 tidak ditemukan."),
    ],
)
def test_a_bad_address_answers_404_with_a_sentence(story: list[CoverageRun], address: str, sentence: str) -> None:
    page = logged_in(cast.admin()).get(address)
    assert (page.status_code, sentence in words(page)) == (404, True)


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_run_it_says_what_next() -> None:
    client = logged_in(cast.staff())
    assert "Belum ada angka" in words(client.get("/wilayah/31/perubahan/"))
    compute(DAY)
    assert "Tidak ada yang dibandingkan" in words(client.get("/wilayah/31/perubahan/"))


@pytest.mark.parametrize(
    ("address", "number"), [("perubahan/?dari=1&sampai=3", 8), ("perubahan/buku/?bagian=new&dari=1&sampai=3", 9)]
)
def test_the_pages_ask_as_often_as_recorded(story: list[CoverageRun], address: str, number: int) -> None:
    """One of them is the question of a portal without a night for its first period."""
    client = logged_in(cast.staff())
    address = f"/wilayah/31/{address}"
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) == number, "\n".join(q["sql"][:150] for q in captured)
