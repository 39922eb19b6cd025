"""Rows a second that programs and offices take away: the feed of changes, and the export of counts."""

from collections.abc import Iterator
from datetime import date

from django.test import Client

from benchmarks import cpu
from benchmarks.lines import Measured
from dukcapil.api.paging import MAX_LIMIT
from recording.models import CountChange, CurrentCount

FEED_FLOOR, EXPORT_FLOOR = 40_000, 200_000  # rows for each second of processor time, the database's included
FEED_PAGES = 10


def measure(client: Client, first: date, last: date, rounds: int) -> Iterator[Measured]:
    """At five years: pages of the feed from its middle on, and all counts of the province as one CSV file."""
    middle = CountChange.objects.order_by("pk")[CountChange.objects.count() // 2].pk
    feed = f"/api/v1/changes/?limit={MAX_LIMIT}&since="
    pages = [f"{feed}{middle + MAX_LIMIT * page}" for page in range(FEED_PAGES)]
    yield _rate("changes feed, at 5 years", client, pages, FEED_PAGES * MAX_LIMIT, FEED_FLOOR, rounds)
    export = f"/impor/ekspor/hitungan.csv?dari={first}&sampai={last}"
    counts = CurrentCount.objects.filter(people__isnull=False).count()
    yield _rate("export of counts, at 5 years", client, [export], counts, EXPORT_FLOOR, rounds)


def _rate(name: str, client: Client, addresses: list[str], rows: int, floor: int, rounds: int) -> Measured:
    def take() -> None:
        for address in addresses:
            _read(client, address)

    take()
    rate = rows / cpu.seconds(take, rounds)
    return Measured(name, f"{rate:,.0f} /s", f"{floor:,} /s", rate / floor)


def _read(client: Client, address: str) -> None:
    """The whole body, uncompressed and not kept; RuntimeError when there is none."""
    response = client.get(address, headers={"accept-encoding": "identity"})
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    for _piece in response:
        pass
