"""The fleet in the API: who sees what, filters, pages, forms of answers, and the same numbers as on the pages."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_filters import FilterSet

from accounts.acts import Act
from accounts.models import User
from accounts.rights import SYSTEM
from accounts.services.keys import issue_key
from accounts.tests import cast
from fleet.filters import ReportFilter, TripFilter, VanFilter
from fleet.models import NotFoundReason, ReportLine, Service, Trip, Van, VanReport
from fleet.performance.selectors import visits
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import IDLE, ReportBody, nihil
from fleet.reports.watch import five_numbers
from fleet.schedule.selectors import week_of
from fleet.schedule.trips import cancel_trip, move_trip
from fleet.tests.plans import GROGOL, PALMERIAM
from fleet.tests.stops import body, send, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.selectors import bases
from fleet.vans.services import retire_van, set_paper
from recording.models import CountChange
from recording.tests.pages import logged_in
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon")
ROOT, TIMUR, ONE_DAY = "/api/v1/", "31.75", timedelta(days=1)
PEOPLE = {
    "nobody": None,
    "reader.b": cast.reader_barat,
    "reader": cast.reader,
    "head": cast.head_barat,
    "head.t": cast.head_timur,
    "api.b": cast.api_barat,
    "staff": cast.staff,
    "jabar": cast.staff_jabar,
    "admin": cast.admin,
    "disabled": cast.disabled,
}
# What each address answers: a number of rows for a list, else the status. By key, and by log-in.
MATRIX = """
    address      nobody  reader.b  reader  head  head.t  api.b  staff  jabar  admin  disabled
    vans         401     2r        4r      4r    4r      2r     4r     0r     4r     401
    vans/barat   401     200       200     200   200     200    200    404    200    401
    vans/timur   401     404       200     200   200     404    200    404    200    401
    vans/dki     401     404       200     200   200     404    200    404    200    401
    vans/none    401     404       404     404   404     404    404    404    404    401
    trips        401     6r        7r      7r    7r      6r     7r     0r     7r     401
    trips/barat  401     200       200     200   200     200    200    404    200    401
    trips/plan   401     200       200     200   200     200    200    404    200    401
    trips/lent   401     200       200     200   200     200    200    404    200    401
    trips/timur  401     404       200     200   200     404    200    404    200    401
    trips/none   401     404       404     404   404     404    404    404    404    401
    reports      401     3r        4r      4r    4r      3r     4r     0r     4r     401
    reports/sent 401     200       200     200   200     200    200    404    200    401
    reports/timur 401    404       200     200   200     404    200    404    200    401
    reports/plan 401     404       404     404   404     404    404    404    404    401
"""


@pytest.fixture(autouse=True)
def nobody_asked_before() -> Iterator[None]:
    """Requests are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def fleet(at_noon: None) -> SimpleNamespace:
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


def matrix() -> list[tuple[str, str, str]]:
    head, *lines = [line.split() for line in MATRIX.strip().splitlines()]
    return [(line[0], who, told) for line in lines for who, told in zip(head[1:], line[1:], strict=True)]


def address(fleet: SimpleNamespace, name: str) -> str:
    noun, _slash, which = name.partition("/")
    if not which:
        return f"{ROOT}{noun}/"
    which = {"barat": "one" if noun == "vans" else "sent", "plan": "planned"}.get(which, which)
    if noun != "vans" and which == "timur":
        which = "theirs"
    number = 999_999 if which == "none" else getattr(fleet, which).pk
    return f"{ROOT}{noun}/{number}/"


def check(browser: Client, path: str, told: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == (200 if told.endswith("r") else int(told)), (path, answer.content)
    if told.endswith("r"):
        assert len(answer.json()["results"]) == int(told[:-1]), path


def test_everybody_sees_what_the_pages_show_them_by_log_in(fleet: SimpleNamespace) -> None:
    browsers = {who: logged_in(make() if make else None) for who, make in PEOPLE.items()}
    for name, who, told in matrix():
        check(browsers[who], address(fleet, name), told)


def test_everybody_sees_what_the_pages_show_them_by_key(fleet: SimpleNamespace) -> None:
    browsers = {who: by_key(make()) for who, make in PEOPLE.items() if make is not None and who != "disabled"}
    for name, who, told in matrix():
        if who in browsers:
            check(browsers[who], address(fleet, name), told)


def test_the_pages_agree_about_one_trip(fleet: SimpleNamespace) -> None:
    for make in (cast.reader_barat, cast.head_timur, cast.api_barat, cast.staff_jabar, cast.admin):
        browser = logged_in(make())
        for trip in (fleet.sent, fleet.planned, fleet.lent, fleet.theirs):
            page, api = browser.get(f"/jadwal/{trip.pk}/"), browser.get(f"{ROOT}trips/{trip.pk}/")
            assert page.status_code == api.status_code
        for trip in (fleet.sent, fleet.returned, fleet.theirs):
            page, api = browser.get(f"/laporan/{trip.pk}/"), browser.get(f"{ROOT}reports/{trip.pk}/")
            assert page.status_code == api.status_code


def test_a_key_sees_no_further_than_its_region_and_scope(fleet: SimpleNamespace) -> None:
    narrow = by_key(cast.staff(), jurisdiction=BARAT)
    assert {found["base"] for found in rows("vans/", narrow)} == {BARAT}
    assert all(found["village"].startswith(BARAT) for found in rows("trips/", narrow))
    assert len(rows("reports/", narrow)) == 3
    refused(f"reports/{fleet.theirs.pk}/", narrow, 404)
    writer = by_key(cast.staff(), scopes=("counts:write",))
    for noun in ("vans", "trips", "reports"):
        refused(f"{noun}/", writer, 403)
        refused(f"{noun}/{fleet.sent.pk}/", writer, 403)


def test_a_wrong_key_is_told_nothing(fleet: SimpleNamespace) -> None:
    stranger = Client(headers={"x-forwarded-proto": "https", "authorization": "Bearer rj_0_salah"})
    for noun in ("vans", "trips", "reports"):
        refused(f"{noun}/", stranger, 401)


@pytest.mark.parametrize("noun", ["vans", "trips", "reports"])
def test_it_is_read_only(fleet: SimpleNamespace, noun: str) -> None:
    browser = by_key(cast.admin())
    for method in ("post", "put", "patch", "delete"):
        for path in (f"{ROOT}{noun}/", f"{ROOT}{noun}/{fleet.sent.pk}/"):
            answer = getattr(browser, method)(path, {}, content_type="application/json")
            assert answer.status_code == 405, (method, path)
            assert answer["Content-Type"].startswith("application/problem+json")


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
    assert away == [{"kind": "damage", "first_day": first, "last_day": last}]


def test_a_trip(fleet: SimpleNamespace) -> None:
    assert row(f"trips/{fleet.lent.pk}/") == {
        "number": fleet.lent.pk,
        "van": fleet.dki.pk,
        "plate": "B 9 PKD",
        "day": (DAY + ONE_DAY).isoformat(),
        "session": "full",
        "village": KAPUK,
        "village_name": "Kapuk",
        "city": BARAT,
        "place": "Kecamatan",
        "opens": "08:00:00",
        "closes": "15:00:00",
        "services": ["kia"],
        "status": "published",
        "reason": "",
        "pinned": False,
    }
    called_off = row(f"trips/{fleet.cancelled.pk}/")
    assert (called_off["status"], called_off["reason"]) == ("cancelled", "banjir")
    assert [row(f"trips/{each.pk}/")["status"] for each in (fleet.planned, fleet.sent)] == ["planned", "held"]


def test_a_report_tells_missing_from_zero(fleet: SimpleNamespace) -> None:
    found = row(f"reports/{fleet.sent.pk}/")
    assert found["served"] == dict.fromkeys(Service.values) | {"record": 20, "kia": 7, "birth": 0}
    assert found["not_found"] == dict.fromkeys(NotFoundReason.values) | {"moved": 2}
    assert (found["elsewhere_ktp"], found["elsewhere_kia"]) == (3, None)
    assert (found["kind"], found["status"], found["version"]) == ("served", "sent", 1)
    assert (found["obstacles"], found["idle_reason"], found["decided_at"]) == ("listrik padam", None, None)
    assert (found["trip"], found["van"], found["village"]) == (fleet.sent.pk, fleet.one.pk, KAPUK)
    assert found["day"] == DAY.isoformat()
    assert found["sent_at"] == found["first_sent_at"] == "2021-11-25T12:00:00+07:00"
    nothing = row(f"reports/{fleet.approved.pk}/")
    assert (nothing["kind"], nothing["status"]) == ("nihil", "approved")
    assert (nothing["served"]["record"], nothing["served"]["birth"]) == (0, None)
    assert nothing["decided_at"] is not None
    idle = row(f"reports/{fleet.theirs.pk}/")
    assert (idle["kind"], idle["idle_reason"]) == ("idle", "weather")
    assert set(idle["served"].values()) == {None}


def test_a_report_names_nobody(fleet: SimpleNamespace) -> None:
    for path in ("reports/", "trips/", "vans/", f"reports/{fleet.sent.pk}/"):
        text = staff().get(ROOT + path).content.decode()
        assert not any(word in text for word in ("budi", "Budi", "dian", "Dian"))


def test_the_counts_of_a_report_stand_under_its_source(fleet: SimpleNamespace) -> None:
    for found in rows("reports/"):
        changes = CountChange.objects.filter(source=found["source"], region_id=found["village"], day=found["day"])
        told = sum(change.delta for change in changes if change.document == "KTP")
        recorded = [found["served"][name] for name in ("record_first", "record")]
        counted = 0 if found["status"] == "returned" else sum(part or 0 for part in recorded)
        assert told == counted - ((found["elsewhere_ktp"] or 0) if counted else 0)


def test_the_numbers_are_those_of_the_pages(fleet: SimpleNamespace) -> None:
    by = cast.staff()
    numbers = five_numbers(by, DKI, [DAY])[0]
    assert len(rows(f"vans/?in_use_on={DAY}")) == numbers.registered
    assert len(rows(f"trips/?day={DAY}&status=held")) == numbers.held
    published = len(rows(f"trips/?day={DAY}&status=published"))
    assert numbers.held + published == numbers.scheduled
    page = {plate.plate for base in bases(by, DAY) if base.region.code == BARAT for plate in base.vans}
    assert {found["plate"] for found in rows(f"vans/?base={BARAT}")} == page
    week = week_of(by, BARAT, DAY - timedelta(days=DAY.weekday()))
    stops = {trip.pk for _van, cells in week.rows for cell in cells for trip in cell.trips}
    stops |= {trip.pk for trip in week.lent}
    sunday = week.monday + timedelta(days=6)
    told = rows(f"trips/?region={BARAT}&day_from={week.monday}&day_to={sunday}")
    assert {found["number"] for found in told} == stops
    recorded = sum(visit.recordings for visit in visits(by, BARAT, DAY, DAY))
    standing = [found for found in rows(f"reports/?region={BARAT}&day={DAY}") if found["status"] != "returned"]
    assert sum((found["served"]["record"] or 0) for found in standing) == recorded


FILTERED = [
    ("vans/?base=31.73", {"one", "two"}),
    ("vans/?base=31", {"dki"}),
    ("vans/?base=99", set()),
    ("vans/?in_use_on=2021-11-25", {"one", "two", "timur", "dki"}),
    ("trips/?day=2021-11-25", {"sent", "approved", "returned", "theirs"}),
    ("trips/?day_from=2021-11-26", {"cancelled", "planned", "lent"}),
    ("trips/?day_to=2021-11-25&session=evening", {"returned"}),
    ("trips/?region=31.73.02", {"approved"}),
    ("trips/?region=31.73.02.1001", {"approved"}),
    ("trips/?region=31.7", None),
    ("trips/?region=31.75", {"theirs"}),
    ("trips/?region=32", set()),
    ("trips/?status=cancelled", {"cancelled"}),
    ("trips/?status=planned&region=31", {"planned"}),
    ("trips/?van={dki}", {"lent"}),
    ("trips/?van=999999999999999999", set()),
    ("reports/?status=returned", {"returned"}),
    ("reports/?kind=nihil", {"approved"}),
    ("reports/?kind=idle&region=31.75.01", {"theirs"}),
    ("reports/?van={one}", {"sent", "returned"}),
    ("reports/?day_from=2021-11-26", set()),
    ("reports/?day_to=2021-11-25&status=sent", {"sent", "theirs"}),
    ("reports/?day=2021-11-25&region=31.73.01", {"sent", "returned"}),
]


@pytest.mark.parametrize(("asked", "names"), FILTERED)
def test_filters(fleet: SimpleNamespace, asked: str, names: set[str] | None) -> None:
    path = asked.format(**{name: getattr(fleet, name).pk for name in ("one", "dki")})
    if names is None:
        assert refused(path)["errors"][0]["field"] == "region"
        return
    found = {each.get("trip", each.get("number")) for each in rows(path)}
    assert found == {getattr(fleet, name).pk for name in names}


def test_a_retired_van_is_listed_until_asked_otherwise(fleet: SimpleNamespace) -> None:
    retire_van(act=Act(SYSTEM, NOON, "page"), van=fleet.timur.pk, day=DAY + ONE_DAY)
    assert row(f"vans/{fleet.timur.pk}/")["retired"] == (DAY + ONE_DAY).isoformat()
    assert len(rows("vans/")) == 4
    assert len(rows(f"vans/?in_use_on={DAY}")) == 4
    assert len(rows(f"vans/?in_use_on={DAY + ONE_DAY}")) == 3


DAYS = """
    25-11-2021 2021-11-31 2021-1-5 kemarin 2021-11-25T00:00 ٢٠٢١-11-25 0000-00-00
    99999-01-01 2021-11-25%00 %202021-11-25
""".split()
CODES = ("31.7", "3173", "' OR 1=1", "31.73%00", "٣١", "x" * 300, "31.73.01.0001")
NUMBERS = ("1.0", "1e3", "-1", "+1", "satu", "٣", "true", str(2**63), "9" * 5_000, "1%00", "%201")
WORDS = ("Held", "null", "semua", "held,planned", "%00", "😀")
NONSENSE = [
    *(("vans", "in_use_on", text) for text in DAYS),
    *(("vans", "base", text) for text in CODES),
    *(("trips", name, text) for name in ("day", "day_from", "day_to") for text in DAYS),
    *(("trips", "van", text) for text in NUMBERS),
    *(("trips", "region", text) for text in CODES),
    *(("trips", name, text) for name in ("session", "status") for text in WORDS),
    *(("reports", name, text) for name in ("day", "day_from", "day_to") for text in DAYS),
    *(("reports", "van", text) for text in NUMBERS),
    *(("reports", "region", text) for text in CODES),
    *(("reports", name, text) for name in ("kind", "status") for text in WORDS),
    *(
        (noun, name, text)
        for noun in ("vans", "trips", "reports")
        for name, text in (
            ("limit", "0"),
            ("limit", "1001"),
            ("limit", "1e2"),
            ("ordering", "day_of_week"),
            ("cursor", "abc"),
            ("fields", "plat"),
            ("fields", ""),
            ("hari", "2021-11-25"),
            ("page", "2"),
            ("van_id", "1"),
        )
    ),
]


def test_nonsense_is_refused_at_its_name(fleet: SimpleNamespace) -> None:
    browser = staff()
    for noun, name, text in NONSENSE:
        told = refused(f"{noun}/?{name}={text}", browser)
        if "%00" not in text:  # refused before anybody reads it
            assert [error["field"] for error in told["errors"]] == [name], (noun, name, text)
    sets: dict[str, type[FilterSet]] = {"vans": VanFilter, "trips": TripFilter, "reports": ReportFilter}
    for noun, known in sets.items():
        for name in known.base_filters:
            assert refused(f"{noun}/?{name}=", browser)["errors"][0]["field"] == name
    twice = refused("trips/?van=1&van=2", browser)
    assert twice["errors"][0]["field"] == "van"


def test_detail_knows_no_filters(fleet: SimpleNamespace) -> None:
    assert refused(f"trips/{fleet.sent.pk}/?day=2021-11-25")["errors"][0]["field"] == "day"
    assert refused(f"vans/{fleet.one.pk}/?fields=nik")["errors"][0]["field"] == "fields"


@pytest.mark.parametrize("noun", ["vans", "trips", "reports"])
@pytest.mark.parametrize("number", ["0", "2147483648", str(2**63 - 1), str(2**63), str(2**64), "9" * 400])
def test_a_number_that_no_column_holds_is_not_found(fleet: SimpleNamespace, noun: str, number: str) -> None:
    refused(f"{noun}/{number}/", status=404)


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


@pytest.mark.parametrize("ordering", ["number", "-number"])
def test_pages_of_trips_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = {trip.pk for trip in Trip.objects.all()}
    days = iter(range(3, 99))

    def meanwhile() -> None:
        """A stop is planned, and one that was listed or is still to come is moved to another day."""
        day = DAY + timedelta(days=next(days))
        stop(fleet.dki, KAPUK, day=day, session="morning")
        move_trip(act=Act(SYSTEM, NOON, "page"), number=fleet.planned.pk, van=fleet.one.pk, day=day)

    found = [each["number"] for each in pages(f"trips/?limit=1&ordering={ordering}", staff(), meanwhile_few(meanwhile))]
    assert len(found) == len(set(found))
    assert before <= set(found)
    assert found == sorted(found, reverse=ordering.startswith("-"))


def meanwhile_few(act: Any, times: int = 4) -> Any:
    """The same, a few times: else a list that grows from its end would never end."""
    left = iter(range(times))
    return lambda: act() if next(left, None) is not None else None


@pytest.mark.parametrize("ordering", ["trip", "-trip", "day", "-day", "first_sent_at", "-first_sent_at"])
def test_pages_of_reports_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = set(VanReport.objects.values_list("pk", flat=True))
    hours = iter(range(1, 99))

    def meanwhile() -> None:
        """One more report is sent, and one that stands is corrected."""
        hour = next(hours)
        session = ["midday", "afternoon", "evening", "morning"][hour % 4]
        more = stop(fleet.dki, KAPUK, session=session)
        now = NOON + timedelta(minutes=hour)
        send(more, body(hour), now=now)
        send(fleet.sent, body(20 + hour), expected=hour, reason="salah hitung", now=now)

    path = f"reports/?limit=1&ordering={ordering}"
    found = [each["trip"] for each in pages(path, staff(), meanwhile_few(meanwhile))]
    assert len(found) == len(set(found))
    assert before <= set(found)


@pytest.mark.parametrize("ordering", ["number", "-number", "plate", "-plate"])
def test_pages_of_vans_neither_skip_nor_repeat(fleet: SimpleNamespace, ordering: str) -> None:
    before = {found.pk for found in Van.objects.all()}
    plates = iter(["B 3 PKD", "B 10 PKD", "B 8 PKD", "B 99 PKD"])
    meanwhile = meanwhile_few(lambda: van(next(plates), TIMUR))
    found = [each["number"] for each in pages(f"vans/?limit=1&ordering={ordering}", staff(), meanwhile)]
    assert len(found) == len(set(found))
    assert before <= set(found)


def test_a_cursor_is_of_its_order_and_keeps_the_filters(fleet: SimpleNamespace) -> None:
    browser = staff()
    following = browser.get(f"{ROOT}reports/?limit=1&region={BARAT}").json()["next"]
    assert f"region={BARAT}" in following
    cursor = following.partition("cursor=")[2].partition("&")[0]
    for asked in (
        f"reports/?ordering=-trip&cursor={cursor}",
        f"reports/?ordering=day&cursor={cursor}",
        f"reports/?cursor={cursor[:-2]}",
        f"reports/?cursor=x{cursor}",
    ):
        assert refused(asked, browser)["errors"][0]["field"] == "cursor"


def test_only_the_fields_that_were_asked_for(fleet: SimpleNamespace) -> None:
    assert row(f"trips/{fleet.sent.pk}/?fields=village,number") == {"number": fleet.sent.pk, "village": KAPUK}
    assert all(list(found) == ["trip", "served"] for found in rows("reports/?fields=served,trip"))
    assert all(list(found) == ["plate"] for found in rows("vans/?fields=plate"))


def table(path: str) -> list[dict[str, str]]:
    answer = staff().get(ROOT + path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(answer.content.decode())))


@pytest.mark.parametrize("noun", ["vans", "trips", "reports"])
def test_csv_holds_the_same(fleet: SimpleNamespace, noun: str) -> None:
    lines, found = table(f"{noun}/?format=csv"), rows(f"{noun}/")
    assert [list(line) for line in lines] == [list(each) for each in found]
    for line, each in zip(lines, found, strict=True):
        for name, value in each.items():
            if isinstance(value, list | dict):
                assert json.loads(line[name]) == value
            elif isinstance(value, bool):
                assert line[name] == str(value).lower()
            else:
                assert line[name] == ("" if value is None else str(value))
    one = table(f"{noun}/{found[0].get('trip', found[0].get('number'))}/?format=csv&fields={next(iter(found[0]))}")
    assert len(one) == 1
    accepted = staff().get(f"{ROOT}{noun}/", headers={"accept": "text/csv"})
    assert accepted["Content-Type"].startswith("text/csv")


def test_csv_of_nothing_has_its_header_and_formulas_stay_text(fleet: SimpleNamespace) -> None:
    answer = staff().get(f"{ROOT}trips/?format=csv&region=32")
    assert answer.content.decode().splitlines() == [",".join(rows("trips/")[0])]
    Trip.objects.filter(pk=fleet.sent.pk).update(place='=HYPERLINK("x")')
    assert table(f"trips/{fleet.sent.pk}/?format=csv")[0]["place"] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("path", ["vans/", "trips/", "reports/", "reports/{sent}/", "trips/?format=csv"])
def test_what_the_reader_has_is_not_sent_again(fleet: SimpleNamespace, path: str) -> None:
    path, browser = ROOT + path.format(sent=fleet.sent.pk), staff()
    first = browser.get(path)
    again = browser.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    send(fleet.sent, body(21), expected=1, reason="salah hitung")
    Trip.objects.filter(pk=fleet.sent.pk).update(place="RW 06")
    Van.objects.filter(pk=fleet.one.pk).update(sets=3)
    assert browser.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("noun", ["vans", "trips", "reports"])
def test_more_rows_take_no_more_queries(fleet: SimpleNamespace, noun: str) -> None:
    browser = staff()
    browser.get(f"{ROOT}{noun}/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"{ROOT}{noun}/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(11, 16):
        more = van(f"B {number} PKD")
        set_paper(act=Act(SYSTEM, NOON, "page"), van=more.pk, kind="kir", expires=DAY)
        add_absence(
            act=Act(SYSTEM, NOON, "page"), van=more.pk, first_day=DAY + ONE_DAY, last_day=DAY + ONE_DAY, kind="lent"
        )
        send(stop(more, GROGOL, day=DAY), body(number, not_found={"died": 1}))
    assert ReportLine.objects.count() > 5
    assert queries() == few
    assert few <= 8


def test_the_language_changes_no_figures(fleet: SimpleNamespace) -> None:
    browser = staff()
    for noun in ("vans", "trips", "reports"):
        answers = [browser.get(f"{ROOT}{noun}/", headers={"accept-language": tongue}) for tongue in ("id", "en")]
        assert answers[0].content == answers[1].content


def test_old_days_are_days(fleet: SimpleNamespace) -> None:
    for day in (date.min, date.max):
        assert rows(f"trips/?day={day.isoformat()}") == []
        assert rows(f"reports/?day={day.isoformat()}") == []
