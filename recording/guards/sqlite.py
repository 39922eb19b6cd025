"""Guards as SQLite triggers, row by row (SQLite knows no other)."""

from recording.guards import APPEND_ONLY

# REPLACE deletes without a delete trigger unless the connection asks for it; a shell does not.
KEYS = {
    "recording_coveragerun": ("number",),
    "recording_coveragefigure": ("run_id", "document", "period_id", "region_id"),
    "recording_ledgerspan": ("until",),
    "recording_coverageforecast": ("run_id", "document", "period_id", "region_id"),
    "recording_forecastoutcome": ("run_id", "document", "period_id", "region_id"),
    "recording_ledgersum": ("region_id", "document", "day", "source", "until"),
}


def append_only(table: str) -> tuple[str, ...]:
    """What keeps a table from being changed."""
    same = " AND ".join(f"{key} = new.{key}" for key in KEYS.get(table, ("id",)))
    return (
        *(
            f"""
            CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{verb} on {table} is refused: the table is append-only'); END
            """
            for verb in ("UPDATE", "DELETE")
        ),
        f"""
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
        BEGIN SELECT RAISE(ABORT, 'REPLACE on {table} is refused: the table is append-only'); END
        """,
    )


INTO_LEDGER = """
    INSERT INTO recording_countchange
           (region_id, document, day, source, old_people, new_people, delta, posting_id)
"""

LEDGER = (
    f"""
    CREATE TRIGGER ledger_of_insert AFTER INSERT ON recording_dailycount WHEN new.people IS NOT NULL
    BEGIN
        {INTO_LEDGER} VALUES (new.region_id, new.document, new.day, new.source, NULL, new.people,
                              COALESCE(new.people, 0), new.posting_id);
    END
    """,
    f"""
    CREATE TRIGGER ledger_of_update AFTER UPDATE ON recording_dailycount WHEN old.people IS NOT new.people
    BEGIN
        SELECT RAISE(ABORT, 'a count changes under a posting of its own only')
         WHERE old.posting_id = new.posting_id;
        {INTO_LEDGER} VALUES (new.region_id, new.document, new.day, new.source, old.people, new.people,
                              COALESCE(new.people, 0) - COALESCE(old.people, 0), new.posting_id);
    END
    """,
)

REFUSE = (
    """
    CREATE TRIGGER count_key_is_fixed BEFORE UPDATE OF region_id, document, day, source ON recording_dailycount
    BEGIN SELECT RAISE(ABORT, 'the key of a count never changes'); END
    """,
    """
    CREATE TRIGGER count_is_never_deleted BEFORE DELETE ON recording_dailycount
    BEGIN SELECT RAISE(ABORT, 'a count is taken out by setting it to missing'); END
    """,
    *(statement for table in APPEND_ONLY for statement in append_only(table)),
)

OVERLAP = """
    SELECT RAISE(ABORT, 'periods do not overlap') WHERE EXISTS (
        SELECT 1 FROM recording_period other
         WHERE other.id IS NOT new.id AND other.first_day <= new.last_day AND other.last_day >= new.first_day);
"""
PERIODS = (
    f"CREATE TRIGGER periods_apart_insert AFTER INSERT ON recording_period BEGIN {OVERLAP} END",
    f"CREATE TRIGGER periods_apart_update AFTER UPDATE ON recording_period BEGIN {OVERLAP} END",
)

CREATE = (*LEDGER, *REFUSE, *PERIODS)
DROP = (
    "DROP TRIGGER periods_apart_update",
    "DROP TRIGGER periods_apart_insert",
    *(f"DROP TRIGGER {table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete", "replace")),
    "DROP TRIGGER count_is_never_deleted",
    "DROP TRIGGER count_key_is_fixed",
    "DROP TRIGGER ledger_of_update",
    "DROP TRIGGER ledger_of_insert",
)
