"""Lists of the API: paging while others write, the feed of changes, filters, one shape of errors."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from requests.utils import parse_header_links

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.api.plain_rows import PlainRows
from dukcapil.tests.processes import fork, join
from recording.ledger.api import Counts
from recording.ledger.api_changes import Changes
from recording.ledger.selectors import check_ledger
from recording.ledger.services import record_counts, return_counts, undo_posting
from recording.models import CountChange, DailyCount, Door
from recording.tests import world
from recording.tests.api import ROOT, bearer

WRITERS, ROUNDS = 16, 12
VILLAGES = [code for code, _name in world.REGIONS if code.count(".") == 3]
LISTS = ("regions", "periods", "targets", "counts", "changes", "runs", "imports", "vans", "trips", "reports")


def headers() -> dict[str, str]:
    return bearer(cast.staff(), "read")


def following(link: str) -> str:
    """The address of rel="next", as any HTTP library reads the header (RFC 8288)."""
    return next(each["url"] for each in parse_header_links(link) if each["rel"] == "next")


def table(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(StringIO(text.decode())))


def pages(client: Client, address: str, asking: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    """Page after page, as a program follows `next`."""
    next_page: str | None = address
    while next_page:
        answer = client.get(next_page, headers=asking).json()
        yield answer["results"]
        next_page = answer["next"]


@pytest.mark.usefixtures("small_world", "at_noon")
class TestLists:
    @pytest.mark.parametrize("ordering", ["region", "-region", "day", "-day"])
    def test_paging_skips_and_repeats_nothing_among_writes(self, client: Client, ordering: str) -> None:
        first = [world.count(1, code, day=world.DAY - timedelta(days=n)) for code in VILLAGES for n in range(0, 8, 2)]
        world.write(*first)
        seen: list[tuple[str, str]] = []
        between = [world.count(2, code, day=world.DAY - timedelta(days=n)) for code in VILLAGES for n in range(1, 8, 2)]
        for rows in pages(client, f"{ROOT}counts/?limit=5&ordering={ordering}", headers()):
            seen += [(row["region"], row["day"]) for row in rows]
            world.write(*[between.pop() for _turn in range(2) if between])
        assert len(seen) == len(set(seen))
        assert {(count.region, count.day.isoformat()) for count in first} <= set(seen)

    def test_a_page_of_any_size_says_the_same(self, client: Client) -> None:
        world.write(*[world.count(1, code) for code in VILLAGES])
        asking = headers()
        whole = [row for rows in pages(client, f"{ROOT}regions/?limit=1000", asking) for row in rows]
        single = [row for rows in pages(client, f"{ROOT}regions/?limit=1", asking) for row in rows]
        assert single == whole
        assert [row["code"] for row in whole] == [code for code, _name in sorted(world.REGIONS)]

    @pytest.mark.parametrize("address", ["counts", "changes"])
    @pytest.mark.parametrize(
        ("source", "people"), [("mobil", [4, 8, 9]), ("trip-7", [8]), ("trip-70", [9]), ("loket", [2]), ("trip-", [])]
    )
    def test_the_vans_are_asked_for_as_one(self, client: Client, address: str, source: str, people: list[int]) -> None:
        of = {"mobil": 4, "trip-7": 8, "trip-70": 9, "loket": 2}
        world.write(*[world.count(number, source=name) for name, number in of.items()])
        answer = client.get(f"{ROOT}{address}/?source={source}", headers=headers()).json()
        assert sorted(row["people"] if "people" in row else row["new"] for row in answer["results"]) == people

    @pytest.mark.parametrize(
        ("address", "field"),
        [
            ("counts/?cursor=abc", "cursor"),
            ("counts/?limit=0", "limit"),
            ("counts/?limit=1001", "limit"),
            ("counts/?limit=1e2", "limit"),
            ("counts/?ordering=people", "ordering"),
            ("counts/?day=kemarin", "day"),
            ("counts/?day=2021-13-01", "day"),
            ("counts/?region=Kapuk", "region"),
            ("counts/?document=sim", "document"),
            ("counts/?people=3", "people"),
            ("counts/?fields=nama", "fields"),
            ("counts/?source=", "source"),
            ("counts/?day=100%25s", "day"),
            ("runs/?status=%25d", "status"),
            ("changes/?since=abc", "since"),
            ("changes/?since=-1", "since"),
            ("counts/?day=2021-1-5", "day"),
            ("changes/?since=9999999999999999999", "since"),
            ("changes/?cursor=1", "cursor"),
            ("regions/?level=rt", "level"),
            ("regions/?open_on=0", "open_on"),
            ("targets/?kind=x", "kind"),
            ("runs/?status=x", "status"),
            ("imports/?state=x", "state"),
        ],
    )
    def test_nonsense_in_an_address_is_refused_by_name(self, client: Client, address: str, field: str) -> None:
        answer = client.get(ROOT + address, headers=headers())
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert [each["field"] for each in answer.json()["errors"]] == [field]

    def test_a_tampered_or_foreign_cursor_is_refused(self, client: Client) -> None:
        world.write(*[world.count(1, code) for code in VILLAGES])
        asking = headers()
        second = client.get(f"{ROOT}counts/?limit=2", headers=asking).json()["next"]
        assert client.get(second, headers=asking).status_code == 200
        assert client.get(second + "&ordering=day", headers=asking).status_code == 400
        assert client.get(second[:-1] + "~", headers=asking).status_code == 400

    @pytest.mark.parametrize("name", LISTS)
    def test_a_stock_paginator_ends_on_every_list(self, client: Client, name: str) -> None:
        world.write(*[world.count(1, code) for code in VILLAGES])
        asking, most = headers(), len(world.REGIONS) + 1
        for form in ("json", "csv"):
            address, visits = f"{ROOT}{name}/?limit=1&format={form}", 0
            while address:
                visits += 1
                assert visits <= most, "a page of nothing leads on"
                answer = client.get(address, headers=asking)
                address = following(answer["Link"]) if answer.has_header("Link") else ""
                assert form == "csv" or answer.json()["next"] == (address or None)

    @pytest.mark.parametrize(("query", "whole"), [("", True), ("&limit=2", False), ("&ordering=-day", True)])
    def test_a_csv_is_whole_without_a_limit(
        self, client: Client, query: str, whole: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dukcapil.api.paging.MAX_LIMIT", 2)
        world.write(*[world.count(1, code) for code in VILLAGES])
        asking = headers()
        answer = client.get(f"{ROOT}counts/?format=csv{query}", headers=asking)
        rows = table(answer)
        assert (len(rows), answer.has_header("Link")) == ((len(VILLAGES), False) if whole else (2, True))
        assert len({row["region"] for row in rows}) == len(rows)
        if whole:
            small = client.get(f"{ROOT}counts/?format=csv&region={world.KAPUK}", headers=asking)
            assert (answer.streaming, small.streaming, small.has_header("ETag")) == (True, False, True)

    def test_the_feed_as_csv_names_its_end(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("recording.ledger.api_changes.MAX_LIMIT", 2)
        world.write(*[world.count(1, code) for code in VILLAGES])
        asking = headers()
        first = client.get(f"{ROOT}changes/?format=csv", headers=asking)
        assert [row["region"] for row in table(first)] == VILLAGES
        end = str(CountChange.objects.latest("pk").pk)
        world.write(world.count(7))
        later = client.get(f"{ROOT}changes/?format=csv&since={end}", headers=asking)
        assert (first["Changes-Cursor"], [row["new"] for row in table(later)]) == (end, ["7"])
        assert client.get(f"{ROOT}changes/?limit=1", headers=asking)["Changes-Cursor"].isdigit()

    @pytest.mark.parametrize("name", LISTS)
    def test_every_list_offers_json_csv_fields_and_304(self, client: Client, name: str) -> None:
        world.write(world.count(5))
        asking = headers()
        answer = client.get(f"{ROOT}{name}/", headers=asking)
        assert answer.status_code == 200
        again = client.get(f"{ROOT}{name}/", headers=asking | {"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        table = client.get(f"{ROOT}{name}/?format=csv", headers=asking)
        assert table["Content-Type"] == "text/csv; charset=utf-8"
        header = table.content.decode().split("\r\n")[0].split(",")
        one = client.get(f"{ROOT}{name}/?format=csv&fields={header[1]}", headers=asking)
        assert one.content.decode().split("\r\n")[0] == header[1]

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("get", "tidak-ada/", 404),
            ("get", "regions/99/", 404),
            ("get", "runs/99999999999999999999/", 404),
            ("delete", "counts/", 405),
            ("put", "targets/", 405),
            ("post", "runs/", 405),
            ("options", "runs/", 405),
            ("get", "runs/?format=xml", 406),
            ("get", "runs/%00/", 400),
            ("post", "schema/", 405),
        ],
    )
    def test_every_error_has_one_shape(self, client: Client, method: str, path: str, status: int) -> None:
        answer = getattr(client, method)(ROOT + path, headers=headers())
        body = answer.json()
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert body.keys() >= {"type", "title", "status", "detail"}
        assert body["status"] == status
        assert status != 405 or answer["Allow"]

    def test_the_feed_tells_every_kind_of_change(self, client: Client) -> None:
        key = world.count(5).key
        world.write(world.count(5), reason="")
        changed = world.write(world.count(8), reason="salah ketik").posting
        return_counts(act=Act(SYSTEM, world.NOON, Door.PAGE), keys=[key], reason="tidak lengkap")
        world.write(world.count(9))
        assert changed is not None
        undo_posting(
            act=Act(SYSTEM, world.NOON, Door.PAGE), posting=CountChange.objects.latest("pk").posting_id, reason="ganda"
        )
        rows = client.get(f"{ROOT}changes/", headers=headers()).json()["results"]
        assert [(row["old"], row["new"], row["delta"], row["kind"], row["reason"]) for row in rows] == [
            (None, 5, 5, "entry", ""),
            (5, 8, 3, "entry", "salah ketik"),
            (8, None, -8, "return", "tidak lengkap"),
            (None, 9, 9, "entry", "uji"),
            (9, None, -9, "undo", "ganda"),
        ]

    def test_a_citys_feed_holds_only_its_changes(self, client: Client) -> None:
        world.write(world.count(5), world.count(7, "31.75.01.1004"))
        rows = client.get(f"{ROOT}changes/", headers=bearer(cast.api_barat(), "read")).json()["results"]
        assert [row["region"] for row in rows] == [world.KAPUK]

    def test_the_last_cursor_waits_for_new_changes(self, client: Client) -> None:
        world.write(world.count(5))
        asking = headers()
        end = client.get(f"{ROOT}changes/", headers=asking).json()
        assert end["next"] is None
        quiet = client.get(f"{ROOT}changes/?since={end['cursor']}", headers=asking).json()
        assert (quiet["results"], quiet["cursor"]) == ([], end["cursor"])
        world.write(world.count(6))
        assert len(client.get(f"{ROOT}changes/?since={end['cursor']}", headers=asking).json()["results"]) == 1


def _writer(number: int) -> None:
    """Writes, corrects and takes out again: counts of its own, and one that all of them fight for."""
    for turn in range(ROUNDS):
        own = world.count(turn + 1, VILLAGES[number % len(VILLAGES)], source=f"penulis-{number}")
        shared = world.count(number * 100 + turn, VILLAGES[0], source="bersama")
        for counts in ([own], [shared, own]):
            record_counts(act=Act(SYSTEM, world.NOON, Door.API), counts=counts, reason="uji")
        if turn % 4 == 3:
            return_counts(act=Act(SYSTEM, world.NOON, Door.API), keys=[own.key], reason="uji")


@pytest.mark.usefixtures("committed_world", "at_noon")
def test_polling_among_concurrent_writes_rebuilds_all_counts(client: Client) -> None:
    asking, cursor, ends = headers(), "0", 0
    table: dict[tuple[str, str, date, str], int | None] = {}
    positions: list[int] = []
    writers = [fork(lambda number=number: _writer(number)) for number in range(WRITERS)]  # type: ignore[misc]
    finished = False
    while ends < 2:
        answer = client.get(f"{ROOT}changes/?since={cursor}&limit=50", headers=asking).json()
        for row in answer["results"]:
            key = (row["region"], row["document"], date.fromisoformat(row["day"]), row["source"])
            assert (table.get(key) or 0) + row["delta"] == (row["new"] or 0), "a change is missing before this one"
            table[key] = row["new"]
            positions.append(row["position"])
        cursor = answer["cursor"]
        if answer["next"] is None and not finished and CountChange.objects.count() > WRITERS * ROUNDS:
            assert join(writers) == [0] * WRITERS
            finished = True
        ends = ends + 1 if finished and answer["next"] is None else 0
    stored = {(c.region_id, c.document, c.day, c.source): c.people for c in DailyCount.objects.all()}
    assert table == stored
    assert positions == sorted(set(positions))
    assert len(positions) == CountChange.objects.count()
    assert check_ledger().mismatches == 0


@pytest.mark.usefixtures("small_world", "at_noon")
@pytest.mark.parametrize("view", [Counts, Changes])
def test_plain_rows_are_what_their_serializer_writes(client: Client, view: type[PlainRows]) -> None:
    world.write(world.count(5), world.count(0, world.BARAT, source="mobil"))
    world.write(world.count(7), reason='salah "tulis"; baris\ndua')
    name, row = view.__name__.lower(), view.serializer_class
    assert row is not None
    model = DailyCount if view is Counts else CountChange
    stored = {json.dumps(row(each).data) for each in model._default_manager.select_related("posting")}
    answer = client.get(f"{ROOT}{name}/", headers=headers()).json()["results"]
    assert {json.dumps(each) for each in answer} == stored
    assert list(answer[0]) == list(row().fields)
    some = client.get(f"{ROOT}{name}/?fields=day,posting", headers=headers()).json()["results"]
    assert some == [{name: each[name] for name in ("day", "posting")} for each in answer]
