"""Pages of the second step: the code after the password, and the application that makes it."""

from datetime import timedelta
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import logout, user_login_failed
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.forms import CodeForm
from accounts.login import WAITING, ask_for_code, log_in, waiting_for_code
from accounts.middleware import SECOND_FACTOR_MISSING
from accounts.models import User
from accounts.services import second_factor as services
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest

APPLICATION = "application"  # in the session: the number of the application whose secret this log-in was shown
SHOWN = "codes_shown"  # in the session: [what was sent, until when it is answered by the same codes]
SENT_TWICE_WITHIN = timedelta(minutes=1)
QR_CODE = {"border": 2, "omitsize": True, "svgclass": "qr", "lineclass": None}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: PortalRequest) -> HttpResponse:
    """The code after the password. Wrong ones count as failed log-ins of the name, like wrong passwords."""
    waiting = waiting_for_code(request)
    if waiting is None:
        return redirect("login")
    user, goal = waiting
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if services.is_right_code(user=user, code=form.cleaned_data["code"]):
            del request.session[WAITING]
            return log_in(request, user, goal)
        user_login_failed.send(__name__, credentials={"username": user.username}, request=request)
        form.refuse(Refused(services.WRONG_CODE, "code"))
    return render(request, "accounts/login_code.html", {"form": form}, status=form.status if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: PortalRequest) -> HttpResponse:
    """Set up the application, renew the recovery codes, or remove both. A posted form names its action in `act`."""
    user = request.user
    assert isinstance(user, User)
    if request.session.get(SECOND_FACTOR_MISSING) and services.has_second_factor(user):
        logout(request)  # it was set up in another browser meanwhile; here only the password was given
        ask_for_code(request, user, reverse("coverage"))
        return redirect("login_code")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _act_on(request, user, form.cleaned_data["code"])
        except Refused as problem:
            form.refuse(problem)
    is_set_up = services.has_second_factor(user)
    device = None if is_set_up else _shown_application(request, user)
    context: dict[str, Any] = {"form": form, "is_set_up": is_set_up, "must": request.session.get(SECOND_FACTOR_MISSING)}
    if device:
        secret = device.config_url.partition("secret=")[2].partition("&")[0]
        context |= {"picture": _picture(device), "secret": secret, "address": device.config_url}
    else:
        context |= {"codes_left": services.recovery_codes_left(user), "may_stop": not services.must_have_second_factor(user)}
    status = form.status if form.errors else 200
    return render(request, "accounts/second_factor.html", context, status=status)


def _act_on(request: PortalRequest, user: User, code: str) -> HttpResponse:
    action = request.POST.get("act", "confirm")
    if action == "remove":
        services.remove_second_factor(by=user, user=user, code=code, now=request.now)
        messages.success(request, _("Kode dari aplikasi tidak dipakai lagi."))
        return redirect("second_factor")
    sent, (shown, until) = [action, code], request.session.get(SHOWN, (None, 0))
    if sent == shown and request.now.timestamp() <= until:
        return render(request, "accounts/recovery_codes.html", {"codes": services.recovery_codes(user)})  # pressed twice
    if action == "renew":
        codes = services.renew_recovery_codes(by=user, code=code, now=request.now)
    else:
        number = request.session.get(APPLICATION, 0)
        codes = services.confirm_second_factor(by=user, code=code, now=request.now, number=number)
    request.session.pop(SECOND_FACTOR_MISSING, None)
    request.session[SHOWN] = [sent, (request.now + SENT_TWICE_WITHIN).timestamp()]
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _shown_application(request: PortalRequest, user: User) -> TOTPDevice:
    """The one of this log-in: a secret that somebody else saw, who knew the password, must never be the one confirmed."""
    device = services.begin_second_factor(by=user, number=request.session.get(APPLICATION, 0))
    if request.session.get(APPLICATION) != device.pk:
        request.session[APPLICATION] = device.pk
    return device


def _picture(device: TOTPDevice) -> SafeString:
    """The QR code that the application reads, as SVG without styles."""
    drawn = segno.make(device.config_url, error="m").svg_inline(**QR_CODE)
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # drawn by us; its name stands around it
