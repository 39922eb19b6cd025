"""The triggers that keep the schedule and its reports right, for either engine; the rules stand in `rules`."""

from fleet.guards import postgresql, sqlite


def create(vendor: str) -> list[str]:
    """The statements that set the guards up on this engine."""
    return postgresql.create() if vendor == "postgresql" else sqlite.create()


def drop(vendor: str) -> list[str]:
    """The statements that take them away again."""
    return postgresql.drop() if vendor == "postgresql" else sqlite.drop()
