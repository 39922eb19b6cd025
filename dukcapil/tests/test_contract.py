"""The contract is given out in two forms, the same to everybody."""

import json

import pytest
import yaml

from accounts.tests.browser import visitor

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/schema/"


@pytest.mark.parametrize("language", ["id", "en"])
def test_both_forms_say_the_same_again(language: str) -> None:
    browser = visitor()
    asked: list[dict[str, str]] = [{}, {"accept": "application/json"}, {}, {"accept": "application/json"}]
    plain, other, *again = [browser.get(ADDRESS, headers=headers | {"accept-language": language}) for headers in asked]
    assert [answer.content for answer in again] == [plain.content, other.content]
    assert yaml.safe_load(plain.content) == json.loads(other.content)
    assert browser.get(f"{ADDRESS}?format=json", headers={"accept-language": language}).content == other.content
    kinds = [answer["Content-Type"].partition(";")[0] for answer in (plain, other)]
    assert kinds == ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"]


def test_a_cookie_of_one_answer_stays_with_it() -> None:
    first = visitor().get(ADDRESS)
    first.set_cookie("mine", "1")
    first["X-Mine"] = "1"
    second = visitor().get(ADDRESS)
    assert not second.cookies
    assert "X-Mine" not in second


def test_each_language_has_its_words() -> None:
    browser = visitor()
    told = {language: browser.get(ADDRESS, headers={"accept-language": language}).content for language in ("id", "en")}
    assert told["id"] != told["en"]
