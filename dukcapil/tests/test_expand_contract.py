"""The release before goes on serving while the database is brought up to date, and can be returned to: it must be able to
read and write the tables of the next one (docs/development.md, "A new table or column")."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.once
APPS = ("accounts", "dukcapil", "fleet", "recording")
# The newest migration of each app in release 1.0.0. What stands before was never served by two releases at once.
FIRST_RELEASE = {"accounts": 2, "dukcapil": 2, "fleet": 10, "recording": 14}
# What a release takes away, with the release before that already did without: ("recording.0021_x", "RemoveField", "1.4.0").
CONTRACTED: set[tuple[str, str, str]] = set()
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def problems(name: str, operations: Sequence[Any]) -> Iterator[str]:
    """What the release before could not live with, and what to write instead."""
    known = {(entry, kind) for entry, kind, _release in CONTRACTED}
    made = {operation.name.lower() for operation in operations if isinstance(operation, migrations.CreateModel)}
    for operation in operations:
        kind = type(operation).__name__
        if isinstance(operation, TAKES_AWAY) and (name, kind) not in known:
            yield f"{name}: {kind}. First stop reading it; take it away one release later, and say so in CONTRACTED."
        if isinstance(operation, migrations.AddField) and operation.model_name.lower() not in made:
            field = operation.field
            if not (field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED):
                yield f"{name}: {operation.name}. Give it null=True or a db_default: the release before writes no value."


def test_no_migration_breaks_the_release_before() -> None:
    found: list[str] = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in APPS and int(name[:4]) > FIRST_RELEASE[app]:
            found += problems(f"{app}.{name}", migration.operations)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("van", "plate"),
        migrations.DeleteModel("van"),
        migrations.RenameField("van", "plate", "number"),
        migrations.AddField("van", "seats", models.IntegerField(default=2)),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_breaks_it_is_seen(operation: Any) -> None:
    assert list(problems("fleet.0099_x", [operation]))


@pytest.mark.parametrize(
    "field", [models.IntegerField(null=True), models.IntegerField(db_default=2), models.ManyToManyField("fleet.Van")]
)
def test_what_it_can_live_with_is_allowed(field: Any) -> None:
    assert not list(problems("fleet.0099_x", [migrations.AddField("van", "seats", field)]))
