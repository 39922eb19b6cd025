"""Logging in and out, and how long a log-in lasts, through the pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.middleware import LOGGED_IN_AT, RENEWED_AT
from accounts.models import AccountEvent, User
from accounts.rights import SYSTEM
from accounts.services import change_user
from accounts.tests import cast
from accounts.tests.browser import is_in, logged_in, send, visitor
from dukcapil import clock
from recording.tests.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]
EVERY_ROLE = [cast.admin, cast.staff, cast.head_barat, cast.reader, cast.api_client]


@pytest.mark.parametrize("who", EVERY_ROLE, ids=lambda who: who.__name__)
def test_every_role_logs_in_and_leaves_an_event(who: Callable[[], User]) -> None:
    user, browser = who(), visitor()
    answer = send(browser, user.username)
    assert (answer.status_code, answer["Location"]) == (302, reverse("coverage"))
    assert is_in(browser)
    assert [(event.action, event.by) for event in AccountEvent.objects.all()] == [("user.login", user)]


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("budi", "salah-sekali-31"),
        ("budi", ""),
        ("hantu", cast.PASSWORD),
        ("", cast.PASSWORD),
        ("Budi", cast.PASSWORD),
        ("dina", cast.PASSWORD),  # disabled
        ("budi\x00", cast.PASSWORD),
        ("b" * 500, cast.PASSWORD),
        ("budi", "x" * 5_000),
    ],
)
def test_wrong_credentials_are_refused_in_words(username: str, password: str) -> None:
    cast.head_barat()
    cast.disabled()
    browser = visitor()
    answer = send(browser, username, password)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not is_in(browser)
    assert not AccountEvent.objects.exists()


def test_a_refusal_does_not_reveal_existing_names() -> None:
    cast.head_barat()
    cast.disabled()
    told = [
        [str(error) for error in send(visitor(), name, "salah-sekali-31").context["form"].non_field_errors()]
        for name in ("budi", "hantu", "dina")
    ]
    assert told[0] == told[1] == told[2] != []


def test_logging_out_takes_post_and_clears_the_session() -> None:
    browser = logged_in(cast.head_barat())
    assert browser.get(reverse("logout")).status_code == 405
    assert is_in(browser)
    answer = browser.post(reverse("logout"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("login"))
    assert not is_in(browser)
    assert not Session.objects.exists()


def test_logging_in_and_out_needs_the_csrf_token() -> None:
    cast.head_barat()
    browser = visitor()
    browser.handler.enforce_csrf_checks = True
    assert send(browser, "budi").status_code == 403
    assert browser.post(reverse("logout")).status_code == 403


GOALS = [
    ("/armada/", "/armada/"),
    ("/wilayah/31.73/?dokumen=KIA", "/wilayah/31.73/?dokumen=KIA"),
    ("https://testserver/armada/", "https://testserver/armada/"),
    ("http://testserver/armada/", "/"),  # would leave HTTPS
    ("//evil.example/", "/"),
    ("https://evil.example/", "/"),
    ("https://testserver.evil.example/", "/"),
    ("https://testserver@evil.example/", "/"),
    ("/\\evil.example/", "/"),
    ("\\\\evil.example", "/"),
    ("///evil.example", "/"),
    ("javascript:alert(1)", "/"),
    ("", "/"),
]


def test_logging_in_never_redirects_to_another_site() -> None:
    cast.head_barat()
    for asked, goal in (GOALS[0], GOALS[5]):
        assert send(visitor(), "budi", next=asked)["Location"] == goal
    browser = logged_in(cast.head_barat())
    for asked, goal in GOALS:  # one who is in already is sent on by the same rule
        answer = browser.get(reverse("login"), {"next": asked}, secure=True)
        assert (answer.status_code, answer["Location"]) == (302, goal), asked


def test_a_logged_in_user_skips_the_form() -> None:
    budi, browser = cast.head_barat(), visitor()
    assert browser.get("/armada/")["Location"] == "/masuk/?next=/armada/"
    send(browser, budi.username)
    assert browser.get("/masuk/?next=/armada/")["Location"] == "/armada/"


def test_logging_in_changes_the_session_key() -> None:
    cast.head_barat()
    browser = visitor()
    planted = browser.session
    planted["word"] = "kept"
    planted.save()
    send(browser, "budi")
    assert browser.session.session_key not in (None, planted.session_key)
    assert not Session.objects.filter(pk=planted.session_key).exists()


def test_cookies_are_closed_to_scripts_and_other_sites(settings) -> None:  # type: ignore[no-untyped-def]
    browser = logged_in(cast.head_barat())
    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    token = browser.get(reverse("password_change")).cookies["csrftoken"]
    assert token["samesite"] == "Lax"
    assert bool(cookie["secure"]) is bool(token["secure"]) is settings.PRODUCTION


def test_passwords_are_hashed_by_argon2() -> None:
    assert cast.head_barat().password.startswith("argon2$argon2id$")


def test_thirty_idle_minutes_end_the_session() -> None:
    browser = logged_in(cast.head_barat())
    assert browser.cookies["sessionid"]["max-age"] == 30 * 60
    left = Session.objects.get().expire_date - clock.real_now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=clock.real_now() - timedelta(seconds=1))
    assert not is_in(browser)


def test_requests_renew_the_session_at_most_every_minute() -> None:
    browser = logged_in(cast.head_barat())
    assert is_in(browser)
    _set(browser, **{RENEWED_AT: clock.now().timestamp() - 61})
    soon = clock.real_now() + timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    assert browser.get(reverse("password_change_done")).cookies["sessionid"]["max-age"] == 30 * 60
    assert Session.objects.get().expire_date - soon > timedelta(minutes=28)
    Session.objects.update(expire_date=soon)
    assert "sessionid" not in browser.get(reverse("password_change_done")).cookies
    assert Session.objects.get().expire_date == soon


def _set(browser, **values: float) -> None:  # type: ignore[no-untyped-def]
    session = browser.session
    session.update(values)
    session.save()


def _logged_in_before(browser, ago: timedelta) -> None:  # type: ignore[no-untyped-def]
    _set(browser, **{LOGGED_IN_AT: clock.now().timestamp() - ago.total_seconds()})


def test_an_active_session_ends_after_twelve_hours() -> None:
    browser = logged_in(cast.head_barat())
    _logged_in_before(browser, timedelta(hours=12, minutes=-1))
    assert is_in(browser)
    assert is_in(browser)
    _logged_in_before(browser, timedelta(hours=12, seconds=1))
    assert not is_in(browser)
    assert not Session.objects.filter(expire_date__gt=clock.real_now()).exists()


def test_a_session_without_a_start_ends_in_time() -> None:
    browser = visitor()
    browser.force_login(cast.head_barat(), backend="accounts.backends.AccountBackend")
    assert LOGGED_IN_AT not in browser.session
    assert is_in(browser)
    assert LOGGED_IN_AT in browser.session
    _logged_in_before(browser, timedelta(hours=13))
    assert not is_in(browser)


def test_a_visitor_gets_no_session_at_all() -> None:
    assert "sessionid" not in visitor().get(reverse("login")).cookies
    assert not Session.objects.exists()


def test_a_disabled_account_is_logged_out_at_once() -> None:
    budi, tuti = logged_in(cast.head_barat()), logged_in(cast.head_timur())
    change_user(
        by=SYSTEM, username="budi", full_name="Budi Barat", role="head", jurisdiction="31.73", is_active=False, now=NOON
    )
    assert not is_in(budi)
    assert is_in(tuti)
    assert not is_in(_back(budi))


def test_an_account_disabled_in_the_database_is_out() -> None:
    budi = logged_in(cast.head_barat())
    User.objects.update(is_active=False)
    assert not is_in(budi)


def _back(browser):  # type: ignore[no-untyped-def]
    assert send(browser, "budi").status_code == 200, "the form again: this account may not log in"
    return browser


def _change(browser, old: str, new: str, again: str | None = None):  # type: ignore[no-untyped-def]
    wanted = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return browser.post(reverse("password_change"), wanted)


def test_a_new_password_ends_all_other_sessions() -> None:
    budi = cast.head_barat()
    here, at_home, tuti = logged_in(budi), logged_in(budi), logged_in(cast.head_timur())
    key = here.session.session_key
    answer = _change(here, cast.PASSWORD, "kembang-sepatu-31")
    assert (answer.status_code, answer["Location"]) == (302, reverse("password_change_done"))
    assert [is_in(here), is_in(at_home), is_in(tuti)] == [True, False, True]
    assert here.session.session_key != key
    assert LOGGED_IN_AT in here.session
    assert AccountEvent.objects.filter(action="user.password", by=budi).count() == 1
    assert send(visitor(), "budi", "kembang-sepatu-31").status_code == 302
    assert send(visitor(), "budi").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("salah-sekali-31", "kembang-sepatu-31", None, "old_password"),
        (cast.PASSWORD, "kembang-sepatu-31", "kembang-sepatu-32", "new_password2"),
        (cast.PASSWORD, "pendek-1", None, "new_password2"),
        (cast.PASSWORD, "1234567890", None, "new_password2"),
        (cast.PASSWORD, "budi-barat", None, "new_password2"),
        (cast.PASSWORD, "", None, "new_password1"),
        ("", "kembang-sepatu-31", None, "old_password"),
    ],
)
def test_a_weak_password_is_refused_at_its_field(old: str, new: str, again: str | None, field: str) -> None:
    browser = logged_in(cast.head_barat())
    answer = _change(browser, old, new, again)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert User.objects.get(username="budi").check_password(cast.PASSWORD)
    assert not AccountEvent.objects.filter(action="user.password").exists()


def test_the_admin_has_no_log_in_page() -> None:
    door = reverse("admin:login")
    assert visitor().get(f"{door}?next=/kelola/")["Location"] == "/masuk/?next=/kelola/"
    assert visitor().post(door, {"username": "adi", "password": cast.PASSWORD})["Location"].startswith("/masuk/")
    assert logged_in(cast.staff()).get(door)["Location"] == reverse("admin:index")
    refused = logged_in(cast.head_barat()).get(f"{door}?next=/kelola/")
    assert refused.status_code == 403, "sending a head back and forth between two log-ins would never end"


def test_the_admin_changes_passwords_on_the_portals_page() -> None:
    browser = logged_in(cast.admin())
    wanted = {"old_password": cast.PASSWORD, "new_password1": "kembang-sepatu-31", "new_password2": "kembang-sepatu-31"}
    answer = browser.post(reverse("admin:password_change"), wanted)
    assert (answer.status_code, answer["Location"]) == (302, reverse("password_change"))
    assert User.objects.get(username="adi").check_password(cast.PASSWORD)


def test_a_nik_as_a_name_is_never_kept() -> None:
    browser = visitor()
    answer = send(browser, "3171012345678901")
    assert "bukan NIK" in str(answer.context["form"].errors)
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize(
    ("stood_on", "way_back"),
    [
        ("http://localhost/wilayah/31.73/?dokumen=KIA", "/wilayah/31.73/?dokumen=KIA"),
        ("https://elsewhere.example/catat/", "/catat/"),
        ("", "/"),
    ],
)
def test_a_form_after_the_session_is_called_unsaved(stood_on: str, way_back: str) -> None:
    browser = visitor()
    answer = browser.post("/hitung-ulang/", headers={"referer": stood_on})
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert page.context["next"] == way_back
    assert "Isian tadi belum tersimpan" in page.content.decode()
