"""A region that gets another name keeps the one before, with its days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.errors import Refused
from recording.models import AuditEntry, Door, FormerName, Region
from recording.regions.region_file import read_regions
from recording.regions.selectors import find_region
from recording.regions.services import RegionRow, RegionsLoaded, load_regions
from recording.tests import world
from recording.tests.commands import csv_file
from recording.tests.world import DAY, KAPUK

pytestmark = pytest.mark.usefixtures("small_world")
YESTERDAY = DAY - timedelta(days=1)
GROGOL = "31.73.02.1001"


def call(name: str, *, on: date = DAY, since: date | None = None, code: str = KAPUK) -> RegionsLoaded:
    """Load a file of one row on a day."""
    now = world.NOON + (on - DAY)
    return load_regions(act=Act(SYSTEM, now, Door.COMMAND), rows=[RegionRow(code, name, named_since=since)])


def former(code: str = KAPUK) -> list[tuple[str, date | None, date]]:
    return list(FormerName.objects.filter(region=code).values_list("name", "first_day", "last_day"))


def name_on(day: date, code: str = KAPUK) -> str:
    return Region.objects.named_on(day).get(code=code).name_then


def test_a_new_name_holds_from_its_loading_on() -> None:
    assert call("Kapuk Lama").renamed == (KAPUK,)
    assert former() == [("Kapuk", None, YESTERDAY)]
    assert [name_on(day) for day in (date(1990, 1, 1), YESTERDAY, DAY)] == ["Kapuk", "Kapuk", "Kapuk Lama"]
    assert call("Kapuk Lama", on=DAY + timedelta(days=9)) == RegionsLoaded(0, 0, 1, without_kapuk(), 0)
    assert former() == [("Kapuk", None, YESTERDAY)]


def without_kapuk() -> tuple[str, ...]:
    return tuple(code for code, _ in world.REGIONS if code != KAPUK)


def test_names_follow_each_other_without_a_gap() -> None:
    call("Dua", since=date(2021, 3, 1))
    call("Tiga", since=date(2021, 6, 1))
    assert former() == [("Kapuk", None, date(2021, 2, 28)), ("Dua", date(2021, 3, 1), date(2021, 5, 31))]
    days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 5, 31), date(2021, 6, 1)]
    assert [name_on(day) for day in days] == ["Kapuk", "Dua", "Dua", "Tiga"]


def test_a_later_file_corrects_a_names_day() -> None:
    call("Dua")
    before = AuditEntry.objects.count()
    assert call("Dua", since=date(2021, 3, 1)).renamed == (KAPUK,)
    assert former() == [("Kapuk", None, date(2021, 2, 28))]
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.latest("pk").details["renamed"] == {KAPUK: ["Kapuk", "Dua"]}
    before = AuditEntry.objects.count()
    assert call("Dua", since=date(2021, 3, 1)).renamed == ()
    assert AuditEntry.objects.count() == before


def test_a_name_without_a_day_leaves_none() -> None:
    call("Salah ketik")
    call("Kapuk Lama")
    assert former() == [("Kapuk", None, YESTERDAY)]
    assert name_on(DAY) == "Kapuk Lama"


@pytest.mark.parametrize(
    ("since", "sentence"),
    [(DAY + timedelta(days=1), "muat berkasnya pada hari itu"), (date(2021, 2, 28), "tidak dapat lebih awal")],
)
def test_a_name_of_a_wrong_day_is_refused(since: date, sentence: str) -> None:
    call("Dua", since=date(2021, 3, 1))
    with pytest.raises(Refused, match=sentence):
        call("Tiga", since=since)
    assert (Region.objects.get(code=KAPUK).name, len(former())) == ("Dua", 1)


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("Kapuk", YESTERDAY, KAPUK),
        ("Bumi", DAY, KAPUK),
        ("Bumi", YESTERDAY, KAPUK),  # nobody else was called so
        ("kel. grogol", YESTERDAY, GROGOL),
        ("Kapuk", DAY, GROGOL),  # takes the name on
        ("Grogol", DAY, None),
    ],
)
def test_a_name_is_looked_up_by_its_day(text: str, day: date, code: str | None) -> None:
    call("Bumi")
    call("Kapuk", code=GROGOL)
    if code:
        assert find_region(text, "village", by=SYSTEM, day=day).code == code
        return
    with pytest.raises(Refused, match="Tidak ada Kelurahan bernama"):
        find_region(text, "village", by=SYSTEM, day=day)


@pytest.mark.parametrize(("day", "code"), [(YESTERDAY, KAPUK), (DAY, "31.73.02.1099")])
def test_a_moved_kelurahan_is_found_by_the_day(day: date, code: str) -> None:
    rows = [RegionRow(KAPUK, "Kapuk", closed=YESTERDAY), RegionRow("31.73.02.1099", "Kapuk", opened=DAY)]
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=rows)
    assert find_region("Kapuk", "village", by=SYSTEM, day=day).code == code


def test_a_closed_kelurahan_is_found_by_its_name() -> None:
    """Also on days on which it is not open: whoever asks then says so."""
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=[RegionRow(KAPUK, "Kapuk", closed=YESTERDAY)])
    call("Bumi", since=YESTERDAY)
    assert find_region("Kapuk", "village", by=SYSTEM, day=date(2021, 1, 1)).code == KAPUK
    assert find_region("Bumi", "village", by=SYSTEM, day=DAY).code == KAPUK


def test_a_former_name_is_found_before_its_opening() -> None:
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=[RegionRow(KAPUK, "Kapuk", opened=date(2021, 3, 1))])
    call("Bumi", since=date(2021, 6, 1))
    assert find_region("Kapuk", "village", by=SYSTEM, day=date(2021, 2, 1)).code == KAPUK


def test_a_names_day_is_not_corrected_away() -> None:
    call("Dua", since=date(2021, 3, 1))
    call("Tiga", since=date(2021, 6, 1))
    with pytest.raises(Refused, match="tidak dapat lebih awal"):
        call("Tiga", since=date(2021, 3, 1))
    assert call("Tiga", since=date(2021, 3, 2)).renamed == (KAPUK,)
    assert former()[1] == ("Dua", date(2021, 3, 1), date(2021, 3, 1))


def test_a_first_name_begins_with_its_region() -> None:
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=[RegionRow(KAPUK, "Kapuk", opened=date(2021, 3, 1))])
    with pytest.raises(Refused, match="tidak dapat lebih awal"):
        call("Bumi", since=date(2021, 2, 28))
    call("Bumi", since=date(2021, 3, 2))
    assert former() == [("Kapuk", date(2021, 3, 1), date(2021, 3, 1))]


def test_the_database_keeps_names_a_day_long() -> None:
    name = FormerName(region_id=KAPUK, name="Kapuk", first_day=DAY, last_day=YESTERDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        name.save()
    assert former() == []


def test_a_file_gives_a_names_first_day(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = csv_file(tmp_path, f"kode,nama,nama_sejak\n{KAPUK},Bumi,2021-03-01\n{GROGOL},Grogol,\n")
    assert [row.named_since for row in read_regions(file)] == [date(2021, 3, 1), None]
