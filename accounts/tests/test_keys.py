"""Keys for programs: shown once, kept as a digest, and never able to do more than their owner or their region."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from accounts.acts import Act
from accounts.models import AccountEvent, ApiKey, User
from accounts.rights import SYSTEM, can, home_region, own_region, stored_user, within
from accounts.roles import KEY_SCOPES, STORED_ROLES, Action, KeyScope, Role
from accounts.services.keys import MAX_LIVE_KEYS, digest_of, issue_key, note_use, revoke_key
from accounts.tests import cast
from dukcapil.errors import NotAllowed, NotFound, Refused
from recording.ledger.services import record_counts
from recording.models import Door, Posting, Region
from recording.tests import world
from recording.tests.world import KAPUK, NOON, count

NIK = "3173010101010001"
MINUTE = timedelta(minutes=1)
ASKED = "/api/v1/regions/?limit=1"


def issue(by: Any = None, **changes: Any) -> tuple[ApiKey, str]:
    """A key of the provincial staff, but for the changes."""
    wanted: dict[str, Any] = {"name": "dasbor", "scopes": ["read"], "days": 30, "now": NOON} | changes
    return issue_key(by=by or cast.staff(), **wanted)


def stored_texts() -> Iterator[tuple[str, str]]:
    """(table, value) of every cell of every table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from ((table, str(cell)) for row in cursor.fetchall() for cell in row)


def asked(secret: str) -> int:
    """How the API answers who carries this secret."""
    return Client().get(ASKED, headers={"Authorization": f"Bearer {secret}"}).status_code


# Issuing


@pytest.mark.usefixtures("at_noon")
def test_the_secret_is_shown_once_and_never_stored() -> None:
    key, secret = issue()
    assert asked(secret) == 200
    cells = list(stored_texts())
    assert (key.digest in {text for _table, text in cells}, key.digest) == (True, digest_of(secret))
    hidden = secret.removeprefix(key.prefix)
    assert len(hidden) >= 40
    assert [table for table, text in cells if secret in text or hidden in text or hidden[1:] in text] == []


@pytest.mark.django_db
def test_keys_differ_and_have_a_prefix_for_scanners() -> None:
    keys = [issue() for _turn in range(5)]
    assert len({secret for _key, secret in keys}) == len({key.prefix for key, _secret in keys}) == 5
    assert all(secret.startswith("rj_") and secret.startswith(key.prefix) for key, secret in keys)


@pytest.mark.django_db
def test_issuing_leaves_an_event_without_the_secret() -> None:
    key, secret = issue(name="  dasbor ", scopes=["read", "counts:write", "read"], days=7, jurisdiction="31.73")
    key.refresh_from_db()
    assert (key.name, key.scopes, key.jurisdiction) == ("dasbor", ["counts:write", "read"], "31.73")
    assert (key.owner, key.created_at, key.expires_at) == (cast.staff(), NOON, NOON + timedelta(days=7))
    assert (key.revoked_at, key.last_used_at) == (None, None)
    event = AccountEvent.objects.get()
    assert (event.action, event.subject, event.by, event.at) == ("key.issue", "dian", cast.staff(), NOON)
    assert event.details == {"key": key.pk, "scopes": key.scopes, "jurisdiction": "31.73"}
    assert secret not in str(event.details)


CHECKS: list[tuple[Callable[[], User], dict[str, Any], str]] = [
    (cast.staff, {"name": ""}, "name"),
    (cast.staff, {"name": "   "}, "name"),
    (cast.staff, {"name": "x" * 61}, "name"),
    (cast.staff, {"name": f"dasbor {NIK}"}, "name"),
    (cast.staff, {"name": "das\x00bor"}, "name"),
    (cast.staff, {"name": "das\nbor"}, "name"),
    (cast.staff, {"name": "das\u202ebor"}, "name"),
    (cast.staff, {"scopes": []}, "scopes"),
    (cast.staff, {"scopes": ["read", "everything"]}, "scopes"),
    (cast.staff, {"scopes": ["READ"]}, "scopes"),
    (cast.reader, {"scopes": ["counts:write"]}, "scopes"),
    (cast.reader, {"scopes": ["read", "targets:write"]}, "scopes"),
    (cast.head_barat, {"scopes": ["targets:write"]}, "scopes"),
    (cast.api_client, {"scopes": ["targets:write"]}, "scopes"),
    (cast.staff, {"days": 0}, "days"),
    (cast.staff, {"days": -1}, "days"),
    (cast.staff, {"days": 367}, "days"),
    (cast.staff, {"days": 10**12}, "days"),
    (cast.staff, {"jurisdiction": "31.73.01"}, "jurisdiction"),
    (cast.staff, {"jurisdiction": "31.7"}, "jurisdiction"),
    (cast.staff, {"jurisdiction": "31.73\n"}, "jurisdiction"),
    (cast.staff, {"jurisdiction": "３１"}, "jurisdiction"),
    (cast.staff, {"jurisdiction": "32"}, "jurisdiction"),
    (cast.api_barat, {"jurisdiction": "31.75"}, "jurisdiction"),
    (cast.api_barat, {"jurisdiction": "31"}, "jurisdiction"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "changes", "field"), CHECKS)
def test_an_invalid_key_is_refused_at_its_field(who: Callable[[], User], changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        issue(who(), **changes)
    assert (refused.value.field, refused.value.status) == (field, 400)
    assert NIK not in str(refused.value)
    assert not ApiKey.objects.exists()
    assert not AccountEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes", [{"days": 1}, {"days": 366}, {"name": "x" * 60}, {"jurisdiction": "31"}, {"jurisdiction": "31.73"}]
)
def test_what_just_fits_is_issued(changes: dict[str, Any]) -> None:
    key, _secret = issue(**changes)
    assert ApiKey.objects.get() == key


@pytest.mark.django_db
def test_an_owner_has_at_most_twenty_valid_keys() -> None:
    keys = [issue(days=1)[0] for _turn in range(MAX_LIVE_KEYS)]
    with pytest.raises(Refused, match="20 kunci"):
        issue()
    issue(cast.head_barat())
    revoke_key(by=cast.staff(), number=keys[0].pk, now=NOON)
    issue(days=1)
    with pytest.raises(Refused):
        issue()
    issue(now=NOON + timedelta(days=1))
    assert ApiKey.objects.filter(owner=cast.staff()).count() == MAX_LIVE_KEYS + 2


@pytest.mark.django_db
@pytest.mark.parametrize("who", [cast.staff, cast.head_barat, cast.reader, cast.api_client])
def test_only_account_managers_issue_keys_for_others(who: Callable[[], User]) -> None:
    with pytest.raises(NotAllowed):
        issue(who(), owner=cast.admin())
    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_a_key_issued_for_another_belongs_to_them() -> None:
    key, _secret = issue(cast.admin(), owner=cast.head_barat(), scopes=["counts:write"])
    assert key.owner == cast.head_barat()
    assert AccountEvent.objects.get().by == cast.admin()
    with pytest.raises(Refused) as refused:
        issue(cast.admin(), owner=cast.reader(), scopes=["counts:write"])
    assert refused.value.field == "scopes"


@pytest.mark.django_db
def test_the_operator_names_the_owner() -> None:
    with pytest.raises(Refused) as refused:
        issue(SYSTEM)
    assert refused.value.field == "owner"
    assert issue(SYSTEM, owner=cast.staff())[0].owner == cast.staff()


@pytest.mark.django_db
def test_a_disabled_account_gets_none() -> None:
    with pytest.raises(NotAllowed):
        issue(cast.disabled())
    with pytest.raises(Refused):
        issue(cast.admin(), owner=cast.disabled())
    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_a_key_neither_issues_nor_revokes_keys() -> None:
    key, _secret = issue(scopes=list(KeyScope.values))
    program = narrowed(cast.staff(), list(KeyScope.values), "")
    with pytest.raises(NotAllowed):
        issue(program)
    with pytest.raises(NotAllowed):
        revoke_key(by=program, number=key.pk, now=NOON)
    key.refresh_from_db()
    assert (ApiKey.objects.count(), key.revoked_at) == (1, None)


# Ending


@pytest.mark.usefixtures("at_noon")
def test_a_revoked_key_opens_nothing_and_stays_revoked() -> None:
    key, secret = issue()
    assert asked(secret) == 200
    revoke_key(by=cast.staff(), number=key.pk, now=NOON)
    assert asked(secret) == 401
    again = revoke_key(by=cast.staff(), number=key.pk, now=NOON + MINUTE)
    assert again.revoked_at == NOON
    assert AccountEvent.objects.filter(action="key.revoke").count() == 1


@pytest.mark.django_db
def test_only_account_managers_find_keys_of_others() -> None:
    key, _secret = issue()
    for who in (cast.head_barat(), cast.reader(), cast.api_client()):
        with pytest.raises(NotFound):
            revoke_key(by=who, number=key.pk, now=NOON)
    key.refresh_from_db()
    assert key.revoked_at is None
    with pytest.raises(NotFound):
        revoke_key(by=cast.admin(), number=key.pk + 1, now=NOON)
    assert revoke_key(by=cast.admin(), number=key.pk, now=NOON).revoked_at == NOON
    assert list(ApiKey.objects.visible_to(cast.head_barat())) == []
    assert list(ApiKey.objects.visible_to(cast.admin())) == [key]


@pytest.mark.django_db
def test_a_key_ends_at_its_expiry() -> None:
    key, _secret = issue(days=1)
    end = NOON + timedelta(days=1)
    for moment, lives in ((NOON, True), (end - timedelta(seconds=1), True), (end, False), (end + MINUTE, False)):
        assert key.is_live(moment) is lives
        assert ApiKey.objects.live(moment).exists() is lives


@pytest.mark.usefixtures("at_noon")
def test_expired_keys_and_disabled_owners_open_nothing() -> None:
    _key, old = issue(days=1, now=NOON - timedelta(days=1))
    _key, ours = issue(cast.head_barat())
    assert (asked(old), asked(ours)) == (401, 200)
    User.objects.filter(pk=cast.head_barat().pk).update(is_active=False)
    assert asked(ours) == 401
    assert not ApiKey.objects.live(NOON).exists()


@pytest.mark.usefixtures("at_noon")
def test_keys_lose_at_once_what_their_owner_loses() -> None:
    _key, secret = issue(cast.head_barat(), scopes=["counts:write"])
    body = {"region": KAPUK, "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 3}
    send = lambda: Client().post(  # noqa: E731 - twice the same
        "/api/v1/counts/", body, "application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    assert send().status_code == 200
    User.objects.filter(pk=cast.head_barat().pk).update(role=Role.READER)
    assert send().status_code == 403


# Use


@pytest.mark.django_db
def test_the_last_use_is_noted_to_the_minute() -> None:
    key, _secret = issue()
    noted = []
    for seconds in (0, 59, 60, 90, 120):
        key.refresh_from_db()
        note_use(key, NOON + timedelta(seconds=seconds))
        key.refresh_from_db()
        noted.append((key.last_used_at - NOON).seconds if key.last_used_at else None)
    assert noted == [0, 0, 60, 60, 120]


@pytest.mark.usefixtures("at_noon")
def test_only_an_accepted_key_is_noted_as_used() -> None:
    key, secret = issue()
    assert asked(secret + "x") == 401
    assert ApiKey.objects.filter(pk=key.pk, last_used_at=None).exists()
    assert asked(secret) == 200
    noted = ApiKey.objects.get(pk=key.pk).last_used_at
    assert noted is not None
    assert timedelta(0) <= noted - NOON < timedelta(minutes=5)


# Narrowing


PLACES = ("31", "31.71", "31.73", "31.73.01", "31.73.01.1004", "31.730", "31.75", "31.75.01", "32", "32.73")
REACH = ("31", "31.73", "31.75", "32", "32.73")


def narrowed(owner: User, scopes: list[str], region: str) -> User:
    """The owner as a key with these scopes and this region makes it."""
    program = User(pk=owner.pk, role=owner.role, jurisdiction=owner.jurisdiction, is_active=owner.is_active)
    program.key = ApiKey(owner=owner, scopes=scopes, jurisdiction=region)
    return program


def below(code: str, root: str) -> bool:
    return f"{code}.".startswith(f"{root}.")


def named(scopes: list[str], action: Action) -> bool:
    """Whether a scope names the action; what is for everybody needs none."""
    return action == Action.PUBLIC_READ or any(action in KEY_SCOPES[KeyScope(scope)] for scope in scopes)


MATRIX = """
    owner   region  scope          reads                  writes counts    sets targets
    staff   -       read           31 31.73 31.75         -                -
    staff   31.73   read           31.73                  -                -
    staff   -       counts:write   -                      31 31.73 31.75   -
    staff   31.75   counts:write   -                      31.75            -
    staff   31.73   targets:write  -                      -                31.73
    staff   32      read           -                      -                -
    head    -       read           31 31.73 31.75         -                -
    head    31.75   read           31.75                  -                -
    head    -       counts:write   -                      31.73            -
    head    31      counts:write   -                      31.73            -
    head    31.75   counts:write   -                      -                -
    reader  31.73   read           31.73                  -                -
    reader  -       counts:write   -                      -                -
    api     31.73   counts:write   -                      31.73            -
    api     -       targets:write  -                      -                -
    admin   -       read           31 31.73 31.75 32      -                -
    admin   32      counts:write   -                      32               -
    admin   31.73   targets:write  -                      -                31.73
"""
OWNERS: dict[str, Callable[[], User]] = {
    "staff": cast.staff,
    "head": cast.head_barat,
    "reader": cast.reader,
    "api": cast.api_client,
    "admin": cast.admin,
}
LINES = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in MATRIX.split("\n") if line.strip()][1:]


@pytest.mark.django_db
@pytest.mark.parametrize("line", LINES, ids=[" ".join(line[:3]) for line in LINES])
def test_a_key_may_do_what_the_matrix_says(line: list[str]) -> None:
    owner, region, scope, *expected = line
    by = narrowed(OWNERS[owner](), [scope], region.strip("-"))
    for action, told in zip((Action.COUNT_READ, Action.COUNT_WRITE, Action.TARGET_WRITE), expected, strict=True):
        allowed = " ".join(code for code in ("31", "31.73", "31.75", "32") if can(by, action, code)) or "-"
        assert allowed == told, action


owners = st.builds(User, role=st.sampled_from(STORED_ROLES), jurisdiction=st.sampled_from(REACH), is_active=st.booleans())
scopes_of_keys = st.lists(st.sampled_from(KeyScope.values), max_size=3, unique=True)


@given(owner=owners, scopes=scopes_of_keys, region=st.sampled_from(("", *REACH)))
@how(max_examples=300, deadline=None, derandomize=True, database=None)
def test_no_key_exceeds_owner_scopes_or_region(owner: User, scopes: list[str], region: str) -> None:
    by = narrowed(owner, scopes, region)
    for action in Action:
        for code in PLACES:
            inside = not region or below(code, region)
            expected = inside and named(scopes, action) and can(owner, action, code)
            assert can(by, action, code) is expected, (action, code)
    for found in (home_region(by), own_region(by)):
        if found:
            assert not region or below(found, region), "beyond the key's region"
            assert can(owner, Action.COVERAGE_READ, found), "beyond the owner's right"
    if home := home_region(by):
        assert can(by, Action.COVERAGE_READ, home)


@given(owner=owners, scopes=scopes_of_keys, region=st.sampled_from(("", *REACH)))
@how(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.usefixtures("small_world")
def test_lists_hold_exactly_what_the_key_reaches(owner: User, scopes: list[str], region: str) -> None:
    Region.objects.get_or_create(code="32", defaults={"name": "Jawa Barat", "level": "province"})
    Region.objects.get_or_create(code="31.730", defaults={"name": "Mirip", "level": "city", "parent_id": "31"})
    by = narrowed(owner, scopes, region)
    codes = list(Region.objects.values_list("code", flat=True))
    assert len(codes) == len(world.REGIONS) + 2
    for action in (Action.COVERAGE_READ, Action.COUNT_WRITE, Action.TARGET_WRITE, Action.KEY_WRITE):
        reached = set(Region.objects.filter(within(by, action, "code")).values_list("code", flat=True))
        assert reached == {code for code in codes if can(by, action, code)}, action


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "region", "home", "own"),
    [
        (cast.staff, "", "31", "31"),
        (cast.staff, "31.73", "31.73", "31.73"),
        (cast.head_barat, "", "31", "31.73"),
        (cast.head_barat, "31", "31", "31.73"),
        (cast.head_barat, "31.73", "31.73", "31.73"),
        (cast.head_barat, "31.75", "31.75", "31.75"),
        (cast.admin, "32", "32", "32"),
        (cast.staff, "32", "", ""),
        (cast.api_barat, "", "31.73", "31.73"),
        (cast.api_barat, "31.75", "", ""),
    ],
)
def test_where_a_program_begins_is_inside_its_key(who: Callable[[], User], region: str, home: str, own: str) -> None:
    by = narrowed(who(), ["read"], region)
    assert (home_region(by), own_region(by)) == (home, own)


@pytest.mark.usefixtures("small_world")
def test_a_posting_names_the_owner_of_the_key() -> None:
    by = narrowed(cast.head_barat(), ["counts:write"], "31.73")
    assert stored_user(by) == cast.head_barat()
    record_counts(act=Act(by, NOON, Door.API), counts=[count(5)])
    assert (Posting.objects.get().by, Posting.objects.get().door) == (cast.head_barat(), "api")
    with pytest.raises(NotAllowed):
        record_counts(act=Act(narrowed(cast.head_barat(), ["read"], ""), NOON, Door.API), counts=[count(6)], reason="x")
    assert world.value() == 5
