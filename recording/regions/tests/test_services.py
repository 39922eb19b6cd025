"""Loading the tree of regions, and finding a region by what a person or a file says."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil.errors import NotAllowed, NotFound, Refused, RefusedRows
from recording.coverage.figures import region_coverage
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, DailyCount, Door, Region, RegionAlias, RegionTree
from recording.parsing.region_names import level_of
from recording.regions.region_file import ALIASES, REGIONS, read_aliases, read_regions
from recording.regions.selectors import find_region, visible_region
from recording.regions.services import RegionRow, RegionsLoaded, load_regions
from recording.tests import world
from recording.tests.commands import csv_file, run
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, write

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
YESTERDAY = DAY - timedelta(days=1)
FIVE_CITIES = {"31.71": "Selatan", "31.72": "Timur", "31.73": "Pusat", "31.74": "Barat", "31.75": "Utara"}


def rows(*without: str, **names: str) -> list[RegionRow]:
    """The small world's regions as a file would have them, without some."""
    return [RegionRow(code, names.get(code, name)) for code, name in world.REGIONS if code not in without]


def load(
    wanted: list[RegionRow], *, by: Actor = SYSTEM, close: date | None = None, aliases: tuple[tuple[str, str], ...] = ()
) -> RegionsLoaded:
    return load_regions(act=Act(by, NOON, Door.COMMAND), rows=wanted, aliases=aliases, close_missing_on=close)


def trail() -> list[str]:
    return list(AuditEntry.objects.filter(action="region.load").order_by("pk").values_list("subject", flat=True))


@pytest.mark.usefixtures("small_world")
def test_loading_a_file_again_changes_nothing() -> None:
    before = trail()
    assert load(rows()) == RegionsLoaded(0, 0, len(world.REGIONS), (), 0)
    assert trail() == before == [str(len(world.REGIONS))]


@pytest.mark.usefixtures("small_world")
def test_a_changed_name_is_stored_with_a_trail() -> None:
    renamed = [RegionRow(row.code, "Daerah Khusus Jakarta" if row.code == DKI else row.name) for row in rows()]
    assert load(renamed).changed == 1
    assert Region.objects.get(code=DKI).name == "Daerah Khusus Jakarta"
    details = AuditEntry.objects.latest("pk").details
    old_and_new = ["Daerah Khusus Ibukota Jakarta", "Daerah Khusus Jakarta"]
    assert details == {"new": 0, "changed": 1, "closed": 0, "aliases": 0, "renamed": {DKI: old_and_new}}


@pytest.mark.usefixtures("small_world")
def test_rows_load_in_any_order_and_code_form(db: None) -> None:
    undotted = [
        RegionRow("3175011006", "Kayu Manis", "317501"),
        RegionRow("317502", "Pulogadung", "31.75"),
        RegionRow("31.75.02.1001", "Pisangan Timur"),
    ]
    assert load([*reversed(undotted), *rows()]).new == 3
    assert Region.objects.get(code="31.75.01.1006").parent_id == "31.75.01"


@pytest.mark.usefixtures("small_world")
def test_regions_are_linked_to_themselves_and_all_above() -> None:
    links = set(RegionTree.objects.values_list("descendant_id", "ancestor_id"))
    codes = [code for code, _ in world.REGIONS]
    assert links == {(code, above) for code in codes for above in codes if f"{code}.".startswith(f"{above}.")}


@pytest.mark.usefixtures("small_world")
def test_a_region_missing_from_the_file_is_kept() -> None:
    loaded = load(rows(KAPUK))
    assert (loaded.missing, loaded.closed) == ((KAPUK,), 0)
    assert Region.objects.get(code=KAPUK).closed is None


@pytest.mark.usefixtures("small_world")
def test_a_missing_region_closes_on_the_given_day() -> None:
    assert load(rows(KAPUK), close=YESTERDAY).closed == 1
    assert Region.objects.get(code=KAPUK).closed == YESTERDAY
    assert load(rows(KAPUK), close=DAY).closed == 0, "the first last day stays"
    assert load(rows()).changed == 0, "a file without a day opens nothing again"


@pytest.mark.usefixtures("small_world")
def test_another_provinces_file_closes_nothing_here() -> None:
    loaded = load([RegionRow("32", "Jawa Barat")], close=DAY)
    assert (loaded.new, loaded.missing, loaded.closed) == (1, (), 0)


@pytest.mark.usefixtures("small_world")
def test_a_closed_region_takes_no_new_counts() -> None:
    write(count(7, day=YESTERDAY))
    load(rows(KAPUK), close=YESTERDAY)
    with pytest.raises(RefusedRows, match="1 baris"):
        write(count(1))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    found_runs = runs_for(None, world.YEARS_LATER)
    assert found_runs
    found = region_coverage(by=SYSTEM, code="31.73.01", document="KTP", period=world.period(), runs=found_runs)
    assert {child.code: child.recorded for child in found.children} == {"31.73.01.1001": 0, KAPUK: 7}
    assert write(count(8, day=YESTERDAY)).outcomes[0].status == "changed", "days that it was open for"


@pytest.mark.parametrize(
    ("day", "open_then"),
    [(date(2021, 2, 28), False), (date(2021, 3, 1), True), (date(2021, 10, 31), True), (date(2021, 11, 1), False)],
)
@pytest.mark.usefixtures("small_world")
def test_a_region_is_open_until_its_last_day(day: date, open_then: bool) -> None:
    load([*rows(), RegionRow("31.73.01.1009", "Baru", "", date(2021, 3, 1), date(2021, 10, 31))])
    if open_then:
        write(count(1, "31.73.01.1009", day=day))
    else:
        with pytest.raises(RefusedRows) as refused:
            write(count(1, "31.73.01.1009", day=day))
        assert refused.value.errors[0][1].field == "region"
    assert DailyCount.objects.count() == open_then


BAD_ROWS = [
    (RegionRow("31.7", "Anu"), "region", "bukan kode wilayah"),
    (RegionRow("3173010", "Cengkareng"), "region", "Kode BPS terdeteksi"),
    (RegionRow("31.73.09", " "), "name", "kosong"),
    (RegionRow("31.73.09", "x" * 101), "name", "lebih dari 100"),
    (RegionRow("31.73.09", "Anu\x00"), "name", "tidak dapat disimpan"),
    (RegionRow("31.73.09", "Anu 317301 450890 0002"), "name", "tidak menyimpan NIK"),
    (RegionRow("31.73", "Kota Administrasi Jakarta Barat"), "code", "dua kali"),
    (RegionRow("31.73.09", "Anu", "31.75"), "parent", "bukan 31.75"),
    (RegionRow("31.73.09", "Anu", "Barat"), "parent", "bukan kode wilayah"),
    (RegionRow("31.79.01", "Anu"), "parent", "Induk 31.79 dari 31.79.01 tidak ada"),
    (RegionRow("31.73.09", "Anu", "", DAY, YESTERDAY), "closed", "ditutup sebelum dibuka"),
]


@pytest.mark.parametrize(("bad", "field", "words"), BAD_ROWS)
@pytest.mark.usefixtures("small_world")
def test_a_bad_row_refuses_the_whole_file(bad: RegionRow, field: str, words: str) -> None:
    good = RegionRow("31.73.08", "Kembangan")
    with pytest.raises(RefusedRows) as refused:
        load([*rows(), good, bad])
    ((index, problem),) = refused.value.errors
    assert (index, problem.field) == (len(world.REGIONS) + 1, field)
    assert words in str(problem)
    assert not Region.objects.filter(code=good.code).exists()


@pytest.mark.usefixtures("small_world")
def test_all_errors_of_a_file_come_in_order() -> None:
    with pytest.raises(RefusedRows, match=f"^{len(BAD_ROWS)} baris") as refused:
        load([*rows(), *(bad for bad, _, _ in BAD_ROWS)])
    first = len(world.REGIONS)
    assert [index for index, _ in refused.value.errors] == list(range(first, first + len(BAD_ROWS)))


@pytest.mark.usefixtures("small_world")
def test_a_last_day_before_the_first_is_refused() -> None:
    Region.objects.filter(code=KAPUK).update(opened=DAY)
    with pytest.raises(Refused, match="ditutup sebelum dibuka"):
        load([*rows(KAPUK), RegionRow("31.73.08", "Kembangan")], close=YESTERDAY)
    with pytest.raises(Refused, match="ditutup sebelum dibuka"):
        load([*rows(KAPUK), RegionRow(KAPUK, "Kapuk", "", None, YESTERDAY)])
    assert not Region.objects.filter(code="31.73.08").exists()


@pytest.mark.parametrize("form", ["Jakarta {}", "Kota Jakarta {}", "KOTA ADM. JAKARTA {}"])
@pytest.mark.parametrize("stored_before", [False, True])
def test_bps_codes_are_refused_for_all_five_cities(db: None, stored_before: bool, form: str) -> None:
    if stored_before:
        world.build()
    swapped = [RegionRow(code.replace(".", ""), form.format(name)) for code, name in FIVE_CITIES.items()]
    with pytest.raises(RefusedRows) as refused:
        load([RegionRow("31", "DKI Jakarta"), RegionRow("3101", "Kepulauan Seribu"), *swapped])
    assert [index for index, _ in refused.value.errors] == [2, 3, 4, 5, 6]
    assert all("Kode BPS terdeteksi" in str(problem) for _, problem in refused.value.errors)
    assert Region.objects.count() == (len(world.REGIONS) if stored_before else 0)


@pytest.mark.parametrize("who", [cast.staff, cast.head_barat, cast.reader, cast.api_client])
@pytest.mark.usefixtures("small_world")
def test_only_an_administrator_loads_regions(who) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        load([*rows(), RegionRow("31.73.08", "Kembangan")], by=who())
    assert load([*rows(), RegionRow("31.73.08", "Kembangan")], by=cast.admin()).new == 1
    assert AuditEntry.objects.latest("pk").by == cast.admin()


@pytest.mark.usefixtures("small_world")
def test_an_alias_of_an_unknown_region_is_refused() -> None:
    for _ in range(2):
        load(rows(), aliases=((KAPUK, "KAPOEK"), (KAPUK, "Kapoek ")))
    assert list(RegionAlias.objects.values_list("region_id", "normalised")) == [(KAPUK, "KAPOEK")]
    with pytest.raises(Refused, match=r"31\.99"):
        load([*rows(), RegionRow("31.73.08", "Kembangan")], aliases=(("31.99", "ANU"),))
    with pytest.raises(Refused, match="NIK"):
        load(rows(), aliases=((KAPUK, "KAPUK 3173014508900002"),))
    assert not Region.objects.filter(code="31.73.08").exists()


# The command


def test_without_a_file_the_command_loads_318_regions(db: None) -> None:
    done = run("load_regions", "--json")
    assert done.code == 0
    assert done.json == {"new": 318, "changed": 0, "unchanged": 0, "closed": 0, "missing": [], "renamed": [], "beyond": []}
    levels = [level_of(code) for code in Region.objects.values_list("code", flat=True)]
    assert {level: levels.count(level) for level in set(levels)} == {"province": 1, "city": 6, "district": 44, "village": 267}
    assert RegionTree.objects.count() == 1 + 6 * 2 + 44 * 3 + 267 * 4
    assert RegionAlias.objects.count() == len(list(read_aliases(ALIASES)))
    assert run("load_regions", "--json").json["unchanged"] == 318
    stored = set(Region.objects.values_list("code", "name"))
    assert stored == {(row.code, row.name) for row in read_regions(REGIONS)}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared folder of real spellings is not here")
def test_every_known_spelling_finds_its_region(db: None) -> None:
    run("load_regions")
    with (SHARED / "region_name_aliases.csv").open(encoding="utf-8", newline="") as lines:
        spellings = list(csv.DictReader(lines))
    assert len(spellings) == 31
    found = [find_region(row["alias"], level_of(row["kode"]), by=SYSTEM, day=DAY).code for row in spellings]
    assert found == [row["kode"] for row in spellings]


HEAD = "kode,kode_induk,jenis,nama,dibuka,ditutup\n"
BAD_FILES = [
    ("kode,jenis\n31,provinsi\n", "Berkas tidak berkolom nama"),
    ("", "Berkas tidak berkolom kode, nama"),
    (HEAD + "31,,provinsi\n", "Baris 2 tidak lengkap atau terlalu panjang"),
    (HEAD + "31,,provinsi,Jakarta,,,lebih\n", "Baris 2 tidak lengkap atau terlalu panjang"),
    (HEAD + "31,,provinsi,Jakarta,1/2/2021,\n", "Baris 2: Tanggal “1/2/2021” tidak sah"),
    (HEAD + "31,,provinsi,Jakarta,,\n31.7,31,kota,Anu,,\n", "baris 3: “31.7” bukan kode wilayah"),
    (HEAD + "31,,provinsi," + "x" * 200_000 + ",,\n", "tidak dapat dibaca"),
]


@pytest.mark.parametrize(("text", "words"), BAD_FILES)
def test_a_bad_file_is_refused_with_exit_1(db: None, tmp_path: Path, text: str, words: str) -> None:
    done = run("load_regions", csv_file(tmp_path, text), "--json")
    assert (done.code, done.output) == (1, "")
    assert words in done.errors
    assert not Region.objects.exists()


def test_a_byte_order_mark_and_days_are_read(db: None, tmp_path: Path) -> None:
    file = csv_file(tmp_path, "\ufeff" + HEAD + '31,,provinsi,"Jakarta, Daerah Khusus",2021-01-01,\n')
    assert run("load_regions", file, "--json").json["new"] == 1
    stored = Region.objects.get(code="31")
    assert (stored.name, stored.opened) == ("Jakarta, Daerah Khusus", date(2021, 1, 1))


@pytest.mark.usefixtures("small_world")
def test_the_command_closes_missing_regions_on_a_day(tmp_path: Path) -> None:
    file = csv_file(tmp_path, "kode,nama\n" + "".join(f"{row.code},{row.name}\n" for row in rows(KAPUK)))
    refused = run("load_regions", file, "--close-missing", "kemarin")
    assert (refused.code, "tidak sah" in refused.errors) == (1, True)
    assert Region.objects.get(code=KAPUK).closed is None
    done = run("load_regions", file, "--close-missing", "2021-11-24", "--json")
    assert (done.json["closed"], done.json["missing"]) == (1, [KAPUK])


@pytest.mark.parametrize("name", ["tidak-ada.csv", "folder", "gambar.csv"])
def test_an_unreadable_file_is_refused_in_words(db: None, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "gambar.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")
    done = run("load_regions", tmp_path / name)
    assert (done.code, f"Berkas {name} tidak dapat dibaca" in done.errors) == (1, True)


# Finding one


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("31.73.01.1004", "village", KAPUK),
        (" 3173011004 ", "village", KAPUK),
        ("3173011004.0", "village", KAPUK),
        ("3173", "city", BARAT),
        ("31", "province", DKI),
        ("kapuk", "village", KAPUK),
        ("KEL. KAPUK", "village", KAPUK),
        ("Gambir", "district", "31.71.01"),
        ("Gambir", "village", "31.71.01.1001"),
        ("Kec. Gambir", "district", "31.71.01"),
        ("jakarta barat", "city", BARAT),
        ("KOTA ADM. JAKARTA BARAT", "city", BARAT),
        ("Kapoek", "village", KAPUK),
    ],
)
@pytest.mark.usefixtures("small_world")
def test_a_region_is_found_by_code_name_alias(text: str, level: str, code: str) -> None:
    load(rows(), aliases=((KAPUK, "KAPOEK"),))
    assert find_region(text, level, by=cast.reader(), day=DAY).code == code


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("31.73.99", "district", "Kode wilayah 31.73.99 tidak dikenal"),
        ("31.73", "village", "adalah Kota/kabupaten, bukan Kelurahan"),
        ("31.73.01.1004", "city", "Kapuk) adalah Kelurahan, bukan Kota/kabupaten"),
        ("Kapuk", "district", "Tidak ada Kecamatan bernama “Kapuk”"),
        ("Kota Atlantis", "city", "Tidak ada Kota/kabupaten bernama"),
        ("", "village", "Tidak ada Kelurahan bernama “”"),
        ("31.7", "city", "bukan kode wilayah"),
        ("3173010", "district", "Kode BPS terdeteksi"),
        ("Kembar", "village", "“Kembar” ada lebih dari satu. Pilih yang dimaksud"),
    ],
)
@pytest.mark.usefixtures("small_world")
def test_an_unknown_region_is_refused_at_the_field(text: str, level: str, words: str) -> None:
    load([*rows(), RegionRow("31.71.01.1009", "Kembar"), RegionRow("31.75.01.1009", "Kembar")])
    with pytest.raises(Refused) as refused:
        find_region(text, level, by=cast.reader(), day=DAY)
    assert words in str(refused.value)
    assert refused.value.field == "region"


@pytest.mark.usefixtures("small_world")
def test_a_name_is_ambiguous_only_among_visible_regions() -> None:
    load([*rows(), RegionRow("31.73.02.1009", "Kembar"), RegionRow("31.75.01.1009", "Kembar")])
    assert find_region("Kembar", "village", by=cast.reader_barat(), day=DAY).code == "31.73.02.1009"


@pytest.mark.parametrize("text", ["31.75", "31.75.01.1004", "31.75.99", "32"])
@pytest.mark.usefixtures("small_world")
def test_a_region_out_of_reach_is_not_found(text: str) -> None:
    with pytest.raises(NotFound, match="tidak ditemukan"):
        find_region(text, "city", by=cast.reader_barat(), day=DAY)
    with pytest.raises(NotFound):
        visible_region(cast.reader_barat(), text)
    with pytest.raises(Refused, match="Tidak ada"):
        find_region("Palmeriam", "village", by=cast.reader_barat(), day=DAY)


@pytest.mark.parametrize("text", ["31.73\x00", "", "31.7%", "x" * 10_000, "31.73.01.1004'", "\ud800"])
@pytest.mark.usefixtures("small_world")
def test_a_malformed_code_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        visible_region(cast.admin(), text)
