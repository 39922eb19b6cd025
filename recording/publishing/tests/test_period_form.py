"""A period with its own days is made in the portal: the first one of an installation, and any other."""

from datetime import date
from typing import Any

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from recording.coverage.services import recompute_coverage
from recording.models import AuditEntry, Door, Period
from recording.regions.services import RegionRow, load_regions
from recording.tests.pages import logged_in, words, wrong
from recording.tests.world import BARAT, DAY, DKI, NOON, after, count, target, write

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


CORRECTION = {"act": "correct", "period": "2021", "name": "2021", "first_day": "2021-02-01", "last_day": "31/12/2021"}


@pytest.mark.usefixtures("at_noon")
def test_a_preview_says_what_the_days_hold() -> None:
    write(count(5), count(6, BARAT))
    preview = {"act": "preview", "name": "x", "first_day": "2021-11-01", "last_day": "2021-11-30"}
    said = words(logged_in(cast.staff()).post("/periode/", preview))
    assert "30 hari. Sudah tersimpan 2 catatan (11 orang) dalam hari-hari itu." in said
    assert not Period.objects.filter(name="x").exists()


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"name": "Tahun 2021"}, ""),
        ({"last_day": "2021-01-31"}, "last_day"),
        ({"last_day": "2021-06-30"}, "last_day"),  # a target counts from a later day
        ({"first_day": "2020-12-01"}, "first_day"),  # overlaps 2020
        ({"name": "2020"}, "name"),
        ({"name": ""}, "name"),
    ],
)
def test_a_mistyped_period_is_corrected_before_figures(change: dict[str, Any], field: str) -> None:
    target(50, BARAT, since=date(2021, 7, 1))
    answer = logged_in(cast.staff()).post("/periode/", {**CORRECTION, **change})
    assert list(wrong(answer)) == ([f"correct_{field}"] if field else [])
    stored = Period.objects.get(targets__isnull=False)
    assert (stored.first_day == date(2021, 2, 1)) is (not field)
    assert AuditEntry.objects.filter(action="period.correct").exists() is (not field)


@pytest.mark.usefixtures("at_noon")
def test_official_figures_hold_their_period_fast() -> None:
    write(count(5))
    client = logged_in(cast.staff())
    assert "Betulkan periode 2021" in words(client.get("/periode/"))
    recompute_coverage(by=SYSTEM, day=DAY, now=NOON)  # provisional: its day is not over
    assert "Betulkan periode 2021" in words(client.get("/periode/"))
    recompute_coverage(by=SYSTEM, day=DAY, now=after(days=1))
    assert "Betulkan periode 2021" not in words(client.get("/periode/"))
    answer = client.post("/periode/", CORRECTION)
    assert answer.status_code == 409
    assert "sudah dipakai angka resmi" in words(answer)


@pytest.mark.django_db
def test_who_makes_periods_is_not_sent_to_others() -> None:
    load_regions(act=Act(SYSTEM, NOON, Door.COMMAND), rows=[RegionRow(DKI, "Daerah Khusus Ibukota Jakarta")])
    first = logged_in(cast.staff()).get("/")
    assert "Mintalah staf Dinas" not in words(first)
    assert 'href="/periode/"' in first.content.decode()
    assert "Mintalah staf Dinas" in words(logged_in(cast.reader()).get("/"))
