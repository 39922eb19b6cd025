"""The doors of the API: who is let in by a key or a log-in, for what, and how often."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import ApiKey, User
from accounts.services.keys import revoke_key
from accounts.tests import cast
from recording.models import Period, Posting
from recording.tests import world
from recording.tests.api import ROOT, bearer, contents, fields, post, row, told
from recording.tests.pages import logged_in, value
from recording.tests.world import KAPUK, NOON

pytestmark = pytest.mark.usefixtures("at_noon")
TIMUR = "31.75.01.1004"
TARGET = {
    "region": KAPUK,
    "document": "KTP",
    "period": "2021",
    "people": 240,
    "source": "SK 12/2021",
    "effective_from": "2021-01-01",
}
CHALLENGE = 'Bearer realm="api"'


def get(path: str, asking: dict[str, str] | None = None, **more: str) -> Any:
    return Client().get(ROOT + path, headers=asking or {}, **more)  # type: ignore[arg-type]


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """All requests of a test fall into one window of the throttle, ten seconds after it began."""
    monkeypatch.setattr("accounts.api.throttles._window", lambda request: (1, 50))


# Which header


def secret_of(asking: dict[str, str]) -> str:
    return asking["Authorization"].removeprefix("Bearer ")


HEADERS: list[Callable[[str], dict[str, str]]] = [
    lambda secret: {},
    lambda secret: {"Authorization": ""},
    lambda secret: {"Authorization": "Bearer"},
    lambda secret: {"Authorization": "Bearer "},
    lambda secret: {"Authorization": secret},
    lambda secret: {"Authorization": f"Basic {secret}"},
    lambda secret: {"Authorization": "Basic dXNlcjpwYXNz"},
    lambda secret: {"Authorization": f"Token {secret}"},
    lambda secret: {"Authorization": f"Bearer {secret[:-1]}"},
    lambda secret: {"Authorization": f"Bearer {secret}x"},
    lambda secret: {"Authorization": f"Bearer {secret.swapcase()}"},
    lambda secret: {"Authorization": f"Bearer {secret}, Bearer {secret}"},
    lambda secret: {"Authorization": f"Bearer {secret[:11]}"},
    lambda secret: {"Authorization": "Bearer " + "x" * 5_000},
    lambda secret: {"Authorization": "Bearer kunci-ñ"},
    lambda secret: {"X-Api-Key": secret},
]


@pytest.mark.parametrize("header", HEADERS, ids=[str(number) for number in range(len(HEADERS))])
def test_a_request_without_key_gets_401_and_challenge(header: Callable[[str], dict[str, str]]) -> None:
    secret = secret_of(bearer(cast.staff()))
    before = contents()
    for path in ("counts/", "coverage/", "runs/", "changes/", "vans/"):
        answer = get(path, header(secret))
        body = told(answer, 401)
        assert answer["WWW-Authenticate"] == CHALLENGE
        assert body["type"].endswith("#unauthenticated")
        assert secret not in answer.content.decode()
    told(post(header(secret), row()), 401)
    assert contents() == before
    assert get("counts/", {"Authorization": f"Bearer {secret}"}).status_code == 200


def test_a_key_in_the_address_opens_nothing() -> None:
    secret = secret_of(bearer(cast.staff()))
    told(get(f"counts/?key={secret}"), 401)
    told(get(f"counts/?access_token={secret}"), 401)


def expired() -> dict[str, str]:
    return bearer(cast.staff(), days=1, now=NOON - timedelta(days=1))


def revoked() -> dict[str, str]:
    asking = bearer(cast.staff())
    revoke_key(by=cast.staff(), number=ApiKey.objects.latest("pk").pk, now=NOON)
    return asking


def disabled() -> dict[str, str]:
    asking = bearer(cast.head_barat())
    User.objects.filter(pk=cast.head_barat().pk).update(is_active=False)
    return asking


def unknown() -> dict[str, str]:
    return {"Authorization": "Bearer rj_00000000_tidak-ada"}


def test_expired_revoked_disabled_and_unknown_answer_alike() -> None:
    answers = [get("counts/", make()) for make in (expired, revoked, disabled, unknown)]
    assert [told(answer, 401) for answer in answers] == [answers[0].json()] * 4
    assert {answer["WWW-Authenticate"] for answer in answers} == {CHALLENGE}
    before = contents()
    for make in (expired, revoked, unknown):
        told(post(make(), row()), 401)
    assert contents() == before


def test_a_used_key_ends_once_revoked() -> None:
    asking = bearer(cast.staff())
    assert get("runs/", asking).status_code == 200
    revoke_key(by=cast.staff(), number=ApiKey.objects.latest("pk").pk, now=NOON)
    told(get("runs/", asking), 401)
    told(get("coverage/", asking), 401)


# For what


@pytest.mark.parametrize(
    ("scopes", "method", "path", "body"),
    [
        (["counts:write"], "get", "counts/", None),
        (["counts:write"], "get", "coverage/", None),
        (["counts:write"], "get", "changes/", None),
        (["counts:write"], "get", "vans/", None),
        (["targets:write"], "get", "targets/", None),
        (["targets:write"], "post", "counts/", row()),
        (["read"], "post", "counts/", row()),
        (["read"], "post", "targets/", TARGET),
        (["read", "counts:write"], "post", "targets/", TARGET),
    ],
)
def test_a_key_of_another_scope_is_told_so(scopes: list[str], method: str, path: str, body: Any) -> None:
    asking, before = bearer(cast.staff(), *scopes), contents()
    body_told = told(get(path, asking) if method == "get" else post(asking, body, path), 403)
    assert body_told["type"].endswith("#not-allowed")
    assert "tidak berwenang" in body_told["detail"]
    assert contents() == before


def test_rights_are_checked_before_the_body() -> None:
    told(post(bearer(cast.staff(), "read"), b"{"), 403)


@pytest.mark.parametrize(
    ("scopes", "path", "body"), [(["counts:write"], "counts/", row()), (["targets:write"], "targets/", TARGET)]
)
def test_a_key_that_only_writes_writes(scopes: list[str], path: str, body: dict[str, Any]) -> None:
    assert post(bearer(cast.staff(), *scopes), body, path).status_code == 200


@pytest.mark.parametrize(
    ("owner", "region", "code", "status"),
    [
        (cast.staff, "31.73", TIMUR, 404),
        (cast.staff, "31.73", "31", 404),
        (cast.head_barat, "", TIMUR, 403),
        (cast.head_barat, "31.73", TIMUR, 404),
        (cast.head_barat, "31.75", KAPUK, 404),
        (cast.head_barat, "31.75", TIMUR, 403),
        (cast.api_barat, "", TIMUR, 404),
        (cast.staff, "", "32.73.01.1001", 404),
    ],
)
def test_a_foreign_region_is_refused_at_its_name(owner: Callable[[], User], region: str, code: str, status: int) -> None:
    asking, before = bearer(owner(), jurisdiction=region), contents()
    for body in (row(region=code), [row(region=code, day=day) for day in ("2021-11-24", "2021-11-25")]):
        found = told(post(asking, body), status)
        assert [field for _row, field in fields(found)] == ["region"]
        assert code in found["detail"]
    assert contents() == before


def test_a_citys_key_reads_only_that_city() -> None:
    world.write(world.count(5), world.count(7, TIMUR))
    rows = get("counts/", bearer(cast.staff(), "read", jurisdiction="31.75")).json()["results"]
    assert [(each["region"], each["people"]) for each in rows] == [(TIMUR, 7)]
    codes = {each["code"] for each in get("regions/", bearer(cast.staff(), "read", jurisdiction="31.75")).json()["results"]}
    assert codes == {"31.75", "31.75.01", TIMUR}
    told(get(f"regions/{KAPUK}/", bearer(cast.staff(), "read", jurisdiction="31.75")), 404)


# The portal's log-in


def browser(user: User) -> Client:
    """Logged in, and checked for the token of forms as in production."""
    client = logged_in(user)
    client.handler.enforce_csrf_checks = True
    return client


def test_a_session_writes_only_with_csrf_token() -> None:
    client, before = browser(cast.head_barat()), contents()
    assert client.get(ROOT + "counts/").status_code == 200
    told(client.post(ROOT + "counts/", row(), "application/json"), 403)
    told(client.post(ROOT + "counts/", row(), "application/json", headers={"X-CSRFToken": "x" * 32, "Host": "testserver"}), 403)
    assert contents() == before
    token = value(client.get("/catat/"), "csrfmiddlewaretoken")
    headers = {"X-CSRFToken": token, "Referer": "https://testserver/catat/", "Host": "testserver"}
    answer = client.post(ROOT + "counts/", row(), "application/json", headers=headers)
    assert (answer.status_code, world.value()) == (200, 31)
    assert Posting.objects.get().by == cast.head_barat()


def test_a_session_does_not_rescue_a_wrong_key() -> None:
    client = browser(cast.staff())
    told(client.get(ROOT + "counts/", headers={"Authorization": "Bearer tidak-ada"}), 401)
    answer = client.post(ROOT + "counts/", row(), "application/json", headers=bearer(cast.head_barat()))
    assert (answer.status_code, Posting.objects.get().by) == (200, cast.head_barat())


def test_a_reader_who_is_logged_in_writes_nothing() -> None:
    before = contents()
    told(logged_in(cast.reader()).post(ROOT + "counts/", row(), "application/json"), 403)
    assert contents() == before


# How often


@pytest.fixture
def three(settings: LazySettings, one_minute: None) -> Iterator[None]:
    """Three requests a minute, and three mistakes."""
    settings.API_REQUESTS_A_MINUTE = settings.API_STRANGERS_A_MINUTE = 3
    return iter(())


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("path", ["counts/", "coverage/", "runs/", "regions/31/"])
def test_every_answer_counts_down_the_minutes_requests(path: str) -> None:
    asking = bearer(cast.staff())
    answers = [get(path, asking) for _turn in range(5)]
    refused = [answer.status_code == 429 for answer in answers]
    assert refused == [False, False, False, True, True]
    assert [answer["RateLimit"] for answer in answers] == [f'"requests";r={n};t=50' for n in (2, 1, 0, 0, 0)]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"requests";q=3;w=60'}
    assert (answers[3]["Retry-After"], answers[0].get("Retry-After")) == ("50", None)
    assert told(answers[3], 429)["type"].endswith("#too-many-requests")


@pytest.mark.usefixtures("three")
def test_a_write_that_has_to_wait_writes_nothing() -> None:
    asking = bearer(cast.staff())
    for turn in range(3):
        assert post(asking, row(people=turn, reason="uji")).status_code == 200
    before = contents()
    told(post(asking, row(people=9, reason="uji")), 429)
    assert contents() == before


@pytest.mark.usefixtures("three")
def test_each_key_person_and_minute_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = bearer(cast.staff())
    assert [get("runs/", asking).status_code for _turn in range(4)] == [200, 200, 200, 429]
    assert get("runs/", bearer(cast.staff())).status_code == 200
    assert logged_in(cast.staff()).get(ROOT + "runs/").status_code == 200
    monkeypatch.setattr("accounts.api.throttles._window", lambda request: (2, 50))
    assert get("runs/", asking).status_code == 200


@pytest.mark.usefixtures("three")
def test_a_persons_browsers_are_counted_together() -> None:
    answers = [logged_in(cast.staff()).get(ROOT + "runs/") for _turn in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


@pytest.mark.usefixtures("three")
def test_guessing_keys_throttles_only_that_address() -> None:
    asking = bearer(cast.staff())
    guesses = [get("runs/", {"Authorization": f"Bearer tebak-{n}"}, REMOTE_ADDR="203.0.113.7") for n in range(5)]
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]
    told(guesses[3], 429)
    assert guesses[3]["Retry-After"] == "50"
    assert get("runs/", asking, REMOTE_ADDR="203.0.113.8").status_code == 200
    told(get("runs/", unknown(), REMOTE_ADDR="203.0.113.8"), 401)


@pytest.mark.usefixtures("three")
def test_a_forged_forwarded_address_changes_no_throttle() -> None:
    answers = [get("runs/", unknown(), REMOTE_ADDR="36.64.0.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


@pytest.mark.usefixtures("three")
def test_each_visitor_behind_the_proxy_counts_alone() -> None:
    for n in range(4):
        told(get("runs/", unknown(), REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"), 401)


@pytest.mark.usefixtures("three")
def test_a_key_that_works_is_no_strangers_mistake() -> None:
    for _turn in range(3):
        assert get("runs/", bearer(cast.staff())).status_code == 200
    told(get("runs/", unknown()), 401)


def test_the_headers_tell_the_limit_that_is_set(settings: LazySettings, one_minute: None) -> None:
    settings.API_REQUESTS_A_MINUTE = 600
    answer = get("periods/", bearer(cast.staff()))
    assert (answer["RateLimit"], answer["RateLimit-Policy"]) == ('"requests";r=599;t=50', '"requests";q=600;w=60')
    assert [each["name"] for each in answer.json()["results"]] == [
        period.name for period in Period.objects.order_by("first_day")
    ]


@pytest.mark.usefixtures("one_minute")
def test_a_refused_scope_counts_as_a_request(settings: LazySettings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    asking = bearer(cast.staff(), "counts:write")
    for left in (1, 0):
        refused = Client().get(ROOT + "counts/", headers=asking)
        assert refused.status_code == 403
        assert refused["RateLimit"].startswith(f'"requests";r={left};')
    assert Client().get(ROOT + "counts/", headers=asking).status_code == 429


@pytest.mark.usefixtures("one_minute")
def test_whoever_brings_no_key_is_counted_by_address(settings: LazySettings) -> None:
    settings.API_STRANGERS_A_MINUTE = 2
    answers = [Client().get(ROOT + "runs/", REMOTE_ADDR="198.51.100.7") for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert Client().get(ROOT + "runs/", REMOTE_ADDR="198.51.100.8").status_code == 401


def test_the_scheme_is_read_in_any_case() -> None:
    secret = bearer(cast.reader(), "read")["Authorization"].partition(" ")[2]
    for scheme in ("bearer", "BEARER", "Bearer"):
        answer = Client().get(ROOT + "periods/", headers={"Authorization": f"{scheme} {secret}"})
        assert answer.status_code == 200
