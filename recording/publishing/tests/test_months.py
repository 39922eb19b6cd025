"""The monthly report: a month as its last night froze it, whatever is corrected later."""

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.tests.visits import Visit
from recording.coverage.services import recompute_coverage
from recording.coverage.voiding import void_run
from recording.models import Door
from recording.publishing.months import Month, closed_months, parse_month
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEPTEMBER, OCTOBER = date(2021, 9, 30), date(2021, 10, 31)
REPORT = "/wilayah/31/bulan/?bulan=2021-10"


def compute(day: date) -> int:
    return recompute_coverage(by=SYSTEM, day=day, now=NOON).number


@pytest.fixture
def months(at_noon: None) -> None:
    """September with 100 people, October with 40 more in one city and 7 in another."""
    target(1_000, KAPUK)
    write(count(100, day=date(2021, 9, 10)))
    compute(SEPTEMBER)
    write(count(40, day=date(2021, 10, 5)), count(7, "31.75.01.1004", day=date(2021, 10, 6)))
    compute(OCTOBER)


@pytest.mark.parametrize(
    ("text", "month"), [("2021-10", Month(2021, 10)), ("2020-02", Month(2020, 2)), ("1999-12", Month(1999, 12))]
)
def test_a_month_has_days_and_a_name(text: str, month: Month) -> None:
    assert (parse_month(text), str(month)) == (month, text)
    assert month.before.last_day.toordinal() + 1 == month.first_day.toordinal()
    assert (month.last_day - month.first_day).days + 1 in (28, 29, 30, 31)


def test_ends_of_months_are_those_of_the_calendar() -> None:
    ends = [Month(2020, 2), Month(2021, 2), Month(2021, 12), Month(2021, 1).before]
    assert [month.last_day for month in ends] == [date(2020, 2, 29), date(2021, 2, 28), date(2021, 12, 31), date(2020, 12, 31)]


@pytest.mark.usefixtures("months")
def test_each_sheet_tells_its_month() -> None:
    page = logged_in(cast.reader()).get(REPORT)
    said = words(page)
    assert said.count("Laporan bulanan Perekaman KTP-el, Oktober 2021") >= 4, "the province and its three cities"
    assert "147 dari 1.000" in said
    assert "Berubah +47 sejak Kamis, 30 September 2021 (nomor 1). Baru +47." in said
    assert "Angka resmi nomor 2" in said
    table = {row[0]: row[-1] for row in rows(page, "Capaian wilayah di Daerah Khusus Ibukota Jakarta")}
    assert table == {"Jakarta Pusat": "–", "Jakarta Barat": "+40", "Jakarta Timur": "+7"}
    assert "Daerah Khusus Ibukota Jakarta 147 1.000 14,70% 853 −685 +47" in said, "the sum of the lines"
    barat = {row[0]: row[-1] for row in rows(page, "Capaian wilayah di Kota Administrasi Jakarta Barat")}
    assert barat == {"Cengkareng": "+40", "Grogol Petamburan": "–"}


@pytest.mark.usefixtures("months")
def test_what_comes_later_changes_no_month() -> None:
    client = logged_in(cast.reader())
    before = words(client.get(REPORT))
    write(count(60, day=date(2021, 10, 5)), reason="salah baca")
    target(2_000, KAPUK, since=date(2021, 10, 1))
    assert compute(OCTOBER) == 3
    assert words(client.get(REPORT)) == before


@pytest.mark.usefixtures("months")
def test_a_void_night_gives_way_to_the_next() -> None:
    write(count(60, day=date(2021, 10, 5)), reason="salah baca")
    compute(OCTOBER)
    void_run(act=Act(cast.admin(), NOON, Door.PAGE), number=2, reason="jam server maju")
    said = words(logged_in(cast.reader()).get(REPORT))
    assert "167 dari 1.000" in said
    assert "Angka resmi nomor 3" in said


@pytest.mark.usefixtures("at_noon")
def test_a_first_month_is_compared_with_nothing() -> None:
    write(count(9, day=date(2020, 12, 30)), count(5, day=date(2021, 1, 5)))
    compute(date(2020, 12, 31))
    compute(date(2021, 1, 31))
    page = logged_in(cast.reader()).get("/wilayah/31/bulan/?bulan=2021-01")
    assert "sejak" not in words(page).partition("Laporan bulanan")[2].partition("Capaian target")[0]
    assert "Daerah Khusus Ibukota Jakarta 5 – – – – +5" in words(page)


@pytest.mark.usefixtures("at_noon")
def test_a_month_after_a_gap_tells_no_growth() -> None:
    write(count(9, day=date(2021, 1, 5)), count(5, day=date(2021, 2, 5)))
    compute(date(2021, 2, 28))
    page = logged_in(cast.reader()).get("/wilayah/31/bulan/?bulan=2021-02")
    assert "Daerah Khusus Ibukota Jakarta 14 – – – – –" in words(page)


@pytest.mark.usefixtures("months")
def test_an_open_month_has_no_report() -> None:
    compute(DAY)
    assert list(closed_months(DAY)) == [Month(2021, 10), Month(2021, 9)]
    page = words(logged_in(cast.reader()).get("/wilayah/31/unduh/"))
    assert "Oktober 2021 September 2021 Buka laporan bulanan" in page


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("31/bulan/?bulan=", "tulis tahun dan bulan, misalnya 2021-10."),
        ("31/bulan/?bulan=2021-13", "Bulan 2021-13 tidak dikenal"),
        ("31/bulan/?bulan=0000-01", "Bulan 0000-01 tidak dikenal"),
        ("31/bulan/?bulan=2021-1%30%30", "tidak dikenal"),
        ("31/bulan/?bulan=2021-11", "Bulan 2021-11 belum atau tidak mempunyai laporan. Yang terdekat: 2021-10."),
        ("31/bulan/?bulan=2019-01", "Yang terdekat: 2021-09."),
        ("31.99/bulan/?bulan=2021-10", "Wilayah 31.99 tidak ditemukan."),
        ("31/bulan/?bulan=2021-10&dokumen=SIM", "Dokumen SIM tidak dikenal"),
    ],
)
@pytest.mark.usefixtures("months")
def test_a_bad_month_answers_with_a_sentence(address: str, sentence: str) -> None:
    page = logged_in(cast.reader()).get(f"/wilayah/{address}")
    assert (page.status_code, sentence in words(page)) == (404, True), words(page)


@pytest.mark.usefixtures("at_noon")
def test_before_the_first_month_the_page_says_so() -> None:
    write(count(1))
    compute(DAY)
    client = logged_in(cast.reader())
    assert "Belum ada bulan yang sudah ditutup." in words(client.get(REPORT))
    assert "Laporan bulanan yang pertama ada sesudah malam terakhir bulan ini." in words(client.get("/wilayah/31/unduh/"))


@pytest.mark.usefixtures("months")
def test_without_a_month_one_is_chosen() -> None:
    answer = logged_in(cast.reader()).get("/wilayah/31/bulan/")
    assert (answer.status_code, answer["Location"]) == (302, "/wilayah/31/unduh/")


@pytest.mark.usefixtures("months")
def test_a_citys_reader_gets_the_own_sheet_alone() -> None:
    client = logged_in(cast.reader_barat())
    assert client.get(REPORT).status_code == 404
    said = words(client.get(f"/wilayah/{BARAT}/bulan/?bulan=2021-10"))
    assert "140 dari 1.000" in said
    assert "Jakarta Timur" not in said


@pytest.mark.browser
def test_each_sheet_fills_one_page(browser: "Browser", portal: str) -> None:
    cast.reader()
    compute(OCTOBER)
    visit = Visit(browser, portal)
    visit.log_in("rina")
    for address, pages in ((REPORT, 4), ("/wilayah/31/cetak/", 1)):
        visit.page.goto(address)
        paper = visit.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == pages, address
    visit.done()
