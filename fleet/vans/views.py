"""Pages of the vans: the register by base, and one van with its papers and the days on which it cannot go out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import NotFound, Refused
from dukcapil.forms import ServiceForm
from dukcapil.requests import PortalRequest
from fleet.models import Van
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.tabs import tabs
from fleet.vans import absences, services
from fleet.vans.forms import MoveForm, PaperForm, RegisterForm, RetireForm
from fleet.vans.selectors import bases, own_van, papers_ending, visible_van
from recording.public import ONE_DAY, parse_day

EXPIRES_SOON = timedelta(days=30)
MAX_ABSENCES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def vans(request: PortalRequest) -> HttpResponse:
    """The registered vans by base, against each base's quota; whoever may change a base's vans registers one here."""
    require(by=request.user, action=Action.FLEET_READ)
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, by=request.user, day=request.day, initial={"sets": 2})
    if request.method == "POST":
        require(by=request.user, action=Action.VAN_WRITE)
        if form.is_valid():
            try:
                van = services.register_van(**form.cleaned_data, act=by_page(request))
            except Refused as problem:
                form.refuse(problem)
            else:
                messages.success(request, _("Mobil %(plate)s terdaftar.") % {"plate": van.plate})
                return redirect("van", van.pk)
    registered = bases(request.user, request.day)
    context = {
        "bases": registered,
        "registered": sum(len(base.vans) for base in registered),
        "quota": sum(base.quota for base in registered),
        "papers": papers_ending(request.user, request.day, EXPIRES_SOON),
        "day": request.day,
        "tabs": tabs(request, "vans"),
        "form": form,
        "may_register": can(request.user, Action.VAN_WRITE),
    }
    return render(request, "fleet/vans/vans.html", context, status=form.status if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def van(request: PortalRequest, number: int) -> HttpResponse:
    """One van. A posted form names itself in `act`; `act=back` ends an absence. What begins one stands with the
    schedule: it asks what becomes of the stops."""
    van = visible_van(request.user, number)
    forms = _forms(request, van)
    if request.method == "POST":
        own_van(request.user, number)
        action = request.POST.get("act", "")
        if action == "back":
            return _back(request, number)
        if action not in forms:
            raise unknown_action()
        form = forms[action]
        if form.is_valid():
            try:
                messages.success(request, ACTIONS[action](request, number, form.cleaned_data))
            except Refused as problem:
                form.refuse(problem)
            else:
                return redirect("van", number)
        return _van_page(request, van, forms, status=form.status)
    return _van_page(request, van, forms)


def _forms(request: PortalRequest, van: Van) -> dict[str, ServiceForm]:
    """The forms of the page by their action; only the posted one is bound."""
    day, action = request.day, request.POST.get("act", "")
    data = {name: request.POST if action == name else None for name in ("paper", "move", "retire")}
    return {
        "paper": PaperForm(data["paper"], auto_id="paper_%s"),
        "move": MoveForm(data["move"], auto_id="move_%s", by=request.user, day=day, initial={"base": van.base_id}),
        "retire": RetireForm(data["retire"], auto_id="retire_%s", initial={"day": day}),
    }


def _van_page(request: PortalRequest, van: Van, forms: dict[str, ServiceForm], *, status: int = 200) -> HttpResponse:
    context = {
        "van": van,
        "forms": forms,
        "papers": van.papers.all(),
        "tabs": tabs(request, "vans"),
        "day": request.day,
        "soon": request.day + EXPIRES_SOON,
        "absences": van.absences.prefetch_related("acts").order_by("-first_day")[:MAX_ABSENCES_SHOWN],
        "in_use": van.is_in_use(request.day),
        "may_change": can(request.user, Action.VAN_WRITE, van.base_id),
    }
    return render(request, "fleet/vans/van.html", context, status=status)


def _set_paper(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    paper = services.set_paper(van=number, **data, act=by_page(request))
    return _("%(paper)s berlaku sampai %(day)s.") % {"paper": paper.get_kind_display(), "day": figures.short_day(paper.expires)}


def _move_van(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    van, cancelled = services.move_van(van=number, **data, act=by_page(request))
    return _("Mobil pindah ke %(base)s; %(trips)s jadwal yang akan datang dibatalkan.") % {
        "base": van.base.name,
        "trips": cancelled,
    }


def _retire_van(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    van = services.retire_van(van=number, **data, act=by_page(request))
    return _("Mobil %(plate)s dinonaktifkan mulai %(day)s; riwayatnya tetap.") % {
        "plate": van.plate,
        "day": figures.short_day(van.retired),
    }


def _back(request: PortalRequest, number: int) -> HttpResponse:
    """The van goes out again from a day on: the absence ends the day before."""
    absence = posted_number(request.POST.get("absence", ""))
    try:
        day = parse_day(request.POST.get("day", ""))
        absences.end_absence(absence=absence, last_day=day - ONE_DAY, act=by_page(request))
        messages.success(request, _("Mobil beroperasi lagi mulai %(day)s.") % {"day": figures.long_day(day)})
    except NotFound:
        raise
    except Refused as problem:
        messages.error(request, str(problem))
    return redirect("van", number)


# What each form of the page of a van does, and the sentence that says so.
ACTIONS: dict[str, Callable[[PortalRequest, int, dict[str, Any]], str]] = {
    "paper": _set_paper,
    "move": _move_van,
    "retire": _retire_van,
}
