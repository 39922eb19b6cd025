"""Coverage, its course and its explanation through the API: the pages' figures, built once for each run."""

import csv
import io
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.answers import coverage_answer
from recording.coverage.figures import region_coverage
from recording.coverage.runs import runs_for
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, CoverageRun, Door
from recording.regions.services import RegionRow, load_regions
from recording.tests import world
from recording.tests.api import bearer

pytestmark = pytest.mark.usefixtures("small_world", "at_noon")
COVERAGE = "/api/v1/coverage/"
CITIES = [world.DKI, "31.71", world.BARAT, "31.75"]


def key(owner: User, *scopes: str, jurisdiction: str = "") -> dict[str, str]:
    return bearer(owner, *(scopes or ("read",)), jurisdiction=jurisdiction)


@pytest.fixture
def run() -> CoverageRun:
    """Provisional figures at noon: Kapuk 5 of 20, Palmeriam 7 without a target."""
    world.target(20, world.KAPUK)
    world.write(world.count(5), world.count(7, "31.75.01.1004"))
    return recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON)


def ask(client: Client, query: str = "", headers: dict[str, str] | None = None, path: str = COVERAGE) -> Any:
    return client.get(f"{path}?{query}", headers=key(cast.reader()) if headers is None else headers)


def test_without_a_level_the_answer_matches_the_page(client: Client, run: CoverageRun) -> None:
    found = region_coverage(
        by=cast.reader(),
        code="31",
        document="KTP",
        period=world.period(),
        runs=runs_for(None, world.YEARS_LATER),  # type: ignore[arg-type]
    )
    figures = [found.figure, *sorted(found.children, key=lambda figure: figure.code)]
    answer = ask(client).json()
    assert answer == coverage_answer(run, figures, "KTP", "2021")
    assert [row["region"] for row in answer["results"]] == CITIES


def test_a_level_below_a_parent(client: Client, run: CoverageRun) -> None:
    rows = ask(client, "level=village&parent=31.73").json()["results"]
    assert [(row["region"], row["recorded"], row["target"], row["percent"]) for row in rows] == [
        ("31.73.01.1001", 0, None, None),
        (world.KAPUK, 5, 20, "25.00"),
        ("31.73.02.1001", 0, None, None),
    ]


def test_csv_equals_json_and_names_its_run(client: Client, run: CoverageRun) -> None:
    text = ask(client, "level=village&parent=31.73&format=csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    kapuk = rows[1]
    assert (kapuk["region"], kapuk["percent"], kapuk["run"], kapuk["as_of"], kapuk["status"]) == (
        world.KAPUK,
        "25.00",
        str(run.number),
        "2021-11-25",
        "provisional",
    )
    assert rows[0]["target"] == rows[0]["percent"] == ""
    accepted = client.get(COVERAGE, headers=key(cast.admin()) | {"Accept": "text/csv"})
    assert accepted["Content-Type"] == "text/csv; charset=utf-8"


def test_fields_keep_the_order_of_the_contract(client: Client, run: CoverageRun) -> None:
    rows = ask(client, "fields=percent,region").json()["results"]
    assert list(rows[0]) == ["region", "percent"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("document=SIM", "document"),
        ("level=rt", "level"),
        ("level=", "level"),
        ("parent=Kapuk", "parent"),
        ("parent=", "parent"),
        ("run=x", "run"),
        ("run=-1", "run"),
        ("run=9999999999", "run"),
        ("date=25/11/2021", "date"),
        ("date=2021-02-30", "date"),
        ("run=1&date=2021-11-25", "date"),
        ("fields=nik", "fields"),
        ("fields=", "fields"),
        ("fields=region,", "fields"),
        ("tahun=2021", "tahun"),
        ("level=city&level=village", "level"),
        ("run=٣", "run"),
    ],
)
def test_nonsense_is_refused_by_name(client: Client, run: CoverageRun, query: str, field: str) -> None:
    answer = ask(client, query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [each["field"] for each in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("query", ["run=99", "date=2021-11-24", "period=1999", "parent=99"])
def test_what_does_not_exist_is_not_found(client: Client, run: CoverageRun, query: str) -> None:
    assert ask(client, query).status_code == 404


def test_an_old_runs_answer_never_changes(client: Client, run: CoverageRun) -> None:
    headers = key(cast.reader())
    before = ask(client, f"run={run.number}", headers).json()
    world.write(world.count(15))
    newer = recompute_coverage(by=SYSTEM, day=world.DAY, now=world.after(hours=1))
    assert ask(client, f"run={run.number}", headers).json() == before
    newest = ask(client, "", headers).json()
    assert (newest["run"], newest["results"][0]["recorded"]) == (newer.number, 22)
    by_date = ask(client, "date=2021-11-25", headers).json()
    assert by_date == newest


def test_the_second_answer_is_cached_or_304(
    client: Client, run: CoverageRun, django_assert_max_num_queries: Any, request: pytest.FixtureRequest
) -> None:
    headers = key(cast.reader())
    first = ask(client, "level=city", headers)
    ask(client, "level=city", headers)  # the key's first use was written down; the second sees it
    request.getfixturevalue("kept")  # from here on
    ask(client, "level=city", headers)
    with django_assert_max_num_queries(1):  # the key: rights are asked every time
        again = ask(client, "level=city", headers)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert again["RateLimit"].startswith('"requests";r=')
    unchanged = ask(client, "level=city", headers | {"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Last-Modified"] == first["Last-Modified"]


def test_an_etag_belongs_to_one_query_and_run(client: Client, run: CoverageRun) -> None:
    headers = key(cast.reader())
    tags = {ask(client, query, headers)["ETag"] for query in ("", "level=city", "fields=region", "format=csv")}
    world.write(world.count(15))
    recompute_coverage(by=SYSTEM, day=world.DAY, now=world.after(hours=1))
    caches["answers"].clear()
    tags.add(ask(client, "", headers)["ETag"])
    assert len(tags) == 5


def test_it_is_compressed_for_clients_that_accept_it(client: Client, run: CoverageRun) -> None:
    headers = key(cast.reader())
    packed = ask(client, "level=village", headers | {"Accept-Encoding": "gzip"})
    plain = ask(client, "level=village", headers | {"Accept-Encoding": "identity"})
    assert packed["Content-Encoding"] == "gzip"
    assert not plain.has_header("Content-Encoding")
    assert "Accept-Encoding" in packed["Vary"]


def test_a_cached_answer_reaches_only_entitled_readers(client: Client, run: CoverageRun) -> None:
    assert ask(client, "parent=31.75", key(cast.reader())).status_code == 200
    assert ask(client, "parent=31.75", key(cast.reader_barat())).status_code == 404
    narrowed = key(cast.reader(), jurisdiction="31.73")
    assert ask(client, "parent=31.75", narrowed).status_code == 404
    assert [row["region"] for row in ask(client, "", narrowed).json()["results"]] == ["31.73", "31.73.01", "31.73.02"]
    assert ask(client, "", {}).status_code == 401
    assert ask(client, "", key(cast.staff(), "counts:write")).status_code == 403


def test_a_log_in_reads_as_a_key_does(client: Client, run: CoverageRun) -> None:
    by_key = ask(client, "level=city").json()
    client.force_login(cast.reader())
    assert ask(client, "level=city", {}).json() == by_key


def test_history_is_what_every_run_said(client: Client, run: CoverageRun) -> None:
    world.write(world.count(15))
    recompute_coverage(by=SYSTEM, day=world.DAY, now=world.after(hours=1))
    path = f"{COVERAGE}history/"
    answer = ask(client, f"region={world.KAPUK}&document=KTP", path=path).json()
    assert [(row["run"], row["recorded"], row["percent"]) for row in answer["results"]] == [(1, 5, "25.00"), (2, 15, "75.00")]
    assert ask(client, "region=32.73&document=KTP", path=path).status_code == 404
    assert ask(client, "document=KTP", path=path).json()["errors"][0]["field"] == "region"


def test_the_explanation_sums_to_the_difference(client: Client, run: CoverageRun) -> None:
    world.write(world.count(4, day=world.DAY - timedelta(days=3)), world.count(9))
    later = recompute_coverage(by=SYSTEM, day=world.DAY + timedelta(days=1), now=world.after(days=2))
    path = f"{COVERAGE}explanation/"
    answer = ask(client, f"earlier={run.number}&later={later.number}&parent=31.73", path=path).json()
    barat = answer["results"][0]
    parts = ("new", "late", "corrected", "returned", "undone", "regrouped")
    assert (barat["region"], barat["recorded"], barat["late"], barat["corrected"]) == ("31.73", 8, 4, 4)
    assert all(row["recorded"] == sum(row[part] for part in parts) for row in answer["results"])
    wrong = ask(client, f"earlier={later.number}&later={run.number}", path=path)
    assert wrong.json()["errors"][0]["field"] == "earlier"


def test_words_follow_the_reader_and_figures_do_not(client: Client, run: CoverageRun) -> None:
    headers = key(cast.reader())
    indonesian = ask(client, "level=rt", headers | {"Accept-Language": "de, id;q=0.5"})
    english = ask(client, "level=rt", headers | {"Accept-Language": "en-GB, id;q=0.5"})
    assert (indonesian["Content-Language"], english["Content-Language"]) == ("id", "en")
    assert indonesian.json()["title"] != english.json()["title"]
    assert indonesian.json()["type"] == english.json()["type"]
    assert ask(client, "", headers | {"Accept-Language": "en"}).content == ask(client, "", headers).content


def test_a_renamed_region_changes_the_runs_answer(client: Client, run: CoverageRun) -> None:
    headers = key(cast.reader())
    before = ask(client, "level=city", headers)
    rename = [RegionRow(world.BARAT, "Kota Barat")]
    load_regions(act=Act(SYSTEM, world.after(hours=1), Door.COMMAND), rows=rename)
    after = ask(client, "level=city", headers)
    assert before["ETag"] != after["ETag"]
    assert before["Last-Modified"] != after["Last-Modified"]
    assert "Kota Barat" in [row["name"] for row in after.json()["results"]]
    assert after.json()["run"] == run.number


def test_asking_by_time_tells_of_every_change(client: Client, run: CoverageRun) -> None:
    """All within one second, which is as exact as an HTTP date is."""
    headers, seen = key(cast.reader()), {ask(client, "level=city")["Last-Modified"]}
    for name in ("Kota Barat", "Kota Barat Daya"):
        load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=[RegionRow(world.BARAT, name)])
        answer = ask(client, "level=city", headers | {"If-Modified-Since": max(seen)})
        assert answer.status_code == 200
        assert name in [row["name"] for row in answer.json()["results"]]
        seen.add(answer["Last-Modified"])
        again = ask(client, "level=city", headers | {"If-Modified-Since": answer["Last-Modified"]})
        assert again.status_code == 304
        older = ask(client, "level=city", headers | {"If-Modified-Since": "Sat, 27 Nov 2099 00:00:00 GMT"})
        assert older.status_code == 200, "not after is not the same"
    assert len(seen) == 3


def test_each_run_of_one_second_has_its_time(client: Client, run: CoverageRun) -> None:
    """Nights that are caught up are finished at one moment, and a target may be set just before a run."""
    headers, seen = key(cast.reader()), set()

    def runs(seconds: int = 0) -> CoverageRun:
        return recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON + timedelta(seconds=seconds))

    rename = [RegionRow(world.BARAT, "Kota Barat")]
    for happens in (
        lambda: None,
        lambda: [world.write(world.count(6)), runs()],
        lambda: load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=rename),
        lambda: runs(),
        lambda: [world.write(world.count(8)), runs(3)],
    ):
        happens()
        answer = ask(client, "level=city", headers)
        seen.add((answer.json()["run"], answer["ETag"], answer["Last-Modified"]))
    assert len({tag for _run, tag, _time in seen}) == len({time for _run, _tag, time in seen}) == 5


def test_other_acts_do_not_move_last_modified(client: Client, run: CoverageRun) -> None:
    """A portal writes hundreds of rows a day into its audit trail: the answer would be of tomorrow."""
    AuditEntry.objects.bulk_create(AuditEntry(at=world.NOON, door="page", action="trip.plan") for _ in range(100))
    renamed_at = world.after(hours=1)
    load_regions(act=Act(SYSTEM, renamed_at, Door.COMMAND), rows=[RegionRow(world.BARAT, "Kota Barat")])
    changed = parsedate_to_datetime(ask(client, "level=city")["Last-Modified"])
    assert changed == renamed_at + timedelta(seconds=1)


def test_a_copy_may_be_asked_for_unchanged(client: Client, run: CoverageRun) -> None:
    unchanged = {"If-Unmodified-Since": ask(client, "level=city")["Last-Modified"]}
    assert ask(client, "level=city", key(cast.reader()) | unchanged).status_code == 200


def test_the_cache_is_separate_for_each_jurisdiction(client: Client, run: CoverageRun) -> None:
    load_regions(act=Act(SYSTEM, world.NOON, Door.COMMAND), rows=[RegionRow("32", "Jawa Barat")])
    everywhere, province = (
        [row["region"] for row in ask(client, "level=province", key(who)).json()["results"]]
        for who in (cast.admin(), cast.reader())
    )
    assert (everywhere, province) == (["31", "32"], ["31"])


def test_a_kept_answer_is_counted_like_any_other(
    client: Client, run: CoverageRun, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.api.throttles._window", lambda request: (1, 50))
    settings.API_REQUESTS_A_MINUTE = 2
    headers = key(cast.reader())
    assert [ask(client, "level=city", headers).status_code for _turn in range(3)] == [200, 200, 429]


def test_two_runs_are_not_explained_in_reverse(client: Client, run: CoverageRun) -> None:
    world.write(world.count(9))
    second = recompute_coverage(by=SYSTEM, day=world.DAY, now=world.after(hours=1))
    wrong = ask(client, f"earlier={second.number}&later={run.number}", path=f"{COVERAGE}explanation/")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "earlier")
