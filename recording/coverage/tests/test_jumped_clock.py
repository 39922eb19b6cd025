"""A clock that jumped: no figures of days to come, the true nights are made, and people are told."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from dukcapil import clock
from dukcapil.clock import JAKARTA
from dukcapil.errors import NotAllowed, NotFound, Refused
from recording.coverage import clock_check, services, voiding
from recording.coverage.freshness import freshness, readiness
from recording.coverage.runs import runs_for
from recording.coverage.services import due_days, recompute_coverage, run_due
from recording.models import CONFIRM_CLOCK, VOID_RUN, AuditEntry, CoverageFigure, CoverageRun, Door, JobDay, JobFailure, RunVoid
from recording.tests.api import ROOT, bearer
from recording.tests.pages import logged_in, words
from recording.tests.world import DAY, NOON, count, write

NIGHT = datetime(2021, 11, 25, 0, 20, tzinfo=JAKARTA)
JUMPED = NOON + timedelta(days=3)


def nights() -> list[date]:
    return list(JobDay.objects.order_by("day").values_list("day", flat=True))


def set_clock(now: datetime) -> None:
    clock.set_demo(DAY, now)
    caches["answers"].clear()


def void(number: int, by: Actor = SYSTEM, reason: str = "jam salah") -> RunVoid:
    return voiding.void_run(act=Act(by, NOON, Door.PAGE), number=number, reason=reason)


@pytest.fixture
def embedded(settings: LazySettings) -> None:
    settings.LEAPS_ARE_ASKED_ABOUT = False


@pytest.fixture
def production(settings: LazySettings) -> None:
    settings.LEAPS_ARE_ASKED_ABOUT = True


@pytest.mark.usefixtures("small_world", "embedded")
def test_three_days_ahead_for_one_minute(client: Client) -> None:
    """As in life, on a machine with one clock: the runs are made, and taken back when the clock is."""
    write(count(10, day=date(2021, 11, 24)), now=NIGHT - timedelta(hours=9))
    (true,) = run_due(by=SYSTEM, now=NIGHT)
    ahead = run_due(by=SYSTEM, now=JUMPED)
    assert [run.as_of.day for run in ahead] == [25, 26, 27]

    # back again, before the next ring of the alarm clock: nothing of the future is shown, and everything is red
    set_clock(NOON)
    assert runs_for(None, DAY) == (true, None, true)
    assert (freshness(NOON).ahead, readiness(NOON)) == (True, "ahead")
    page = logged_in(cast.staff()).get("/")
    assert "Ada angka dari masa depan." in words(page)
    assert "24 November 2021" in words(page)
    assert client.get("/readyz", headers={"x-forwarded-proto": "https"}).status_code == 503

    # the next ring
    assert run_due(by=SYSTEM, now=NOON) == []
    assert nights() == [date(2021, 11, 24)]
    assert [run.shown_status for run in CoverageRun.objects.order_by("number")] == ["official", "void", "void", "void"]
    assert (freshness(NOON).ahead, readiness(NOON)) == (False, "ok")
    assert CoverageFigure.objects.filter(run__in=ahead).exists(), "nothing is deleted"

    # the true nights are made when they come, also where nothing was written since
    for day in (25, 26, 27, 28):
        (run,) = run_due(by=SYSTEM, now=datetime(2021, 11, day + 1, 0, 20, tzinfo=JAKARTA))
        newest = runs_for(None, run.as_of + timedelta(days=1))
        assert newest is not None
        assert (run.as_of.day, newest.shown) == (day, run)
        assert newest.previous is not None
        assert not newest.previous.voided


@pytest.mark.usefixtures("small_world", "embedded")
def test_a_jump_of_months_is_taken_back() -> None:
    """However many nights it made."""
    (true,) = run_due(by=SYSTEM, now=NIGHT)
    assert len(run_due(by=SYSTEM, now=NOON + timedelta(days=61))) == 61
    assert run_due(by=SYSTEM, now=NOON) == []
    assert (list(CoverageRun.objects.standing()), nights()) == ([true], [true.as_of])
    assert freshness(NOON).wrong == ""


@pytest.mark.usefixtures("small_world", "production")
def test_in_production_a_leap_is_asked_about_first() -> None:
    run_due(by=SYSTEM, now=NIGHT)
    assert run_due(by=SYSTEM, now=JUMPED) == []
    with pytest.raises(Refused, match="Benarkah jamnya"):
        recompute_coverage(by=SYSTEM, day=DAY, now=JUMPED)
    assert (freshness(JUMPED).wrong, "Jam server maju" in freshness(JUMPED).question) == ("clock", True)
    assert (nights(), freshness(NOON).wrong) == ([date(2021, 11, 24)], "")
    act = Act(cast.staff(), JUMPED, Door.PAGE)
    assert (voiding.confirm_clock(act=act), voiding.confirm_clock(act=act)) == (True, False)
    assert [run.as_of.day for run in run_due(by=SYSTEM, now=JUMPED + timedelta(minutes=5))] == [25, 26, 27]
    assert AuditEntry.objects.filter(action=CONFIRM_CLOCK).count() == 1


@pytest.mark.usefixtures("small_world", "production")
def test_written_days_without_runs_are_no_leap() -> None:
    """The worker was away for three days, and people wrote every day."""
    run_due(by=SYSTEM, now=NIGHT)
    for days in range(4):
        write(count(days + 1), now=NOON + timedelta(days=days))
    assert len(run_due(by=SYSTEM, now=JUMPED + timedelta(hours=1))) == 3


@pytest.mark.usefixtures("small_world", "production")
def test_the_example_is_never_asked() -> None:
    run_due(by=SYSTEM, now=NIGHT)
    set_clock(JUMPED)
    assert len(run_due(by=SYSTEM, now=JUMPED)) == 3


@pytest.mark.usefixtures("small_world")
def test_two_clocks_that_differ_make_no_night(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock is ahead by three days, the database's is right; asked every half minute, told once."""
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(days=3))
    for _ring in range(2):
        with pytest.raises(Refused, match="jam basis data"):
            run_due(by=SYSTEM, now=JUMPED)
    assert not CoverageRun.objects.exists()
    assert readiness(JUMPED) == "clock"
    failure = JobFailure.objects.get()
    assert abs(failure.at - NOON) < timedelta(minutes=5), "not in the future, where it would stay red"
    with pytest.raises(Refused, match="jam basis data"):
        recompute_coverage(by=SYSTEM, day=DAY, now=JUMPED)


@pytest.mark.usefixtures("small_world")
def test_a_clock_that_is_behind_voids_nothing() -> None:
    for day in (25, 26, 27):
        run_due(by=SYSTEM, now=datetime(2021, 11, day, 0, 20, tzinfo=JAKARTA))
    assert run_due(by=SYSTEM, now=NOON) == []
    assert not RunVoid.objects.exists()
    assert freshness(NOON).ahead
    again = run_due(by=SYSTEM, now=datetime(2021, 11, 27, 0, 40, tzinfo=JAKARTA))
    assert [run.number for run in again] == [2, 3], "nothing changed since: the same runs"


@pytest.mark.usefixtures("small_world")
def test_a_void_run_stays_and_is_made_again() -> None:
    write(count(10, day=date(2021, 11, 24)), now=NIGHT - timedelta(hours=9))
    (run,) = run_due(by=SYSTEM, now=NIGHT)
    first, again = void(run.number, cast.staff()), void(run.number, reason="")
    assert first == again
    assert due_days(NOON) == [date(2021, 11, 24)]
    (second,) = run_due(by=SYSTEM, now=NOON)
    assert (second.number, second.as_of) == (run.number + 1, run.as_of)
    entry = AuditEntry.objects.get(action=VOID_RUN)
    assert (entry.subject, entry.details["nights"]) == ("1", ["2021-11-24"])


@pytest.mark.usefixtures("small_world", "embedded")
def test_an_older_night_is_made_again() -> None:
    for day in (25, 26, 27):
        run_due(by=SYSTEM, now=datetime(2021, 11, day, 0, 20, tzinfo=JAKARTA))
    void(2)
    now = datetime(2021, 11, 27, 9, 0, tzinfo=JAKARTA)
    assert due_days(now) == [date(2021, 11, 25)]
    assert [run.number for run in run_due(by=SYSTEM, now=now)] == [4]
    newest = runs_for(None, date(2021, 11, 27))
    assert newest is not None
    assert newest.shown.number == 3


@pytest.mark.usefixtures("small_world")
def test_who_may_void_and_what_is_refused() -> None:
    (run,) = run_due(by=SYSTEM, now=NIGHT)
    for by in (cast.head_barat(), cast.reader(), cast.api_client()):
        with pytest.raises(NotAllowed):
            void(run.number, by)
        with pytest.raises(NotAllowed):
            voiding.confirm_clock(act=Act(by, NOON, Door.PAGE))
    for reason in ("", " ", "x" * 301, "3173010101010001"):
        with pytest.raises(Refused):
            void(run.number, reason=reason)
    with pytest.raises(NotFound):
        void(99)
    assert not RunVoid.objects.exists()


@pytest.mark.usefixtures("small_world")
def test_the_database_keeps_what_is_void() -> None:
    (run,) = run_due(by=SYSTEM, now=NIGHT)
    void(run.number)
    for statement in ("UPDATE recording_runvoid SET reason = ''", "DELETE FROM recording_runvoid"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("at_noon")
def test_pages_and_programs_are_told(client: Client) -> None:
    run_due(by=SYSTEM, now=NIGHT - timedelta(days=1))
    (run,) = run_due(by=SYSTEM, now=NIGHT)
    asking = bearer(cast.staff(), "read")
    before = client.get(f"{ROOT}coverage/", headers=asking)
    assert before.json()["run"] == run.number
    browser = logged_in(cast.staff())
    address = f"/angka/{run.number}/tidak-berlaku/"
    for page in ("/angka/", "/"):
        assert address not in browser.get(page).content.decode(), "the action stands on the page of the run"
    assert address in browser.get(f"/?run={run.number}").content.decode()
    assert address not in logged_in(cast.reader()).get(f"/?run={run.number}").content.decode()
    assert browser.post(address, {"reason": ""}).status_code == 400
    assert browser.post(address, {"reason": "jam server maju"}).status_code == 302
    assert "jam server maju" in words(browser.get("/angka/"))
    assert f"Nomor {run.number} dinyatakan tidak berlaku." in words(browser.get(address))
    assert "Angka ini tidak berlaku. jam server maju" in words(browser.get(f"/?run={run.number}"))
    assert address not in browser.get(f"/?run={run.number}").content.decode()
    assert f"TIDAK BERLAKU: angka nomor {run.number}," in words(browser.get(f"/wilayah/31/ringkasan/?run={run.number}"))
    assert ";Tidak berlaku;" in browser.get(f"/wilayah/31/unduh.csv?run={run.number}").getvalue().decode()
    caches["answers"].clear()
    after = client.get(f"{ROOT}coverage/", headers=asking | {"If-Modified-Since": before["Last-Modified"]})
    assert (after.status_code, after.json()["run"], after.json()["status"]) == (200, run.number - 1, "official")
    old = client.get(f"{ROOT}coverage/?run={run.number}", headers=asking).json()
    assert (old["run"], old["status"]) == (run.number, "void")
    row = client.get(f"{ROOT}runs/{run.number}/", headers=asking).json()
    assert (row["status"], row["void_reason"], bool(row["voided_at"])) == ("void", "jam server maju", True)
    for status, numbers in (("void", [2]), ("official", [1]), ("provisional", [])):
        rows = client.get(f"{ROOT}runs/?status={status}", headers=asking).json()["results"]
        assert [each["number"] for each in rows] == numbers


@pytest.mark.usefixtures("small_world", "production")
def test_the_agency_answers_where_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    run_due(by=SYSTEM, now=NIGHT)
    monkeypatch.setattr(clock, "shown_by", lambda row: JUMPED)
    browser = logged_in(cast.staff())
    sentence = "tanpa satu perhitungan pun. Benarkah jamnya?"
    assert sentence in words(browser.get("/"))
    page = browser.get("/angka/")
    assert (sentence in words(page), "Ya, jamnya benar" in words(page)) == (True, True)
    assert "Ya, jamnya benar" not in words(logged_in(cast.head_barat()).get("/angka/"))
    assert logged_in(cast.head_barat()).post("/angka/jam-benar/").status_code == 403
    assert browser.post("/angka/jam-benar/").status_code == 302
    assert clock_check.open_question(JUMPED) is None
    assert sentence not in words(browser.get("/"))


@pytest.mark.usefixtures("small_world", "production")
def test_the_commands_void_and_confirm(monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = run_due(by=SYSTEM, now=NIGHT)
    monkeypatch.setattr(clock, "shown_by", lambda row: JUMPED)

    def told(name: str, *arguments: Any) -> Any:
        out = StringIO()
        call_command(name, *arguments, "--json", stdout=out)
        return json.loads(out.getvalue())

    answer = told("confirm_clock")
    assert (answer["asked"], answer["runs"]) == (True, [2, 3, 4])
    assert told("confirm_clock")["asked"] is False
    assert told("void_run", run.number, "--reason", "jam salah")["void_reason"] == "jam salah"


@pytest.mark.usefixtures("small_world", "embedded")
def test_figures_ahead_are_work_for_the_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a day ahead: too little to be void by itself."""
    run_due(by=SYSTEM, now=NIGHT)
    (early,) = services.run_due(by=SYSTEM, now=NIGHT + timedelta(hours=24))
    set_clock(NOON)
    assert run_due(by=SYSTEM, now=NOON) == []
    assert (early.shown_status, nights()) == ("official", [date(2021, 11, 24)])
    browser = logged_in(cast.staff())
    told = "Harinya belum lewat keadaan per Kamis, 25 November 2021"
    for address in (f"/?run={early.number}", f"/angka/{early.number}/tidak-berlaku/"):
        assert (told in words(browser.get(address)), "jam server menunjuk waktu" in words(browser.get(address))) == (True, True)
    assert f"Angka nomor {early.number} bertanggal masa depan" in words(browser.get("/"))
    assert f"/angka/{early.number}/tidak-berlaku/" in browser.get("/angka/").content.decode()
    void(early.number)
    assert not freshness(NOON).ahead
    (true,) = run_due(by=SYSTEM, now=NIGHT + timedelta(hours=24))
    assert (true.as_of, true.number) == (DAY, early.number + 1)
