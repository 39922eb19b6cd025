"""Regions in time, as people see them: runs of a day, and what stands on days on which a region is not open."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.models import Demo
from recording.coverage.figures import region_coverage, run_figures
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage
from recording.ledger.services import return_counts
from recording.models import CoverageRun, Door, Region
from recording.publishing.stored_tables import counts_table
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import TargetInput, set_target
from recording.tests import world
from recording.tests.commands import csv_file, run
from recording.tests.pages import logged_in, rows, words
from recording.tests.world import DAY, KAPUK, NOON, after, count, target, write

CENGKARENG, FUTURE = "31.73.01", "31.73.01.1099"
WEEK_AGO = DAY - timedelta(days=7)


def load(*rows: RegionRow) -> None:
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=rows)


def run_of(day: date) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=after(days=60))


@pytest.fixture
def renamed(small_world: None) -> tuple[CoverageRun, CoverageRun]:
    """A run of a week before Kapuk got its new name, and one of after."""
    write(count(5, day=WEEK_AGO), count(7))
    load(RegionRow(KAPUK, "Bumi", named_since=DAY - timedelta(days=3)))
    run_of(WEEK_AGO - timedelta(days=1))
    return run_of(WEEK_AGO), run_of(DAY)


def test_a_run_shows_the_names_of_its_day(renamed: tuple[CoverageRun, CoverageRun]) -> None:
    for shown, name in zip(renamed, ("Kapuk", "Bumi"), strict=True):
        runs = runs_for(shown.number, DAY + timedelta(days=60))
        assert runs
        found = region_coverage(by=SYSTEM, code=KAPUK, document="KTP", period=world.period(), runs=runs)
        assert found.figure.name == name
        named = {each.code: each.name for each in run_figures(shown, "KTP", world.period(), ["village"])}
        assert named[KAPUK] == name


@pytest.mark.parametrize(
    "address",
    [
        "/wilayah/31.73.01/perubahan/?dokumen=KTP&sampai={run}",
        "/wilayah/31.73.01/?dokumen=KTP&run={run}",
        "/api/v1/coverage/?document=KTP&parent=31.73.01&run={run}",
        "/api/v1/coverage/?document=KTP&level=village&date={day}",
    ],
)
def test_pages_of_an_old_run_say_its_name(renamed: tuple[CoverageRun, CoverageRun], address: str) -> None:
    Demo.objects.create(pk=1, until=DAY, shift=clock.real_now() - after(days=2))  # both days are over
    client = logged_in(cast.staff())
    for shown, name, other in zip(renamed, ("Kapuk", "Bumi"), ("Bumi", "Kapuk"), strict=True):
        page = client.get(address.format(run=shown.number, day=shown.as_of))
        assert page.status_code == 200
        assert (name in words(page), other in words(page)) == (True, False), address


def test_former_names_are_told_with_their_days(renamed: object) -> None:
    client, last_day = logged_in(cast.admin()), DAY - timedelta(days=4)
    former = [{"name": "Kapuk", "first_day": None, "last_day": last_day.isoformat()}]
    for address in ("/api/v1/regions/?name=kapuk", "/api/v1/regions/?name=bumi"):
        (region,) = client.get(address).json()["results"]
        assert (region["code"], region["name"], region["former_names"]) == (KAPUK, "Bumi", former)
    assert client.get("/api/v1/regions/31.73.01/").json()["former_names"] == []
    assert '""name"": ""Kapuk""' in client.get("/api/v1/regions/?below=31.73.01&format=csv").content.decode()
    assert "Kapuk" in words(client.get(f"/kelola/recording/region/{KAPUK}/change/"))


def test_stored_counts_are_listed_under_their_days_names(renamed: object) -> None:
    table = counts_table(SYSTEM, KAPUK, "KTP", WEEK_AGO, DAY)
    assert [(row[3], row[5]) for row in table.rows] == [("Kapuk", WEEK_AGO.isoformat()), ("Bumi", DAY.isoformat())]
    listed = rows(logged_in(cast.reader()).get("/wilayah/31/catatan/"))
    assert [line[1] for line in listed] == [f"Bumi {KAPUK}", f"Kapuk {KAPUK}"]


@pytest.mark.usefixtures("small_world")
def test_a_future_region_is_listed_from_its_day() -> None:
    write(count(5))
    load(RegionRow(FUTURE, "Cengkareng Utara", opened=DAY + timedelta(days=1)))
    listed = []
    for day in (DAY, DAY + timedelta(days=1)):
        found = run_figures(run_of(day), "KTP", world.period(), ["village"])
        listed.append(FUTURE in {row.code for row in found})
    assert listed == [False, True]


@pytest.mark.usefixtures("small_world")
def test_loading_tells_what_lies_before_an_opening(tmp_path: Path) -> None:
    write(count(5), count(6, day=WEEK_AGO), count(8, day=WEEK_AGO, document="KIA"))
    return_counts(act=Act(SYSTEM, NOON, Door.COMMAND), keys=[(KAPUK, "KIA", WEEK_AGO, "loket")], reason="salah")
    file = csv_file(tmp_path, f"kode,nama,dibuka,ditutup\n{KAPUK},Kapuk,{DAY},\n")
    (sentence,) = run("load_regions", file, "--json").json["beyond"]
    assert "1 catatan dari 31.73.01.1004 Kapuk di luar harinya: Kam, 18 Nov 2021 sampai Kam, 18 Nov 2021" in sentence


@pytest.mark.usefixtures("small_world")
def test_loading_tells_what_lies_beyond_the_days(tmp_path: Path) -> None:
    target(100, KAPUK)
    target(40, "31.73.02.1001")
    write(count(5), count(6, day=WEEK_AGO))
    file = csv_file(tmp_path, f"kode,nama,dibuka,ditutup\n{KAPUK},Kapuk,,{DAY - timedelta(days=1)}\n31.73.02.1001,Grogol,,\n")
    beyond = run("load_regions", file, "--json").json["beyond"]
    assert len(beyond) == 2
    assert "Target KTP 2021 dari 31.73.01.1004 Kapuk tetap 100 sesudah hari terakhirnya Rabu, 24 November 2021" in beyond[0]
    assert "1 catatan dari 31.73.01.1004 Kapuk di luar harinya: Kam, 25 Nov 2021" in beyond[1]
    withdrawn = TargetInput(KAPUK, "KTP", "2021", None, "SK 2", DAY)
    set_target(act=Act(SYSTEM, NOON, Door.COMMAND), target=withdrawn)
    assert len(run("load_regions", file, "--json").json["beyond"]) == 1
    Region.objects.filter(code="31.73.02.1001").update(closed=date(2021, 12, 31))  # with its period
    assert len(run("load_regions", file, "--json").json["beyond"]) == 1
    assert Region.objects.get(code=KAPUK).closed == DAY - timedelta(days=1)
