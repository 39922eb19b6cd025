"""The fleet as a program reads it: one example for the tests of all its addresses, and how they are asked."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.services.keys import issue_key
from accounts.tests import cast
from dukcapil.testing import shared_worlds
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.schedule.trips import cancel_trip
from fleet.tests.plans import GROGOL, PALMERIAM
from fleet.tests.stops import body, send, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.services import set_paper
from recording.tests.pages import logged_in
from recording.tests.world import DAY, DKI, KAPUK, NOON

ROOT, TIMUR, ONE_DAY = "/api/v1/", "31.75", timedelta(days=1)


@pytest.fixture
def nobody_asked_before() -> Iterator[None]:
    """Requests are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def fleet(at_noon: None) -> SimpleNamespace:
    """The fleet below the test's transaction."""
    found: SimpleNamespace = shared_worlds.given("fleet")
    return found


def build_fleet() -> SimpleNamespace:
    """Four vans and seven trips of every kind, four of them with a report."""
    one, two, timur, dki = van("B 1 PKD"), van("B 2 PKD"), van("B 5 PKD", TIMUR), van("B 9 PKD", DKI)
    sent, approved, returned = stop(one), stop(two, GROGOL), stop(one, session="evening")
    theirs, cancelled = stop(timur, PALMERIAM), stop(two, day=DAY + ONE_DAY)
    planned = stop(one, day=DAY + ONE_DAY, published=False)
    lent = stop(dki, KAPUK, session="full", day=DAY + ONE_DAY, place="Kecamatan", services=["kia"])
    send(
        sent,
        body(20, 7, lines={"birth": 0}, elsewhere_ktp=3, not_found={"moved": 2}, obstacles="listrik padam"),
        by=cast.head_barat(),
    )
    send(approved, nihil(["record", "kia"]))
    approve_report(act=Act(cast.staff(), NOON, "page"), trip=approved.pk, version=1)
    send(returned, body(5))
    return_report(act=Act(cast.staff(), NOON, "page"), trip=returned.pk, version=1, reason="periksa lagi")
    send(theirs, ReportBody(IDLE, idle_reason="weather"))
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")
    set_paper(act=Act(SYSTEM, NOON, "page"), van=one.pk, kind="kir", expires=DAY + timedelta(days=9))
    set_paper(act=Act(SYSTEM, NOON, "page"), van=one.pk, kind="stnk", expires=DAY + timedelta(days=3))
    add_absence(
        act=Act(SYSTEM, NOON, "page"),
        van=two.pk,
        first_day=DAY + timedelta(days=2),
        last_day=DAY + timedelta(days=3),
        kind="damage",
    )
    return SimpleNamespace(
        one=one,
        two=two,
        timur=timur,
        dki=dki,
        sent=sent,
        approved=approved,
        returned=returned,
        theirs=theirs,
        cancelled=cancelled,
        planned=planned,
        lent=lent,
    )


def by_key(user: User, jurisdiction: str = "", scopes: tuple[str, ...] = ("read",)) -> Client:
    """A program with a key of this person's."""
    _key, secret = issue_key(by=user, name="uji", scopes=scopes, days=30, now=NOON, jurisdiction=jurisdiction)
    return Client(headers={"x-forwarded-proto": "https", "authorization": f"Bearer {secret}"})


def staff() -> Client:
    return logged_in(cast.staff())


def rows(path: str, browser: Client | None = None) -> list[dict[str, Any]]:
    answer = (browser or staff()).get(ROOT + path)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def row(path: str) -> dict[str, Any]:
    answer = staff().get(ROOT + path)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def refused(path: str, browser: Client | None = None, status: int = 400) -> dict[str, Any]:
    answer = (browser or staff()).get(ROOT + path)
    assert answer.status_code == status, (path, answer.status_code, answer.content)
    assert answer["Content-Type"].startswith("application/problem+json")
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == status
    return found


def pages(path: str, browser: Client, between: Any = lambda: None) -> list[dict[str, Any]]:
    """Every page of a list, with something happening between them."""
    found: list[dict[str, Any]] = []
    following: str | None = ROOT + path
    while following:
        answer = browser.get(following)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        following = answer.json()["next"]
        assert ("Link" in answer) == bool(following)
        between()
    return found


def a_few_times(act: Any, times: int = 4) -> Any:
    """The act, called no more than so often: else a list that grows from its end would never end."""
    left = iter(range(times))
    return lambda: act() if next(left, None) is not None else None


def table(path: str) -> list[dict[str, str]]:
    answer = staff().get(ROOT + path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode())))


def check_filter(fleet: SimpleNamespace, query: str, names: set[str] | None) -> None:
    """The list holds these rows of the example; None: the query is refused at `region`."""
    path = query.format(**{name: getattr(fleet, name).pk for name in ("one", "dki")})
    if names is None:
        assert refused(path)["errors"][0]["field"] == "region"
        return
    numbers = {each.get("trip", each.get("number")) for each in rows(path)}
    assert numbers == {getattr(fleet, name).pk for name in names}
