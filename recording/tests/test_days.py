"""Days in cells, titles and file names, as people here write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.days import read_day, spans_in

ONE_DAY = [
    ("Data Vaksinasi Berbasis Kelurahan (30 November 2021).xlsx", "2021-11-30"),
    ("Standar Kelurahan Data Corona (31 MEI 2020 Pukul 09.00).xlsx", "2020-05-31"),
    ("keadaan 30 Nov 2021", "2021-11-30"), ("per_30_November_2021_rev", "2021-11-30"), ("30-11-2021", "2021-11-30"),
    ("s.d. 30/11/2021", "2021-11-30"), ("laporan 2021-11-30 (2)", "2021-11-30"), ("25 Nopember '21", "2021-11-25"),
    ("1 Ags 2021", "2021-08-01"), ("November 25, 2021", "2021-11-25"), ("Kamis, 25 November 2021", "2021-11-25"),
]  # fmt: skip
SPANS = [
    ("1 s.d. 30 November 2021", "2021-11-01", "2021-11-30"), ("1-30 Nov 2021", "2021-11-01", "2021-11-30"),
    ("NOVEMBER 2021", "2021-11-01", "2021-11-30"), ("Semester I 2025", "2025-01-01", "2025-06-30"),
    ("Smt 2 Tahun 2025", "2025-07-01", "2025-12-31"), ("Triwulan III 2025", "2025-07-01", "2025-09-30"),
    ("TW IV 2024", "2024-10-01", "2024-12-31"), ("Tahun 2025", "2025-01-01", "2025-12-31"),
]  # fmt: skip
NOTHING = [
    "31 Februari 2021",
    "31.73.01.1001",
    "Pukul 09.00",
    "(2)",
    "2021",
    "0812-2021-2021",
    "data_kecamatan",
    "30112021",
]


@pytest.mark.parametrize(("text", "day"), ONE_DAY)
def test_a_day_is_found_inside_any_text_and_only_once(text: str, day: str) -> None:
    assert [(span.first.isoformat(), span.last.isoformat()) for span in spans_in(text)] == [(day, day)]


@pytest.mark.parametrize(("text", "first", "last"), SPANS)
def test_months_half_years_quarters_and_years_are_spans(text: str, first: str, last: str) -> None:
    assert [(span.first.isoformat(), span.last.isoformat()) for span in spans_in(text)] == [(first, last)]


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_day_is_nothing(text: str) -> None:
    assert spans_in(text) == []


def test_two_days_in_one_text_are_both_told_in_their_order() -> None:
    assert [span.text for span in spans_in("dari 1 Mei 2021 ke 30 Nov 2021")] == ["1 Mei 2021", "30 Nov 2021"]


MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(days)
def test_a_day_in_any_form_of_a_cell_is_that_day(day: date) -> None:
    month = MONTHS[day.month - 1]
    for text in (
        day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day.day} {month} {day.year}",
        f"{day.day} {month.upper()} {day.year}", f"{day.isoformat()} 09:00", f" {day.day}/{day.month}/{day.year} ",
    ):  # fmt: skip
        assert read_day(text) == day
        assert [span.last for span in spans_in(text)] == [day]


@pytest.mark.parametrize(
    "cell",
    ["", "kemarin", 44530, "25/11", "November 2021", "2021-02-30", "2021-11-25 abc", "11/25/2021", 1.5],
)
def test_a_cell_that_is_no_day_is_refused_at_the_day(cell: str | int | float) -> None:
    with pytest.raises(Refused, match="tidak sah") as problem:
        read_day(cell)
    assert problem.value.field == "day"
