"""Vans in the API: a row, the filters, the pages."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest

from accounts.acts import Act
from accounts.rights import SYSTEM
from fleet.models import Van, VanAbsence
from fleet.tests.api import ONE_DAY, TIMUR, a_few_times, check_filter, pages, row, rows, staff
from fleet.tests.stops import van
from fleet.vans.services import retire_van
from recording.tests.world import BARAT, DAY, NOON

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_asked_before")


def test_a_van(fleet: SimpleNamespace) -> None:
    kir, stnk = (DAY + timedelta(days=9)).isoformat(), (DAY + timedelta(days=3)).isoformat()
    assert row(f"vans/{fleet.one.pk}/") == {
        "number": fleet.one.pk,
        "plate": "B 1 PKD",
        "base": BARAT,
        "base_name": "Kota Administrasi Jakarta Barat",
        "sets": 2,
        "retired": None,
        "absences": [],
        "papers": [{"kind": "stnk", "expires": stnk}, {"kind": "kir", "expires": kir}],
    }
    first, last = (DAY + timedelta(days=2)).isoformat(), (DAY + timedelta(days=3)).isoformat()
    away = row(f"vans/{fleet.two.pk}/")["absences"]
    assert away == [{"kind": "damage", "first_day": first, "from_hour": None, "last_day": last}]
    VanAbsence.objects.filter(van=fleet.two).update(from_hour=time(13), last_day=None)
    assert row(f"vans/{fleet.two.pk}/")["absences"] == [away[0] | {"from_hour": "13:00:00", "last_day": None}]


FILTERED = [
    ("vans/?base=31.73", {"one", "two"}),
    ("vans/?base=31", {"dki"}),
    ("vans/?base=99", set()),
    ("vans/?in_use_on=2021-11-25", {"one", "two", "timur", "dki"}),
]


@pytest.mark.parametrize(("query", "names"), FILTERED)
def test_filters_of_vans(fleet: SimpleNamespace, query: str, names: set[str] | None) -> None:
    check_filter(fleet, query, names)


def test_a_retired_van_is_listed_until_asked_otherwise(fleet: SimpleNamespace) -> None:
    retire_van(act=Act(SYSTEM, NOON, "page"), van=fleet.timur.pk, day=DAY + ONE_DAY)
    assert row(f"vans/{fleet.timur.pk}/")["retired"] == (DAY + ONE_DAY).isoformat()
    assert len(rows("vans/")) == 4
    assert len(rows(f"vans/?in_use_on={DAY}")) == 4
    assert len(rows(f"vans/?in_use_on={DAY + ONE_DAY}")) == 3


@pytest.mark.parametrize("ordering", ["number", "-number", "plate", "-plate"])
def test_pages_of_vans_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = {found.pk for found in Van.objects.all()}
    plates = iter(["B 3 PKD", "B 10 PKD", "B 8 PKD", "B 99 PKD"])
    meanwhile = a_few_times(lambda: van(next(plates), TIMUR))
    found = [each["number"] for each in pages(f"vans/?limit=1&ordering={ordering}", staff(), meanwhile)]
    assert len(found) == len(set(found))
    assert before <= set(found)
