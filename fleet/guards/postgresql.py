"""The rules as triggers of PostgreSQL."""

from fleet.guards.rules import APPEND_ONLY, GUARDS, Guards


def triggers(guards: Guards) -> list[str]:
    """A function and a trigger for each guard."""
    statements = []
    for name, (table, event, when, rules) in guards.items():
        lock_van = "PERFORM 1 FROM fleet_van WHERE id = NEW.van_id FOR UPDATE;"
        lock = lock_van if table in ("fleet_trip", "fleet_vanabsence") else ""
        checks = " ".join(
            f"IF EXISTS ({question.format(row='NEW')}) THEN RAISE EXCEPTION '{rule}' USING ERRCODE = 'check_violation'; END IF;"
            for rule, question in rules.items()
        )
        statements.append(
            f"CREATE FUNCTION fleet_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock} {checks} RETURN NEW; END $$"
        )
        condition = f"WHEN ({when})" if when else ""
        statements.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION fleet_{name}()"
        )
    return statements


def append_only() -> list[str]:
    """The triggers of the tables that are never rewritten."""
    return [
        "CREATE FUNCTION fleet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$",
        *(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION fleet_append_only()"
            for table in APPEND_ONLY
            for verb in ("UPDATE", "DELETE", "TRUNCATE")
        ),
    ]


def drop() -> list[str]:
    return [*drop_triggers(GUARDS), "DROP FUNCTION fleet_append_only() CASCADE"]


def drop_triggers(guards: Guards) -> list[str]:
    return [f"DROP FUNCTION fleet_{name}() CASCADE" for name in guards]
