"""Who could not be recorded, from the reports to the tables of coverage: summed up the tree, with the reasons."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.testing import shared_worlds
from fleet.tests.plans import GROGOL, PALMERIAM
from fleet.tests.stops import approve, body, give_back, send, stop, van
from recording.coverage.services import recompute_coverage
from recording.tests.pages import Answer, logged_in, rows, words
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

TABLE = f"/wilayah/{DKI}/tabel/"


def tell_story() -> None:
    """Two stops in Kapuk and one in Grogol, sent and approved; in Palmeriam one that was returned."""
    one, two, other = van("B 1 PKD"), van("B 2 PKD"), van("B 3 PKD", "31.75")
    target(1_000, KAPUK)
    send(stop(one), body(20, not_found={"moved": 5, "died": 1}))
    second = stop(one, session="afternoon")
    send(second, body(10, not_found={"moved": 2, "unknown": 0}))
    approve(second)
    send(stop(two, GROGOL, day=DAY - timedelta(days=1)), body(4, not_found={"abroad": 3}))
    returned = stop(other, PALMERIAM)
    send(returned, body(1, not_found={"duplicate": 9}))
    give_back(returned)
    write(count(7, document="KIA"))
    recompute_coverage(by=SYSTEM, day=DAY - timedelta(days=1), now=NOON)
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


OWN_WORLDS = {"story": tell_story}


@pytest.fixture(autouse=True)
def story(at_noon: None) -> None:
    shared_worlds.given("story")


def missed(page: Answer) -> dict[str, str]:
    return {row[0]: row[9] for row in rows(page)}


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (
            "kota",
            {
                "Jakarta Barat": "11 Pindah 7 Meninggal 1 Di luar negeri 3 Tidak ditemukan 0",
                "Jakarta Pusat": "–",
                "Jakarta Timur": "–",
            },
        ),
        (
            "kecamatan",
            {
                "Cengkareng Jakarta Barat": "8 Pindah 7 Meninggal 1 Tidak ditemukan 0",
                "Grogol Petamburan Jakarta Barat": "3 Di luar negeri 3",
                "Matraman Jakarta Timur": "–",
            },
        ),
        ("kelurahan", {"Kapuk Cengkareng, Jakarta Barat": "8 Pindah 7 Meninggal 1 Tidak ditemukan 0"}),
    ],
)
def test_reasons_are_summed_up_the_tree(level: str, found: dict[str, str]) -> None:
    page = logged_in(cast.reader()).get(f"{TABLE}?tingkat={level}")
    assert missed(page) == missed(page) | found
    assert "Mereka membedakan sisa yang nyata dari sisa di atas kertas" in words(page)


def test_what_remains_is_not_less_by_them() -> None:
    row = {row[0]: row for row in rows(logged_in(cast.reader()).get(f"{TABLE}?tingkat=kelurahan"))}
    assert row["Kapuk Cengkareng, Jakarta Barat"][4] == "970"


def test_an_older_run_tells_those_until_its_day() -> None:
    page = logged_in(cast.reader()).get(f"{TABLE}?tingkat=kota&run=1")
    assert missed(page)["Jakarta Barat"] == "3 Di luar negeri 3"


def test_a_kia_looks_for_nobody() -> None:
    client = logged_in(cast.reader())
    for address in (f"{TABLE}?dokumen=KIA", f"/wilayah/{BARAT}/?dokumen=KIA"):
        assert "tidak terekam" not in words(client.get(address)).lower()


def test_they_stand_beside_the_remaining_of_a_region() -> None:
    page = logged_in(cast.reader()).get(f"/wilayah/{BARAT}/")
    assert {row[0]: row[5] for row in rows(page, "di ")}["Cengkareng"] == "970 8 tidak terekam"


def test_regions_side_by_side_tell_the_reasons() -> None:
    found = {row[0]: row[1:] for row in rows(logged_in(cast.reader()).get(f"{TABLE}?banding={KAPUK},31.75"), "berdampingan")}
    assert found["Sisa"] == ["970 tidak terekam 8", "–"]
    assert found["Tidak terekam"] == ["8", "–"]
    assert found["– Pindah"] == ["7", "–"]
    assert found["– Data ganda"] == ["–", "–"]


def test_the_file_has_a_column_for_each_reason() -> None:
    client = logged_in(cast.reader())
    client.cookies["django_language"] = "en"
    answer = client.get(f"/wilayah/{DKI}/unduh.csv?tingkat=kecamatan&urut=-takrekam&kota=31.73")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.DictReader(StringIO(text), delimiter=";"))
    assert [line["Nama"] for line in lines] == ["Cengkareng", "Grogol Petamburan"]
    assert {name: cell for name, cell in lines[0].items() if name.startswith("Tidak terekam")} == {
        "Tidak terekam": "8",
        "Tidak terekam: pindah": "7",
        "Tidak terekam: meninggal": "1",
        "Tidak terekam: di luar negeri": "",
        "Tidak terekam: data ganda": "",
        "Tidak terekam: tidak ditemukan": "0",
    }
    assert {name: lines[0][name] for name in ("Sisa", "Rencana sampai hari itu", "Selisih dari rencana", "Hari itu")} == {
        "Sisa": "970",
        "Rencana sampai hari itu": "901",
        "Selisih dari rencana": "-871",
        "Hari itu": "30",
    }


def test_a_reader_of_one_city_sees_its_own() -> None:
    page = logged_in(cast.reader_barat()).get(f"/wilayah/{BARAT}/tabel/?tingkat=kecamatan")
    assert missed(page)["Cengkareng"].startswith("8 ")


def test_only_the_confirmed_resolve_a_list() -> None:
    """Whoever was not found may still come, and does not count."""
    send(stop(van("B 4 PKD"), day=DAY - timedelta(days=1)), body(5, not_found={"unknown": 4, "duplicate": 2}))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    page = words(logged_in(cast.staff()).get(f"/wilayah/{KAPUK}/"))
    assert "sisa 965 tidak terekam 14 menurut laporan mobil" in page
    assert "daftar tertangani 4,50% 45 dari 1.000" in page
    assert "daftar tertangani" not in words(logged_in(cast.staff()).get(f"/wilayah/{PALMERIAM}/"))
