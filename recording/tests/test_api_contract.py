"""The contract: committed as it is, everything in it explained, and kept by every answer, whoever asks and whatever."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.models import User
from accounts.rights import can
from accounts.roles import KEY_SCOPES, KeyScope
from accounts.tests import cast
from recording.coverage.services import recompute_coverage
from recording.tests import world
from recording.tests.api import bearer

SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
WHO: dict[str, Callable[[], User]] = {
    "admin": cast.admin,
    "staff": cast.staff,
    "head": cast.head_barat,
    "reader": cast.reader,
    "api": cast.api_client,
    "api of a city": cast.api_barat,
}
# A body may fit its schema and still be refused: a closed region, a day that has not come, a count that needs a reason.
LEFT_OUT = [positive_data_acceptance]
EXAMPLES = {"admin": 8}  # whoever may do everything gets furthest
METHODS = ("get", "post")


@cache
def contract() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(SNAPSHOT.read_text(), yaml.CSafeLoader)
    return found


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract()["paths"].items():
        yield from ((f"{name} {path}", methods[name]) for name in METHODS if name in methods)


def test_the_committed_contract_is_what_the_views_say(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == SNAPSHOT.read_text(), "changed: `make contract`, and read it"


def test_every_operation_parameter_and_field_is_explained() -> None:
    missing = []
    for name, operation in operations():
        if not operation.get("description") or not operation.get("summary"):
            missing.append(name)
        parameters = [each for each in operation.get("parameters", ()) if each["in"] != "path"]
        missing += [f"{name} {each['name']}" for each in parameters if not each.get("description")]
    for name, schema in contract()["components"]["schemas"].items():
        fields = schema.get("properties", {}).items()
        missing += [f"{name}.{field}" for field, told in fields if not told.get("description") and "$ref" not in told]
    assert missing == []


def test_every_reference_leads_somewhere() -> None:
    text, schemas = SNAPSHOT.read_text(), contract()["components"]
    named = set(re.findall(r"#/components/(\w+)/(\w+)", text))
    assert named
    assert [f"{kind}/{name}" for kind, name in named if name not in schemas[kind]] == []


def test_every_operation_says_how_it_can_fail() -> None:
    for name, operation in operations():
        needed = {"400", "401", "403", "404", "429"} | ({"409", "413", "422"} if name.startswith("post") else {"304"})
        assert needed <= set(operation["responses"]), name


@cache
def served_operations() -> list[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]


@cache
def cases(mode: GenerationMode, examples: int) -> list[Any]:
    """What to ask, so many cases of each operation, drawn once for all who ask: each of them would draw the same."""
    strategies = [operation.as_strategy(generation_mode=mode) for operation in served_operations()]
    return [case for strategy in strategies for case in drawn(strategy, examples)]


def drawn(strategy: Any, examples: int) -> list[Any]:
    cases: list[Any] = []

    @given(case=strategy)
    @how(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(case: Any) -> None:
        cases.append(case)

    one()
    assert cases
    return cases


@override_settings(API_REQUESTS_A_MINUTE=100_000, API_STRANGERS_A_MINUTE=100_000)  # it tries many without a key, too
@pytest.mark.usefixtures("committed_world", "at_noon")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("who", [pytest.param(who, marks=() if who == "admin" else pytest.mark.once) for who in WHO])
def test_any_request_gets_an_answer_of_the_contract(who: str, mode: GenerationMode) -> None:
    world.write(world.count(5), world.count(7, "31.75.01.1004"))
    recompute_coverage(by=cast.admin(), day=world.DAY, now=world.NOON)
    owner = WHO[who]()
    scopes = [each for each in KeyScope if all(can(owner, action) for action in KEY_SCOPES[each])]
    headers = bearer(owner, *scopes) | {"Accept-Encoding": "identity"}
    assert len(served_operations()) == len(list(operations()))
    for case in cases(mode, EXAMPLES.get(who, 2)):
        case.derive().call_and_validate(headers=headers, excluded_checks=LEFT_OUT)
