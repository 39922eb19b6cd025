"""The second step of a log-in: a code from an application on the person's phone (RFC 6238), or a recovery code on paper.

Whoever has confirmed an application is asked for a code after each password. Roles in SECOND_FACTOR_ROLES must have one.
django-otp keeps the secrets, accepts each code once, and makes whoever guesses wait longer after every wrong one.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.rights import Actor, require
from accounts.roles import Action
from accounts.services.events import write_event
from dukcapil.errors import N_, NotAllowed, Refused

RECOVERY_CODES = 10
NAME = "aplikasi"
DIGITS = 6  # of a code from the application
WRONG_CODE = N_("Kode salah, sudah terpakai, atau dicoba terlalu sering. Tunggu kode berikutnya, lalu coba lagi.")


def has_second_factor(user: User) -> bool:
    """Whether the account has an application that was confirmed."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def must_have_second_factor(user: User) -> bool:
    """Whether the role of the account is in SECOND_FACTOR_ROLES."""
    return user.role in settings.SECOND_FACTOR_ROLES


def needs_second_factor(user: User) -> bool:
    """Whether the account must still set one up."""
    return must_have_second_factor(user) and not has_second_factor(user)


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def recovery_codes(user: User) -> list[str]:
    """Those that are left; shown again only to the log-in that made them a moment ago."""
    return list(StaticToken.objects.filter(device__user=user).order_by("pk").values_list("token", flat=True))


def begin_second_factor(*, by: User, number: int = 0) -> TOTPDevice:
    """The application that waits to be confirmed, with its secret: the one of this number, which the same log-in was shown,
    or a new one; never one that another log-in has seen. Refused for an account that has one."""
    if has_second_factor(by):
        raise Refused(N_("Akun ini sudah memakai kode dari aplikasi."))
    shown: TOTPDevice | None = TOTPDevice.objects.filter(user=by, confirmed=False, pk=number).first()
    return shown or TOTPDevice.objects.create(user=by, confirmed=False, name=NAME)


def confirm_second_factor(*, by: User, code: str, now: datetime, number: int) -> list[str]:
    """Confirm the waiting application by its first code; returns the recovery codes, which are shown this once."""
    device = begin_second_factor(by=by, number=number)
    allowed, _why = device.verify_is_allowed()
    if not allowed or not device.verify_token(_digits(code)):
        raise Refused(WRONG_CODE, "code")
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        TOTPDevice.objects.filter(user=by, confirmed=False).delete()
        write_event(by, now, "user.second_factor", by)
        return _fresh_codes(by)


def is_right_code(*, user: User, code: str) -> bool:
    """Whether it is the application's present code or a recovery code; it is used up by that. Recovery codes have more
    signs, so that a wrong one of the one kind makes nobody wait for the other."""
    code = _digits(code)
    kind = TOTPDevice if len(code) <= DIGITS else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return False
        allowed, _why = device.verify_is_allowed()
        return allowed and bool(device.verify_token(code))


def renew_recovery_codes(*, by: User, code: str, now: datetime) -> list[str]:
    """New recovery codes in place of all former ones."""
    _demand_code(by, code)
    with transaction.atomic():
        write_event(by, now, "user.recovery_codes", by)
        return _fresh_codes(by)


def remove_second_factor(*, by: Actor, user: User, now: datetime, code: str = "") -> None:
    """The owner takes it away with a code, unless the role must have one; an administrator for somebody who has lost the
    phone and the paper."""
    if by == user:
        if must_have_second_factor(user):
            raise NotAllowed(N_("Peran Anda wajib memakai kode dari aplikasi."))
        _demand_code(user, code)
    else:
        require(by=by, action=Action.USER_MANAGE)
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        write_event(by, now, "user.second_factor_removed", user)


def _demand_code(user: User, code: str) -> None:
    if not is_right_code(user=user, code=code):
        raise Refused(WRONG_CODE, "code")


def _digits(code: str) -> str:
    """As it was meant: applications show blanks between the digits."""
    return "".join(code.split()).lower()


def _fresh_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="kertas")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
