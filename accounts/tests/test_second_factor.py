"""The second step of a log-in: who is asked for a code, which codes are right, and what is lost with the phone."""

import re
import time
from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.login import CODE_WITHIN
from accounts.models import AccountEvent, User
from accounts.services import second_factor
from accounts.tests import cast
from accounts.tests.browser import is_in, logged_in, send, visitor
from dukcapil import clock
from dukcapil.errors import NotAllowed, Refused
from recording.tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]
PAGE, CODE = "/dua-langkah/", "/masuk/kode/"


def code_of(user: User, ahead: int = 0) -> str:
    """What the application shows, now or so many half minutes later."""
    device = TOTPDevice.objects.get(user=user)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + ahead * device.step
    return f"{totp.token():06d}"


def calm() -> None:
    """The pause after a wrong code is over."""
    for devices in (TOTPDevice.objects, StaticDevice.objects):
        devices.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def set_up(user: User) -> list[str]:
    """The application, confirmed by its code of half a minute ago; returns the recovery codes."""
    number = second_factor.begin_second_factor(by=user).pk
    return second_factor.confirm_second_factor(by=user, code=code_of(user, -1), now=clock.now(), number=number)


def give_password(user: User) -> Client:
    browser = visitor()
    assert send(browser, user.username)["Location"] == CODE
    assert not is_in(browser)
    return browser


def logged_in_with_code(user: User) -> Client:
    browser = give_password(user)
    browser.post(CODE, {"code": StaticToken.objects.filter(device__user=user)[0].token})
    return browser


def test_the_application_is_set_up_on_its_page() -> None:
    user = cast.staff()
    browser = logged_in(user)
    page = browser.get(PAGE)
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode()
    secret = TOTPDevice.objects.get(user=user).config_url.partition("secret=")[2].partition("&")[0]
    assert secret in words(page)
    assert 'href="otpauth://totp/Rekam%20Jakarta' in page.content.decode()  # a phone cannot read its own screen
    assert secret in words(browser.get(PAGE))
    wrong = browser.post(PAGE, {"act": "confirm", "code": "000 000"})
    assert wrong.status_code == 400
    assert not second_factor.has_second_factor(user)
    calm()
    code = code_of(user)
    answer = browser.post(PAGE, {"act": "confirm", "code": f"{code[:3]} {code[3:]}"})
    codes = re.findall(r"<code>(\w+)</code>", answer.content.decode())
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert "Tersisa 10 kode cadangan." in words(browser.get(PAGE))
    assert AccountEvent.objects.filter(action="user.second_factor", subject=user.username).exists()


def test_a_second_press_shows_the_codes_again() -> None:
    user = cast.staff()
    browser = logged_in(user)
    browser.get(PAGE)
    for act, ahead in (("confirm", -1), ("renew", 0)):
        sent = {"act": act, "code": code_of(user, ahead)}
        first, second = (re.findall(r"<code>(\w+)</code>", browser.post(PAGE, sent).content.decode()) for _time in range(2))
        assert len(first) == second_factor.RECOVERY_CODES
        assert second == first
    assert logged_in_with_code(user).post(PAGE, sent).status_code == 400


def test_a_secret_seen_elsewhere_is_never_confirmed() -> None:
    user = cast.staff()
    stranger, owner = logged_in(user), logged_in(user)
    stranger.get(PAGE)
    seen = TOTPDevice.objects.get(user=user)
    owner.get(PAGE)
    own = TOTPDevice.objects.exclude(pk=seen.pk).get(user=user)
    assert stranger.get(PAGE).status_code == 200  # which takes nothing from the owner's
    totp = TOTP(own.bin_key, own.step, own.t0, own.digits)
    totp.time = time.time()
    assert owner.post(PAGE, {"act": "confirm", "code": f"{totp.token():06d}"}).status_code == 200
    assert TOTPDevice.objects.get(user=user) == own


def test_the_password_alone_opens_nothing() -> None:
    user = cast.staff()
    set_up(user)
    browser = give_password(user)
    assert browser.get("/").status_code == 302
    assert browser.post(CODE, {"code": "123456"}).status_code == 400
    assert not is_in(browser)
    calm()
    answer = browser.post(CODE, {"code": code_of(user)})
    assert answer["Location"] == reverse("coverage")
    assert is_in(browser)


def test_a_code_is_taken_once() -> None:
    user = cast.staff()
    recovery = set_up(user)
    code = code_of(user)
    assert give_password(user).post(CODE, {"code": code}).status_code == 302
    assert give_password(user).post(CODE, {"code": code}).status_code == 400
    calm()
    assert give_password(user).post(CODE, {"code": recovery[0].upper()}).status_code == 302
    assert give_password(user).post(CODE, {"code": recovery[0]}).status_code == 400
    assert second_factor.recovery_codes_left(user) == second_factor.RECOVERY_CODES - 1


def test_guessed_codes_count_as_failed_log_ins() -> None:
    user = cast.staff()
    set_up(user)
    browser = give_password(user)
    answers = [browser.post(CODE, {"code": f"{number:06d}"}).status_code for number in range(5)]
    assert answers == [400, 400, 400, 400, 429]
    assert AccessAttempt.objects.get(username=user.username).failures_since_start == 5
    assert send(visitor(), user.username).status_code == 429


def test_the_code_must_come_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.staff()
    set_up(user)
    browser = give_password(user)
    later = clock.real_now() + CODE_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert browser.get(CODE)["Location"] == reverse("login")
    assert visitor().post(CODE, {"code": "123456"})["Location"] == reverse("login")


def test_a_disabled_account_stays_out() -> None:
    user = cast.staff()
    set_up(user)
    browser = give_password(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.post(CODE, {"code": code_of(user)})["Location"] == reverse("login")


def test_a_role_that_must_sets_it_up_first(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_ROLES = ["staff"]
    staff, head = cast.staff(), cast.head_barat()
    browser = visitor()
    send(browser, staff.username)
    for path in ("/", "/sandi/", "/armada/", "/kelola/", "/api/v1/runs/"):
        assert browser.get(path)["Location"] == PAGE
    assert "wajib" in words(browser.get(PAGE))
    browser.post(PAGE, {"act": "confirm", "code": code_of(staff)})
    assert browser.get("/sandi/").status_code == 200
    assert 'value="remove"' not in browser.get(PAGE).content.decode()
    other = visitor()
    send(other, head.username)
    assert other.get("/sandi/").status_code == 200
    with pytest.raises(NotAllowed):
        second_factor.remove_second_factor(by=staff, user=staff, now=clock.now())


def test_another_browser_asks_for_the_code(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_ROLES = ["staff"]
    staff = cast.staff()
    other = visitor()
    send(other, staff.username)
    recovery = set_up(staff)
    assert other.get("/", follow=True).redirect_chain[-1][0] == CODE
    assert not is_in(other)
    assert other.post(CODE, {"code": recovery[0]})["Location"] == reverse("coverage")
    assert is_in(other)


def test_a_lost_phone_is_forgiven_by_an_administrator() -> None:
    user = cast.staff()
    set_up(user)
    with pytest.raises(NotAllowed):
        second_factor.remove_second_factor(by=cast.head_barat(), user=user, now=clock.now())
    with pytest.raises(Refused):
        second_factor.remove_second_factor(by=user, user=user, code="123456", now=clock.now())
    call_command("reset_second_factor", user.username, stdout=StringIO())
    assert not StaticToken.objects.exists()
    assert send(visitor(), user.username)["Location"] == reverse("coverage")
    assert AccountEvent.objects.filter(action="user.second_factor_removed", subject=user.username).exists()


def test_recovery_codes_are_renewed_by_a_code() -> None:
    user = cast.staff()
    browser = logged_in(user)
    former = set_up(user)
    assert browser.post(PAGE, {"act": "renew", "code": "123456"}).status_code == 400
    calm()
    browser.post(PAGE, {"act": "renew", "code": code_of(user)})
    assert not set(former) & set(StaticToken.objects.values_list("token", flat=True))
    assert browser.post(PAGE, {"act": "remove", "code": StaticToken.objects.all()[0].token}).status_code == 302
    assert not second_factor.has_second_factor(user)


def test_an_administrator_removes_it_at_the_account() -> None:
    user, admin = cast.staff(), logged_in(cast.admin())
    set_up(user)
    page = f"/kelola/accounts/user/{user.pk}/change/"
    fields = {"full_name": user.full_name, "role": user.role, "jurisdiction": user.jurisdiction, "is_active": "on"}
    assert admin.post(page, fields | {"without_second_factor": "on"}).status_code == 302
    assert not second_factor.has_second_factor(user)
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice"):  # they would show what opens an account
        assert admin.get(f"/kelola/{model}/").status_code == 404
