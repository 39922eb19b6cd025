"""The example as a person finds it on the first start: the figures of the press, a past that is true, and its command."""

import io
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Sum

from accounts.models import AccountEvent, ApiKey, User
from accounts.rights import SYSTEM
from accounts.roles import STORED_ROLES
from accounts.tests import cast
from dukcapil import clock
from dukcapil.testing import shared_worlds
from dukcapil.tests.processes import fork, join
from fleet.models import EntryPermit, NotFoundReason, ReportNotFound, Trip, Van, VanAbsence, VanPaper, VanReport, VanRequest
from fleet.performance.selectors import by_repeat, stops
from fleet.reports.selectors import body_of
from fleet.reports.watch import expected_reports, five_numbers
from fleet.vans.selectors import bases
from recording.coverage.changes import Comparison, Difference, differences
from recording.coverage.figures import run_figures
from recording.coverage.freshness import freshness
from recording.coverage.runs import runs_for
from recording.coverage.services import due_days, recompute_coverage, run_due
from recording.demo import services as demo
from recording.demo.plan import AS_OF, CORRECTED_DAYS, FIRST_DAY, LATE_CITY, LATE_ENTRY, DemoPlan, plan
from recording.demo.tests.press import CITIES, PROVINCE
from recording.ledger.selectors import check_ledger
from recording.models import AuditEntry, CountChange, CoverageRun, DailyCount, Door, Level, Period, Posting, Region, Target
from recording.parsing.region_names import city_of
from recording.regions.region_file import REGIONS, read_regions
from recording.targets.selectors import periods_with_targets, versions_on
from recording.tests import world
from recording.tests.pages import logged_in, words

LABELS = {"loket": "Loket layanan", "mobil": "Mobil keliling", "jemput-bola": "Jemput bola"}
PASSWORD_FILE = Path(settings.HOME) / "demo_password"
UNTIL = "2021-01-05"


def printed(**options: Any) -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


def seed(**options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(printed(json=True, **options))
    return answer


OWN_WORLDS = {"seeded": seed}


@pytest.fixture
def seeded(db: None) -> dict[str, Any]:
    """The whole example, written by the command once for this file; returns what it printed."""
    answer: dict[str, Any] = shared_worlds.given("seeded")
    return answer


@pytest.fixture(scope="module")
def known() -> DemoPlan:
    return plan([row.code for row in read_regions(REGIONS) if row.code.count(".") == 3], until=AS_OF)


def empty_run() -> None:
    recompute_coverage(by=SYSTEM, day=world.DAY, now=world.NOON)


@pytest.mark.parametrize("real", [world.build, cast.admin, empty_run])
def test_a_database_in_use_is_left_alone(real: Callable[[], object], db: None) -> None:
    real()
    before = (Region.objects.count(), User.objects.count(), CoverageRun.objects.count())
    with pytest.raises(CommandError, match="tidak dicampur dengan data sungguhan"):
        printed(until=UNTIL)
    assert (Region.objects.count(), User.objects.count(), CoverageRun.objects.count()) == before
    assert clock.demo() is None


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("kemarin", "tulis seperti 2021-11-25"),
        ("", "tulis seperti 2021-11-25"),
        ("2021-02-30", "tulis seperti 2021-11-25"),
        ("2021-01-03", "2021-01-04 sampai 2021-12-31"),
        ("2022-01-01", "2021-01-04 sampai 2021-12-31"),
    ],
)
def test_a_day_outside_the_example_is_refused(until: str, sentence: str, db: None) -> None:
    with pytest.raises(CommandError, match=sentence):
        printed(until=until)
    assert (clock.demo(), Region.objects.exists()) == (None, False)


def test_the_example_ends_on_the_requested_day(db: None) -> None:
    assert (seed(until=UNTIL)["changed"], CoverageRun.objects.latest("number").number) == (True, 2)
    assert CoverageRun.objects.latest("number").as_of == date(2021, 1, 5)
    assert clock.business_date(clock.now()) == date(2021, 1, 6)
    assert [seed(until=UNTIL)["changed"], seed()["changed"], seed()["until"]] == [False, False, UNTIL]
    with pytest.raises(CommandError, match=f"sampai {UNTIL}"):
        printed(until="2021-01-04")
    assert CoverageRun.objects.count() == 2


def test_accounts_are_printed_of_an_example_only(db: None) -> None:
    with pytest.raises(CommandError, match="Tidak ada data contoh"):
        printed(accounts=True)


@pytest.mark.usefixtures("committed")
def test_a_killed_seeding_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at its last step, and run again."""
    with monkeypatch.context() as patched:
        patched.setattr(demo, "give_demo_key", lambda **_: os.kill(os.getpid(), signal.SIGKILL))
        assert join([fork(lambda: seed(until=UNTIL))]) == [-signal.SIGKILL]
    assert (clock.demo(), Region.objects.exists(), User.objects.exists()) == (None, False, False)
    assert seed(until=UNTIL)["changed"]
    assert (Target.objects.count(), User.objects.count(), VanAbsence.objects.count()) == (540, 6, 1)
    assert demo.demo_key(now=clock.now() + timedelta(days=365)) == demo.DEMO_KEY


def difference(day: date, code: str, document: str = "KTP") -> Difference:
    """Why a region's figure of one night differs from the night before."""
    later, earlier = (CoverageRun.objects.get(as_of=of) for of in (day, day - timedelta(days=1)))
    return differences(Comparison(earlier, later, document, Period.objects.get()), [code])[code]


@pytest.mark.parametrize("document", CITIES)
def test_the_official_figures_are_those_of_the_press(document: str, seeded: dict[str, Any]) -> None:
    shown = runs_for(None, date(2021, 11, 26))
    assert shown
    run = shown[0]
    assert (run.as_of, run.status, run.number) == (AS_OF, "official", 326)
    province, *cities = run_figures(run, document, Period.objects.get(), [Level.PROVINCE, Level.CITY])
    assert (province.recorded, province.target) == PROVINCE[document]
    figures = {figure.code: (figure.recorded, figure.target, str(figure.percent)) for figure in cities}
    assert figures == CITIES[document]


def test_every_night_of_the_year_ran_once(seeded: dict[str, Any]) -> None:
    now = clock.now()
    morning = datetime(2021, 11, 26, 7, 0, tzinfo=clock.JAKARTA)
    assert morning <= now < morning + timedelta(minutes=15)
    shown = freshness(now)
    assert shown.last_success == datetime(2021, 11, 26, 0, 20, tzinfo=clock.JAKARTA)
    assert (shown.stale, shown.failure, due_days(now), run_due(by=SYSTEM, now=now)) == (False, "", [], [])
    days = [FIRST_DAY + timedelta(days=number) for number in range((AS_OF - FIRST_DAY).days + 1)]
    runs = list(CoverageRun.objects.order_by("number"))
    assert [(run.number, run.as_of) for run in runs] == list(enumerate(days, 1))
    assert all(clock.business_date(run.finished_at) == run.as_of + timedelta(days=1) for run in runs)
    assert recompute_coverage(by=SYSTEM, day=AS_OF, now=now) == runs[-1], "nothing changed since"


def test_counts_and_ledger_are_those_of_the_plan(seeded: dict[str, Any], known: DemoPlan) -> None:
    expected = {entry[1:5]: entry.people for entry in known.entries}  # a later one corrects an earlier one
    trips = {(trip.village_id, trip.day): trip.pk for trip in Trip.objects.filter(status="held")}
    for stop in known.stops:
        source = f"trip-{trips[stop.region, stop.day]}"
        expected |= {(stop.region, "KTP", stop.day, source): stop.ktp, (stop.region, "KIA", stop.day, source): stop.kia}
    stored = DailyCount.objects.values_list("region_id", "document", "day", "source", "people")
    assert sorted(stored) == sorted((*key, people) for key, people in expected.items())
    proof = check_ledger()
    assert (proof.keys, proof.changes, proof.mismatches) == (len(expected), len(expected) + len(CORRECTED_DAYS), 0)


def test_counts_are_entered_as_planned_by_entitled_people(seeded: dict[str, Any], known: DemoPlan) -> None:
    evenings = Counter(entry.on for entry in known.entries) + Counter(2 * [stop.reported_on for stop in known.stops])
    changes = CountChange.objects.select_related("posting__by")
    assert {change.posting.door for change in changes} == {Door.DEMO}
    assert Counter(clock.business_date(change.posting.at) for change in changes) == evenings
    writers = {(city_of(change.region_id), change.posting.by and change.posting.by.username) for change in changes}
    assert writers == {(city, {"31.73": "barat", "31.75": "timur"}.get(city, "dinas")) for city in CITIES["KTP"]}


def test_the_first_page_sums_the_vans(seeded: dict[str, Any], known: DemoPlan) -> None:
    """2.700 reports stand in the ledger one by one, each under its trip."""
    page = words(logged_in(User.objects.get(username="pembaca")).get("/"))
    by_hand = {entry[1:5]: entry.people for entry in known.entries if entry.document == "KTP"}
    sources = Counter({"mobil": sum(stop.ktp for stop in known.stops)})
    for key, people in by_hand.items():
        sources[key[3]] += people
    parts = [f"{LABELS[source]} {people:,}".replace(",", ".") for source, people in sources.most_common()]
    assert f"Dari mana angkanya {' '.join(parts)} Jumlahnya sama" in page
    assert sources.total() == 31_000


def test_the_late_week_of_one_city_is_late(seeded: dict[str, Any], known: DemoPlan) -> None:
    late_counts = [row.people for row in known.entries if row.on == LATE_ENTRY != row.day and row.document == "KTP"]
    late_stops = [stop for stop in known.stops if stop.reported_on != stop.day]
    explained = difference(LATE_ENTRY, LATE_CITY)
    assert explained.late == sum(late_counts) + sum(stop.ktp for stop in late_stops) > 50
    assert explained.recorded == explained.new + explained.late
    assert set(EntryPermit.objects.values_list("city", "day")) == {(LATE_CITY, stop.day) for stop in late_stops}


@pytest.mark.parametrize("day", CORRECTED_DAYS)
def test_a_correction_is_told_the_day_after(day: date, seeded: dict[str, Any], known: DemoPlan) -> None:
    (right,) = [entry for entry in known.entries if entry.day == day and entry.reason]
    (wrong,) = [entry for entry in known.entries if entry[1:5] == right[1:5] and not entry.reason]
    assert (wrong.on, right.on) == (day, day + timedelta(days=1))
    assert difference(right.on, right.region, right.document).corrected == right.people - wrong.people != 0
    change = CountChange.objects.get(
        region=right.region, document=right.document, day=day, source=right.source, old_people__isnull=False
    )
    assert (change.old_people, change.new_people) == (wrong.people, right.people)
    assert change.posting.reason == f"Salah ketik: tertulis {wrong.people}, seharusnya {right.people}."


def test_targets_say_when_and_why(seeded: dict[str, Any]) -> None:
    """One was revised in mid-year; the city that stays behind says why."""
    first, second = Target.objects.filter(
        region__in=Target.objects.filter(version=2).values("region"), document="KTP"
    ).order_by("version")
    assert second.effective_from == clock.business_date(second.at) == date(2021, 8, 1)
    assert difference(date(2021, 8, 1), "31.75").target == (second.people or 0) - (first.people or 0) > 0
    shown = versions_on(periods_with_targets("31.71", "KTP")[Period.objects.get()], AS_OF)
    assert ["sudah pindah" in version.row.source for version in shown] == [True]


def test_every_role_has_an_account_that_opens(seeded: dict[str, Any]) -> None:
    people = User.objects.all()
    assert {user.role for user in people} == {role.value for role in STORED_ROLES}
    assert {account["username"] for account in seeded["accounts"]} == {user.username for user in people}
    assert sorted(user.jurisdiction for user in people if user.role == "head") == ["31.73", "31.75"]
    assert all(user.check_password(seeded["password"]) for user in people)
    assert seeded["api_key"] == demo.demo_key(now=clock.now() + timedelta(days=365)) != ""


def test_the_agency_has_two_vans_cities_three(seeded: dict[str, Any]) -> None:
    registered = {base.region.code: (len(base.vans), base.quota) for base in bases(SYSTEM, AS_OF)}
    assert registered == dict.fromkeys(CITIES["KTP"], (3, 3)) | {"31": (2, 2), "31.01": (0, 0)}
    assert VanPaper.objects.filter(expires__gt=AS_OF).count() == 2 * 17
    assert VanPaper.objects.filter(expires__lte=AS_OF + timedelta(days=14)).count() == 1


def test_every_stop_of_the_year_has_its_report(seeded: dict[str, Any], known: DemoPlan) -> None:
    reports = VanReport.objects.exclude(status="returned").select_related("trip")
    told = []
    for report in reports.prefetch_related("lines", "not_found", "versions"):
        body, trip = body_of(report), report.trip
        people = body.residents("KTP"), body.residents("KIA"), sum(body.not_found.values())
        told.append((clock.business_date(report.sent_at), trip.day, trip.village_id, *people))
        (version,) = report.versions.all()
        assert (version.digest, version.body, report.source) == (body.digest(), body.as_json(), f"trip-{trip.pk}")
        assert report.status == ("approved" if trip.day <= AS_OF - timedelta(days=2) else "sent")
        assert (report.decided_at is not None) == (report.status == "approved")
        assert (trip.status, trip.announced) == ("held", True)
    assert sorted(told) == known.stops
    reasons = Counter(dict(ReportNotFound.objects.values_list("reason").annotate(Sum("people"))))
    assert reasons.most_common(1)[0][0] == "moved"
    assert set(reasons) == set(NotFoundReason.values)


def test_every_stop_took_every_step(seeded: dict[str, Any]) -> None:
    trips = Trip.objects.filter(report__isnull=False)
    for action, done in (("trip.plan", trips), ("report.approved", trips.filter(report__status="approved"))):
        written = {row.details["trip"]: row.at for row in AuditEntry.objects.filter(action=action)}
        assert all(clock.business_date(written[trip.pk]) <= trip.day + timedelta(days=14) for trip in done)
    published = AuditEntry.objects.filter(action="trip.publish")
    assert sum(row.details["trips"] for row in published) == Trip.objects.filter(announced=True).count()


def test_repeat_visits_yield_less(seeded: dict[str, Any]) -> None:
    groups = by_repeat(stops(SYSTEM, "31", FIRST_DAY, AS_OF, AS_OF, list(Period.objects.all())))
    yields = [group.per_visit or 0 for group in groups]
    assert [group.label.removeprefix("Kunjungan ke-") for group in groups] == ["1", "2", "3", "4+"]
    assert yields == sorted(yields, reverse=True)
    assert yields[0] > 2 * yields[3]


def test_the_days_around_today_show_every_state(seeded: dict[str, Any]) -> None:
    states = Counter(each.state for each in expected_reports(SYSTEM, "31", AS_OF, AS_OF, AS_OF + timedelta(days=1)))
    assert (states["missing"], states["returned"]) == (1, 1)
    assert states["on_time"] >= 8
    returned = VanReport.objects.get(status="returned")
    assert not DailyCount.objects.filter(source=returned.source, people__isnull=False).exists()
    assert Trip.objects.filter(status="cancelled", announced=True).count() == 1
    (numbers,) = five_numbers(SYSTEM, "31", [AS_OF])
    assert (numbers.registered, numbers.ready, numbers.scheduled) == (17, 16, numbers.held + 2)
    assert Trip.objects.filter(day=AS_OF + timedelta(days=1), status="published").count() == 16
    assert VanRequest.objects.filter(status="open").count() == 1
    assert {each.day for each in Trip.objects.filter(status="planned")} > {date(2021, 12, 3)}


def test_the_accounts_are_printed_with_their_password(seeded: dict[str, Any]) -> None:
    text = printed(accounts=True)
    assert text == printed().removeprefix("Data contoh sampai 2021-11-25.\n")
    assert f"kata sandi semuanya: {PASSWORD_FILE.read_text().strip()}\n" in text
    assert text.endswith(f"Kunci API contoh, hanya membaca: {demo.DEMO_KEY}\n")
    assert all(f"  {user.username} " in text for user in User.objects.all())


def test_a_lost_password_is_replaced_for_this_installation(seeded: dict[str, Any]) -> None:
    first = PASSWORD_FILE.read_text()
    assert S_IMODE(PASSWORD_FILE.stat().st_mode) == 0o600
    assert len(first.strip()) >= 16
    PASSWORD_FILE.unlink()
    try:
        printed(accounts=True)
        second = PASSWORD_FILE.read_text()
        assert second != first
        assert S_IMODE(PASSWORD_FILE.stat().st_mode) == 0o600
        assert all(user.check_password(second.strip()) for user in User.objects.all())
    finally:
        PASSWORD_FILE.write_text(first)


def test_an_example_without_a_key_gets_one(seeded: dict[str, Any]) -> None:
    ApiKey.objects.all().delete()
    assert "Kunci API" not in printed(accounts=True)
    assert demo.DEMO_KEY in printed()
    assert ApiKey.objects.count() == 1


def test_seeding_again_changes_nothing(seeded: dict[str, Any]) -> None:
    def everything() -> list[object]:
        tables = (Region, Target, Posting, CountChange, CoverageRun, AuditEntry, AccountEvent, ApiKey, User, Van, Trip)
        row = clock.demo()
        return [*(model.objects.count() for model in tables), row and row.until, row and row.shift]

    before = everything()
    again = seed()
    assert (again["changed"], again["password"]) == (False, seeded["password"])
    assert everything() == before
