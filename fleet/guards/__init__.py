"""The triggers that keep the schedule and its reports right, for either engine; the rules stand in `rules`."""

from types import ModuleType

from fleet.guards import postgresql, sqlite
from fleet.guards.rules import GUARDS, HOURS_GUARDS, OPEN_ABSENCE_GUARDS


def create(vendor: str) -> list[str]:
    """The statements that set the guards of `0003_guards` up on this engine."""
    engine = postgresql if vendor == "postgresql" else sqlite
    return [*engine.triggers(GUARDS), *engine.append_only()]


def drop(vendor: str) -> list[str]:
    """The statements that take them away again."""
    return postgresql.drop() if vendor == "postgresql" else sqlite.drop()


def create_hours(vendor: str) -> list[str]:
    """The statements that keep a van's stops of a day apart (`0004_hours`). They ask about what is written from then
    on: stops that overlap already stay as they are, until their van, day or hours change."""
    return (postgresql if vendor == "postgresql" else sqlite).triggers(HOURS_GUARDS)


def drop_hours(vendor: str) -> list[str]:
    """The statements that take them away again."""
    return (postgresql if vendor == "postgresql" else sqlite).drop_triggers(HOURS_GUARDS)


def replaced_by_open_absences(vendor: str) -> list[str]:
    """The statements that take away what `0009_open_absences` sets up anew. They come before its tables change: SQLite
    builds those again and renames them, which it refuses while a trigger speaks of a table that is away."""
    known = {name: guard for name, guard in GUARDS.items() if name in OPEN_ABSENCE_GUARDS}
    return _engine(vendor).drop_triggers(known)


def restored_without_open_absences(vendor: str) -> list[str]:
    """The statements that set those of `0003_guards` up again."""
    known = {name: guard for name, guard in GUARDS.items() if name in OPEN_ABSENCE_GUARDS}
    return _engine(vendor).triggers(known)


def create_open_absences(vendor: str) -> list[str]:
    """The statements that keep stops off absences that begin at an hour or have no last day (`0009_open_absences`)."""
    return _engine(vendor).triggers(OPEN_ABSENCE_GUARDS)


def drop_open_absences(vendor: str) -> list[str]:
    """The statements that take them away again."""
    return _engine(vendor).drop_triggers(OPEN_ABSENCE_GUARDS)


def _engine(vendor: str) -> ModuleType:
    return postgresql if vendor == "postgresql" else sqlite
