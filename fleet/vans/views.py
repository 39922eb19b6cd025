"""Pages of the vans: the register by base, and one van with its papers and the days on which it cannot go out."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.forms import ServiceForm
from dukcapil.requests import PortalRequest
from fleet.models import Van
from fleet.pages.posted import by_page, unknown_act
from fleet.pages.posted import number as number_of
from fleet.pages.tabs import tabs
from fleet.vans import absences, services
from fleet.vans.forms import AbsenceForm, MoveForm, PaperForm, RegisterForm, RetireForm
from fleet.vans.selectors import bases, papers_ending

SOON = timedelta(days=30)


@require_http_methods(["GET", "HEAD", "POST"])
def vans(request: PortalRequest) -> HttpResponse:
    """The registered vans by base, against each base's quota; whoever answers for a base registers one here."""
    require(by=request.user, action=Action.FLEET_READ)
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, by=request.user, initial={"sets": 2})
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
    day: date = request.day
    found = bases(request.user, day)
    context = {
        "bases": found,
        "registered": sum(len(base.vans) for base in found),
        "quota": sum(b.quota for b in found),
        "papers": papers_ending(request.user, day, SOON),
        "day": day,
        "tabs": tabs(request, "vans"),
        "form": form,
        "may_register": can(request.user, Action.VAN_WRITE),
    }
    return render(request, "fleet/vans/vans.html", context, status=form.status if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def van(request: PortalRequest, number: int) -> HttpResponse:
    """One van. What is sent names its form with `act`."""
    found = Van.objects.visible_to(request.user).select_related("base").filter(pk=number).first()
    if found is None:
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    act = request.POST.get("act", "")
    data = {name: request.POST if act == name else None for name in ("absence", "paper", "move", "retire")}
    day: date = request.day
    forms: dict[str, ServiceForm] = {
        "absence": AbsenceForm(data["absence"], auto_id="absence_%s", initial={"first_day": day, "last_day": day}),
        "paper": PaperForm(data["paper"], auto_id="paper_%s"),
        "move": MoveForm(data["move"], auto_id="move_%s", by=request.user, initial={"base": found.base_id}),
        "retire": RetireForm(data["retire"], auto_id="retire_%s", initial={"day": day}),
    }
    status = 200
    if request.method == "POST":
        services.own_van(request.user, number)
        if act == "back":
            return _back(request, number)
        if act not in forms:
            raise unknown_act()
        if forms[act].is_valid():
            try:
                messages.success(request, ACTS[act](request, number, forms[act].cleaned_data))
            except Refused as problem:
                forms[act].refuse(problem)
            else:
                return redirect("van", number)
        status = forms[act].status
    context = {
        "van": found,
        "forms": forms,
        "papers": found.papers.all(),
        "tabs": tabs(request, "vans"),
        "day": day,
        "soon": day + SOON,
        "absences": found.absences.order_by("-first_day")[:20],
        "in_use": found.is_in_use(day),
        "may_change": can(request.user, Action.VAN_WRITE, found.base_id),
    }
    return render(request, "fleet/vans/van.html", context, status=status)


def _absence(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    absence, cancelled = absences.add_absence(van=number, **data, act=by_page(request))
    return _("Mobil tidak siap %(first)s sampai %(last)s; %(trips)s jadwal dibatalkan.") % {
        "first": figures.short_day(absence.first_day),
        "last": figures.short_day(absence.last_day),
        "trips": cancelled,
    }


def _paper(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    paper = services.set_paper(van=number, **data, act=by_page(request))
    return _("%(paper)s berlaku sampai %(day)s.") % {
        "paper": paper.get_kind_display(),
        "day": figures.short_day(paper.expires),
    }


def _move(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    moved, cancelled = services.move_van(van=number, **data, act=by_page(request))
    return _("Mobil pindah ke %(base)s; %(trips)s jadwal yang akan datang dibatalkan.") % {
        "base": moved.base.name,
        "trips": cancelled,
    }


def _retire(request: PortalRequest, number: int, data: dict[str, Any]) -> str:
    retired = services.retire_van(van=number, **data, act=by_page(request))
    return _("Mobil %(plate)s berhenti dipakai mulai %(day)s; riwayatnya tetap.") % {
        "plate": retired.plate,
        "day": figures.short_day(retired.retired),
    }


def _back(request: PortalRequest, number: int) -> HttpResponse:
    """The van is back: the absence ends yesterday."""
    day: date = request.day
    known = number_of(request.POST.get("absence", ""))
    absences.end_absence(absence=known, last_day=day - timedelta(days=1), act=by_page(request))
    messages.success(request, _("Mobil siap jalan lagi."))
    return redirect("van", number)


ACTS: dict[str, Callable[[PortalRequest, int, dict[str, Any]], str]] = {
    "absence": _absence,
    "paper": _paper,
    "move": _move,
    "retire": _retire,
}
