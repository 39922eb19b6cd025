"""The triggers that keep the schedule and its reports right, for either engine; the rules stand in `rules`."""

from fleet.guards import postgresql, sqlite
from fleet.guards.rules import GUARDS, HOURS_GUARDS


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
