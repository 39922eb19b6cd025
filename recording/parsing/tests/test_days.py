"""Days as people write them: in titles, in the names of files and sheets, and in cells."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.parsing.days import MONTHS, Span, parse_day, read_day, spans_in

pytestmark = pytest.mark.once

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
BOOKS = sorted(SHARED.glob("*/*.xlsx"))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
LONG = [
    "",
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
NAMES: dict[int, list[str]] = {number: [name for name, month in MONTHS.items() if month == number] for number in range(1, 13)}


def told(text: str) -> list[str]:
    """The spans as "first..last"; a single day as itself."""
    return [
        span.first.isoformat() + (f"..{span.last.isoformat()}" if span.last != span.first else "") for span in spans_in(text)
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 November 2021", ["2021-11-30"]),
        ("Data Perekaman per Kelurahan (30 November 2021).xlsx", ["2021-11-30"]),
        ("Standar Kelurahan (31 MEI 2020 Pukul 09.00).xlsx", ["2020-05-31"]),
        ("keadaan 30 Nov 2021", ["2021-11-30"]),
        ("KEADAAN PER TANGGAL 1 AGUSTUS 2021", ["2021-08-01"]),
        ("keadaan s.d. 30 November 2021", ["2021-11-30"]),
        ("Tgl.30 November 2021", ["2021-11-30"]),
        ("Kamis, 25 November 2021 Pukul 10.00 WIB", ["2021-11-25"]),
        ("November 30, 2021", ["2021-11-30"]),
        ("rekap_30_November_2021_final", ["2021-11-30"]),
        ("30-Nov-2021", ["2021-11-30"]),
        ("30Nov2021", ["2021-11-30"]),
        ("30\n November\u00a02021", ["2021-11-30"]),
        ("laporan 30-11-2021", ["2021-11-30"]),
        ("5/6/2021", ["2021-06-05"]),
        ("05.06.2021", ["2021-06-05"]),
        ("2021-11-30", ["2021-11-30"]),
        ("2021-11-30 09:00", ["2021-11-30"]),
        ("2021-11-30T09:00", ["2021-11-30"]),
        ("rekap-2021-11-30-2", ["2021-11-30"]),
        ("30 Nov '21", ["2021-11-30"]),
        ("Nov ’21", ["2021-11-01..2021-11-30"]),
        ("1 s.d. 30 November 2021", ["2021-11-01..2021-11-30"]),
        ("1 s/d 30 NOVEMBER 2021", ["2021-11-01..2021-11-30"]),
        ("1 sd 30 Nov 2021", ["2021-11-01..2021-11-30"]),
        ("1 sampai dengan 7 Des 2021", ["2021-12-01..2021-12-07"]),
        ("1–30 November 2021", ["2021-11-01..2021-11-30"]),
        ("01-30/11/2021", ["2021-11-01..2021-11-30"]),
        ("1 Oktober s.d. 30 November 2021", ["2021-10-01..2021-11-30"]),
        ("1 Desember 2021 - 31 Januari 2022", ["2021-12-01..2022-01-31"]),
        ("Januari s.d. Juni 2021", ["2021-01-01..2021-06-30"]),
        ("November 2021", ["2021-11-01..2021-11-30"]),
        ("Bulan Februari 2024", ["2024-02-01..2024-02-29"]),
        ("300 November 2021", ["2021-11-01..2021-11-30"]),
        ("Semester I 2025", ["2025-01-01..2025-06-30"]),
        ("SEMESTER II TAHUN 2025", ["2025-07-01..2025-12-31"]),
        ("Smt 2/2025", ["2025-07-01..2025-12-31"]),
        ("Triwulan III 2025", ["2025-07-01..2025-09-30"]),
        ("TW IV 2025", ["2025-10-01..2025-12-31"]),
        ("tw.1 tahun 2025", ["2025-01-01..2025-03-31"]),
        ("Triwulan ke-2 2025", ["2025-04-01..2025-06-30"]),
        ("Q4 2025", ["2025-10-01..2025-12-31"]),
        ("Tahun 2025", ["2025-01-01..2025-12-31"]),
        ("TA 2025", ["2025-01-01..2025-12-31"]),
        ("Thn. 2025", ["2025-01-01..2025-12-31"]),
        ("Rekap Oktober 2021, keadaan 2 November 2021", ["2021-10-01..2021-10-31", "2021-11-02"]),
        ("30 November 2021 dan 30-11-2021", ["2021-11-30", "2021-11-30"]),
    ],
)
def test_a_text_names_these_days(text: str, days: list[str]) -> None:
    assert told(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rekap perekaman",
        "Sheet1",
        "2021",
        "Target 2025",
        "rekap 2021 2022",
        "30 November",
        "30 November '2",
        "30 November 21",
        "30/11/21",
        "30/11",
        "November",
        "30 November 1999",
        "30 November 2100",
        "30 Novembre 2021",
        "31 Februari 2021",
        "29 Februari 2021",
        "31/11/2021",
        "30/13/2021",
        "2021-02-29",
        "2021-13-01",
        "0 Mei 2021",
        "45 November 2021",
        "31 s.d. 5 November 2021",
        "31.73.01.1001",
        "31.73.01.2001",
        "11.01.01.2001",
        "3173011001",
        "Pukul 09.00",
        "09.00-12.00",
        "(2)",
        "data (2).xlsx",
        "021-5550-2021",
        "0812-12-11-2021",
        "08-12-11-2021",
        "12-11-2021-55",
        "Nomor 470/12/11/2021",
        "Semester III 2025",
        "Triwulan V 2025",
        "Triwulan 5 2025",
        "30 s.d. 5 November 2021",
        "Juni - Januari 2021",
        "Nomor 470/01-30/11/2021",
        "01-30-11-2021",
        "Mobil 12",
        "RW 05/2021",
        "20211130",
        "12.345.2021",
    ],
)
def test_what_names_no_day_gives_none(text: str) -> None:
    assert spans_in(text) == []


@pytest.mark.parametrize("name", sorted(MONTHS))
@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_every_month_name_is_known_in_any_case(name: str, change: Callable[[str], str]) -> None:
    day = date(2021, MONTHS[name], 9)
    assert spans_in(f"keadaan 9 {change(name)} 2021.") == [Span(day, day, f"9 {change(name)} 2021")]


@pytest.mark.parametrize(
    ("number", "names"),
    [
        (1, "Jan Januari"),
        (2, "Feb Februari"),
        (3, "Mar Maret"),
        (4, "Apr April"),
        (5, "Mei May"),
        (6, "Jun Juni"),
        (7, "Jul Juli"),
        (8, "Agu Ags Agt Agust Aug Agustus"),
        (9, "Sep Sept September"),
        (10, "Okt Oct Oktober"),
        (11, "Nov Nop Nopember November"),
        (12, "Des Dec Desember"),
    ],
)
def test_the_short_names_of_offices_mean_their_month(number: int, names: str) -> None:
    assert {MONTHS[name.lower()] for name in names.split()} == {number}


@given(day=DAYS, data=st.data())
def test_a_day_is_read_in_every_written_form(day: date, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES[day.month]))
    change = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
    year = day.year
    form = data.draw(
        st.sampled_from(
            [
                f"{day.day} {change(name)} {year}",
                f"{day.day:02} {change(name)} {year}",
                f"{day.day}-{change(name)}-{year}",
                f"{day.day} {change(name)}. {year}",
                f"{day.day} {change(name)} '{year % 100:02}",
                day.isoformat(),
                f"{day.day:02}-{day.month:02}-{year}",
                f"{day.day}/{day.month}/{year}",
                f"{day.day:02}.{day.month:02}.{year}",
            ]
        )
    )
    around = data.draw(st.sampled_from(["{}", "Data ({}).xlsx", "keadaan {} Pukul 09.00", "KEADAAN PER {}, sementara"]))
    assert spans_in(around.format(form)) == [Span(day, day, form)]
    assert read_day(form) == day
    assert read_day(f" {form}  09:00") == day


@given(DAYS, DAYS)
def test_two_days_keep_the_order_of_the_text(one: date, other: date) -> None:
    text = f"Rekap {one.day} {LONG[one.month]} {one.year}; dicetak {other.isoformat()}"
    assert [span.first for span in spans_in(text)] == [one, other]


@given(st.text(alphabet="0123456789 .,-/'_()sdIVQMeiNovTahun", max_size=60))
def test_spans_are_ordered_and_inside_their_text(text: str) -> None:
    seen = " ".join(text.replace("_", " ").split())
    for span in spans_in(text):
        assert span.first <= span.last
        assert 2000 <= span.first.year <= span.last.year <= 2099
        assert span.text in seen


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-11-25", date(2021, 11, 25)),
        (" 2021-11-25 ", date(2021, 11, 25)),
        ("25/11/2021", date(2021, 11, 25)),
        ("25-11-2021", date(2021, 11, 25)),
        ("25.11.2021", date(2021, 11, 25)),
        ("3/4/2021", date(2021, 4, 3)),
        ("25 November 2021", date(2021, 11, 25)),
        ("Kamis, 25 November 2021", date(2021, 11, 25)),
        ("Jum'at 26 NOV 2021", date(2021, 11, 26)),
        ("2021-11-30 09:00", date(2021, 11, 30)),
        ("31 Mei 2020 Pukul 09.00 WIB", date(2020, 5, 31)),
        ("1999-12-31", date(1999, 12, 31)),
    ],
)
def test_a_cell_holds_one_day(cell: str, day: date) -> None:
    assert read_day(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-",
        "Kamis",
        44525,
        2021,
        25.11,
        "44525",
        "25/11/211",
        "11/25/2021",
        "31/02/2021",
        "2021-02-30",
        "November 2021",
        "Tahun 2021",
        "1 s.d. 30 November 2021",
        "25-11-2021 dan 26-11-2021",
        "keadaan 25 November 2021",
        "Kapuk, 25 November 2021",
        "25 November 2021 (sementara)",
        "３０-11-2021x",
        "25 November 2021" + " x" * 40,
        "25 November 2021" + " " * 200 + "x",
        "2021-11-25" + " " * 200 + "x",
    ],
)
def test_a_cell_without_a_day_is_refused(cell: str | int | float) -> None:
    with pytest.raises(Refused) as problem:
        read_day(cell)
    assert (problem.value.field, problem.value.params["text"]) == ("day", " ".join(str(cell).split())[:40])


def test_a_long_cell_is_refused_and_quoted_short() -> None:
    for cell in ("Semester 1" + " ," * 1_000_000 + " 2021", "Kamis, " * 9 + "25 November 2021", "25/11/2021" + " 9" * 30):
        with pytest.raises(Refused) as problem:
            read_day(cell)
        assert len(str(problem.value.params["text"])) == 40


@pytest.mark.parametrize("text", ["25 November 2021", "25-11-2021", "2021-11-25 09:00", "2021-11-31", ""])
def test_addresses_and_commands_take_iso_days_only(text: str) -> None:
    assert parse_day("2021-11-25") == date(2021, 11, 25)
    with pytest.raises(Refused) as problem:
        parse_day(text)
    assert problem.value.field == "day"


@pytest.mark.skipif(not BOOKS, reason="the shared workbooks are not beside the project")
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem[-32:])
def test_each_shared_workbooks_name_gives_its_day(book: Path) -> None:
    words = book.stem.partition("(")[2].split()
    month = LONG.index(words[1])
    (span,) = spans_in(book.name)
    assert (span.first, span.last) == (date(int(words[2].rstrip(")")), month, int(words[0])),) * 2
