"""The SQL by which the database itself keeps the rules of the schedule that no constraint can say.

A trip that stands (is not cancelled) goes to a kelurahan below its van's base, on a day on which the van is neither
absent nor retired; the same is asked from the other side when an absence is written or a van is retired. On PostgreSQL
the van's row is locked first, so that a trip and an absence written at the same moment see each other; SQLite has one
writer at a time. What was allowed once is not asked again: a van that moved keeps its history.
Used by the migration `0003_guards`. A later change of a guard is a new migration, not an edit here.
"""

APPEND_ONLY = ("fleet_reportversion", "fleet_entrypermit")
STANDS = "status <> 'cancelled'"

# Each question finds a row where the rule is broken; {row} is the new row.
TRIP_RULES = {
    "a trip goes to a kelurahan": """SELECT 1 FROM recording_region r
                                      WHERE r.code = {row}.village_id AND r.level <> 'village'""",
    "a van stays within its base": """SELECT 1 FROM fleet_van v WHERE v.id = {row}.van_id
                                         AND {row}.village_id NOT LIKE v.base_id || '.%'""",
    "a van that is absent has no trip": """SELECT 1 FROM fleet_vanabsence a WHERE a.van_id = {row}.van_id
                                              AND {row}.day BETWEEN a.first_day AND a.last_day""",
    "a van that is retired has no trip": """SELECT 1 FROM fleet_van v WHERE v.id = {row}.van_id
                                               AND v.retired IS NOT NULL AND v.retired <= {row}.day""",
}
ABSENCE_RULES = {
    "a van with trips on these days is not absent": f"""SELECT 1 FROM fleet_trip t WHERE t.van_id = {{row}}.van_id
        AND t.{STANDS} AND t.day BETWEEN {{row}}.first_day AND {{row}}.last_day
        AND NOT EXISTS (SELECT 1 FROM fleet_vanreport r WHERE r.trip_id = t.id AND r.kind = 'idle')"""
}
RETIRE_RULES = {
    "a van with later trips is not retired": f"""SELECT 1 FROM fleet_trip t WHERE t.van_id = {{row}}.id
        AND {{row}}.retired IS NOT NULL AND t.{STANDS} AND t.day >= {{row}}.retired"""
}
CANCEL_RULES = {"a trip with a report is not cancelled": "SELECT 1 FROM fleet_vanreport r WHERE r.trip_id = {row}.id"}
# On SQLite REPLACE deletes without a delete trigger unless the connection asks for it; a shell does not.
VERSION_RULES = {
    "fleet_reportversion is append-only": """SELECT 1 FROM fleet_reportversion v WHERE v.id = {row}.id
        OR v.device = {row}.device OR (v.report_id = {row}.report_id AND v.number = {row}.number)"""
}
PERMIT_RULES = {"fleet_entrypermit is append-only": "SELECT 1 FROM fleet_entrypermit p WHERE p.id = {row}.id"}
TRIP_MOVED = """(OLD.van_id, OLD.day, OLD.village_id) <> (NEW.van_id, NEW.day, NEW.village_id)
                OR OLD.status = 'cancelled'"""
# name: (table, event, when it is asked, what is asked)
GUARDS = {
    "trip_insert": ("fleet_trip", "INSERT", f"NEW.{STANDS}", TRIP_RULES),
    "trip_update": ("fleet_trip", "UPDATE", f"NEW.{STANDS} AND ({TRIP_MOVED})", TRIP_RULES),
    "trip_cancel": ("fleet_trip", "UPDATE", "NEW.status = 'cancelled' AND OLD.status <> 'cancelled'", CANCEL_RULES),
    "version_insert": ("fleet_reportversion", "INSERT", "", VERSION_RULES),
    "permit_insert": ("fleet_entrypermit", "INSERT", "", PERMIT_RULES),
    "absence_insert": ("fleet_vanabsence", "INSERT", "", ABSENCE_RULES),
    "absence_update": ("fleet_vanabsence", "UPDATE", "", ABSENCE_RULES),
    "van_retire": ("fleet_van", "UPDATE", "", RETIRE_RULES),
}


def create(vendor: str) -> list[str]:
    """The statements that set the guards up on this engine."""
    return _postgresql() if vendor == "postgresql" else _sqlite()


def drop(vendor: str) -> list[str]:
    """The statements that take them away again."""
    if vendor == "postgresql":
        names = [*(f"fleet_{name}" for name in GUARDS), "fleet_append_only"]
        return [f"DROP FUNCTION {name}() CASCADE" for name in names]
    names = [*GUARDS, *(f"{table}_{verb}" for table in APPEND_ONLY for verb in ("update", "delete"))]
    return [f"DROP TRIGGER {name}" for name in names]


def _sqlite() -> list[str]:
    made = []
    for name, (table, event, when, rules) in GUARDS.items():
        asked = " ".join(
            f"SELECT RAISE(ABORT, '{rule}') WHERE EXISTS ({question.format(row='NEW')});"
            for rule, question in rules.items()
        )
        condition = f"WHEN {when}" if when else ""
        made.append(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition} BEGIN {asked} END")
    made += [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    return made


def _postgresql() -> list[str]:
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
