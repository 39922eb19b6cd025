"""The database keeps the rules by itself, on both engines: each is tried with plain SQL."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.rights import SYSTEM
from recording.coverage.services import recompute_coverage
from recording.guards import APPEND_ONLY
from recording.ledger.selectors import LedgerCheck, check_ledger
from recording.models import CountChange, Period
from recording.tests.world import DAY, KAPUK, after, count, target, value, write

pytestmark = pytest.mark.usefixtures("small_world")


def refused(sql: str, *params: str | int | date) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def rows_everywhere(small_world: None) -> None:
    write(count(10))
    target(100, KAPUK)
    recompute_coverage(by=SYSTEM, day=DAY, now=after(0))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.usefixtures("rows_everywhere")
def test_append_only_tables_refuse_update_and_delete(table: str) -> None:
    column = {"recording_coveragerun": "number", "recording_coveragefigure": "run_id"}.get(table, "id")
    refused(f"UPDATE {table} SET {column} = {column}")
    refused(f"DELETE FROM {table}")


@pytest.mark.usefixtures("rows_everywhere")
def test_a_count_and_its_key_are_permanent() -> None:
    refused("DELETE FROM recording_dailycount")
    refused("UPDATE recording_dailycount SET day = %s", date(2021, 1, 1))


def test_a_change_by_sql_needs_its_own_posting() -> None:
    write(count(10))
    refused("UPDATE recording_dailycount SET people = 11")
    assert value() == 10


def test_a_change_by_sql_reaches_the_ledger() -> None:
    write(count(10))
    other = write(count(1, source="mobil")).posting
    assert other
    with connection.cursor() as cursor:
        cursor.execute("UPDATE recording_dailycount SET people = 11, posting_id = %s WHERE source = 'loket'", [other.pk])
    assert CountChange.objects.order_by("-pk").values_list("delta", flat=True)[0] == 1
    assert check_ledger() == LedgerCheck(keys=2, changes=3, mismatches=0)


@pytest.mark.parametrize("people", [-1, 1_000_000_000])
def test_the_database_refuses_a_count_out_of_range(people: int) -> None:
    posting = write(count(1)).posting
    assert posting
    refused(
        "INSERT INTO recording_dailycount (region_id, document, day, source, people, posting_id) "
        "VALUES (%s, 'KTP', %s, 'mobil', %s, %s)",
        KAPUK,
        DAY,
        people,
        posting.pk,
    )


@pytest.mark.parametrize(("first", "last"), [((2021, 12, 31), (2022, 6, 30)), ((2019, 1, 1), (2022, 1, 1))])
def test_periods_never_overlap(first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(name="lain", first_day=date(*first), last_day=date(*last))


def test_check_ledger_finds_a_row_without_a_count() -> None:
    posting = write(count(10)).posting
    assert posting
    CountChange.objects.create(
        region_id=KAPUK, document="KTP", day=DAY, source="loket", old_people=10, new_people=12, delta=2, posting=posting
    )
    CountChange.objects.create(
        region_id=KAPUK, document="KIA", day=DAY, source="loket", old_people=None, new_people=1, delta=1, posting=posting
    )
    assert check_ledger() == LedgerCheck(keys=1, changes=3, mismatches=2)


if connection.vendor == "sqlite":  # PostgreSQL has no REPLACE

    @pytest.mark.usefixtures("rows_everywhere")
    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_history_is_not_replaced_either(table: str) -> None:
        """Nor from a shell, which does not ask for the delete triggers to fire as our connections do."""
        for fire in ("OFF", "ON"):
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA recursive_triggers = {fire}")
            refused(f"REPLACE INTO {table} SELECT * FROM {table}")

    def test_a_count_is_not_replaced() -> None:
        write(count(10))
        refused("REPLACE INTO recording_dailycount SELECT * FROM recording_dailycount")
