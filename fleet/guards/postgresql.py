"""The rules as triggers of PostgreSQL."""

from fleet.guards.rules import APPEND_ONLY, GUARDS


def create() -> list[str]:
    statements = []
    for name, (table, event, when, rules) in GUARDS.items():
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
    statements.append(
        "CREATE FUNCTION fleet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
    )
    statements += [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION fleet_append_only()"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ]
    return statements


def drop() -> list[str]:
    names = [*(f"fleet_{name}" for name in GUARDS), "fleet_append_only"]
    return [f"DROP FUNCTION {name}() CASCADE" for name in names]
