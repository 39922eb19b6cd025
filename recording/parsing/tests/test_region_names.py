"""Codes in every form, and names in every spelling that offices use."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dukcapil.errors import Refused
from dukcapil.region_codes import is_within
from recording.parsing.region_names import (
    BPS_TO_KEMENDAGRI,
    BpsCode,
    city_of,
    level_of,
    line_of,
    looks_like_bps,
    normalise,
    parent_of,
    parse_code,
)
from recording.regions.region_file import DATA

pytestmark = pytest.mark.once

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


REGIONS = {row["kode"]: row["nama"] for row in rows(DATA / "regions_31.csv")}


@pytest.mark.parametrize(
    ("spelling", "official"),
    [
        ("JAKARTA PUSAT", "Kota Administrasi Jakarta Pusat"),
        ("Kota Adm. Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("KOTA ADM JAKARTA BARAT", "Kota Administrasi Jakarta Barat"),
        ("KAB.ADM.KEP.SERIBU", "Kabupaten Administrasi Kepulauan Seribu"),
        ("KABUPATEN ADM. KEP. SERIBU", "Kabupaten Administrasi Kepulauan Seribu"),
        ("KODYA JAKARTA BARAT", "Kota Administrasi Jakarta Barat"),
        ("Wali Kota Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("WALIKOTA ADM. JAKARTA BARAT", "Kota Administrasi Jakarta Barat"),
        ("Adm. Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("KOTA ADMINISTRATIF JAKARTA BARAT", "Kota Administrasi Jakarta Barat"),
        ("Sudin Dukcapil Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("Sudin Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("Suku Dinas Kependudukan dan Pencatatan Sipil Kota Adm. Jakarta Barat", "Kota Administrasi Jakarta Barat"),
        ("JAKARTA BRT.", "Kota Administrasi Jakarta Barat"),
        ("JAKBAR", "Kota Administrasi Jakarta Barat"),
        ("Jak-Bar", "Kota Administrasi Jakarta Barat"),
        ("jakut", "Kota Administrasi Jakarta Utara"),
        ("ADM. KEPULAUAN SERIBU", "Kabupaten Administrasi Kepulauan Seribu"),
        ("KEP. SERIBU UTR", "Kepulauan Seribu Utara"),
        ("Kec. Kep. Seribu Slt.", "Kepulauan Seribu Selatan"),
        ("KEPULAUAN SERIBU SELATAN.", "Kepulauan Seribu Selatan"),
        ("Kec.  Kep. Seribu\nUtara ", "Kepulauan Seribu Utara"),
        ("KEL. P. PANGGANG", "Pulau Panggang"),
        ("KELURAHAN PULAU PANGGANG", "Pulau Panggang"),
        ("PALMERAH", "Pal Merah"),
        ("PULO GADUNG", "Pulogadung"),
        ("KECAMATAN KALI DERES", "Kalideres"),
        ("Kelapa\u00a0Gading", "KELAPAGADING"),
        ("Ra'as", 'Ra"as'),
    ],
)
def test_spellings_of_one_name_become_equal(spelling: str, official: str) -> None:
    assert normalise(spelling) == normalise(official)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kota Bogor", "Kabupaten Bogor"),
        ("Kota Bambu Utara", "Bambu Utara"),
        ("Kelapa Dua", "Dua"),
        ("Kecapi", "Api"),
        ("Tengah", "Kampung Tengah"),
        ("Pulau Pari", "Pari"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("name", ["Kel.", "P", "Kep", "Kota Adm."])
def test_a_name_is_never_stripped_to_nothing(name: str) -> None:
    assert normalise(name)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalise(name)
    assert normalise(once) == once
    assert once.isascii()
    assert once == "" or once.isalnum()


def test_regions_of_one_level_share_no_name() -> None:
    names = {(level_of(code), normalise(name)) for code, name in REGIONS.items()}
    assert len(names) == len(REGIONS) == 318
    assert all(name for _, name in names)


def test_aliases_are_only_what_normalising_leaves() -> None:
    for row in rows(DATA / "region_aliases_31.csv"):
        same_level = [code for code in REGIONS if level_of(code) == level_of(row["kode"])]
        assert row["kode"] in REGIONS
        assert normalise(row["alias"]) not in {normalise(REGIONS[code]) for code in same_level}, row["alias"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder of real spellings is not here")
def test_every_known_spelling_finds_its_region() -> None:
    aliases = {(row["kode"], normalise(row["alias"])) for row in rows(DATA / "region_aliases_31.csv")}
    known = rows(SHARED / "region_name_aliases.csv")
    by_rule = [row for row in known if normalise(row["alias"]) == normalise(row["nama_resmi"])]
    by_table = [row for row in known if (row["kode"], normalise(row["alias"])) in aliases]
    assert (len(known), len(by_rule), len(by_table)) == (31, 27, 4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31", "31"),
        ("31.73", "31.73"),
        ("31.73.01", "31.73.01"),
        ("31.73.01.1001", "31.73.01.1001"),
        ("3173", "31.73"),
        ("317301", "31.73.01"),
        ("3173011001", "31.73.01.1001"),
        ("3173011001.0", "31.73.01.1001"),
        ("31.0", "31"),
        (" 31.73 \n", "31.73"),
        ("91.71.01.3001", "91.71.01.3001"),
    ],
)
def test_it_reads_codes_in_every_form(text: str, code: str) -> None:
    assert parse_code(text) == code


def test_it_reads_every_code_dotted_and_undotted() -> None:
    for code in REGIONS:
        assert parse_code(code) == parse_code(code.replace(".", "")) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "317",
        "31.7",
        "31.73.",
        ".31",
        "31..73",
        "31.73.1",
        "31.73.01.101",
        "31-73",
        "31 73",
        "0131",
        "00",
        "31.73.01.10011",
        "31731001101",
        "Kapuk",
        "31.73 Jakarta Barat",
        "３１",
        "\u0663\u0661",
        "3.173e9",
        "-31",
        "31.73.0",
        "31.73.01.1001.0",
    ],
)
def test_it_refuses_what_is_no_code(text: str) -> None:
    with pytest.raises(Refused, match=r"kode wilayah|Kode wilayah") as refusal:
        parse_code(text)
    assert refusal.value.field == "region"


@pytest.mark.parametrize("text", ["3171010", "3171010001", "3171010001.0"])
def test_it_names_a_code_of_the_statistics_office(text: str) -> None:
    with pytest.raises(BpsCode, match="Kode BPS terdeteksi"):
        parse_code(text)


def test_a_refusal_does_not_repeat_a_nik() -> None:
    with pytest.raises(Refused) as refusal:
        parse_code("3173010107900001", field="code")
    assert "317301" not in str(refusal.value).replace("3173011001", "")
    assert refusal.value.field == "code"


@given(st.text(alphabet="0123456789.", max_size=14))
def test_a_read_code_is_read_again_unchanged(text: str) -> None:
    try:
        code = parse_code(text)
    except Refused:
        return
    assert parse_code(code) == parse_code(code.replace(".", "")) == code
    assert level_of(code)


@pytest.mark.parametrize(
    ("code", "level", "parent", "city"),
    [
        ("31", "province", None, "31"),
        ("31.73", "city", "31", "31.73"),
        ("31.73.01", "district", "31.73", "31.73"),
        ("31.73.01.1004", "village", "31.73.01", "31.73"),
    ],
)
def test_a_code_tells_its_place(code: str, level: str, parent: str | None, city: str) -> None:
    assert (level_of(code), parent_of(code), city_of(code)) == (level, parent, city)
    assert line_of(code) == [*(line_of(parent) if parent else []), code]


@pytest.mark.parametrize("told", [level_of, parent_of, city_of])
@pytest.mark.parametrize("code", ["", "3173", "31.7", "31.73.1", "Kapuk", "31.73\n"])
def test_only_dotted_codes_have_a_place(told: object, code: str) -> None:
    with pytest.raises(ValueError, match="Not a dotted region code"):
        told(code)  # type: ignore[operator]


def test_every_region_lies_in_all_above_it() -> None:
    for code in REGIONS:
        above = parent_of(code)
        while above:
            assert above in REGIONS
            assert is_within(code, above)
            assert not is_within(above, code)
            above = parent_of(above)


CITIES = {"Pusat": "31.71", "Utara": "31.72", "Barat": "31.73", "Selatan": "31.74", "Timur": "31.75"}
BPS = {"Selatan": "3171", "Timur": "3172", "Pusat": "3173", "Barat": "3174", "Utara": "3175"}


def test_the_trap_table_swaps_the_five_cities() -> None:
    assert {BPS[city]: code for city, code in CITIES.items()} == BPS_TO_KEMENDAGRI
    assert all(number[:2] + "." + number[2:] != code for number, code in BPS_TO_KEMENDAGRI.items())


@pytest.mark.parametrize("numbered", CITIES)
@pytest.mark.parametrize("named", CITIES)
def test_a_city_numbered_by_bps_is_recognised(numbered: str, named: str) -> None:
    number = BPS[numbered]
    for code in (number, f"{number[:2]}.{number[2:]}", f"{number}.0", f"{number}01", f"{number}011001"):
        for name in (f"Jakarta {named}", f"KOTA ADM. JAKARTA {named.upper()}"):
            assert looks_like_bps(code, name) is (numbered == named)


@pytest.mark.parametrize("city", CITIES)
def test_a_code_with_its_name_is_not_suspected(city: str) -> None:
    assert not looks_like_bps(CITIES[city], f"Kota Administrasi Jakarta {city}")


@pytest.mark.parametrize(
    ("code", "name", "seen"),
    [
        ("3171010", "", True),
        ("3171010001", "Jagakarsa", True),
        ("31", "DKI Jakarta", False),
        ("3101", "Kepulauan Seribu", False),
        ("3273", "Kota Bandung", False),
        ("", "", False),
    ],
)
def test_other_codes(code: str, name: str, seen: bool) -> None:
    assert looks_like_bps(code, name) is seen
