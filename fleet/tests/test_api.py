"""The fleet in the API: who sees what, filters, pages, forms of answers, and the same numbers as on the pages."""

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_filters import FilterSet

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from fleet.filters import ReportFilter, TripFilter, VanFilter
from fleet.models import ReportLine, Trip, Van
from fleet.performance.selectors import stops as performed
from fleet.reports.watch import five_numbers
from fleet.schedule.selectors import week_of
from fleet.tests.api import ONE_DAY, ROOT, by_key, refused, row, rows, staff, table
from fleet.tests.plans import GROGOL
from fleet.tests.stops import body, send, stop, van
from fleet.vans.absences import add_absence
from fleet.vans.selectors import bases
from fleet.vans.services import set_paper
from recording.models import Region
from recording.tests.pages import logged_in
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_asked_before")
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


def told(browser: Client, path: str) -> str:
    """What an address answers, in the words of the table."""
    answer = browser.get(path)
    is_list = answer.status_code == 200 and "results" in answer.json()
    return f"{len(answer.json()['results'])}r" if is_list else str(answer.status_code)


def test_each_log_in_sees_what_pages_show(fleet: SimpleNamespace) -> None:
    browsers = {who: logged_in(make() if make else None) for who, make in PEOPLE.items()}
    expected = matrix()
    assert [(name, who, told(browsers[who], address(fleet, name))) for name, who, _told in expected] == expected


def test_each_key_sees_what_pages_show(fleet: SimpleNamespace) -> None:
    browsers = {who: by_key(make()) for who, make in PEOPLE.items() if make is not None and who != "disabled"}
    expected = [line for line in matrix() if line[1] in browsers]
    assert [(name, who, told(browsers[who], address(fleet, name))) for name, who, _told in expected] == expected


def test_the_pages_agree_about_one_trip(fleet: SimpleNamespace) -> None:
    for make in (cast.reader_barat, cast.head_timur, cast.api_barat, cast.staff_jabar, cast.admin):
        browser = logged_in(make())
        for trip in (fleet.sent, fleet.planned, fleet.lent, fleet.theirs):
            page, api = browser.get(f"/jadwal/{trip.pk}/"), browser.get(f"{ROOT}trips/{trip.pk}/")
            assert page.status_code == api.status_code
        for trip in (fleet.sent, fleet.returned, fleet.theirs):
            page, api = browser.get(f"/laporan/{trip.pk}/"), browser.get(f"{ROOT}reports/{trip.pk}/")
            assert page.status_code == api.status_code


def test_a_key_is_limited_to_region_and_scope(fleet: SimpleNamespace) -> None:
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


def test_the_numbers_are_those_of_the_pages(fleet: SimpleNamespace) -> None:
    by = cast.staff()
    numbers = five_numbers(by, DKI, [DAY])[0]
    assert len(rows(f"vans/?in_use_on={DAY}")) == numbers.registered
    assert len(rows(f"trips/?day={DAY}&status=held")) == numbers.held
    published = len(rows(f"trips/?day={DAY}&status=published"))
    assert numbers.held + published == numbers.scheduled
    page = {plate.plate for base in bases(by, DAY) if base.region.code == BARAT for plate in base.vans}
    assert {found["plate"] for found in rows(f"vans/?base={BARAT}")} == page
    monday = DAY - timedelta(days=DAY.weekday())
    (week,) = week_of(by, [Region.objects.get(code=BARAT)], monday).bases
    stops = {trip.pk for _van, cells in week.rows for cell in cells for trip in cell.trips}
    stops |= {trip.pk for trip in week.lent}
    sunday = monday + timedelta(days=6)
    told = rows(f"trips/?region={BARAT}&day_from={monday}&day_to={sunday}")
    assert {found["number"] for found in told} == stops
    recorded = sum(stop.recordings or 0 for stop in performed(by, BARAT, DAY, DAY, DAY, []))
    standing = [found for found in rows(f"reports/?region={BARAT}&day={DAY}") if found["status"] != "returned"]
    assert sum((found["served"]["record"] or 0) for found in standing) == recorded


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
def test_a_number_too_large_is_not_found(fleet: SimpleNamespace, noun: str, number: str) -> None:
    refused(f"{noun}/{number}/", status=404)


def test_a_cursor_keeps_order_and_filters(fleet: SimpleNamespace) -> None:
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


def test_csv_has_its_header_and_no_formulas(fleet: SimpleNamespace) -> None:
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
        add_absence(act=Act(SYSTEM, NOON, "page"), van=more.pk, first_day=DAY + ONE_DAY, last_day=DAY + ONE_DAY, kind="lent")
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
