"""Guards in PL/pgSQL. Ledger triggers run once per statement over transition tables, so bulk loads stay quick."""

from recording.guards import APPEND_ONLY


def append_only(table: str) -> tuple[str, ...]:
    """What keeps a table from being changed; needs `recording_refuse`."""
    return (
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION recording_refuse('the table is append-only')
        """,
    )


LEDGER = (
    """
    CREATE FUNCTION recording_ledger_of_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO recording_countchange
               (region_id, document, day, source, old_people, new_people, delta, posting_id)
        SELECT region_id, document, day, source, NULL, people, COALESCE(people, 0), posting_id
          FROM added WHERE people IS NOT NULL;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER ledger_of_insert AFTER INSERT ON recording_dailycount
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION recording_ledger_of_insert()
    """,
    """
    CREATE FUNCTION recording_ledger_of_update() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM was o JOIN now_is n USING (region_id, document, day, source)
                    WHERE o.people IS DISTINCT FROM n.people AND o.posting_id = n.posting_id) THEN
            RAISE EXCEPTION 'a count changes under a posting of its own only' USING ERRCODE = 'check_violation';
        END IF;
        INSERT INTO recording_countchange
               (region_id, document, day, source, old_people, new_people, delta, posting_id)
        SELECT n.region_id, n.document, n.day, n.source, o.people, n.people,
               COALESCE(n.people, 0) - COALESCE(o.people, 0), n.posting_id
          FROM was o JOIN now_is n USING (region_id, document, day, source)
         WHERE o.people IS DISTINCT FROM n.people;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER ledger_of_update AFTER UPDATE ON recording_dailycount
    REFERENCING OLD TABLE AS was NEW TABLE AS now_is
    FOR EACH STATEMENT EXECUTE FUNCTION recording_ledger_of_update()
    """,
)

REFUSE = (
    """
    CREATE FUNCTION recording_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER count_key_is_fixed BEFORE UPDATE OF region_id, document, day, source ON recording_dailycount
    FOR EACH ROW EXECUTE FUNCTION recording_refuse('the key of a count never changes')
    """,
    """
    CREATE TRIGGER count_is_never_deleted BEFORE DELETE OR TRUNCATE ON recording_dailycount
    FOR EACH STATEMENT EXECUTE FUNCTION recording_refuse('a count is taken out by setting it to missing')
    """,
    *(statement for table in APPEND_ONLY for statement in append_only(table)),
)

PERIODS = (
    """
    ALTER TABLE recording_period ADD CONSTRAINT periods_do_not_overlap
    EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&)
    """,
)

CREATE = (*LEDGER, *REFUSE, *PERIODS)
DROP = (
    "ALTER TABLE recording_period DROP CONSTRAINT periods_do_not_overlap",
    *(f"DROP TRIGGER append_only ON {table}" for table in APPEND_ONLY),
    "DROP TRIGGER count_is_never_deleted ON recording_dailycount",
    "DROP TRIGGER count_key_is_fixed ON recording_dailycount",
    "DROP TRIGGER ledger_of_update ON recording_dailycount",
    "DROP TRIGGER ledger_of_insert ON recording_dailycount",
    "DROP FUNCTION recording_refuse() CASCADE",  # later tables are kept by it too
    "DROP FUNCTION recording_ledger_of_update()",
    "DROP FUNCTION recording_ledger_of_insert()",
)
