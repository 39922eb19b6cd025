"""The SQL by which the database itself keeps the rules of the schedule that no constraint can say.

A trip that stands (is not cancelled) goes to a kelurahan below its van's base, on a day on which the van is neither
absent nor retired; the same is asked from the other side when an absence is written or a van is retired. On PostgreSQL
the van's row is locked first, so that a trip and an absence written at the same moment see each other; SQLite has one
writer at a time. What was allowed once is not asked again: a van that moved keeps its history.
Used by the migrations `0003_guards`, `0004_hours` and `0009_open_absences`. A later change of a guard is a new migration,
not an edit here.
"""

# name: (table, event, when it is asked, what is asked: rule and question)
Guards = dict[str, tuple[str, str, str, dict[str, str]]]
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
GUARDS: Guards = {
    "trip_insert": ("fleet_trip", "INSERT", f"NEW.{STANDS}", TRIP_RULES),
    "trip_update": ("fleet_trip", "UPDATE", f"NEW.{STANDS} AND ({TRIP_MOVED})", TRIP_RULES),
    "trip_cancel": ("fleet_trip", "UPDATE", "NEW.status = 'cancelled' AND OLD.status <> 'cancelled'", CANCEL_RULES),
    "version_insert": ("fleet_reportversion", "INSERT", "", VERSION_RULES),
    "permit_insert": ("fleet_entrypermit", "INSERT", "", PERMIT_RULES),
    "absence_insert": ("fleet_vanabsence", "INSERT", "", ABSENCE_RULES),
    "absence_update": ("fleet_vanabsence", "UPDATE", "", ABSENCE_RULES),
    "van_retire": ("fleet_van", "UPDATE", "", RETIRE_RULES),
}

# A row that is being inserted has no number yet.
HOURS_RULES = {
    "a van is in one place at a time": f"""SELECT 1 FROM fleet_trip t
        WHERE t.van_id = {{row}}.van_id AND t.day = {{row}}.day AND t.{STANDS} AND t.id <> COALESCE({{row}}.id, 0)
          AND t.opens < {{row}}.closes AND t.closes > {{row}}.opens"""
}
HOURS_MOVED = """(OLD.van_id, OLD.day, OLD.opens, OLD.closes) <> (NEW.van_id, NEW.day, NEW.opens, NEW.closes)
                 OR OLD.status = 'cancelled'"""
HOURS_GUARDS: Guards = {
    "trip_hours_insert": ("fleet_trip", "INSERT", f"NEW.{STANDS}", HOURS_RULES),
    "trip_hours_update": ("fleet_trip", "UPDATE", f"NEW.{STANDS} AND ({HOURS_MOVED})", HOURS_RULES),
}


def _on_absence(trip: str, absence: str) -> str:
    """Whether the trip opens while the van is absent: on the first day from its hour on, if it has one, and until further
    notice without a last day."""
    return f"""{trip}.day >= {absence}.first_day AND ({absence}.last_day IS NULL OR {trip}.day <= {absence}.last_day)
        AND ({absence}.from_hour IS NULL OR {trip}.day > {absence}.first_day OR {trip}.opens >= {absence}.from_hour)"""


(ABSENT,) = (rule for rule in TRIP_RULES if "absent" in rule)
(HAS_TRIPS,) = ABSENCE_RULES
NOT_ABSENT = {ABSENT: f"SELECT 1 FROM fleet_vanabsence a WHERE a.van_id = {{row}}.van_id AND {_on_absence('{row}', 'a')}"}
OPEN_TRIP_RULES = TRIP_RULES | NOT_ABSENT
OPEN_ABSENCE_RULES = {
    HAS_TRIPS: f"""SELECT 1 FROM fleet_trip t WHERE t.van_id = {{row}}.van_id AND t.{STANDS}
        AND {_on_absence("t", "{row}")}
        AND NOT EXISTS (SELECT 1 FROM fleet_vanreport r WHERE r.trip_id = t.id AND r.kind = 'idle')"""
}
# In the place of those of `0003_guards` with the same names.
OPEN_ABSENCE_GUARDS: Guards = {
    "trip_insert": ("fleet_trip", "INSERT", f"NEW.{STANDS}", OPEN_TRIP_RULES),
    "trip_update": ("fleet_trip", "UPDATE", f"NEW.{STANDS} AND ({TRIP_MOVED})", OPEN_TRIP_RULES),
    "trip_opens_update": ("fleet_trip", "UPDATE", f"NEW.{STANDS} AND OLD.opens <> NEW.opens", NOT_ABSENT),
    "absence_insert": ("fleet_vanabsence", "INSERT", "", OPEN_ABSENCE_RULES),
    "absence_update": ("fleet_vanabsence", "UPDATE", "", OPEN_ABSENCE_RULES),
}
