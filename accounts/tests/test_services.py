"""Accounts are made and changed by services: each refusal at its field, and an event in the same transaction."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from accounts.models import AccountEvent, User
from accounts.rights import SYSTEM
from accounts.roles import Role
from accounts.selectors import user_named
from accounts.services import change_user, create_user, set_password
from accounts.tests import cast
from dukcapil.errors import Conflict, NotAllowed, Refused
from dukcapil.tests.processes import together
from recording.tests.world import NOON

NEW = {
    "username": "sari",
    "full_name": "Sari Selatan",
    "role": "head",
    "jurisdiction": "31.74",
    "password": "kembang-sepatu-31",
    "email": "sari@dki.example",
}


def create(by: Any = SYSTEM, **change: Any) -> User:
    return create_user(by=by, now=NOON, **(NEW | change))


def change(by: Any, username: str, **other: Any) -> User:
    user = User.objects.get(username=username)
    same = {name: getattr(user, name) for name in ("full_name", "role", "jurisdiction", "is_active", "email")}
    return change_user(by=by, username=username, now=NOON, **(same | other))


def events(action: str = "") -> list[AccountEvent]:
    return list(AccountEvent.objects.filter(action__startswith=action).order_by("pk"))


@pytest.mark.django_db
def test_a_new_account_stores_no_clear_password() -> None:
    adi = cast.admin()
    user = create(adi, full_name="  Sari Selatan ")
    assert (user.full_name, user.role, user.jurisdiction, user.is_active) == ("Sari Selatan", Role.HEAD, "31.74", True)
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password("kembang-sepatu-31")
    event = events()[-1]
    assert (event.action, event.subject, event.by, event.at) == ("user.create", "sari", adi, NOON)
    assert event.details == {"role": "head", "jurisdiction": "31.74"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"username": "Sari"}, "username", "Huruf kecil"),
        ({"username": "ss"}, "username", "Huruf kecil"),
        ({"username": "s" * 41}, "username", "3 sampai 40"),
        ({"username": "-sari"}, "username", "Huruf kecil"),
        ({"username": "sari\n"}, "username", "Huruf kecil"),
        ({"username": "sari selatan"}, "username", "Huruf kecil"),
        ({"username": ""}, "username", "tidak boleh kosong"),
        ({"username": "sa\x00ri"}, "username", "tidak dapat disimpan"),
        ({"username": "3171234567890001"}, "username", "NIK"),
        ({"full_name": "   "}, "full_name", "tidak boleh kosong"),
        ({"full_name": "S" * 81}, "full_name", "paling banyak 80"),
        ({"full_name": "Sari\x00"}, "full_name", "tidak dapat disimpan"),
        ({"full_name": "Sari 3171234567890001"}, "full_name", "NIK"),
        ({"email": "sari"}, "email", "alamat email"),
        ({"role": "boss"}, "role", "Peran boss tidak dikenal"),
        ({"role": "system"}, "role", "tidak dikenal"),
        ({"role": "anonymous"}, "role", "tidak dikenal"),
        ({"jurisdiction": "31"}, "jurisdiction", "memerlukan kode kota"),
        ({"jurisdiction": "3174"}, "jurisdiction", "kode kota"),
        ({"jurisdiction": "31.74.01"}, "jurisdiction", "31 atau 31.73"),
        ({"role": "staff", "jurisdiction": ""}, "jurisdiction", "tidak boleh kosong"),
        ({"role": "staff", "jurisdiction": "DKI"}, "jurisdiction", "Kode provinsi atau kota"),
        ({"password": ""}, "password", "terlalu pendek"),
        ({"password": "pendek-1"}, "password", "setidaknya 10"),
        ({"password": "3171000031"}, "password", "seluruhnya terdiri dari angka"),
        ({"password": "password123"}, "password", "terlalu umum"),
        ({"password": "sari-selatan"}, "password", "terlalu mirip dengan nama lengkap"),
    ],
    ids=str,
)
def test_an_invalid_account_is_refused_at_its_field(wrong: dict[str, str], field: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        create(**wrong)
    assert refused.value.field == field
    assert User.objects.count() == 0
    assert events() == []


@pytest.mark.django_db
def test_a_jurisdiction_without_a_region_reaches_nothing() -> None:
    assert create(jurisdiction="99.99").jurisdiction == "99.99"


@pytest.mark.django_db
def test_a_taken_name_is_a_conflict() -> None:
    create()
    with pytest.raises(Conflict, match="Nama pengguna sari sudah dipakai") as refused:
        create(full_name="Sari Lain")
    assert refused.value.field == "username"
    assert User.objects.get(username="sari").full_name == "Sari Selatan"
    assert len(events("user.create")) == 1


def _one_more_sari(number: int) -> None:
    try:
        create(full_name=f"Sari {number}")
    except Conflict:
        AccountEvent.objects.create(at=NOON, action="told", subject="sari")


@pytest.mark.usefixtures("committed")
def test_one_of_many_concurrent_writers_gets_the_name() -> None:
    codes = together(*[partial(_one_more_sari, number) for number in range(6)])
    assert codes == [0] * 6
    assert User.objects.filter(username="sari").count() == 1
    assert [len(events("user.create")), len(events("told"))] == [1, 5]


@pytest.fixture
def no_events(db: None) -> None:
    """The database refuses every event from here on: a real failure after the account was written."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE accounts_accountevent ADD CONSTRAINT none CHECK (false) NOT VALID")
        else:
            cursor.execute(
                "CREATE TRIGGER no_events BEFORE INSERT ON accounts_accountevent BEGIN SELECT RAISE(ABORT, 'no events'); END"
            )


@pytest.mark.django_db
def test_no_account_is_written_without_its_event(request: pytest.FixtureRequest) -> None:
    budi = cast.head_barat()
    before = User.objects.values().get()
    request.getfixturevalue("no_events")
    acts: list[Callable[[], object]] = [
        create,
        lambda: change(SYSTEM, budi.username, full_name="Budi Baru"),
        lambda: set_password(by=SYSTEM, username=budi.username, password="kembang-sepatu-31", now=NOON),
    ]
    for act in acts:
        with pytest.raises(DatabaseError):
            act()
    assert User.objects.values().get() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", [cast.staff, cast.head_barat, cast.reader, cast.api_client, cast.disabled], ids=lambda f: f.__name__
)
def test_only_an_administrator_writes_the_accounts_of_others(who: Callable[[], User]) -> None:
    tuti, by = cast.head_timur(), who()
    for act in (
        lambda: create(by),
        lambda: change(by, tuti.username, full_name="Tuti Lain"),
        lambda: set_password(by=by, username=tuti.username, password="kembang-sepatu-31", now=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert User.objects.get(pk=tuti.pk).full_name == "Tuti Timur"
    assert events() == []


@pytest.mark.django_db
def test_a_repeated_change_leaves_no_second_event() -> None:
    adi = cast.admin()
    cast.head_barat()
    change(adi, "budi", jurisdiction="31.72", full_name="Budi Utara")
    change(adi, "budi", jurisdiction="31.72", full_name="Budi Utara ")
    assert [(event.action, event.subject, event.by) for event in events()] == [("user.change", "budi", adi)]
    assert events()[0].details == {"role": "head", "jurisdiction": "31.72", "active": True}
    assert User.objects.get(username="budi").full_name == "Budi Utara"


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"is_active": False}, {"role": "staff"}, {"role": "reader"}], ids=str)
def test_nobody_disables_or_demotes_the_own_account(other: dict[str, Any]) -> None:
    adi = cast.admin()
    with pytest.raises(Refused, match="Akun sendiri") as refused:
        change(adi, "adi", **other)
    assert refused.value.field == "role"
    assert User.objects.get(username="adi").is_superuser
    assert change(adi, "adi", full_name="Adi Baru").full_name == "Adi Baru"


@pytest.mark.django_db
def test_a_change_is_checked_like_a_new_account() -> None:
    cast.head_barat()
    with pytest.raises(Refused, match="memerlukan kode kota") as refused:
        change(SYSTEM, "budi", jurisdiction="31")
    assert refused.value.field == "jurisdiction"
    assert User.objects.get(username="budi").jurisdiction == "31.73"


@pytest.mark.django_db
def test_disabling_ends_only_that_accounts_sessions() -> None:
    people = {user.pk: user for user in (cast.head_barat(), cast.head_timur())}
    for pk in people:
        for _browser in range(2):
            session = SessionStore()
            session["_auth_user_id"] = str(pk)
            session.create()
    change(SYSTEM, "budi", is_active=False)
    left = [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()]
    assert left == [str(cast.head_timur().pk)] * 2


@pytest.mark.django_db
def test_only_owner_or_administrator_sets_a_password() -> None:
    budi, adi = cast.head_barat(), cast.admin()
    set_password(by=budi, username="budi", password="kembang-sepatu-31", now=NOON)
    assert User.objects.get(username="budi").check_password("kembang-sepatu-31")
    set_password(by=adi, username="budi", password="bunga-kamboja-31", now=NOON)
    assert User.objects.get(username="budi").check_password("bunga-kamboja-31")
    assert [(event.action, event.by) for event in events()] == [("user.password", budi), ("user.password", adi)]
    assert "31" not in str([event.details for event in events()])


@pytest.mark.django_db
def test_a_disabled_account_sets_no_password() -> None:
    dina = cast.disabled()
    with pytest.raises(NotAllowed):
        set_password(by=dina, username="dina", password="kembang-sepatu-31", now=NOON)
    assert User.objects.get(username="dina").check_password(cast.PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "pendek-1", "1234567890", "password123", "budi-barat"])
def test_a_weak_password_is_refused_at_the_password(password: str) -> None:
    budi = cast.head_barat()
    with pytest.raises(Refused) as refused:
        set_password(by=budi, username="budi", password=password, now=NOON)
    assert refused.value.field == "password"
    assert User.objects.get(username="budi").check_password(cast.PASSWORD)


@pytest.mark.django_db
def test_an_unknown_account_is_told_at_the_name() -> None:
    for act in (
        lambda: set_password(by=SYSTEM, username="hantu", password="kembang-sepatu-31", now=NOON),
        lambda: user_named("hantu"),
        lambda: user_named(cast.disabled().username),
    ):
        with pytest.raises(Refused, match="Tidak ada pengguna") as refused:
            act()
        assert refused.value.field == "username"
    assert user_named(cast.staff().username) == cast.staff()
