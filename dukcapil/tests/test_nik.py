"""No NIK comes in, however it is written; what only looks like one does."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.nik import contains_nik

pytestmark = pytest.mark.once

NIK, WOMAN = "3173010107900001", "3173014508900002"
NBSP, FIGURE_SPACE, ZERO_WIDTH, NO_WIDTH_JOINER = "\u00a0", "\u2007", "\u200b", "\u2060"
NIP = "197003121995031002"


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"NIK{NIK}",
        f"warga ({NIK}) pindah",
        f"{NIK}{NIK}",
        "1234567890123456",
        "198503302003129002",  # appointed in no month
        "197003121995033002",  # neither 1 nor 2
        f"{NIP}5",
        f"{NIP} {NIK}",
        "3173 0101 0790 0001",
        "317301 010790 0001",
        "317301.010790.0001",
        "31.73.01.010790.0001",
        "31.73.01.01.07.90.0001",
        "31.73.01.0107 900001",
        "3173-0101-0790-0001",
        f"3173{NBSP}0101{NBSP}0790{NBSP}0001",
        "31 7301-010790.0001",
        "3 1 7 3 0 1 0 1 0 7 9 0 0 0 0 1",
        "3.173.010.107.900.001",
        "3,173,010,107,900,001",
        "\u0663\u0661\u0667\u0663" * 4,
        "31.73.01 010790 0001",
        "KK 3173010107900001, RT 05",
        "317301  450890  0002",
        "317301/450890/0002",
        "317301\n450890\n0002",
        "317301\t450890\t0002",
        "317301_450890_0002",
        "317301, 450890, 0002",
        "317301: 450890: 0002",
        "317301·450890·0002",
        "317301 (450890) 0002",
        "317301 – 450890 – 0002",
        f"317301{FIGURE_SPACE}450890{FIGURE_SPACE}0002",
        f"31730145{ZERO_WIDTH}0890{NO_WIDTH_JOINER}0002",
        "12 orang; 317301 450890 0002 pindah 25-11-2021",
        "٣١٧٣٠١ ٤٥٠٨٩٠ ٠٠٠٢",
    ],
)
def test_it_sees_a_nik(text: str) -> None:
    assert contains_nik(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mobil rusak",
        "317301010790000",
        "3173011001",
        "31.73.01.1001 31.73.01.1002",
        "3173011001 3173011002",
        "Kel. 31.73.01.1001, 31.73.01.1002 dan 31.73.01.1003",
        "25-11-2021 08.00-12.00",
        "25-11-2021 0800-1200",
        "12-11-2021 0800-1200",
        "2021-11-25 08.00-12.00",
        "25/11/2021 s.d. 30/11/2021",
        "25/11/2021 - 30/11/2021",
        "31122021 01012022",
        "20211125 20211126",
        "31122021-01012022",
        "Telepon 0812-3456-7890",
        "021-5663452 dan 021-5663453",
        "0812 3456 7890 / 0813 3456 7890",
        "+62 812-3456-7890, +62 813-3456-7890",
        "31 40 25 12 50 60 31 22",
        "120, 340, 560, 780, 910, 30",
        "1, 101, 150, 101, 100, 100",
        "B 1234 PKD, B 5678 PKD, B 9012 PKD, B 3456 PKD",
        "Surat 1234/-071.11/2021 tanggal 4 Januari 2021",
        "1.234.567.890",
        f"NIP. {NIP}",
        f"NIP {NIP}, NIP 198503302003122001",
        "NIP 19700312 199503 1 002",
        "NIP. 19850330.200312.2.001",
        "317301 994090 0002",  # born in no month
        "317301 320790 0001",  # nor on such a day
        "993001 450890 0002",  # in no province
        "317301 450890 0000",
    ],
)
def test_it_does_not_take_other_numbers_for_one(text: str) -> None:
    assert not contains_nik(text)


niks = st.builds(
    lambda province, city, district, day, month, year, serial: (
        f"{province}{city:02}{district:02}{day:02}{month:02}{year:02}{serial:04}"
    ),
    st.sampled_from([11, 31, 36, 53, 94]),
    st.integers(1, 79),
    st.integers(1, 44),
    st.integers(1, 31) | st.integers(41, 71),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(1, 9999),
)
gaps = st.text(alphabet=" .-/_,:·()\t\n\u2007\u00a0\u200b–", min_size=1, max_size=3)
DATES = st.dates().map(lambda day: day.strftime("%d%m%Y"))


@given(niks, st.sets(st.sampled_from([2, 4, 6, 10, 12])), gaps, st.sampled_from(["", "warga ", "NIK: "]))
def test_it_sees_every_nik_split_into_parts(digits: str, cuts: set[int], gap: str, before: str) -> None:
    """Divided after the day and month alone it would be two days, for which nobody is refused."""
    parts = [digits[start:end] for start, end in pairwise([0, *sorted(cuts), 16])]
    assert contains_nik(f"{before}{gap.join(parts)} pindah")


@given(niks, gaps)
def test_it_sees_every_nik_with_its_digits_apart(digits: str, gap: str) -> None:
    assert contains_nik(gap.join(digits))


@given(st.text(alphabet="0123456789", min_size=19, max_size=40), st.text(alphabet="ab :;", max_size=5))
def test_it_sees_every_long_run(digits: str, around: str) -> None:
    assert contains_nik(around + digits + around)


@given(st.text(alphabet="0123456789", min_size=16, max_size=17))
def test_it_sees_every_run_of_sixteen(digits: str) -> None:
    assert contains_nik(f"({digits})")


@given(
    st.lists(st.dates(date(1900, 1, 1), date(2099, 12, 31)), min_size=2, max_size=2),
    st.sampled_from(["%d%m%Y", "%Y%m%d", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"]),
    st.sampled_from([" ", " - ", "/", ", "]),
)
def test_two_days_are_no_nik(days: list[date], form: str, between: str) -> None:
    assert not contains_nik(between.join(day.strftime(form) for day in days))


@given(st.lists(st.integers(0, 999), max_size=12), st.sampled_from([", ", "; ", " dan "]))
def test_a_list_of_counts_is_no_nik(numbers: list[int], between: str) -> None:
    assert not contains_nik(between.join(map(str, numbers)))


@given(st.lists(st.integers(0, 10**15 - 1), max_size=3))
def test_a_few_numbers_apart_are_no_nik(numbers: list[int]) -> None:
    assert not contains_nik(" atau ".join(map(str, numbers)))


@given(st.integers(1940, 2005), st.integers(1, 12), st.integers(1, 28), st.integers(1970, 2029), st.sampled_from("12"))
def test_a_civil_servants_number_passes(year: int, month: int, day: int, appointed: int, sex: str) -> None:
    assert not contains_nik(f"NIP {year}{month:02}{day:02}{appointed}{month:02}{sex}002")
