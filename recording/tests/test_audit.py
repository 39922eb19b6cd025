"""The trail of regions, periods, targets and counts: one row for each act, in its transaction, and none without one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.acts import Act
from accounts.rights import SYSTEM
from accounts.tests import cast
from dukcapil.errors import Refused
from recording.coverage.services import recompute_coverage
from recording.imports.tests.imports import imported
from recording.ledger.services import record_counts, return_counts, undo_posting
from recording.models import AuditEntry, CountChange, DailyCount, Door, ImportKind, Period, Posting, Region, Target
from recording.regions.services import RegionRow, load_regions
from recording.targets.services import TargetInput, define_period, set_targets
from recording.tests.commands import csv_file
from recording.tests.world import BARAT, DAY, KAPUK, NOON, count, target, write

pytestmark = pytest.mark.usefixtures("small_world")
WANTED = TargetInput(BARAT, "KTP", "2021", 500, "SK 12/2021", date(2021, 1, 1))
Writing = Callable[[], object]


def region() -> object:
    return load_regions(act=Act(cast.admin(), NOON, Door.ADMIN), rows=[RegionRow("31.73.08", "Kembangan")])


def new_period() -> object:
    return define_period(
        act=Act(cast.staff(), NOON, Door.ADMIN), name="2022", first_day=date(2022, 1, 1), last_day=date(2022, 12, 31)
    )


def targets() -> object:
    return set_targets(act=Act(cast.staff(), NOON, Door.ADMIN), targets=[WANTED, replace(WANTED, region=KAPUK)])


def counts() -> object:
    return record_counts(act=Act(cast.staff(), NOON, Door.ADMIN), counts=[count(5), count(6, BARAT)])


def contents() -> tuple[int, ...]:
    """How many rows every table has that a write of these may touch."""
    tables = (Region, Period, Target, DailyCount, AuditEntry, Posting, CountChange)
    return tuple(table._default_manager.count() for table in tables)


ACTS: list[tuple[Writing, str, str, str]] = [
    (region, "region.load", "1", "adi"),
    (new_period, "period.define", "2022", "dian"),
    (targets, "target.set", "2", "dian"),
]


@pytest.mark.parametrize(("act", "action", "subject", "who"), ACTS)
def test_an_act_is_one_row_naming_its_door(act: Writing, action: str, subject: str, who: str) -> None:
    before = AuditEntry.objects.count()
    act()
    row = AuditEntry.objects.latest("pk")
    assert AuditEntry.objects.count() == before + 1
    assert (row.action, row.subject, row.door, row.at) == (action, subject, "admin", NOON)
    assert row.by
    assert row.by.username == who


@pytest.mark.parametrize("act", [act for act, _, _, _ in ACTS])
def test_repeating_an_act_leaves_no_row(act: Writing) -> None:
    act()
    before = contents()
    act()
    assert contents() == before


def test_each_change_names_its_posting() -> None:
    counts()
    posting = Posting.objects.get()
    assert (posting.by, posting.door, posting.at, posting.kind) == (cast.staff(), "admin", NOON, "entry")
    assert set(CountChange.objects.values_list("posting", flat=True)) == {posting.pk}
    undo_posting(act=Act(cast.admin(), NOON, Door.API), posting=posting.pk, reason="salah berkas")
    undo = Posting.objects.latest("pk")
    assert (undo.by, undo.door, undo.kind, undo.undoes, undo.reason) == (cast.admin(), "api", "undo", posting, "salah berkas")


@pytest.mark.parametrize(
    ("table", "act"),
    [
        ("recording_auditentry", region),
        ("recording_auditentry", new_period),
        ("recording_auditentry", targets),
        ("recording_posting", counts),
    ],
)
def test_without_its_trail_nothing_is_written(table: str, act: Writing) -> None:
    """The trail's table is gone for a moment: the database refuses in the middle of the act."""
    cast.admin(), cast.staff()
    before = contents()
    connection.check_constraints()  # PostgreSQL alters no table that still has checks to do
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO lost")
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
        cursor.execute(f"ALTER TABLE lost RENAME TO {table}")
    assert contents() == before


@pytest.mark.usefixtures("unlucky")
def test_a_failing_batch_leaves_no_count_or_posting(tmp_path: Path) -> None:
    before = contents()
    with pytest.raises(DatabaseError):
        write(count(1), count(2, BARAT), count(13, "31.75"))
    file = csv_file(tmp_path, f"kode,dokumen,tanggal,jumlah\n{KAPUK},KTP,2021-11-25,1\n31.75,KTP,2021-11-25,13\n")
    with pytest.raises(Refused, match="tidak ada yang disimpan"):
        imported(file)
    assert contents() == before


def test_refusals_and_dry_runs_leave_no_row(tmp_path: Path) -> None:
    write(count(5))
    target(100, KAPUK)
    before = contents()
    bad_counts = csv_file(tmp_path, "kode,dokumen,tanggal,jumlah\n31.99,KTP,2021-11-25,1\n", "a.csv")
    bad_targets = csv_file(tmp_path, "kode,dokumen,periode,target,sumber,berlaku\n31,KTP,2035,1,SK,2021-01-01\n", "b.csv")
    refused: list[Writing] = [
        lambda: load_regions(act=Act(SYSTEM, NOON, Door.ADMIN), rows=[RegionRow("31.7", "Anu")]),
        lambda: set_targets(act=Act(SYSTEM, NOON, Door.ADMIN), targets=[WANTED, replace(WANTED, people=-1)]),
        lambda: write(count(6, BARAT), count(-1)),
        lambda: write(count(6), reason=""),
        lambda: return_counts(act=Act(SYSTEM, NOON, Door.PAGE), keys=[count(0).key], reason=""),
        lambda: undo_posting(act=Act(SYSTEM, NOON, Door.PAGE), posting=Posting.objects.get().pk, reason=" "),
        lambda: undo_posting(act=Act(SYSTEM, NOON, Door.PAGE), posting=0, reason="x"),
        lambda: recompute_coverage(by=SYSTEM, day=date(2021, 11, 26), now=NOON),
    ]
    for act in refused:
        with pytest.raises(Refused):
            act()
    assert imported(bad_counts).refused
    assert imported(bad_targets, ImportKind.TARGETS).refused
    set_targets(act=Act(SYSTEM, NOON, Door.ADMIN), targets=[WANTED], dry_run=True)
    record_counts(act=Act(SYSTEM, NOON, Door.ADMIN), counts=[count(9, BARAT)], dry_run=True)
    return_counts(act=Act(SYSTEM, NOON, Door.PAGE), keys=[count(0, BARAT).key], reason="tidak ada")
    assert contents() == before


def test_a_run_notices_inputs_changed_in_the_trail() -> None:
    first = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    targets()
    second = recompute_coverage(by=SYSTEM, day=DAY, now=NOON)
    assert (first.number, second.number) == (1, 2)
    assert second.audit_position == AuditEntry.objects.latest("pk").pk > first.audit_position
