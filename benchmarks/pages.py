"""The page of coverage: queries when it is built, and the server's time once it is, against an empty page."""

import statistics
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.cache import caches
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
from benchmarks.lines import Measured
from benchmarks.night import seconds
from dukcapil import urls
from dukcapil.requests import PortalRequest
from recording.ledger.count_pages import Place, counts_page
from recording.models import Document

ADDRESSES = {"the province": "/wilayah/31/", "a city": "/wilayah/31.74/", "a kecamatan": "/wilayah/31.73.01/"}
PROVINCE = ADDRESSES["the province"]
ROUNDS, ENTRIES_FLOOR = 40, 30  # milliseconds of the database


def empty(request: PortalRequest) -> HttpResponse:
    """A page of the portal with nothing on it but its frame: what every page costs."""
    return render(request, "dukcapil/base.html")


urlpatterns = [path("kosong/", empty), *urls.urlpatterns]
handler500 = urls.handler500


def measure() -> Iterator[Measured]:
    """On the figures that are there."""
    client = reader("bench")
    with override_settings(ROOT_URLCONF="benchmarks.pages"):
        for name, address in ADDRESSES.items():
            yield _queries(client, name, address)
        yield _weight(client)
        yield _cached(client)
    for name, page in entries_pages(data.LAST_DAY - timedelta(days=data.YEARS * 365 // 2)).items():
        took = statistics.median(_database_milliseconds(page) for _turn in range(9))
        yield Measured(f"entries of the province, {name}", f"{took:.0f} ms", f"{ENTRIES_FLOOR} ms", took / ENTRIES_FLOOR)


def forget_pages() -> None:
    """All that were built."""
    for name in ("default", "pages"):
        caches[name].clear()


def reader(name: str) -> Client:
    """The browser of a new reader of the province, logged in."""
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip", "x-forwarded-proto": "https"})
    client.force_login(User.objects.create(username=name, full_name=name, role=Role.READER, jurisdiction="31"))
    return client


def get(client: Client, address: str) -> bytes:
    """The body of a page; RuntimeError when there is none."""
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return bytes(response.content)


def _queries(client: Client, name: str, address: str) -> Measured:
    """When it is built."""
    get(client, address)
    forget_pages()
    with CaptureQueriesContext(connection) as queries:
        get(client, address)
    return Measured(f"queries of the page of {name}", str(len(queries)), "-", len(queries))


def _weight(client: Client) -> Measured:
    """The HTML alone; with style, script and picture it is weighed in a browser by the tests."""
    kilobytes = len(get(client, PROVINCE)) / 1000
    return Measured("HTML of the province on the wire, kB", f"{kilobytes:.1f} kB", "-", kilobytes)


def _cached(client: Client) -> Measured:
    """Medians, taken in turns."""
    page, frame = [], []
    for _turn in range(ROUNDS):
        frame.append(seconds(lambda: get(client, "/kosong/")))
        page.append(seconds(lambda: get(client, PROVINCE)))
    ours, bare = statistics.median(page), statistics.median(frame)
    return Measured("page of the province, cached", f"{ours * 1000:.1f} ms", f"{bare * 1000:.1f} ms", ours / bare)


def entries_pages(middle: date) -> dict[str, Callable[[], object]]:
    """What reads a page of all entries of the province: at both ends, and by a day between them."""
    places: dict[str, dict[str, Any]] = {"newest": {}, "by a day": {"start": Place(middle)}, "oldest": {"oldest": True}}
    return {name: partial(counts_page, SYSTEM, "31", Document.KTP, **place) for name, place in places.items()}


def _database_milliseconds(work: Callable[[], object]) -> float:
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(float(query["time"]) * 1000 for query in queries.captured_queries)
