"""The rules as triggers of PostgreSQL."""

from fleet.guards.rules import APPEND_ONLY, GUARDS


def create() -> list[str]:
    made = []
    for name, (table, event, when, rules) in GUARDS.items():
        lock = "PERFORM 1 FROM fleet_van WHERE id = NEW.van_id FOR UPDATE;"
        van = lock if table in ("fleet_trip", "fleet_vanabsence") else ""
        asked = " ".join(
            f"IF EXISTS ({question.format(row='NEW')}) THEN "
            f"RAISE EXCEPTION '{rule}' USING ERRCODE = 'check_violation'; END IF;"
            for rule, question in rules.items()
        )
        made.append(
            f"CREATE FUNCTION fleet_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {van} {asked} RETURN NEW; END $$"
        )
        condition = f"WHEN ({when})" if when else ""
        made.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION fleet_{name}()"
        )
    made.append(
        "CREATE FUNCTION fleet_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
    )
    made += [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION fleet_append_only()"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ]
    return made


def drop() -> list[str]:
    names = [*(f"fleet_{name}" for name in GUARDS), "fleet_append_only"]
    return [f"DROP FUNCTION {name}() CASCADE" for name in names]
