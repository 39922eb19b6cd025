"""Names of rows by their day: former names, moved, split, closed and future regions."""

from datetime import date
from pathlib import Path

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.errors import Refused
from recording.imports.matching import Chronicle, Lifetime, OldName, Place, UnknownSpelling, match_place
from recording.imports.tests.imports import imported, reasons
from recording.models import DailyCount, Door, ImportKind, Target
from recording.regions.services import RegionRow, load_regions
from recording.tests import world
from recording.tests.commands import csv_file
from recording.tests.world import KAPUK

DUKU, PALA, MOVED_FROM, MOVED_TO = "31.73.01.1002", "31.73.01.1005", "31.73.01.1003", "31.73.06.1099"
REGIONS = [
    Lifetime("31", "DKI Jakarta"),
    Lifetime("31.73", "Jakarta Barat"),
    Lifetime("31.73.01", "Cengkareng"),
    Lifetime("31.73.06", "Kalideres"),
    Lifetime(DUKU, "Bumi Sejahtera"),
    Lifetime(PALA, "Duku"),  # took on the name that the other one gave up
    Lifetime(MOVED_FROM, "Rawa Buaya", None, date(2021, 11, 21)),
    Lifetime(MOVED_TO, "Rawa Buaya", date(2021, 11, 22), None),
]
OLD = [OldName(DUKU, "Duku", None, date(2021, 10, 31)), OldName(PALA, "Pala", None, date(2021, 10, 31))]
NAMES = Chronicle(REGIONS, OLD, [], {}, first=date(2021, 1, 1))
OCTOBER, NOVEMBER, DECEMBER = date(2021, 10, 31), date(2021, 11, 1), date(2021, 12, 1)


@pytest.mark.parametrize(
    ("day", "code", "name", "found"),
    [
        (OCTOBER, "", "Duku", DUKU),
        (NOVEMBER, "", "Duku", PALA),
        (date(1999, 1, 1), "", "Duku", DUKU),
        (OCTOBER, DUKU, "Duku", DUKU),
        (OCTOBER, DUKU, "Bumi Sejahtera", DUKU),
        (OCTOBER, "", "Bumi Sejahtera", DUKU),
        (OCTOBER, "", "Pala", PALA),
        (date(2021, 11, 21), "", "Rawa Buaya", MOVED_FROM),
        (date(2021, 11, 22), "", "Rawa Buaya", MOVED_TO),
        (DECEMBER, MOVED_FROM, "Rawa Buaya", MOVED_FROM),  # that it is closed is said later
        (OCTOBER, MOVED_TO, "Rawa Buaya", MOVED_TO),
    ],
)
def test_a_name_means_its_owner_that_day(day: date, code: str, name: str, found: str) -> None:
    assert match_place(NAMES.on(day), Place(code, (("village", name),))).code == found


@pytest.mark.parametrize(("day", "code", "name"), [(OCTOBER, PALA, "Duku"), (NOVEMBER, DUKU, "Duku")])
def test_the_name_of_another_region_is_refused(day: date, code: str, name: str) -> None:
    with pytest.raises(Refused, match="tidak cocok"):
        match_place(NAMES.on(day), Place(code, (("village", name),)))


def test_a_former_name_used_later_is_asked() -> None:
    for code in ("", PALA):
        with pytest.raises(UnknownSpelling) as problem:
            match_place(NAMES.on(DECEMBER), Place(code, (("village", "Pala"),)))
        assert problem.value.candidates[0] == (PALA, "Duku")


def test_a_closed_region_is_no_candidate() -> None:
    with pytest.raises(UnknownSpelling) as problem:
        match_place(NAMES.on(DECEMBER), Place("", (("village", "Rawa Buayaa"),)))
    codes = [code for code, _ in problem.value.candidates]
    assert MOVED_TO in codes
    assert MOVED_FROM not in codes


@pytest.fixture
def changed(small_world: None) -> None:
    """Kapuk moves on 22 November; Grogol is called Bumi from 1 November on; Cengkareng Barat gets a part of its own."""
    rows = [
        RegionRow("31.73.01", "Cengkareng"),
        RegionRow(KAPUK, "Kapuk", closed=date(2021, 11, 21)),
        RegionRow("31.73.02.1099", "Kapuk", opened=date(2021, 11, 22)),
        RegionRow("31.73.02.1001", "Bumi", named_since=date(2021, 11, 1)),
        RegionRow("31.73.01.1009", "Cengkareng Baru", opened=date(2021, 11, 20)),
    ]
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=rows)


def stored() -> list[tuple[str, str, int | None]]:
    rows = DailyCount.objects.order_by("day", "region_id").values_list("region_id", "day", "people")
    return [(code, day.isoformat(), people) for code, day, people in rows]


@pytest.mark.usefixtures("changed")
def test_each_row_is_read_by_its_day(tmp_path: Path) -> None:
    lines = ["kelurahan,dokumen,tanggal,jumlah"]
    lines += ["Kapuk,KTP,20/11/2021,5", "Kapuk,KTP,23/11/2021,7", "Kapuk,KTP,21/11/2021,6"]
    lines += ["Grogol,KTP,31/10/2021,3", "Bumi,KTP,01/11/2021,4", "Bumi,KTP,30/10/2021,2"]
    done = imported(csv_file(tmp_path, "\n".join(lines)))
    assert reasons(done) == []
    assert stored() == [
        ("31.73.02.1001", "2021-10-30", 2),
        ("31.73.02.1001", "2021-10-31", 3),
        ("31.73.02.1001", "2021-11-01", 4),
        (KAPUK, "2021-11-20", 5),
        (KAPUK, "2021-11-21", 6),
        ("31.73.02.1099", "2021-11-23", 7),
    ]


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("31.73.01.1009,Cengkareng Baru,KTP,19/11/2021,5", "belum ada pada tanggal itu: dibuka Sabtu, 20 November 2021"),
        (f"{KAPUK},Kapuk,KTP,22/11/2021,5", "sudah tutup pada tanggal itu: hari terakhirnya Minggu, 21 November 2021"),
        (",Grogol,KTP,02/11/2021,5", "Tidak ada wilayah bernama “Grogol”"),
    ],
)
def test_rows_outside_of_a_regions_days_are_named(tmp_path: Path, line: str, words: str) -> None:
    done = imported(csv_file(tmp_path, f"kode,kelurahan,dokumen,tanggal,jumlah\n{line}\n"))
    assert any(words in reason for reason in reasons(done)), reasons(done)
    assert stored() == []


@pytest.mark.usefixtures("changed")
def test_each_column_is_read_by_its_day(tmp_path: Path) -> None:
    text = "kelurahan;20/11/2021;21/11/2021;22/11/2021\nKapuk;5;6;7\nCideng;1;1;1\n"
    done = imported(csv_file(tmp_path, text), accept=True, document="KTP")
    assert [row for row in stored() if row[0] != "31.71.01.1002"] == [
        (KAPUK, "2021-11-20", 5),
        (KAPUK, "2021-11-21", 6),
        ("31.73.02.1099", "2021-11-22", 7),
    ], reasons(done)


@pytest.mark.usefixtures("changed")
def test_a_target_is_read_by_its_first_day(tmp_path: Path) -> None:
    lines = ["kelurahan,dokumen,periode,target,sumber,berlaku"]
    lines += ["Kapuk,KTP,2021,5,SK 1,2020-12-01", "Kapuk,KIA,2021,7,SK 2,2021-11-22"]
    assert reasons(imported(csv_file(tmp_path, "\n".join(lines)), ImportKind.TARGETS)) == []
    targets = Target.objects.order_by("people").values_list("region_id", "people")
    assert list(targets) == [(KAPUK, 5), ("31.73.02.1099", 7)]
