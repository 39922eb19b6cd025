"""What is past its time goes, and nothing else; the record of what people did stays."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts import retention
from accounts.models import AccountEvent, StoredAnswer
from accounts.rights import SYSTEM
from accounts.services.answers import ANSWER_TTL
from accounts.services.events import write_event
from accounts.tasks import prune as task
from accounts.tests import cast
from accounts.tests.test_lockout import failed_before
from dukcapil import clock, locks
from dukcapil.errors import NotAllowed

MINUTE = timedelta(minutes=1)


@pytest.fixture
def rows(db: None) -> None:
    """Of each kind one that is past its time by a minute and one that is not yet."""
    now, owner = clock.real_now(), cast.staff()
    write_event(SYSTEM, now - timedelta(days=3_000), "create", owner)
    for name, shift in (("old", -MINUTE), ("new", MINUTE)):
        Session.objects.create(session_key=name, session_data="", expire_date=now + shift)
        StoredAnswer.objects.create(owner=owner, key=name, request="", status=200, body="", at=now - ANSWER_TTL + shift)
        failed_before(1, None, ago=settings.AXES_COOLOFF_TIME - shift, username=name)


def prune() -> dict[str, int]:
    now = clock.real_now()
    return retention.prune(by=SYSTEM, now=now, real_now=now)


def test_only_what_is_past_its_time_goes(rows: None) -> None:
    events = AccountEvent.objects.count()
    assert prune() == {"sessions": 1, "answers": 1, "failed_log_ins": 1}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["new"]
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["new"]
    assert AccountEvent.objects.count() == events
    assert task() == {"sessions": 0, "answers": 0, "failed_log_ins": 0}


def test_nothing_is_locked_when_nothing_is_old(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "one_writer", None)  # calling it would fail
    assert prune() == {"sessions": 0, "answers": 0, "failed_log_ins": 0}


def test_a_long_delete_takes_several_calls(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Session.objects.create(session_key="older", session_data="", expire_date=clock.real_now() - MINUTE)
    monkeypatch.setattr(locks, "MAX_DELETED_PER_CALL", 1)
    assert [prune()["sessions"] for _ in range(3)] == [1, 1, 0]


def test_nobody_but_who_manages_accounts_prunes(rows: None) -> None:
    now = clock.real_now()
    with pytest.raises(NotAllowed):
        retention.prune(by=cast.reader(), now=now, real_now=now)
    assert Session.objects.count() == 2
