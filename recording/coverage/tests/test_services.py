"""Coverage runs: sums, targets, frozen figures, and the explanation of a difference."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.rights import SYSTEM
from dukcapil.errors import Refused
from recording.coverage import run_sql
from recording.coverage.changes import Comparison, Difference, differences
from recording.coverage.services import recompute_coverage
from recording.ledger.services import return_counts, undo_posting
from recording.models import CoverageFigure, CoverageRun, Period
from recording.targets.services import define_period
from recording.tests.world import BARAT, DAY, DKI, KAPUK, NOON, after, count, period, target, write

pytestmark = pytest.mark.usefixtures("small_world")
CENGKARENG = "31.73.01"


def run(day: date = DAY, days_later: int = 0) -> CoverageRun:
    return recompute_coverage(by=SYSTEM, day=day, now=after(days_later))


def figure(code: str, of: CoverageRun, year: str = "2021") -> CoverageFigure:
    return CoverageFigure.objects.get(run=of, region=code, document="KTP", period__name=year)


def test_counts_of_every_level_roll_up() -> None:
    write(count(10, KAPUK), count(5, CENGKARENG), count(3, BARAT), count(1, "31.71.01.1002"))
    done = run()
    found = {code: figure(code, done).recorded for code in (KAPUK, CENGKARENG, BARAT, DKI)}
    assert found == {KAPUK: 10, CENGKARENG: 15, BARAT: 18, DKI: 19}


def test_a_run_reads_no_later_day_or_period() -> None:
    write(count(10), count(4, day=DAY - timedelta(days=1)), count(7, day=date(2020, 12, 31)))
    done = run(DAY - timedelta(days=1))
    assert (figure(DKI, done).recorded, figure(DKI, done, "2020").recorded) == (4, 7)


def test_nihil_is_an_entry_and_nothing_is_not() -> None:
    write(count(0))
    target(5, "31.71.01.1002")
    done = run()
    assert (figure(KAPUK, done).recorded, figure(KAPUK, done).entries) == (0, 1)
    assert (figure("31.71.01.1002", done).recorded, figure("31.71.01.1002", done).entries) == (0, 0)


def test_a_target_is_own_or_the_childrens_sum() -> None:
    target(100, KAPUK)
    target(50, "31.73.01.1001")
    target(30, "31.73.02.1001")
    target(500, CENGKARENG)
    done = run()
    found = {code: figure(code, done).target for code in (KAPUK, CENGKARENG, "31.73.02", BARAT, DKI)}
    assert found == {KAPUK: 100, CENGKARENG: 500, "31.73.02": 30, BARAT: 530, DKI: 530}


def test_the_greatest_version_already_effective_is_in_force() -> None:
    target(100, KAPUK)
    target(80, KAPUK, since=date(2021, 8, 1))
    assert figure(KAPUK, run(date(2021, 7, 31))).target == 100
    assert figure(KAPUK, run(date(2021, 8, 1))).target == 80


def test_a_withdrawn_target_restores_the_childrens_sum() -> None:
    target(100, KAPUK)
    target(500, CENGKARENG)
    target(None, CENGKARENG)
    assert figure(CENGKARENG, run()).target == 100


def test_stock_targets_hold_eligible_and_opening_figures() -> None:
    target(1_000, BARAT, kind="stock", opening=900)
    write(count(50))
    found = figure(DKI, run())
    assert (found.eligible, found.opening, found.recorded, found.target) == (1_000, 900, 50, None)


def test_unchanged_inputs_give_the_same_run() -> None:
    write(count(10))
    assert run() == run()
    write(count(11))
    assert run().number == 2
    target(100, KAPUK)
    assert run().number == 3


def test_a_days_official_run_follows_its_provisional_run() -> None:
    write(count(10))
    today, later = run(), run(days_later=1)
    assert (today.status, later.status) == ("provisional", "official")
    assert later.number == today.number + 1


def test_a_future_day_is_refused() -> None:
    with pytest.raises(Refused, match="belum tiba"):
        run(DAY + timedelta(days=1))


def test_a_correction_changes_no_old_run() -> None:
    write(count(10))
    old = run()
    write(count(4))
    new = run()
    assert (figure(DKI, old).recorded, figure(DKI, new).recorded) == (10, 4)


def explain(earlier: CoverageRun, later: CoverageRun, code: str = DKI) -> Difference:
    return differences(Comparison(earlier, later, "KTP", period()), [code])[code]


def test_each_cause_of_a_difference_is_named() -> None:
    yesterday, older = DAY - timedelta(days=1), DAY - timedelta(days=2)
    mistaken = write(count(8, source="mobil", day=older)).posting
    write(count(10, day=yesterday), count(20, "31.71.01.1002", day=yesterday))
    target(100, KAPUK)
    first = run(yesterday)
    write(count(7))
    write(count(3, "31.73.01.1001", day=older))
    write(count(12, day=yesterday))
    return_counts(act=Act(SYSTEM, NOON, "page"), keys=[count(20, "31.71.01.1002", day=yesterday).key], reason="keliru")
    assert mistaken
    undo_posting(act=Act(SYSTEM, NOON, "page"), posting=mistaken.pk, reason="salah berkas")
    target(150, KAPUK)
    found = explain(first, run(DAY))
    assert found == Difference(new=7, late=3, corrected=2, returned=-20, undone=-8, target=50)
    assert found.recorded == 7 + 3 + 2 - 20 - 8


def test_a_changed_period_is_explained_as_regrouped() -> None:
    write(count(5, day=date(2021, 1, 5)))
    first = run()
    Period.objects.filter(name="2020").delete()
    Period.objects.filter(name="2021").update(first_day=date(2021, 2, 1))
    write(count(1, day=DAY))
    assert explain(first, run()).regrouped == -5


moves = st.lists(
    st.tuples(
        st.sampled_from(["write", "return", "undo", "run", "next day"]),
        st.integers(0, 4),
        st.integers(0, 50),
        st.sampled_from([KAPUK, "31.71.01.1002", CENGKARENG]),
    ),
    max_size=25,
)


def play(moves: list[tuple[str, int, int, str]]) -> list[CoverageRun]:
    """Do the moves; the runs in the order in which they were computed."""
    today, done = 0, []
    for move, back, people, code in [*moves, ("run", 0, 0, DKI)]:
        day = DAY + timedelta(days=today - back)
        if move == "next day":
            today += 1
        elif move == "run":
            done.append(recompute_coverage(by=SYSTEM, day=day, now=after(today)))
        elif move == "return":
            return_counts(act=Act(SYSTEM, after(today), "page"), keys=[count(0, code, day=day).key], reason="x")
        else:
            posting = write(count(people, code, day=day), now=after(today)).posting
            if move == "undo" and posting:
                undo_posting(act=Act(SYSTEM, after(today), "page"), posting=posting.pk, reason="x")
    return done


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves)
def test_the_parts_of_any_difference_sum_exactly(moves: list[tuple[str, int, int, str]]) -> None:
    """Any sequence of entries, returns and undos, with runs in between of rising and falling days."""
    with transaction.atomic():
        done = play(moves)
        for earlier, later in pairwise(done):
            for code in (DKI, KAPUK) if earlier.number < later.number else ():
                found = explain(earlier, later, code)
                assert found.regrouped == 0
                assert found.recorded == recorded(code, later) - recorded(code, earlier)
        transaction.set_rollback(True)


def recorded(code: str, of: CoverageRun) -> int:
    rows = CoverageFigure.objects.filter(run=of, region=code, document="KTP", period=period())
    return sum(row.recorded for row in rows)


def test_a_period_defined_meanwhile_makes_a_new_run(monkeypatch: pytest.MonkeyPatch) -> None:
    Period.objects.filter(name="2021").delete()
    write(count(4, day=date(2020, 12, 31)))
    stage = run_sql.stage

    def late(periods: Sequence[Period], as_of: date) -> tuple[str, list[date]]:
        monkeypatch.setattr(run_sql, "stage", stage)
        define_period(act=Act(SYSTEM, NOON, "page"), name="2021", first_day=date(2021, 1, 1), last_day=date(2021, 12, 31))
        return stage(periods, as_of)

    monkeypatch.setattr(run_sql, "stage", late)
    first = run()
    assert run().number == first.number + 1
