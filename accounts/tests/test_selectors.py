"""A row by its value is what the ORM would give, without the ORM."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from accounts.models import ApiKey, User
from accounts.selectors import account_numbered, key_with_digest
from accounts.services.keys import digest_of, issue_key
from accounts.sessions import SessionStore
from accounts.tests import cast
from dukcapil import clock

pytestmark = pytest.mark.django_db


def values(row: Any, model: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}


def test_a_key_is_read_with_its_owner() -> None:
    owner, now = cast.reader(), clock.real_now()
    made, secret = issue_key(by=owner, name="uji", scopes=["read"], days=3, now=now, jurisdiction="31.73")
    key = key_with_digest(digest_of(secret))
    assert key
    assert values(key, ApiKey) == values(ApiKey.objects.get(pk=made.pk), ApiKey)
    assert key.owner == owner
    assert (key.owner.role, key.owner.jurisdiction, key.owner.is_active) == (owner.role, owner.jurisdiction, True)
    assert key_with_digest("x") is None


def test_an_account_is_read_whole() -> None:
    reader = cast.reader()
    User.objects.filter(pk=reader.pk).update(last_login=clock.real_now(), email="a@contoh.id")
    found = account_numbered(reader.pk)
    assert values(found, User) == values(User.objects.get(pk=reader.pk), User)
    assert found
    assert found.is_active is True
    assert account_numbered(reader.pk + 1_000) is None


def test_a_session_ends_with_its_time() -> None:
    store = SessionStore()
    store["a"] = 1
    store.save()
    key = store.session_key
    assert SessionStore(key)["a"] == 1
    Session.objects.update(expire_date=clock.real_now() - timedelta(seconds=1))
    ended = SessionStore(key)
    assert (ended.get("a"), ended.session_key) == (None, None)
    assert SessionStore("0" * 32).get("a") is None
