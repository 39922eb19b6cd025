"""Every page of the fleet: what it costs, and what a form may post."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests import cast
from fleet.pages.posted import posted_number
from fleet.tests.stops import fleet_pages
from recording.tests.pages import logged_in

pytestmark = pytest.mark.usefixtures("at_noon")


def test_no_page_takes_more_queries_than_recorded() -> None:
    """An upper bound for each page, so that nobody adds a question for each row."""
    pages, client, asked = fleet_pages(), logged_in(cast.staff()), {}
    for address in pages:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        asked[address.partition("?")[0].strip("/").partition("/")[0] or address] = len(captured)
    assert {page: number for page, number in asked.items() if number > MOST[page]} == {}


MOST = {"jadwal": 17, "laporan": 15, "pantauan": 15, "kinerja": 9, "armada": 11, "luring": 2}


@pytest.mark.parametrize(
    ("text", "found"), [("7", 7), ("", 0), ("x", 0), ("-7", 0), ("7.0", 0), ("٧", 0), ("9" * 17, int("9" * 17)), ("9" * 18, 0)]
)
def test_a_posted_number_is_a_rows_or_zero(text: str, found: int) -> None:
    assert posted_number(text) == found
