"""Which region a row means: every spelling, total and pseudo row of real files, and the numbers of another office."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dukcapil.errors import Refused
from recording.imports.layouts.roles import Role, normalise_label, role_of
from recording.imports.matching import Match, Nameless, Place, UnknownSpelling, index_names, match_place
from recording.imports.matching.spelling import MAX_CANDIDATES, MAX_SEARCHES
from recording.parsing.region_names import BPS_TO_KEMENDAGRI, BpsCode, city_of, level_of, normalise, parent_of
from recording.regions.region_file import DATA

pytestmark = pytest.mark.once

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
BOOKS = sorted(SHARED.glob("*/*.xlsx"))
Names = tuple[tuple[str, str], ...]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


REGIONS = {row["kode"]: row["nama"] for row in rows(DATA / "regions_31.csv")}
ALIASES = [(row["kode"], normalise(row["alias"])) for row in rows(DATA / "region_aliases_31.csv")]
DKI = index_names(REGIONS.items(), ALIASES)
CITIES = {REGIONS[code].removeprefix("Kota Administrasi "): code for code in BPS_TO_KEMENDAGRI.values()}
BPS = {code: number for number, code in BPS_TO_KEMENDAGRI.items()}
KAPUK, BARAT = "31.73.01.1005", ("city", "JAKARTA BARAT")
KAPUK_NAMES = (BARAT, ("district", "CENGKARENG"), ("village", "KAPUK"))


def find(code: str, *names: tuple[str, str], others: Sequence[str] = (), spellings: dict[str, str] | None = None) -> Match:
    index = index_names(REGIONS.items(), ALIASES, spellings) if spellings else DKI
    return match_place(index, Place(code, names, tuple(others)))


def refused(code: str, *names: tuple[str, str], others: Sequence[str] = ()) -> Refused:
    with pytest.raises(Refused) as problem:
        find(code, *names, others=others)
    return problem.value


def unknown(code: str, *names: tuple[str, str]) -> UnknownSpelling:
    problem = refused(code, *names)
    assert isinstance(problem, UnknownSpelling), problem
    return problem


def parents(code: str) -> Iterator[tuple[str, str]]:
    above = parent_of(code)
    if above:
        yield from parents(above)
        yield level_of(above), REGIONS[above]


@pytest.mark.parametrize(
    ("place", "of"),
    [
        (Place("", (("village", "TOTAL"),)), ""),
        (Place("TOTAL"), ""),
        (Place("", (("", "Grand Total"),)), ""),
        (Place("", (("", "T O T A L :"),)), ""),
        (Place("", (), ("JUMLAH",)), ""),
        (Place("", (), ("1", "SUB TOTAL")), ""),
        (Place("", (("city", "Jumlah Total"),)), ""),
        (Place("", (("city", "TOTAL KESELURUHAN"),)), ""),
        (Place("", (("", "TOTAL DKI"),)), ""),
        (Place("", (("", "Total DKI Jakarta"),)), ""),
        (Place("", (("", "JUMLAH PROVINSI DKI JAKARTA"),)), ""),
        (Place("", (("", "JUMLAH DKI JAKARTA"),)), ""),
        (Place("", (("province", "DKI JAKARTA"), ("village", "TOTAL"))), ""),
        (Place("31", (("province", "DKI JAKARTA"), ("city", "TOTAL"))), ""),
        (Place("0", (("village", "TOTAL"),)), ""),
        (Place("", (("village", "JUMLAH JAKARTA PUSAT"),)), "31.71"),
        (Place("", (), ("Total Kota Adm.\nJakarta  Barat",)), "31.73"),
        (Place("", (("", "TOTAL KAB. ADM. KEP. SERIBU"),)), "31.01"),
        (Place("", (("", "SUBTOTAL : Kota Jakarta Timur"),)), "31.75"),
        (Place("", (("", "Total Tebet"),)), "31.74.01"),
        (Place("", (("", "JUMLAH KEC. GAMBIR"),)), "31.71.01"),
        (Place("", (BARAT, ("district", "TOTAL"))), "31.73"),
        (Place("", (BARAT, ("district", "CENGKARENG"), ("village", "Jumlah"))), "31.73.01"),
        (Place("3173", (BARAT, ("district", "TOTAL"))), "31.73"),
        (Place("31.73", (BARAT,), ("JUMLAH",)), "31.73"),
        (Place("31", (("city", "JUMLAH JAKARTA PUSAT"),)), "31.71"),
        (Place("31.73", (BARAT, ("district", "GRAND TOTAL"))), ""),
    ],
)
def test_a_row_of_totals_says_what_it_totals(place: Place, of: str) -> None:
    found = match_place(DKI, place)
    assert (found.kind, found.code) == ("total", of)
    assert found.label in (place.code, *(name for _, name in place.names), *place.others)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place(KAPUK, KAPUK_NAMES, ("TOTAL",)), KAPUK),
        (Place(KAPUK, KAPUK_NAMES, ("GRAND TOTAL",)), KAPUK),
        (Place(KAPUK, KAPUK_NAMES, ("JUMLAH JAKARTA BARAT",)), KAPUK),
        (Place("", KAPUK_NAMES, ("JUMLAH",)), KAPUK),
        (Place("31.73", (BARAT,), ("Total suntikan di Jakarta", "Jumlah penduduk")), "31.73"),
        (Place("31.73", (BARAT,), ("dalam TOTAL termasuk luar DKI",)), "31.73"),
    ],
)
def test_the_word_total_makes_no_kelurahan_a_total(place: Place, code: str) -> None:
    assert match_place(DKI, place) == Match("region", code, REGIONS[code])


def test_a_region_named_total_is_no_total() -> None:
    regions = [*REGIONS.items(), ("31.73.09", "Total Cengkareng"), ("31.73.09.1001", "Jumlah")]
    index = index_names(regions, ALIASES)
    assert match_place(index, Place("", (BARAT, ("district", "TOTAL CENGKARENG")))).code == "31.73.09"
    assert match_place(index, Place("31.73.09.1001", (BARAT, ("village", "JUMLAH")))).kind == "region"
    assert match_place(index, Place("", (("", "Total Tebet"),))).code == "31.74.01"


def test_one_provinces_total_is_not_the_files() -> None:
    index = index_names([*REGIONS.items(), ("32", "Jawa Barat")], ALIASES)
    assert match_place(index, Place("", (("", "JUMLAH JAWA BARAT"),))).code == "32"
    assert match_place(index, Place("", (("", "TOTAL DKI JAKARTA"),))).code == "31"
    assert match_place(index, Place("", (("", "TOTAL"),))).code == ""


def test_a_total_of_the_wrong_region_is_refused() -> None:
    unknown("", ("village", "TOTAL KEL. GAMBIR"))
    assert "Kode dan nama tidak cocok" in str(refused("31.73", ("city", "JUMLAH JAKARTA TIMUR")))
    assert isinstance(refused("3173", ("city", "JUMLAH JAKARTA PUSAT")), BpsCode)
    assert isinstance(refused("3174", BARAT, ("district", "TOTAL")), BpsCode)
    assert "tidak dikenal" in str(refused("31.73.01.1099", BARAT, others=["TOTAL"]))


@pytest.mark.parametrize(
    "label",
    [
        "LUAR DKI",
        "LUAR DKI JAKARTA",
        "Luar Daerah",
        "LUAR WILAYAH",
        "Luar Domisili",
        "BELUM DIKETAHUI",
        "tidak diketahui",
        "BELUM  TERPETAKAN",
        "PROSES UPDATE DATA",
        "LAIN-LAIN",
        "Lain - lain",
        "LAINNYA",
        "TANPA ALAMAT",
    ],
)
def test_people_who_lie_nowhere_are_unmapped(label: str) -> None:
    everywhere = tuple((level, label) for level in ("province", "city", "district", "village"))
    assert find("", ("village", label)) == Match("unmapped", "", label)
    assert find(label) == find(label, *everywhere) == find("9999", ("", label)) == Match("unmapped", "", label)
    assert find("", BARAT, ("village", label)).kind == "unmapped"
    assert find("", ("city", label)).kind == find("-", ("", label)).kind == "unmapped"


@pytest.mark.parametrize("code", ["31", "31.73", KAPUK])
def test_a_code_beside_an_unmapped_label_is_refused(code: str) -> None:
    problem = refused(code, ("", "LUAR DKI JAKARTA"))
    assert "Kode dan nama tidak cocok" in str(problem)
    assert not isinstance(problem, UnknownSpelling)


@pytest.mark.parametrize("code", [KAPUK, "3173011005", "3173011005.0", " 31.73.01.1005 "])
def test_a_code_matches_in_any_form(code: str) -> None:
    for names in ((), KAPUK_NAMES, KAPUK_NAMES[:1], (("", "Kel. Kapuk"),), (("village", ""), ("city", " "))):
        assert find(code, *names) == Match("region", KAPUK, "Kapuk")


@pytest.mark.parametrize(
    ("code", "names", "region"),
    [
        ("317506", (("city", "JAKARTA TIMUR"), ("district", "CAKUNG")), "31.75.06"),
        (KAPUK, (BARAT,), KAPUK),
        ("31.73", (("city", "Kota Jakarta Barat"),), "31.73"),
        ("31.73", (("", "KOTA JAKARTA BARAT"),), "31.73"),
        ("3101", (("city", "KABUPATEN KEPULAUAN SERIBU"),), "31.01"),
        ("3101", (("city", "Kab. Kep. Seribu"),), "31.01"),
        # The code of a kecamatan beside its kelurahan: the name says which one.
        ("317301", KAPUK_NAMES, KAPUK),
        ("31.71.01", (("district", "GAMBIR"), ("village", "GAMBIR")), "31.71.01.1001"),
        ("31", (("province", "DKJ"), BARAT), "31.73"),
    ],
)
def test_code_and_names_may_be_of_different_levels(code: str, names: Names, region: str) -> None:
    assert find(code, *names) == Match("region", region, REGIONS[region])


@pytest.mark.parametrize(
    "name",
    [
        "DKI JAKARTA",
        "Daerah Khusus Ibukota Jakarta",
        "DAERAH KHUSUS JAKARTA",
        "DKJ",
        "Jakarta",
        "Prov. DKI Jakarta",
        "PROVINSI DAERAH KHUSUS JAKARTA",
        "Pemprov DKI",
    ],
)
def test_the_province_has_old_and_new_names(name: str) -> None:
    assert find(KAPUK, ("province", name)).code == find("", ("province", name), *KAPUK_NAMES).code == KAPUK
    assert find("", ("province", name)).code == find("31", ("province", name)).code == "31"


@pytest.mark.parametrize("name", ["JAWA BARAT", "Banten", "Jakarta Barat"])
def test_another_province_is_a_mismatch(name: str) -> None:
    index = index_names([*REGIONS.items(), ("32", "Jawa Barat"), ("36", "Banten")], ALIASES)
    for place in (Place(KAPUK, (("province", name),)), Place("", (("province", name), ("village", "KALIDERES")))):
        with pytest.raises(Refused):
            match_place(index, place)
    assert "Kode dan nama tidak cocok" in str(refused(KAPUK, ("province", name)))


@pytest.mark.parametrize("numbered", CITIES)
def test_bps_codes_stop_the_import(numbered: str) -> None:
    """For every one of the five cities, in each form in which a file can show it."""
    number = BPS[CITIES[numbered]]
    code = f"{number[:2]}.{number[2:]}"
    village = next(each for each in REGIONS if each.startswith(code) and level_of(each) == "village")
    district = parent_of(village) or ""
    city = ("city", f"KOTA ADM. {numbered.upper()}")
    kecamatan, kelurahan = ("district", REGIONS[district]), ("village", REGIONS[village])
    for place in (
        Place(number, (city,)),
        Place(code, (("city", numbered),)),
        Place(number, (("", f"Kota {numbered}"),)),
        Place(district.replace(".", ""), (city, kecamatan)),
        Place(village.replace(".", ""), (city, kecamatan, kelurahan)),
        Place(village, (kelurahan, kecamatan, ("province", "DKI JAKARTA"), city)),
        Place(village, (("", f"Kota Adm. {numbered}"),)),
        Place(f"{number}999999", (city,)),
        Place(f"{number}99", (city,)),
    ):
        with pytest.raises(BpsCode, match=f"Kode BPS terdeteksi.* {code} ") as problem:
            match_place(DKI, place)
        assert REGIONS[code] in str(problem.value)
    own = find(village, ("city", REGIONS[city_of(village)]), kecamatan, kelurahan)
    assert (own.kind, own.code) == ("region", village)


@pytest.mark.parametrize("code", ["3173010", "3173010001", "3171010.0"])
def test_a_code_of_bps_form_stops_the_import(code: str) -> None:
    assert isinstance(refused(code), BpsCode)
    assert isinstance(refused(code, *KAPUK_NAMES, others=["TOTAL"]), BpsCode)


@pytest.mark.parametrize(
    ("code", "names", "field", "sentence"),
    [
        ("", (), "region", "Baris ini tidak menyebut wilayah."),
        ("-", (("city", ""), ("village", " - ")), "region", "Baris ini tidak menyebut wilayah."),
        ("31.73.01.1099", (), "region", "Wilayah 31.73.01.1099 tidak dikenal."),
        ("9999", KAPUK_NAMES, "region", "Wilayah 99.99 tidak dikenal."),
        ("31.7", (), "region", "bukan kode wilayah"),
        ("3l.73", KAPUK_NAMES, "region", "bukan kode wilayah"),
        ("CIDENG", (("city", "JAKARTA PUSAT"),), "region", "“CIDENG” bukan kode wilayah"),
        (KAPUK, (("village", "CENGKARENG BARAT"),), "village", "31.73.01.1005 adalah Kapuk, bukan “CENGKARENG BARAT”"),
        (KAPUK, (("city", "JAKARTA TIMUR"),), "city", "Kode dan nama tidak cocok: 31.73 adalah"),
        (KAPUK, (("district", "KALIDERES"),), "district", "Kode dan nama tidak cocok: 31.73.01 adalah Cengkareng"),
        (KAPUK, (("", "Kalideres"),), "name", "Kode dan nama tidak cocok"),
        ("31.73.02.1006", (("district", "GROGOL PETAMBURAN"), ("village", "JELAMBAR")), "village", "tidak cocok"),
        # Kapuk is a kelurahan elsewhere, not a way to write Kapuk Muara.
        ("31.72.01.1003", (("village", "KAPUK"),), "village", "31.72.01.1003 adalah Kapuk Muara, bukan “KAPUK”"),
        ("", (("", "Gambir"),), "name", "Nama Gambir ada di lebih dari satu wilayah; tambahkan kode atau kecamatan."),
    ],
)
def test_what_fits_no_region_is_refused(code: str, names: Names, field: str, sentence: str) -> None:
    problem = refused(code, *names)
    assert type(problem) in (Refused, Nameless)
    assert sentence in str(problem)
    assert problem.field == field


@pytest.mark.parametrize(
    ("code", "names", "of", "spelling"),
    [
        (KAPUK, (*KAPUK_NAMES[:2], ("village", "KAPUKK")), KAPUK, "village|KAPUKK|31.73.01"),
        ("31.73.01.1001", (("", "Cengkrang Barat"),), "31.73.01.1001", "village|CENGKRANGBARAT|31.73.01"),
        (KAPUK, (("village", "KAPUK PERMATA"),), KAPUK, "village|KAPUKPERMATA|31.73.01"),
        ("31.73.01", (("district", "Cengkareng Kota"),), "31.73.01", "district|CENGKARENGKOTA|31.73"),
        ("31.75", (("city", "JAKARTA TIMR"),), "31.75", "city|JAKARTATIMR|31"),
    ],
)
def test_a_new_spelling_beside_a_code_is_asked(code: str, names: Names, of: str, spelling: str) -> None:
    problem = unknown(code, *names)
    assert (problem.spelling, problem.level) == (spelling, level_of(of))
    assert problem.candidates == [(of, REGIONS[of])]
    assert find(code, *names, spellings={spelling: of}).code == code
    with pytest.raises(UnknownSpelling):
        find(code, *names, spellings={spelling: "31.74"})


def test_a_disagreeing_higher_name_refuses_a_new_spelling() -> None:
    problem = refused(KAPUK, ("village", "KAPUKK"), ("district", "KALIDERES"))
    assert (type(problem), problem.field) == (Refused, "district")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((("village", "GAMBIR"),), "31.71.01.1001"),
        ((("district", "GAMBIR"),), "31.71.01"),
        ((("district", "GAMBIR"), ("", "Gambir")), "31.71.01.1001"),
        ((("", "KEL.GAMBIR"),), "31.71.01.1001"),
        ((("", "Kec. Gambir"),), "31.71.01"),
        ((("", "Kecamatan\nGambir"),), "31.71.01"),
        ((("", "KEL. TEBET BARAT"),), "31.74.01.1002"),
        ((("", "Kota Adm. Jakarta Barat"),), "31.73"),
        ((("", "JAKARTA BARAT"),), "31.73"),
        ((BARAT, ("", "Kota Jakarta Barat")), "31.73"),
        ((("city", "Kab. Kep. Seribu"),), "31.01"),
        ((("village", "KAPUK"), BARAT), KAPUK),
        ((("", "Prov. DKI Jakarta"),), "31"),
        ((("", "Jakarta"),), "31"),
        ((("", "Kota Bambu Utara"),), next(code for code, name in REGIONS.items() if name == "Kota Bambu Utara")),
    ],
)
def test_the_deepest_name_decides_and_its_level_counts(names: Names, code: str) -> None:
    assert find("", *names) == Match("region", code, REGIONS[code])


def test_a_name_may_stand_for_a_code() -> None:
    assert find("CIDENG").code == find("Kel. Cideng").code == "31.71.01.1002"
    assert find("KAPUK", *KAPUK_NAMES).code == find("–", *KAPUK_NAMES).code == KAPUK
    assert unknown("CIDENGG").candidates[0] == ("31.71.01.1002", "Cideng")


def test_candidates_lie_inside_the_parents_closest_first() -> None:
    problem = unknown("", BARAT, ("district", "CENGKARENG"), ("village", "Kappuk"))
    assert problem.candidates[0] == (KAPUK, "Kapuk")
    assert all(code.startswith("31.73.01.") for code, _ in problem.candidates)
    assert (problem.spelling, problem.level) == ("village|KAPPUK|31.73.01", "village")
    anywhere = unknown("", ("village", "Kappuk"))
    assert (len(anywhere.candidates), anywhere.candidates[0][0]) == (MAX_CANDIDATES, KAPUK)
    assert {level_of(code) for code, _ in anywhere.candidates} == {"village"}
    districts = unknown("", ("district", "Gambirr")).candidates
    assert {level_of(code) for code, _ in districts} == {"district"}
    assert unknown("31.73.01", ("village", "Kappuk")).candidates[0] == (KAPUK, "Kapuk")
    # Called exactly so in the kecamatan beside the one that is named: the kecamatan may be what is wrong.
    moved = unknown("", ("district", "Kep. Seribu Utr"), ("village", "P. PARI"))
    assert moved.candidates[0] == ("31.01.02.1003", "Pulau Pari")
    assert str(moved) == "“P. PARI” tidak ada di Kepulauan Seribu Utara, tetapi ada di Kepulauan Seribu Selatan."
    # A village of another city is no candidate, even when it is called exactly so.
    assert all(code.startswith("31.73.") for code, _ in unknown("", BARAT, ("village", "CIDENG")).candidates)


def test_a_decided_spelling_holds_only_inside_its_parents() -> None:
    names = (BARAT, ("district", "CENGKARENG"), ("village", "Kappuk"))
    key = "village|KAPPUK|31.73.01"
    assert find("", *names, spellings={key: KAPUK}).code == KAPUK
    assert find("", ("district", "Cengkarengg"), names[2], spellings={"district|CENGKARENGG|": "31.73.01", key: KAPUK})
    for wrong in ("31.71.01.1002", "31.73.01", "31.99"):
        with pytest.raises(UnknownSpelling):
            find("", *names, spellings={key: wrong})


def test_the_search_for_candidates_is_bounded() -> None:
    index = index_names(REGIONS.items(), ALIASES)
    problems = []
    for number in range(MAX_SEARCHES + 1):
        with pytest.raises(UnknownSpelling) as problem:
            match_place(index, Place("", (("district", f"Kecamatan Baru {number}"),)))
        problems.append(problem.value)
    assert problems[MAX_SEARCHES - 1].candidates
    assert not problems[MAX_SEARCHES].candidates


def test_its_word_tells_city_from_regency() -> None:
    index = index_names([("32", "Jawa Barat"), ("32.01", "Kabupaten Bogor"), ("32.71", "Kota Bogor")], [])
    for name, code in (("KOTA BOGOR", "32.71"), ("Kab. Bogor", "32.01"), ("kabupaten bogor", "32.01")):
        assert match_place(index, Place("", (("city", name),))).code == code
        assert match_place(index, Place(code, (("", name),))).code == code
    with pytest.raises(Refused, match="lebih dari satu wilayah"):
        match_place(index, Place("", (("city", "BOGOR"),)))
    with pytest.raises(Refused, match="tidak cocok"):
        match_place(index, Place("32.01", (("city", "KOTA BOGOR"),)))


WORDS = {
    "province": ("", "Provinsi ", "PROV. "),
    "city": ("", "Kota Adm. ", "Kota Administrasi ", "KOTA "),
    "district": ("", "Kec. ", "KECAMATAN "),
    "village": ("", "Kel.", "KELURAHAN ", "kel "),
}


@st.composite
def spelt(draw: st.DrawFn) -> tuple[str, Names]:
    """A region, with its own name and those above it as somebody may write them."""
    code = draw(st.sampled_from(sorted(REGIONS)))
    names = []
    for level, name in (*parents(code), (level_of(code), REGIONS[code])):
        written = name.removeprefix("Kota Administrasi ").removeprefix("Kabupaten Administrasi ")
        word = draw(st.sampled_from(WORDS[level]))
        if written == "Kepulauan Seribu":
            word = word.replace("Kota", "Kabupaten").replace("KOTA", "Kab.")
        for long, short in (("Kepulauan ", "KEP."), ("Pulau ", "P. ")):
            if written.startswith(long) and draw(st.booleans()):
                written = short + written.removeprefix(long)
        gap = draw(st.sampled_from((" ", "  ", "\n", "\u00a0", "")))
        first, *rest = written.split(" ")
        # Nothing may stand for any space but the one after a short word, which makes that word.
        glue = gap if first not in ("KEP.", "P.", "Kepulauan", "Pulau") else " "
        written = word + first + (glue + gap.join(rest) if rest else "")
        case = draw(st.sampled_from((str.upper, str.lower, str.title, str.swapcase)))
        names.append((level, case(written) + draw(st.sampled_from(("", ".", " ")))))
    return code, tuple(names)


@given(spelt(), st.randoms(use_true_random=False))
def test_any_variant_of_any_region_matches(pair: tuple[str, Names], shuffle: Random) -> None:
    code, names = pair
    mixed = list(names)
    shuffle.shuffle(mixed)
    expected = Match("region", code, REGIONS[code])
    assert find("", *mixed) == expected
    assert find(code, *mixed) == find(code.replace(".", ""), *mixed) == expected


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder of real spellings is not here")
def test_every_known_spelling_is_found_at_its_level() -> None:
    known = rows(SHARED / "region_name_aliases.csv")
    assert len(known) == 31
    for row in known:
        name = (level_of(row["kode"]), row["alias"])
        assert find("", name).code == find(row["kode"], name).code == row["kode"], row


def places(cells: Sequence[Sequence[object]]) -> Iterable[Place]:
    """The places of a sheet whose labels stand in its first row."""
    roles = [role_of(normalise_label(str(label))) for label in cells[0]]
    levels = {Role.PROVINCE: "province", Role.CITY: "city", Role.DISTRICT: "district", Role.VILLAGE: "village"}
    for row in cells[1:]:
        texts = [str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row]
        names = tuple((levels[role], text) for role, text in zip(roles, texts, strict=True) if role in levels)
        code = next(text for role, text in zip(roles, texts, strict=True) if role is Role.CODE)
        others = tuple(
            text.strip()
            for role, text, cell in zip(roles, texts, row, strict=True)
            if isinstance(cell, str) and text.strip() and role is not Role.CODE and role not in levels
        )
        yield Place(code, names, others)


SHEETS = {"Data Kelurahan": 267, "Data Kecamatan ": 44, "data": 267, "data_kecamatan": 44}


@pytest.mark.skipif(not BOOKS, reason="the shared workbooks are not beside the project")
@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem[-32:])
def test_real_rows_are_regions_totals_or_unmapped(book: Path) -> None:
    workbook = CalamineWorkbook.from_path(str(book))
    sheets = [sheet for sheet in workbook.sheet_names if sheet in SHEETS]
    assert len(sheets) == 2
    for sheet in sheets:
        found: dict[str, list[str]] = {"region": [], "total": [], "unmapped": [], "nameless": []}
        for place in places(workbook.get_sheet_by_name(sheet).to_python()):
            if not place.code and not any(name for _, name in place.names):
                assert str(refused("", *place.names, others=place.others)) == "Baris ini tidak menyebut wilayah."
                found["nameless"].append("")
                continue
            kind, code, label = match_place(DKI, place)
            found[kind].append(code or label)
        assert len(found["region"]) == len(set(found["region"])) == SHEETS[sheet]
        # March 2020: the sum under the table of kecamatan has no name at all.
        odd = "Maret 2020" in book.name and sheet == "data_kecamatan"
        assert (found["total"], found["nameless"]) == (([], [""]) if odd else (["TOTAL"], []))
        assert set(found["unmapped"]) <= {"LUAR DKI JAKARTA", "BELUM DIKETAHUI", "PROSES UPDATE DATA"}
