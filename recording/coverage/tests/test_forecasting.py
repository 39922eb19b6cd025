"""The nights store their forecasts once, score them when the truth is known, and page, API, text and paper say the same."""

import os
import re
import signal
from datetime import date, datetime, time, timedelta
from html import unescape
from math import ceil
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil import clock
from dukcapil.clock import JAKARTA
from dukcapil.testing import shared_worlds
from dukcapil.tests.processes import fork, join, together
from recording.coverage import forecasting, runs
from recording.coverage.forecast.night import NEEDED_WORKING_DAYS
from recording.coverage.forecast_counts import recent_courses, whole_courses
from recording.coverage.forecast_outcomes import open_forecasts
from recording.coverage.forecasting import forecast_due
from recording.coverage.services import recompute_coverage
from recording.coverage.tests.campaigns import exhausted_list
from recording.coverage.voiding import void_run
from recording.coverage.workdays import is_working_day, last_working_days
from recording.ledger.checks import CountInput
from recording.models import CoverageFigure, CoverageForecast, CoverageRun, Door, ForecastOutcome
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import TargetInput, set_targets
from recording.tests.pages import logged_in, words
from recording.tests.world import count, period, target, write

CITY = "31.74"
LISTS = exhausted_list(1, areas=16, days=200)  # one of each kecamatan, whose only kelurahan holds it
CODES = {area: f"{CITY}.{number:02}" for number, area in enumerate(LISTS, 1)}
FIRST_NIGHT, SECOND_NIGHT = date(2021, 2, 26), date(2021, 3, 25)
TABLES = ("recording_coverageforecast", "recording_forecastoutcome")


def at(day: date) -> datetime:
    """In the night after a day."""
    return datetime.combine(day + timedelta(days=1), time(0, 20), tzinfo=JAKARTA)


def record(first: date, last: date, but: str = "") -> None:
    write(
        *(
            CountInput(f"{CODES[area]}.1001", "KTP", day, "loket", people)
            for area, counts in LISTS.items()
            for day, people in counts.items()
            if first <= day <= last and is_working_day(day) and CODES[area] != but
        ),
        now=at(last),
    )


def night(day: date) -> CoverageRun:
    """The official run of a day, and its forecasts."""
    run = recompute_coverage(by=SYSTEM, day=day, now=at(day))
    forecast_due(by=SYSTEM, now=at(day))
    return run


def build_campaign() -> None:
    """Sixteen kecamatan up to the first night, with four fifths of each list as target."""
    places = [(CITY, "Kota Administrasi Jakarta Selatan")]
    for number, code in enumerate(CODES.values(), 1):
        places += [(code, f"Kecamatan {number}"), (f"{code}.1001", f"Kelurahan {number}")]
    act = Act(SYSTEM, at(date(2021, 1, 3)), Door.COMMAND)
    load_regions(act=act, rows=[RegionRow(*place) for place in places])
    goals = {area: ceil(sum(n for day, n in counts.items() if is_working_day(day)) * 0.8) for area, counts in LISTS.items()}
    since = date(2021, 1, 1)
    set_targets(act=act, targets=[TargetInput(f"{CODES[a]}.1001", "KTP", "2021", n, "SK", since) for a, n in goals.items()])
    record(date(2021, 1, 4), FIRST_NIGHT)


OWN_WORLDS = {"campaign": build_campaign}


@pytest.fixture
def campaign(small_world: None) -> None:
    shared_worlds.given("campaign")


def stored(run: CoverageRun) -> dict[str, tuple[Any, ...]]:
    rows = CoverageForecast.objects.filter(run=run).order_by("region")
    return {row[0]: row[1:] for row in rows.values_list("region_id", "state", "target", "low_on", "high_on", "known", "inside")}


@pytest.mark.usefixtures("campaign")
def test_a_night_is_forecast_once_and_never_changes() -> None:
    run = night(FIRST_NIGHT)
    before = stored(run)
    figures = CoverageFigure.objects.filter(run=run, recorded__lt=F("target")).values_list("region_id", flat=True)
    assert {"31", CITY} < set(before) == set(figures)
    assert "range" in {state for state, *_others in before.values()}
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) is None
    write(count(500, f"{CITY}.01.1001", day=FIRST_NIGHT), now=at(FIRST_NIGHT))  # a correction
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) is None
    assert stored(run) == before
    later = night(FIRST_NIGHT)
    assert later != run
    assert stored(run) == before
    assert stored(later) != before


@pytest.mark.usefixtures("campaign")
def test_only_the_newest_official_run_is_forecast() -> None:
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) is None, "nothing was computed"
    old = recompute_coverage(by=SYSTEM, day=FIRST_NIGHT - timedelta(days=1), now=at(FIRST_NIGHT))
    new = recompute_coverage(by=SYSTEM, day=FIRST_NIGHT, now=at(FIRST_NIGHT))
    recompute_coverage(by=SYSTEM, day=FIRST_NIGHT + timedelta(days=1), now=at(FIRST_NIGHT))  # provisional
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) == new
    assert [CoverageForecast.objects.filter(run=run).exists() for run in (old, new)] == [False, True]
    void_run(act=Act(SYSTEM, at(FIRST_NIGHT), Door.COMMAND), number=new.number, reason="uji")
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) == old


@pytest.mark.usefixtures("campaign")
def test_former_forecasts_are_scored_when_known() -> None:
    first = night(FIRST_NIGHT)
    assert not ForecastOutcome.objects.exists()
    counted = set(CoverageForecast.objects.filter(run=first, counted=True).values_list("region_id", flat=True))
    assert counted == {code for code, (state, *_others) in stored(first).items() if state == "range"}
    assert all(known == 0 for *_others, known, _inside in stored(first).values())
    record(FIRST_NIGHT + timedelta(days=1), SECOND_NIGHT)
    second = night(SECOND_NIGHT)
    outcomes = {outcome.region_id: outcome for outcome in ForecastOutcome.objects.filter(run=first)}
    assert outcomes
    assert {outcome.known_in for outcome in outcomes.values()} == {second.number}
    for code, outcome in outcomes.items():
        _state, goal, low, high, *_others = stored(first)[code]
        area = next((area for area, each in CODES.items() if each == code[:8]), None)
        if area and outcome.reached_on:
            days = [day for day in sorted(LISTS[area]) if is_working_day(day)]
            people = [sum(LISTS[area][each] for each in days if each <= day) for day in days]
            truth = next(day for day, total in zip(days, people, strict=True) if total >= goal)
            assert (outcome.reached_on, outcome.inside) == (truth, low <= truth <= high)
        elif not outcome.reached_on:
            assert not outcome.inside
            assert high < SECOND_NIGHT - timedelta(days=7)
    known, inside = len(outcomes), sum(outcome.inside for outcome in outcomes.values())
    assert {each[-2:] for each in stored(second).values()} == {(known, inside)}
    clock.set_demo(SECOND_NIGHT, at(SECOND_NIGHT))
    open_region = next(code for code, (state, *_others) in stored(second).items() if state == "range")
    page = words(logged_in(cast.reader()).get(f"/wilayah/{open_region}/"))
    assert f"Dari {known} perkiraan seperti ini di semua wilayah, {inside} tercapai di dalam rentangnya." in page


@pytest.mark.usefixtures("campaign")
def test_a_range_that_passed_is_a_miss() -> None:
    """A week later, when late reports have come; also where nothing else is left to forecast."""
    first = night(FIRST_NIGHT)
    code, *_others = (code for code, (state, *_others) in stored(first).items() if state == "range" and len(code) == 8)
    high = stored(first)[code][3]
    record(FIRST_NIGHT + timedelta(days=1), date(2021, 7, 20), but=code)
    for day, known in ((high + timedelta(days=7), False), (high + timedelta(days=8), True)):
        night(day)
        outcomes = ForecastOutcome.objects.filter(run=first, region=code)
        assert list(outcomes.values_list("reached_on", "inside")) == [(None, False)] * known
    record(FIRST_NIGHT + timedelta(days=1), date(2021, 7, 20))
    last = night(date(2021, 7, 20))
    assert not stored(last)
    assert not open_forecasts().exists()


@pytest.mark.usefixtures("campaign")
def test_a_forecast_reads_what_its_run_read() -> None:
    """Not what was entered between the two."""
    run = recompute_coverage(by=SYSTEM, day=FIRST_NIGHT, now=at(FIRST_NIGHT))
    write(*(count(30, f"{code}.1001", day=FIRST_NIGHT, source="mobil") for code in CODES.values()), now=at(FIRST_NIGHT))
    forecast_due(by=SYSTEM, now=at(FIRST_NIGHT))
    figures = dict(CoverageFigure.objects.filter(run=run).values_list("region_id", "recorded"))
    for code, recorded in CoverageForecast.objects.filter(run=run).values_list("region_id", "recorded"):
        assert recorded == figures[code]


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize("tail", ["", ".1001"], ids=["kecamatan", "kelurahan"])
def test_short_courses_sum_to_the_figure(tail: str) -> None:
    record(FIRST_NIGHT + timedelta(days=1), SECOND_NIGHT)
    run, year = night(SECOND_NIGHT), period()
    codes = [f"{code}{tail}" for code in CODES.values()]
    whole = whole_courses(run, "KTP", year, codes)
    recorded = {code: sum(days.values()) for code, days in whole.items()}
    begin = date(2021, 1, 4)
    short = recent_courses(run, "KTP", year, recorded, begin)
    assert {code: sum(days.values()) for code, days in short.items()} == recorded
    since = last_working_days(SECOND_NIGHT, NEEDED_WORKING_DAYS)[0]
    for code in codes:
        recent = {day: people for day, people in whole[code].items() if day >= since}
        assert {day: people for day, people in short[code].items() if day != begin} == recent
        assert len(short[code]) == len(recent) + 1


@pytest.mark.usefixtures("campaign")
def test_a_target_counts_once_in_its_band() -> None:
    """However many nights say the same of it."""
    for number in range(3):
        record(FIRST_NIGHT + timedelta(days=number), FIRST_NIGHT + timedelta(days=number))
        night(FIRST_NIGHT + timedelta(days=number))
    keys = list(CoverageForecast.objects.filter(counted=True).values_list("region_id", "target", "band"))
    assert len(keys) == len(set(keys)) > 0
    assert CoverageForecast.objects.filter(state="range", counted=False).exists()


@pytest.mark.usefixtures("small_world")
def test_few_regions_are_not_calibrated() -> None:
    target(1_000, "31.73.01.1004")
    write(*(count(5, day=day) for day in LISTS["A00"] if day <= FIRST_NIGHT and is_working_day(day)))
    run = night(FIRST_NIGHT)
    assert {state for state, *_others in stored(run).values()} == {"uncalibrated"}
    clock.set_demo(FIRST_NIGHT, at(FIRST_NIGHT))
    page = words(logged_in(cast.reader()).get("/wilayah/31.73/"))
    assert "Rentang tanggal belum terkalibrasi menurut laju 20 hari kerja terakhir saja sekitar" in page
    assert "Rentang perkiraan" not in page


@pytest.mark.usefixtures("campaign")
def test_page_api_text_and_paper_say_the_same() -> None:
    night(FIRST_NIGHT)
    clock.set_demo(FIRST_NIGHT, at(FIRST_NIGHT))
    code = CoverageForecast.objects.filter(state="range", region__level="district").values_list("region_id", flat=True)[0]
    client = logged_in(cast.reader())
    answer = client.get(f"/api/v1/coverage/forecast/?level=district&parent={code}").json()
    (row,) = answer["results"]
    assert (row["region"], row["state"], row["made_on"], row["known"]) == (code, "range", FIRST_NIGHT.isoformat(), 0)
    assert row["low_on"] <= row["middle_on"] <= row["high_on"]
    headline, condition = row["words"].split(". ")[0].split(", ")
    assert headline.startswith("Target tercapai")
    for address in (f"/wilayah/{code}/", f"/wilayah/{code}/ringkasan/", f"/wilayah/{code}/cetak/"):
        page = words(client.get(address))
        assert headline in page, address
        assert condition in page, address
    page = client.get(f"/wilayah/{code}/").content.decode()
    assert page.count('<polygon class="fan"') == 2
    assert re.search(rf'aria-label="[^"]*{headline}', unescape(page))
    assert "Rentang perkiraan" in words(client.get(f"/wilayah/{code}/"))


@pytest.mark.usefixtures("campaign")
def test_a_kept_page_gets_its_forecast(kept: None) -> None:
    """It was built after the run, and before the forecast was there."""
    run = recompute_coverage(by=SYSTEM, day=FIRST_NIGHT, now=at(FIRST_NIGHT))
    clock.set_demo(FIRST_NIGHT, at(FIRST_NIGHT))
    client = logged_in(cast.reader())
    before = words(client.get("/"))
    forecast_due(by=SYSTEM, now=at(FIRST_NIGHT))
    runs._state_of_figures.forget()  # a second later
    after = words(client.get("/"))
    assert ["kerja terakhir bertahan" in page for page in (before, after)] == [False, True]
    assert f"nomor {run.number}" in after


@pytest.mark.usefixtures("campaign")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_keeps_forecasts(table: str) -> None:
    night(FIRST_NIGHT)
    record(FIRST_NIGHT + timedelta(days=1), SECOND_NIGHT)
    night(SECOND_NIGHT)
    for statement in (f"UPDATE {table} SET band = 0", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def committed_campaign(committed_world: None) -> CoverageRun:
    build_campaign()
    return recompute_coverage(by=SYSTEM, day=FIRST_NIGHT, now=at(FIRST_NIGHT))


def test_two_at_once_forecast_once(committed_campaign: CoverageRun) -> None:
    work = lambda: forecast_due(by=SYSTEM, now=at(FIRST_NIGHT))  # noqa: E731
    assert together(work, work) == [0, 0]
    assert len(stored(committed_campaign)) == CoverageFigure.objects.filter(recorded__lt=F("target")).count() > 0


def test_a_forecast_killed_midway_is_made_again(committed_campaign: CoverageRun, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, tell = os.pipe()

    def stand_still(*_args: Any) -> Any:
        os.write(tell, b".")
        signal.pause()

    def work() -> None:
        monkeypatch.setattr(forecasting, "_counted", stand_still)
        forecast_due(by=SYSTEM, now=at(FIRST_NIGHT))

    child = fork(work)
    os.read(reached, 1)
    os.kill(child, signal.SIGKILL)
    assert join([child]) == [-signal.SIGKILL]
    assert not stored(committed_campaign)
    assert forecast_due(by=SYSTEM, now=at(FIRST_NIGHT)) == committed_campaign
    assert stored(committed_campaign)
