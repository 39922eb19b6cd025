"""The rules as triggers of SQLite."""

from fleet.guards.rules import APPEND_ONLY, GUARDS


def create() -> list[str]:
    statements = []
    for name, (table, event, when, rules) in GUARDS.items():
        checks = " ".join(
            f"SELECT RAISE(ABORT, '{rule}') WHERE EXISTS ({question.format(row='NEW')});" for rule, question in rules.items()
        )
        condition = f"WHEN {when}" if when else ""
        statements.append(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition} BEGIN {checks} END")
    statements += [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    return statements


def drop() -> list[str]:
    names = [*GUARDS, *(f"{table}_{verb}" for table in APPEND_ONLY for verb in ("update", "delete"))]
    return [f"DROP TRIGGER {name}" for name in names]
