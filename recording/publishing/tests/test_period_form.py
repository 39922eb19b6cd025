"""A period with its own days is made in the portal: the first one of an installation, and any other."""

from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.models import AuditEntry, Door, Period
from recording.regions.services import RegionRow, load_regions
from recording.tests.pages import logged_in, words, wrong
from recording.tests.world import DKI, NOON

GOOD = {"act": "define", "name": "2023", "first_day": "2023-01-01", "last_day": "31/12/2023"}


@pytest.mark.django_db
def test_an_installation_begins_without_the_admin() -> None:
    """From the page of targets, where a period is missing, to the first target."""
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=[RegionRow(DKI, "Daerah Khusus Ibukota Jakarta")])
    client = logged_in(cast.staff())
    page = client.get(f"/wilayah/{DKI}/target/")
    assert 'href="/periode/"' in page.content.decode()
    assert "Belum ada periode" in words(page)
    assert client.post("/periode/", GOOD).status_code == 302
    assert "Target periode · Perekaman KTP-el 2023" in words(client.get(f"/wilayah/{DKI}/target/"))


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"name": ""}, "name"),
        ({"first_day": "2021-06-01"}, "first_day"),  # overlaps 2021
        ({"last_day": "2022-12-31"}, "last_day"),
        ({"last_day": "kapan"}, "last_day"),
        ({"name": "2021"}, "name"),
    ],
)
def test_a_period_is_made_or_said_why_not(change: dict[str, Any], field: str) -> None:
    answer = logged_in(cast.staff()).post("/periode/", {**GOOD, **change})
    assert (answer.status_code == 302) is (not field)
    assert list(wrong(answer)) == ([field] if field else [])
    assert Period.objects.filter(name="2023").exists() is (not field)
    assert AuditEntry.objects.filter(action="period.define", door="page").exists() is (not field)


@pytest.mark.usefixtures("at_noon")
def test_made_twice_is_one_period() -> None:
    client = logged_in(cast.staff())
    assert [client.post("/periode/", GOOD).status_code for _ in range(2)] == [302, 302]
    assert Period.objects.filter(name="2023").count() == 1
