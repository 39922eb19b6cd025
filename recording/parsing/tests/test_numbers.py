"""One parser for numbers of people, and the guard against 16-digit numbers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from recording.parsing.numbers import MAX_PEOPLE, parse_people

pytestmark = pytest.mark.once

NBSP, NARROW = "\u00a0", "\u202f"
NIK = "3173010107900001"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("0", 0),
        ("31", 31),
        ("007", 7),
        ("31000", 31_000),
        ("31.000", 31_000),
        ("31,000", 31_000),
        ("31 000", 31_000),
        (f"31{NBSP}000", 31_000),
        (f"31{NARROW}000", 31_000),
        ("1.234.567", 1_234_567),
        (" 5316", 5_316),
        ("\t5316\n", 5_316),
        (f"{NBSP}5.316 ", 5_316),
        ("NIHIL", 0),
        ("Nihil", 0),
        (" nihil ", 0),
        ("999.999.999", MAX_PEOPLE),
        (5_316, 5_316),
        (0, 0),
        (MAX_PEOPLE, MAX_PEOPLE),
    ],
)
def test_it_reads_what_people_write(text: str | int, people: int) -> None:
    assert parse_people(text) == people


@pytest.mark.parametrize("text", [None, "", "   ", NBSP, "-", " - ", "\u2013", "\u2014"])
def test_blank_is_missing_and_not_zero(text: str | None) -> None:
    assert parse_people(text) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("99,01%", "persentase"),
        ("99 %", "persentase"),
        ("-5%", "persentase"),
        ("-5", "negatif"),
        ("\u22125", "negatif"),
        ("- 1.000", "negatif"),
        (-1, "negatif"),
        ("1.23", "bukan bilangan bulat"),
        ("1,5", "bukan bilangan bulat"),
        ("0.123", "bukan bilangan bulat"),
        ("1234.567", "bukan bilangan bulat"),
        ("5.0", "bukan bilangan bulat"),
        ("5.", "bukan bilangan bulat"),
        ("1 2345", "bukan bilangan bulat"),
        ("12.34.567", "salah dikelompokkan"),
        ("1.234.56", "salah dikelompokkan"),
        ("1  234", "salah dikelompokkan"),
        ("0.123.456", "salah dikelompokkan"),
        ("1.000,5", "macam pemisah"),
        ("1.234,567", "macam pemisah"),
        (f"1 234{NBSP}567", "macam pemisah"),
        ("1e3", "bukan jumlah orang"),
        ("0x1", "bukan jumlah orang"),
        ("1_000", "bukan jumlah orang"),
        ("+5", "bukan jumlah orang"),
        ("5 orang", "bukan jumlah orang"),
        ("1'000", "bukan jumlah orang"),
        ("nihil 0", "bukan jumlah orang"),
        (".", "bukan jumlah orang"),
        ("--", "bukan jumlah orang"),
        ("\u0663\u0661", "angka selain 0"),
        ("３１", "angka selain 0"),
        ("5²", "angka selain 0"),
        ("½", "angka selain 0"),
        (True, "bukan pecahan atau ya/tidak"),
        (False, "bukan pecahan atau ya/tidak"),
        (5.0, "bukan pecahan"),
        (1.234, "bukan pecahan"),
        (float("nan"), "bukan pecahan"),
        (b"5", "bukan pecahan"),
        ("1000000000", "paling banyak 999.999.999"),
        ("1.000.000.000", "paling banyak 999.999.999"),
        (MAX_PEOPLE + 1, "paling banyak 999.999.999"),
        (NIK, "NIK"),
        ("9" * 5_000, "NIK"),
        (int(NIK), "NIK"),
        ("3.173.010.107.900.001", "NIK"),
    ],
)
def test_it_refuses_with_the_reason(value: object, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_people(value)  # type: ignore[arg-type]
    assert says in str(refusal.value)
    assert refusal.value.field == "people"


def test_a_number_too_long_to_print_is_refused() -> None:
    for number, says in ((10**5_000, "NIK"), (-(10**5_000), "negatif")):
        with pytest.raises(Refused, match=says):
            parse_people(number)


def test_a_refusal_names_the_field_it_read() -> None:
    with pytest.raises(Refused) as refusal:
        parse_people("x", field="opening")
    assert refusal.value.field == "opening"


@pytest.mark.parametrize("value", [NIK, "NIK 3173 0101 0790 0001", int(NIK), float(NIK), f"{NIK},5", f"-{NIK}"])
def test_no_refusal_repeats_a_nik(value: object) -> None:
    with pytest.raises(Refused) as refusal:
        parse_people(value)  # type: ignore[arg-type]
    digits = "".join(letter for letter in str(refusal.value) if letter.isdigit())
    assert "0107900001" not in digits


def test_a_refusal_of_a_long_text_stays_short() -> None:
    with pytest.raises(Refused) as refusal:
        parse_people("kata " * 1_000)
    assert len(str(refusal.value)) < 200


@given(st.integers(0, MAX_PEOPLE), st.sampled_from(["", ".", ",", " ", NBSP, NARROW]))
def test_any_number_survives_any_separator(people: int, separator: str) -> None:
    assert parse_people(f" {people:,} ".replace(",", separator)) == people
    assert parse_people(people) == people


@given(st.text(alphabet="0123456789., %-eENIHL" + NBSP, max_size=14))
def test_no_text_is_read_as_a_fraction(text: str) -> None:
    try:
        people = parse_people(text)
    except Refused:
        return
    digits = "".join(letter for letter in text if letter.isdigit())
    assert people == (int(digits) if digits else None if "N" not in text.upper() else 0)


@given(st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none())
def test_anything_at_all_is_read_or_refused(value: str | int | float | None) -> None:
    with suppress(Refused):
        people = parse_people(value)  # type: ignore[arg-type]
        assert people is None or 0 <= people <= MAX_PEOPLE
