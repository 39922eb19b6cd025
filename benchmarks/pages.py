"""The page of coverage: queries when it is built, and the server's time once it is, against an empty page."""

import gzip
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from accounts.models import User
from accounts.rights import SYSTEM
from accounts.roles import Role
from benchmarks import data
from dukcapil import urls
from dukcapil.requests import PortalRequest
from recording.ledger.count_pages import Place, counts_page
from recording.models import Document

MAX_QUERIES, MAX_CACHED_RATIO, MAX_KILOBYTES = 8, 2.0, 60
ADDRESSES = ("/wilayah/31/", "/wilayah/31.74/", "/wilayah/31.73.01/")
ROUNDS, MAX_ENTRIES_MS = 40, 30
Line = tuple[str, str, str, float, float]


def empty(request: PortalRequest) -> HttpResponse:
    """A page of the portal with nothing on it but its frame: what every page costs."""
    return render(request, "dukcapil/base.html")


urlpatterns = [path("kosong/", empty), *urls.urlpatterns]
handler500 = urls.handler500


def measure() -> list[Line]:
    """(what, measured, limit, ratio, allowed) of each measurement, on the figures that are there."""
    user = User.objects.create(username="bench", full_name="Bench", role=Role.READER, jurisdiction="31")
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})
    client.force_login(user)
    with override_settings(ROOT_URLCONF="benchmarks.pages"):
        lines = [_queries(client, address) for address in ADDRESSES]
        return [*lines, _weight(client), _cached(client), *_entries()]


def _get(client: Client, address: str) -> bytes:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return bytes(response.content)


def _queries(client: Client, address: str) -> Line:
    _get(client, address)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        _get(client, address)
    return f"queries of {address}, built", str(len(queries)), "-", len(queries), MAX_QUERIES


def _weight(client: Client) -> Line:
    """The HTML alone; with style, script and picture it is weighed in a browser by the tests."""
    body = _get(client, ADDRESSES[0])
    kilobytes, plain = len(body) / 1000, len(gzip.decompress(body)) / 1000
    return ("HTML of the province, on the wire", f"{kilobytes:.1f} kB", f"{plain:.0f} kB plain", kilobytes, MAX_KILOBYTES)


def _cached(client: Client) -> Line:
    """Medians, taken in turns."""
    page, frame = [], []
    for _turn in range(ROUNDS):
        frame.append(_seconds(lambda: _get(client, "/kosong/")))
        page.append(_seconds(lambda: _get(client, ADDRESSES[0])))
    ours, bare = statistics.median(page), statistics.median(frame)
    return ("the cached dashboard", f"{ours * 1000:.1f} ms", f"{bare * 1000:.1f} ms", ours / bare, MAX_CACHED_RATIO)


def _entries() -> list[Line]:
    """The database's time for a page of all entries of the province, wherever in the years it lies."""
    middle = Place(data.LAST_DAY - timedelta(days=data.YEARS * 365 // 2))
    pages: dict[str, dict[str, Any]] = {"newest": {}, "by a day in the middle": {"start": middle}, "oldest": {"oldest": True}}
    lines = []
    for name, place in pages.items():
        ask = partial(counts_page, SYSTEM, "31", Document.KTP, **place)
        took = statistics.median(_database_milliseconds(ask) for _turn in range(9))
        what = f"entries of the province, {name}"
        lines.append((what, f"{took:.0f} ms", f"{MAX_ENTRIES_MS} ms", took / MAX_ENTRIES_MS, 1.0))
    return lines


def _database_milliseconds(work: Callable[[], object]) -> float:
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(float(query["time"]) * 1000 for query in queries.captured_queries)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
