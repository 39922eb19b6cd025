"""The seeded example, as a person finds it on the first start: the figures of the press, and a past that is true."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import AccountEvent, ApiKey, User
from accounts.rights import SYSTEM
from accounts.roles import STORED_ROLES
from dukcapil import clock
from fleet.models import Trip, Van, VanReport, VanRequest
from fleet.reports.selectors import body_of
from fleet.reports.watch import expected_reports, five_numbers
from fleet.vans.selectors import bases
from recording.coverage.changes import Comparison, Difference, differences
from recording.coverage.figures import run_figures
from recording.coverage.freshness import freshness
from recording.coverage.runs import runs_for
from recording.coverage.services import due_days, recompute_coverage, run_due
from recording.demo.days import FIRST_DAY, LATE_CITY, LATE_ENTRY
from recording.demo.plan import AS_OF, CORRECTED_DAYS, DemoPlan, plan
from recording.demo.services import demo_key
from recording.ledger.selectors import check_ledger
from recording.models import (
    AuditEntry,
    CountChange,
    CoverageRun,
    DailyCount,
    Door,
    JobDay,
    Level,
    Period,
    Posting,
    Region,
    Target,
)
from recording.parsing.region_names import city_of
from recording.targets.selectors import target_versions

CITIES = {
    "KTP": {
        "31": (31_000, 60_000, "51.67"),
        "31.01": (73, 146, "50.00"),
        "31.71": (1_589, 6_359, "24.99"),
        "31.72": (4_302, 9_773, "44.02"),
        "31.73": (13_770, 13_770, "100.00"),
        "31.74": (6_285, 12_778, "49.19"),
        "31.75": (4_981, 17_174, "29.00"),
    },
    "KIA": {
        "31": (58_000, 90_000, "64.44"),
        "31.01": (131, 219, "59.82"),
        "31.71": (4_865, 9_538, "51.01"),
        "31.72": (8_209, 14_659, "56.00"),
        "31.73": (20_655, 20_655, "100.00"),
        "31.74": (11_775, 19_168, "61.43"),
        "31.75": (12_365, 25_761, "48.00"),
    },
}


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Seeded once for this file by the command, and taken out again. Tests that write roll back what they wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def known(seeded: dict[str, Any]) -> DemoPlan:
    villages = Region.objects.filter(level=Level.VILLAGE).values_list("code", "name")
    return plan(list(villages), until=AS_OF)


@pytest.fixture
def rolled_back(seeded: dict[str, Any]) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seed() -> dict[str, Any]:
    out = io.StringIO()
    call_command("seed_demo", json=True, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def difference(day: date, code: str, document: str = "KTP") -> Difference:
    """Why a region's figure of one night differs from the night before."""
    later = CoverageRun.objects.get(as_of=day)
    earlier = CoverageRun.objects.get(as_of=day - timedelta(days=1))
    period = Period.objects.get()
    return differences(Comparison(earlier, later, document, period), [code])[code]


@pytest.mark.parametrize("document", CITIES)
def test_the_official_figures_are_those_of_the_press(document: str, seeded: dict[str, Any]) -> None:
    shown = runs_for(None)
    assert shown
    run = shown[0]
    assert (run.as_of, run.status, run.number) == (AS_OF, "official", seeded["run"])
    figures = run_figures(run, document, Period.objects.get(), [Level.PROVINCE, Level.CITY])
    found = {figure.code: (figure.recorded, figure.target, str(figure.percent)) for figure in figures}
    assert found == CITIES[document]


def test_the_clock_stands_in_the_morning_after_the_last_day_and_nothing_is_red(seeded: dict[str, Any]) -> None:
    now = clock.now()
    morning = datetime(2021, 11, 26, 7, 0, tzinfo=clock.JAKARTA)
    assert morning <= now < morning + timedelta(minutes=15)
    shown = freshness(now)
    assert shown.last_success == datetime(2021, 11, 26, 0, 20, tzinfo=clock.JAKARTA)
    assert (shown.stale, shown.failure) == (False, "")


def test_every_night_of_the_year_was_run_once_and_none_is_owed(seeded: dict[str, Any]) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range((AS_OF - FIRST_DAY).days + 1)]
    assert list(JobDay.objects.order_by("day").values_list("day", flat=True)) == days
    runs = list(CoverageRun.objects.order_by("number"))
    assert [run.as_of for run in runs] == days
    assert [run.number for run in runs] == list(range(1, len(days) + 1))
    assert all(clock.business_date(run.finished_at) == run.as_of + timedelta(days=1) for run in runs)
    assert due_days(clock.now()) == []
    assert run_due(by=SYSTEM, now=clock.now()) == []


def test_computing_the_last_day_again_gives_the_same_run(seeded: dict[str, Any]) -> None:
    again = recompute_coverage(by=SYSTEM, day=AS_OF, now=clock.now())
    assert again.number == seeded["run"]


def test_the_counts_and_the_ledger_are_those_of_the_plan(seeded: dict[str, Any], known: DemoPlan) -> None:
    stored = DailyCount.objects.values_list("region_id", "document", "day", "source", "people")
    assert sorted(stored) == sorted(count[:5] for count in known.counts)
    assert CountChange.objects.count() == len(known.entries())
    proof = check_ledger()
    assert (proof.keys, proof.mismatches) == (len(known.counts), 0)


def test_counts_are_typed_in_on_the_evening_of_the_plan_by_who_may(seeded: dict[str, Any], known: DemoPlan) -> None:
    evenings = Counter(act.on for act in known.entries())
    changes = CountChange.objects.select_related("posting__by")
    assert Counter(clock.business_date(change.posting.at) for change in changes) == evenings
    writers = {(city_of(change.region_id), change.posting.by and change.posting.by.username) for change in changes}
    assert writers == {
        ("31.01", "dinas"),
        ("31.71", "dinas"),
        ("31.72", "dinas"),
        ("31.73", "barat"),
        ("31.74", "dinas"),
        ("31.75", "timur"),
    }
    assert set(Posting.objects.values_list("door", flat=True)) == {Door.DEMO}


def test_the_late_week_of_one_city_comes_in_as_late(seeded: dict[str, Any], known: DemoPlan) -> None:
    typed = [count for count in known.counts if count.entered_on == LATE_ENTRY and count.document == "KTP"]
    late = sum(count.people for count in typed if count.entered_on != count.day)
    found = difference(LATE_ENTRY, LATE_CITY)
    assert late > 50
    assert found.late == late
    assert found.recorded == found.new + late


@pytest.mark.parametrize("turn", range(len(CORRECTED_DAYS)))
def test_a_correction_is_told_as_one_the_day_after(turn: int, seeded: dict[str, Any], known: DemoPlan) -> None:
    slip = known.corrections[turn]
    found = difference(slip.corrected_on, slip.region, slip.document)
    assert found.corrected == slip.right - slip.wrong
    change = CountChange.objects.get(
        region=slip.region, document=slip.document, day=slip.day, source=slip.source, old_people__isnull=False
    )
    assert (change.old_people, change.new_people) == (slip.wrong, slip.right)
    assert change.posting.reason == slip.reason


def test_the_revised_target_moves_the_target_of_its_city_on_its_day(seeded: dict[str, Any], known: DemoPlan) -> None:
    first, second = Target.objects.filter(
        region__in=Target.objects.filter(version=2).values("region"), document="KTP"
    ).order_by("version")
    assert second.effective_from == clock.business_date(second.at) == date(2021, 8, 1)
    assert difference(date(2021, 8, 1), "31.75").target == (second.people or 0) - (first.people or 0) > 0


def test_the_page_of_the_city_that_is_held_back_says_why(seeded: dict[str, Any]) -> None:
    shown = target_versions("31.71", "KTP", Period.objects.get(), AS_OF)
    assert ["sudah pindah" in version.row.source for version in shown] == [True]


def test_there_is_an_account_for_every_role_and_its_password_opens_it(seeded: dict[str, Any]) -> None:
    people = User.objects.all()
    assert {user.role for user in people} == {role.value for role in STORED_ROLES}
    assert {account["username"] for account in seeded["accounts"]} == {user.username for user in people}
    assert sorted(user.jurisdiction for user in people if user.role == "head") == ["31.73", "31.75"]
    assert all(user.check_password(seeded["password"]) for user in people)
    assert seeded["api_key"] == demo_key(now=clock.now() + timedelta(days=365)) != ""


def test_the_fleet_is_two_vans_of_the_agency_and_three_of_each_city(seeded: dict[str, Any]) -> None:
    assert Van.objects.count() == 17
    assert {base.region.code: (len(base.vans), base.quota) for base in bases(SYSTEM, AS_OF)} == {
        "31": (2, 2),
        "31.01": (0, 0),
        "31.71": (3, 3),
        "31.72": (3, 3),
        "31.73": (3, 3),
        "31.74": (3, 3),
        "31.75": (3, 3),
    }


def test_every_stop_of_the_year_tells_what_its_counts_say(seeded: dict[str, Any]) -> None:
    counts = {
        (count.region_id, count.document, count.day): count.people
        for count in DailyCount.objects.filter(source="mobil")
    }
    told = {}
    year = VanReport.objects.filter(source="mobil").select_related("trip").prefetch_related("lines", "not_found")
    for report in year:
        body = body_of(report)
        for document in ("KTP", "KIA"):
            people = body.residents(document)
            if people is not None:
                told[report.trip.village_id, document, report.trip.day] = people
    assert told == counts
    assert len(year) > 2_000


def test_the_days_around_the_last_one_show_every_state(seeded: dict[str, Any]) -> None:
    states = Counter(each.state for each in expected_reports(SYSTEM, "31", AS_OF, AS_OF, AS_OF + timedelta(days=1)))
    assert (states["missing"], states["returned"]) == (1, 1)
    assert states["on_time"] >= 8
    returned = VanReport.objects.get(status="returned")
    assert not DailyCount.objects.filter(source=returned.source, people__isnull=False).exists()
    assert Trip.objects.filter(status="cancelled", announced=True).count() == 1
    (numbers,) = five_numbers(SYSTEM, "31", [AS_OF])
    assert (numbers.registered, numbers.ready) == (17, 16)
    assert numbers.scheduled == numbers.held + 2
    tomorrow = Trip.objects.filter(day=AS_OF + timedelta(days=1), status="published")
    assert tomorrow.count() == 16
    assert VanRequest.objects.filter(status="open").count() == 1
    assert {each.day for each in Trip.objects.filter(status="planned")} > {date(2021, 12, 3)}


@pytest.mark.usefixtures("rolled_back")
def test_seeding_again_changes_nothing(seeded: dict[str, Any]) -> None:
    def everything() -> list[object]:
        tables = (
            Region,
            Target,
            Posting,
            CountChange,
            CoverageRun,
            JobDay,
            AuditEntry,
            AccountEvent,
            ApiKey,
            User,
            Van,
        )
        row = clock.demo()
        assert row
        return [*(model.objects.count() for model in tables), row.until, row.shift]

    before = everything()
    again = seed()
    assert (again["changed"], again["password"]) == (False, seeded["password"])
    assert everything() == before
