"""Eight o'clock without its minute: when people come, what they read of pages, and what counts as stored."""

from pathlib import Path

import pytest

from accounts.tests import cast
from benchmarks.imports.counts_file import make
from benchmarks.lines import Measured, row
from benchmarks.load.acts import answers_shown, hidden_fields, problems
from benchmarks.load.generator import Outcome
from benchmarks.load.measurements import lines
from benchmarks.load.proof import missing_reports, missing_rows
from benchmarks.load.schedule import moments, within
from fleet.tests import stops
from recording.models import DailyCount, Door, Posting, PostingKind
from recording.tests.pages import logged_in
from recording.tests.world import NOON


def test_people_come_at_random_and_alike() -> None:
    first = moments(500, 60)
    assert first == moments(500, 60) == sorted(first)
    assert first != moments(500, 60, seed=9)
    assert 0 <= first[0] < 1 < 59 < first[-1] <= 60


@pytest.mark.parametrize(
    ("values", "share", "reached"),
    [([3.0, 1.0, 2.0], 0.95, 3.0), ([*map(float, range(1, 101))], 0.95, 95.0), ([7.0], 0.5, 7.0), ([1.0, 2.0], 0.5, 1.0)],
)
def test_a_share_stays_within(values: list[float], share: float, reached: float) -> None:
    assert within(share, values) == reached


def outcomes(slow_report: float = 0.5, problem: str = "") -> list[Outcome]:
    pages = [Outcome("page", "", 0.1, "") for _each in range(19)]
    return [*pages, Outcome("page", "", 3.0, problem), Outcome("report", "4", slow_report, ""), Outcome("import", "", 50.0, "")]


def found(slow_report: float = 0.5, problem: str = "", cpu: float = 1.5) -> dict[str, Measured]:
    return {line.name.removeprefix("eight o'clock, "): line for line in lines(outcomes(slow_report, problem), cpu, 9.0, 60.0)}


def test_a_quiet_minute_keeps_every_bar() -> None:
    assert all(row("postgres", line)["ok"] for line in found().values())
    assert found()["errors"].value == "0 of 22"
    assert found()["95% of pages within"].value == "100 ms"
    assert found()["import stored within"].ratio == pytest.approx(50 / 60)


@pytest.mark.parametrize(
    ("minute", "broken"),
    [
        ({"slow_report": 2.1}, {"95% of reports within", "the slowest report"}),
        ({"problem": "Failed: first page: 503"}, {"errors"}),
        ({"cpu": 6.1}, {"CPU of the asking side"}),
    ],
)
def test_what_is_bad_breaks_its_bar(minute: dict[str, float], broken: set[str]) -> None:
    lines = found(**minute)  # type: ignore[arg-type]  # of several types
    assert {name for name, line in lines.items() if not row("sqlite", line)["ok"]} == broken


def test_a_page_is_read_as_browsers_do() -> None:
    page = """<input type="hidden" name="seen" value="a&amp;b"><input type="radio" name="jawab-x" value="2" checked>
        <input type="radio" name="jawab-x" value="1"><input name="reason" value="c"><input type="hidden">
        <div class="error-summary"><h2>Belum</h2><ul><li><a href="#x">Jawab  dulu</a></li></ul></div>"""
    assert hidden_fields(page) == {"seen": "a&b"}
    assert answers_shown(page) == {"jawab-x": "2"}
    assert problems(page) == ["Jawab dulu"]


@pytest.mark.django_db
def test_the_upload_has_its_hidden_key() -> None:
    fields = hidden_fields(logged_in(cast.staff()).get("/impor/").text)
    assert len(fields["key"]) == 32
    assert fields["csrfmiddlewaretoken"]


def test_a_report_is_looked_for_by_value(small_world: None, at_noon: None) -> None:
    trip = stops.stop(stops.van())
    said = {trip.pk: {"KTP": 12, "KIA": 3}}
    assert missing_reports([trip.pk], said) == 1
    stops.send(trip, stops.body(12, 3), device=f"bench-{trip.pk}")
    assert missing_reports([trip.pk], said) == 0
    assert missing_reports([trip.pk], {trip.pk: {"KTP": 12, "KIA": 4}}) == 1
    assert missing_reports([], said) == 0


def test_imported_rows_are_looked_for_by_value(small_world: None, tmp_path: Path) -> None:
    file = make(tmp_path, 20)
    posting = Posting.objects.create(at=NOON, door=Door.COMMAND, kind=PostingKind.ENTRY)
    rows = list(file.good())
    assert missing_rows(file) == len(rows)
    for region, document, day, source, people in rows[:-1]:
        DailyCount.objects.create(region_id=region, document=document, day=day, source=source, people=people, posting=posting)
    assert missing_rows(file) == 1
