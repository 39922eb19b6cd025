"""The page "API": how to begin, what there is, how it fails; and for those who have logged in, their keys and webhooks.

A secret is shown on the page after the one that made it, once: it waits in the session, where it is written in the same
transaction as the key, so that a button that was pressed twice makes one key and loses no secret.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts import Act
from accounts.rights import can, require
from accounts.roles import Action, KeyScope
from accounts.services.answers import answer_once
from accounts.services.keys import issue_key, revoke_key
from dukcapil.errors import Refused
from dukcapil.problems import KINDS
from dukcapil.requests import PortalRequest
from recording.demo.services import demo_key
from recording.developers import guide
from recording.developers.forms import DEFAULT_DAYS, KeyForm, OnceForm, WebhookForm
from recording.developers.lists import key_lines, limits, webhook_lines
from recording.models import Door
from recording.regions.choices import page_number
from recording.webhooks import outgoing
from recording.webhooks.services import register_webhook, stop_webhook

SECRET_IN_SESSION = "api_secret"


@login_not_required  # what the API is, everybody may read; keys are for those who have logged in
@never_cache  # a secret must not be kept by a browser, nor a form's token
@require_safe
def api_page(request: PortalRequest) -> HttpResponse:
    """The page; a secret that waits is shown and forgotten."""
    return _page(request, secret=request.session.pop(SECRET_IN_SESSION, None) if request.method == "GET" else None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key_issue(request: PortalRequest) -> HttpResponse:
    """A new key, once for each form."""
    require(by=request.user, action=Action.KEY_WRITE)
    if request.method != "POST":
        return redirect("api_page")
    form = KeyForm(request.POST, by=request.user, day=request.day, auto_id="key_%s")
    if not form.is_valid():
        return _page(request, key_form=form)

    def issue() -> tuple[str, str]:
        data = form.cleaned_data
        key, secret = issue_key(
            by=request.user,
            name=data["name"],
            scopes=data["scopes"],
            days=data["days"],
            jurisdiction=data["jurisdiction"],
            owner=form.key_owner(),
            now=request.now,
        )
        return key.name, secret

    return _once(request, "key", form, issue) or _page(request, key_form=form)


@require_POST
def key_revoke(request: PortalRequest, number: int) -> HttpResponse:
    """The key opens nothing any more."""
    key = revoke_key(by=request.user, number=number, now=request.now)
    messages.success(request, _("Kunci “%(name)s” dicabut.") % {"name": key.name})
    return redirect(f"{reverse('api_page')}#kunci")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_register(request: PortalRequest) -> HttpResponse:
    """A new webhook, once for each form."""
    require(by=request.user, action=Action.KEY_WRITE)
    if request.method != "POST":
        return redirect("api_page")
    form = WebhookForm(request.POST, auto_id="webhook_%s")
    if not form.is_valid():
        return _page(request, webhook_form=form)
    url = form.cleaned_data["url"]
    resolve = _resolver(url)

    def register() -> tuple[str, str]:
        webhook, secret = register_webhook(
            act=Act(request.user, request.now, Door.PAGE), url=url, name=form.cleaned_data["name"], resolve=resolve
        )
        return webhook.name, secret

    return _once(request, "webhook", form, register) or _page(request, webhook_form=form)


@require_POST
def webhook_stop(request: PortalRequest, number: int) -> HttpResponse:
    """Nothing is sent to it any more."""
    webhook = stop_webhook(act=Act(request.user, request.now, Door.PAGE), number=number)
    messages.success(request, _("Webhook “%(name)s” dihentikan.") % {"name": webhook.name})
    return redirect(f"{reverse('api_page')}#webhook")


def _once(request: PortalRequest, kind: str, form: OnceForm, make: Callable[[], tuple[str, str]]) -> HttpResponse | None:
    """Make it (its name and its secret) once for this form, and lead to the page; None: it was refused."""
    token = form.cleaned_data["token"]

    def work() -> tuple[int, str]:
        name, secret = make()
        request.session[SECRET_IN_SESSION] = {"kind": kind, "name": name, "secret": secret}
        request.session.save()  # in the transaction of the key
        return 303, name

    try:
        done = answer_once(by=request.user, key=f"page-{kind}-{token}", request=token.encode(), work=work, now=request.now)
    except Refused as problem:
        form.refuse(problem)
        return None
    if done.repeated:
        # Opened before the other press was done, this session would be written over what that one left in it.
        waiting = request.session.load().get(SECRET_IN_SESSION)
        if waiting:
            request.session[SECRET_IN_SESSION] = waiting
        sentence = _("Formulir ini sudah dikirim: “%(name)s” dibuat satu kali saja.")
        messages.info(request, sentence % {"name": done.body})
    return redirect("api_page")


def _resolver(url: str) -> outgoing.Resolver:
    """The addresses of the host, asked for now: this may take seconds, and the service holds the writers' lock.

    The service decides whether they are allowed.
    """
    addresses: list[str] = []
    if not settings.WEBHOOKS_ALLOW_PRIVATE_ADDRESSES:
        with suppress(Refused):
            place = outgoing.parse_url(url, allow_private=True)
            addresses = outgoing.addresses_of(place, allow_private=True, resolve=outgoing.resolve_host)
    return lambda _host, _port: addresses


def _page(
    request: PortalRequest,
    *,
    key_form: KeyForm | None = None,
    webhook_form: WebhookForm | None = None,
    secret: dict[str, str] | None = None,
) -> HttpResponse:
    host = request.build_absolute_uri("/").rstrip("/")
    demo = demo_key(now=request.now) if request.demo else ""
    key = demo or _(guide.KEY_PLACEHOLDER)
    context: dict[str, Any] = {
        "host": host,
        "demo_key": demo,
        "secret": secret,
        "limits": limits(),
        "curl": guide.curl_example(host, key, reverse("api_coverage")),
        "python": guide.python_example(host, key, reverse("api_changes")),
        "write": guide.write_example(host, reverse("api_counts")),
        "hook_body": guide.HOOK_BODY,
        "verify": guide.verify_example(),
        "addresses": [(reverse(name), method, _(content)) for name, method, content in guide.ADDRESSES],
        "kinds": [(status, slug, _(title), _(guide.ADVICE[status])) for status, (slug, title) in KINDS.items()],
        "may_write": can(request.user, Action.KEY_WRITE),
    }
    if context["may_write"]:
        context |= _managed(request, key_form, webhook_form)
    refused = key_form or webhook_form
    return render(request, "recording/developers/page.html", context, status=refused.status if refused else 200)


def _managed(request: PortalRequest, key_form: KeyForm | None, webhook_form: WebhookForm | None) -> dict[str, Any]:
    user = request.user
    initial = {"token": uuid.uuid4().hex, "scopes": [KeyScope.READ], "days": DEFAULT_DAYS, "owner": user.get_username()}
    page = page_number(request)
    keys, older = key_lines(user, request.now, page)
    here = reverse("api_page")
    return {
        "key_form": key_form or KeyForm(initial=initial, by=user, day=request.day, auto_id="key_%s"),
        "webhook_form": webhook_form or WebhookForm(initial=initial, auto_id="webhook_%s"),
        "keys": keys,
        "webhooks": webhook_lines(user),
        "sees_all": can(user, Action.USER_MANAGE),
        "previous_url": f"{here}?halaman={page - 1}#kunci" if page > 1 else "",
        "next_url": f"{here}?halaman={page + 1}#kunci" if older else "",
    }
