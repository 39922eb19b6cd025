"""Data for everybody: a catalogue that others can read, files that say what it says, and only official figures."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from recording.coverage.answers import coverage_answer
from recording.coverage.figures import run_figures
from recording.coverage.services import recompute_coverage, run_due
from recording.models import CoverageRun, Period, Region
from recording.publishing.datasets import DATASETS
from recording.targets.services import TargetInput, set_target
from recording.tests import world
from recording.tests.pages import rows as rows_of
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, count, target, write

FILES = [f"/data/{name}.{form}" for name in DATASETS for form in ("csv", "json")]
ADDRESSES = ["/data.json", "/data/datapackage.json", *FILES]
# Project Open Data 1.1, https://resources.data.gov/resources/dcat-us/: what a catalogue and a dataset must have.
CATALOGUE = {"conformsTo", "dataset"}
DATASET = {"@type", "title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"}
MAIL = r"mailto:[\w.+-]+@[\w.-]+\.[\w.-]+"  # of its vcard.json
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d"
WANTED = {"license", "accrualPeriodicity", "temporal", "spatial", "language", "describedBy", "distribution"}
TYPES: dict[str, Any] = {"integer": int, "number": float, "date": date.fromisoformat, "string": str}

pytestmark = pytest.mark.usefixtures("small_world", "at_noon")


@pytest.fixture
def offered() -> Iterator[None]:
    with override_settings(PUBLIC_DASHBOARD=True):
        yield


@pytest.fixture
def story(small_world: None, at_noon: None, offered: None) -> None:
    """Number 1, official, as of yesterday: 30.000 of 60.000. Number 2, provisional, as of today."""
    target(30_000, KAPUK)
    target(60_000, DKI)
    write(count(30_000, day=DAY - timedelta(days=2)))
    run_due(by=SYSTEM, now=NOON)
    write(count(1_000, "31.75.01.1004"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)


def table(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).content.decode())))


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_open_data_nobody_finds_them(client: Client, address: str) -> None:
    client.force_login(cast.admin())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("story")
def test_everybody_reads_the_same_and_may_keep_it(client: Client, address: str) -> None:
    first = client.get(address)
    client.force_login(cast.staff())
    again = client.get(address, headers={"If-None-Match": "x"})
    assert (first.status_code, first.content) == (200, again.content)
    assert first["Cache-Control"] == "public, max-age=300"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert not again.cookies
    assert "Cookie" not in first.get("Vary", "")
    for known in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        unchanged = client.get(address, headers=known)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        for header in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "Content-Language"):
            assert unchanged[header] == first[header]
    assert first["Content-Language"] == "id"
    assert (client.head(address).status_code, client.post(address).status_code) == (200, 405)


@pytest.mark.usefixtures("story")
def test_the_catalogue_has_what_project_open_data_demands(client: Client) -> None:
    with override_settings(DEFAULT_FROM_EMAIL="Portal <portal@dukcapil.example.go.id>"):
        catalogue = client.get("/data.json").json()
    assert catalogue.keys() >= CATALOGUE
    assert [dataset["title"] for dataset in catalogue["dataset"]] == [each.title for each in DATASETS.values()]
    for dataset in catalogue["dataset"]:
        assert dataset.keys() >= DATASET | WANTED
        assert dataset["publisher"].keys() >= {"@type", "name"}
        assert dataset["publisher"]["name"].endswith("Daerah Khusus Ibukota Jakarta")
        assert re.fullmatch(MAIL, dataset["contactPoint"]["hasEmail"])
        assert re.fullmatch(MOMENT, dataset["modified"])
        assert dataset["accrualPeriodicity"] in ("R/P1D", "R/P1Y")
        assert dataset["temporal"] == "2021-01-01/2021-11-24"
        assert dataset["spatial"] == "Daerah Khusus Ibukota Jakarta"
        assert dataset["description"].startswith("Data contoh: ")
        for each in dataset["distribution"]:
            path = each["downloadURL"].removeprefix("http://testserver")
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith(each["mediaType"])


@pytest.mark.usefixtures("story")
def test_the_package_describes_the_files_as_they_are(client: Client) -> None:
    package = client.get("/data/datapackage.json").json()
    assert package["version"] == "1"
    for resource in package["resources"]:
        rows = table(client, f"/data/{resource['path']}")
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert rows
        assert list(rows[0]) == list(fields)
        for row in rows:
            for name, field in fields.items():
                rules = field.get("constraints", {})
                assert row[name] or not rules.get("required"), (resource["name"], name)
                assert not row[name] or TYPES[field["type"]](row[name]) is not None
                assert row[name] in rules.get("enum", [row[name]])
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(keys) == len(set(keys))


@pytest.mark.usefixtures("story")
def test_figures_are_official_and_without_kelurahan(client: Client) -> None:
    rows = {(row["region"], row["document"]): row for row in table(client, "/data/cakupan.csv")}
    dki = rows[DKI, "KTP"]
    assert (dki["recorded"], dki["target"], dki["percent"], dki["remaining"], dki["run"], dki["as_of"]) == (
        "30000",
        "60000",
        "50.00",
        "30000",
        "1",
        "2021-11-24",
    )
    assert rows["31.75", "KTP"]["target"] == rows["31.75", "KTP"]["percent"] == ""
    assert {row["level"] for row in rows.values()} == {"province", "city", "district"}
    same = client.get("/data/cakupan.json").json()
    assert (same["run"], len(same["results"])) == (1, len(rows))
    assert same["status"] == "official"


@pytest.mark.usefixtures("story")
def test_figures_equal_the_public_page_and_api(client: Client) -> None:
    run, period = CoverageRun.objects.get(number=1), Period.objects.get(name="2021")
    for document in ("KTP", "KIA"):
        figures = run_figures(run, document, period, ["province", "city", "district"])
        wanted = coverage_answer(run, figures, document, "2021")["results"]
        here = [row for row in client.get("/data/cakupan.json").json()["results"] if row["document"] == document]
        assert [{name: row[name] for name in row if name not in ("run", "as_of", "status")} for row in here] == wanted
    barat = next(row for row in table(client, "/data/cakupan.csv") if row["region"] == BARAT)
    shown = next(row for row in rows_of(client.get("/publik/"), f"di {dict(world.REGIONS)[DKI]}") if row[0] == "Jakarta Barat")
    assert [shown[3].replace(".", ""), shown[4].replace(".", "")] == [barat["recorded"], barat["target"]]


@pytest.mark.usefixtures("story")
def test_targets_are_those_of_the_run(client: Client) -> None:
    """Neither a version of tomorrow, nor one written after the run; a sum of the children's has no source."""
    later = TargetInput(DKI, "KTP", "2021", 60_000, "SK 2/2021", DAY - timedelta(days=3))
    set_target(act=Act(SYSTEM, world.after(hours=1), world.Door.COMMAND), target=later)
    sums = ["task", "30000", "", "", ""]
    wanted = {DKI: ["task", "60000", "SK 1/2021", "2021-01-01", "1"], BARAT: sums, "31.73.01": sums}
    names = ("kind", "people", "source", "effective_from", "version")
    rows = table(client, "/data/target.csv")
    assert {row["region"]: [row[name] for name in names] for row in rows} == wanted
    assert {(row["run"], row["as_of"]) for row in rows} == {("1", "2021-11-24")}
    clock.set_demo(DAY, NOON + timedelta(days=1))
    run_due(by=SYSTEM, now=NOON + timedelta(days=1))
    revised = {row["region"]: [row[name] for name in names] for row in table(client, "/data/target.csv")}
    assert revised[DKI] == ["task", "60000", "SK 2/2021", "2021-11-22", "2"]
    target(None, DKI, since=DAY - timedelta(days=3))  # withdrawn: the sum counts again
    target(70_000, DKI, since=DAY + timedelta(days=20))
    clock.set_demo(DAY, NOON + timedelta(days=2))
    run_due(by=SYSTEM, now=NOON + timedelta(days=2))
    rows = table(client, "/data/target.csv")
    assert [[row[name] for name in names] for row in rows if row["region"] == DKI] == [sums]
    assert {row["run"] for row in rows} == {"4"}


@pytest.mark.usefixtures("story")
def test_if_modified_since_notices_a_renamed_region(client: Client) -> None:
    before = client.get("/data/cakupan.csv")
    row = world.RegionRow(DKI, "Daerah Khusus Jakarta", named_since=date(2021, 11, 1))
    world.load_regions(act=Act(SYSTEM, NOON + timedelta(minutes=5), world.Door.COMMAND), rows=[row])
    after = client.get("/data/cakupan.csv", headers={"If-Modified-Since": before["Last-Modified"]})
    assert after.status_code == 200
    assert "Daerah Khusus Jakarta" in after.content.decode()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("address", "first"), [("/data/cakupan.csv", 7), ("/data/target.json", 6), ("/data.json", 6), ("/data/datapackage.json", 4)]
)
def test_a_cached_answer_costs_two_queries(client: Client, address: str, first: int) -> None:
    client.get("/masuk/")  # what the process learns once
    cache.clear()
    for wanted in (first, 2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) == wanted


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("address", ADDRESSES)
def test_before_the_first_run_data_are_empty(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    if address.endswith(".csv"):
        assert len(answer.content.decode().splitlines()) == 1
    elif address in FILES:
        assert answer.json() == {"run": None, "as_of": None, "status": None, "results": []}


@pytest.mark.usefixtures("offered")
def test_an_empty_installation_has_a_catalogue(client: Client) -> None:
    with override_settings(PORTAL_NAME="Portal kosong"):
        for dataset in client.get("/data.json").json()["dataset"]:
            assert dataset["modified"] == "R/P1D"
            assert "temporal" not in dataset


@pytest.mark.usefixtures("story")
def test_a_name_never_becomes_a_formula(client: Client) -> None:
    Region.objects.filter(code="31.75").update(name="=1+1")
    names = {row["region"]: row["name"] for row in table(client, "/data/cakupan.csv")}
    assert names["31.75"] == "'=1+1"


@pytest.mark.parametrize("address", ["/data/lain.csv", "/data/cakupan.xml", "/data/"])
@pytest.mark.usefixtures("story")
def test_another_file_does_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
