"""Data for everybody: a catalogue that others can read, files that say what it says, and only official figures."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.models import Region
from recording.open_data import DATASETS
from recording.services.runs import recompute_coverage, run_due
from recording.tests.world import DAY, DKI, KAPUK, NOON, count, target, write

FILES = [f"/data/{name}.{form}" for name in DATASETS for form in ("csv", "json")]
ADDRESSES = ["/data.json", "/data/datapackage.json", *FILES]
# Project Open Data 1.1, https://resources.data.gov/resources/dcat-us/: what a catalogue and a dataset must have.
CATALOGUE = {"conformsTo", "dataset"}
DATASET = {
    "@type", "title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel",
}  # fmt: skip
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
def test_where_nothing_is_public_there_is_nothing_whoever_asks(client: Client, address: str) -> None:
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
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert (client.head(address).status_code, client.post(address).status_code) == (200, 405)


@pytest.mark.usefixtures("story")
def test_the_catalogue_has_what_project_open_data_demands(client: Client) -> None:
    catalogue = client.get("/data.json").json()
    assert catalogue.keys() >= CATALOGUE
    assert [dataset["title"] for dataset in catalogue["dataset"]] == [
        each.title for each in DATASETS.values()
    ]
    for dataset in catalogue["dataset"]:
        assert dataset.keys() >= DATASET | WANTED
        assert dataset["publisher"].keys() >= {"@type", "name"}
        assert dataset["contactPoint"]["hasEmail"].startswith("mailto:")
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
def test_the_figures_are_the_official_ones_with_their_run_and_no_kelurahan(client: Client) -> None:
    rows = {(row["region"], row["document"]): row for row in table(client, "/data/cakupan.csv")}
    dki = rows[DKI, "KTP"]
    assert (dki["recorded"], dki["target"], dki["percent"], dki["remaining"], dki["run"], dki["as_of"]) == (
        "30000", "60000", "50.00", "30000", "1", "2021-11-24",
    )  # fmt: skip
    assert rows["31.75", "KTP"]["target"] == rows["31.75", "KTP"]["percent"] == ""
    assert {row["level"] for row in rows.values()} == {"province", "city", "district"}
    same = client.get("/data/cakupan.json").json()
    assert (same["run"], len(same["results"])) == (1, len(rows))
    assert [row["region"] for row in table(client, "/data/target.csv")] == [DKI]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("address", ADDRESSES)
def test_before_the_first_official_run_all_is_valid_and_empty(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    if address.endswith(".csv"):
        assert len(answer.content.decode().splitlines()) == 1


@pytest.mark.usefixtures("story")
def test_a_name_never_becomes_a_formula(client: Client) -> None:
    Region.objects.filter(code="31.75").update(name="=1+1")
    names = {row["region"]: row["name"] for row in table(client, "/data/cakupan.csv")}
    assert names["31.75"] == "'=1+1"


@pytest.mark.parametrize("address", ["/data/lain.csv", "/data/cakupan.xml", "/data/"])
@pytest.mark.usefixtures("story")
def test_another_file_does_not_exist(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
