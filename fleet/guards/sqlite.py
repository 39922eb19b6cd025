"""The rules as triggers of SQLite."""

from fleet.guards.rules import APPEND_ONLY, GUARDS, Guards


def triggers(guards: Guards) -> list[str]:
    """A trigger for each guard."""
    statements = []
    for name, (table, event, when, rules) in guards.items():
        checks = " ".join(
            f"SELECT RAISE(ABORT, '{rule}') WHERE EXISTS ({question.format(row='NEW')});" for rule, question in rules.items()
        )
        condition = f"WHEN {when}" if when else ""
        statements.append(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition} BEGIN {checks} END")
    return statements


def append_only() -> list[str]:
    """The triggers of the tables that are never rewritten."""
    return [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]


def drop() -> list[str]:
    history = [f"DROP TRIGGER {table}_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")]
    return [*drop_triggers(GUARDS), *history]


def drop_triggers(guards: Guards) -> list[str]:
    return [f"DROP TRIGGER {name}" for name in guards]
