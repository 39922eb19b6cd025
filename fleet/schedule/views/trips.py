"""Pages of one stop: planning it, and changing, moving, pinning or cancelling it."""

from dataclasses import asdict, replace
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused, Unconfirmed
from dukcapil.requests import PortalRequest
from fleet.models import Trip, TripStatus, Van
from fleet.pages.forms import chosen_day
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.tabs import tabs
from fleet.schedule import trips as services
from fleet.schedule.acts import history_of
from fleet.schedule.forms import ReasonForm, TripForm, trip_initial
from fleet.schedule.offers import VanOffer, offers_for
from fleet.schedule.selectors import former_places, own_trip, prospects, vans_to_plan, visible_trip
from recording.public import code_in, parse_day

MAX_PROSPECTS_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def trip_add(request: PortalRequest) -> HttpResponse:
    """Plan a stop; beside the form stands what helps to choose the kelurahan."""
    require(by=request.user, action=Action.TRIP_WRITE)
    vans = vans_to_plan(request.user, request.day)
    van = _chosen_van(request, vans)
    if van is None:
        return render(request, "fleet/schedule/schedule_empty.html", {"tabs": tabs(request, "schedule")})
    day = parse_day(request.GET["hari"]) if "hari" in request.GET else request.day
    village = request.GET.get("kelurahan", "")
    initial = {"van": van.pk, "day": day, "session": "morning", "village": village}
    form = _trip_form(request, vans, initial, day, posted=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        try:
            trip = services.plan_trip(trip=form.trip(), confirmed=form.confirmed, act=by_page(request))
        except Refused as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Jadwal tersimpan sebagai rencana: %(place)s.") % {"place": trip.place})
            return redirect(_week_url(trip))
    context = _planning_context(request, form, van, day)
    return render(request, "fleet/schedule/trip_add.html", context, status=form.status if form.errors else 200)


def _chosen_van(request: PortalRequest, vans: list[Van]) -> Van | None:
    """The van in the address, or the first of them; None without vans."""
    if "mobil" not in request.GET:
        return next(iter(vans), None)
    van = next((van for van in vans if str(van.pk) == request.GET["mobil"]), None)
    if van is None:
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    return van


@require_http_methods(["GET", "HEAD", "POST"])
def trip(request: PortalRequest, number: int) -> HttpResponse:
    """One stop: change it, move it, call it off, pin it. A posted form names its action in `act`."""
    trip = visible_trip(request.user, number)
    action = request.POST.get("act", "")
    vans = vans_to_plan(request.user, request.day)
    day = chosen_day(request.GET.get("hari"), trip.day)
    form = _trip_form(request, vans, trip_initial(trip) | {"day": day}, day, posted=action == "change")
    cancel_form = ReasonForm(request.POST if action == "cancel" else None, auto_id="cancel_%s")
    posted_form = cancel_form if action == "cancel" else form
    if request.method == "POST":
        own_trip(request.user, number)
        if action in ("move", "resume"):
            return (_move if action == "move" else _resume)(request, trip)
        if action not in ("change", "cancel"):
            return _pin_or_release(request, trip, action)
        if posted_form.is_valid():
            try:
                answer = _change_or_cancel(request, number, form, cancel_form)
            except Refused as problem:
                posted_form.refuse(problem)
            else:
                return answer
    status = posted_form.status if posted_form.errors else 200
    return _trip_page(request, trip, form, cancel_form, status=status)


def _trip_page(request: PortalRequest, trip: Trip, form: TripForm, cancel_form: ReasonForm, *, status: int) -> HttpResponse:
    may_change, over = can(request.user, Action.TRIP_WRITE, trip.van.base_id), trip.day < request.day
    context = _planning_context(request, form, trip.van, trip.day) | {
        "trip": trip,
        "cancel": cancel_form,
        "may_change": may_change,
        "offers": _offers(request, trip) if may_change and not over and not hasattr(trip, "report") else [],
        "history": history_of(trip),
        "over": over,
    }
    return render(request, "fleet/schedule/trip.html", context, status=status)


def _offers(request: PortalRequest, trip: Trip) -> list[VanOffer]:
    """The vans for the stop as it stands: for one that was called off its own van too, if it came back."""
    offers = offers_for(request.user, [trip], request.now)[trip.pk].vans
    return [offer for offer in offers if trip.status == TripStatus.CANCELLED or offer.van.pk != trip.van_id]


def _resume(request: PortalRequest, trip: Trip) -> HttpResponse:
    """A stop that was called off takes place after all, with the van of the pressed button. A drive that the button said
    is short was answered by pressing it."""
    van = posted_number(request.POST.get("van", ""))
    try:
        confirmed = request.POST.getlist("confirmed")
        trip = services.resume_trip(number=trip.pk, van=van, confirmed=confirmed, act=by_page(request))
        messages.success(request, _("Jadwal berlaku lagi dengan mobil %(plate)s.") % {"plate": trip.van.plate})
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("trip", trip.pk)
    return redirect(_week_url(trip))


def _change_or_cancel(request: PortalRequest, number: int, form: TripForm, cancel_form: ReasonForm) -> HttpResponse:
    if form.is_bound:
        trip = services.change_trip(number=number, trip=form.trip(), confirmed=form.confirmed, act=by_page(request))
        messages.success(request, _("Perubahan jadwal tersimpan."))
    else:
        trip = services.cancel_trip(number=number, reason=cancel_form.cleaned_data["reason"], act=by_page(request))
        messages.success(request, _("Jadwal dibatalkan; alasannya tersimpan."))
    return redirect(_week_url(trip))


def _move(request: PortalRequest, trip: Trip) -> HttpResponse:
    """To another van or day: a drop in the week's grid, or a button of the page. A question about it is asked in the
    form of the stop, which then shows it as it would be."""
    van, wanted = posted_number(request.POST.get("van", "")), request.POST.get("day", "")
    try:
        day = parse_day(wanted)
        confirmed = request.POST.getlist("confirmed")
        trip = services.move_trip(number=trip.pk, van=van, day=day, confirmed=confirmed, act=by_page(request))
        messages.success(request, _("Jadwal dipindahkan."))
    except Unconfirmed as problem:
        vans = vans_to_plan(request.user, request.day)
        moved = asdict(replace(services.TripInput.of(trip), van=van, day=day))
        form = _trip_form(request, vans, moved, day, posted=False)
        form.questions = problem.questions
        return _trip_page(request, trip, form, ReasonForm(auto_id="cancel_%s"), status=problem.status)
    except Refused as problem:
        messages.error(request, str(problem))
    return redirect(_week_url(trip))


def _pin_or_release(request: PortalRequest, trip: Trip, action: str) -> HttpResponse:
    if action not in ("pin", "release"):
        raise unknown_action()
    services.pin_trip(number=trip.pk, pinned=action == "pin", act=by_page(request))
    messages.success(request, _("Jadwal dikunci.") if action == "pin" else _("Kunci jadwal dibuka."))
    return redirect(_week_url(trip))


def _trip_form(request: PortalRequest, vans: list[Van], initial: dict[str, object], day: date, *, posted: bool) -> TripForm:
    day = chosen_day(request.POST.get("day"), day) if posted else day
    return TripForm(request.POST if posted else None, initial=initial, vans=vans, by=request.user, day=day)


def _planning_context(request: PortalRequest, form: TripForm, van: Van, day: date) -> dict[str, object]:
    """The form of a stop with what stands beside it: kelurahan to choose, former places."""
    rows = prospects(request.user, van.base_id, day, today=request.day)
    village = code_in(str(form["village"].value() or ""))
    picked = next((row for row in rows if row.code == village), None)
    return {
        "form": form,
        "tabs": tabs(request, "schedule"),
        "van": van,
        "day": day,
        "prospects": rows[:MAX_PROSPECTS_SHOWN],
        "picked": picked,
        "places": former_places(request.user, village if picked else van.base_id),
        "add_url": f"{reverse('trip_add')}?{urlencode({'mobil': van.pk, 'hari': day.isoformat()})}",
        "back": f"{reverse('schedule')}?{urlencode({'pangkalan': van.base_id, 'hari': day.isoformat()})}",
    }


def _week_url(trip: Trip) -> str:
    """The week of the stop, scrolled to it."""
    query = {"pangkalan": trip.van.base_id, "hari": trip.day.isoformat()}
    return f"{reverse('schedule')}?{urlencode(query)}#t{trip.pk}"
