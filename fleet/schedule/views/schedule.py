"""Pages of the schedule: the week grid of a base, and a stop."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.forms import ServiceForm
from dukcapil.requests import PortalRequest
from fleet.models import Trip, Van
from fleet.pages.posted import by_page, unknown_act
from fleet.pages.posted import number as number_of
from fleet.pages.tabs import tabs
from fleet.schedule import trips as services
from fleet.schedule.forms import ReasonForm, TripForm, trip_initial, village_choices
from fleet.schedule.selectors import bases_to_plan, former_places, free_vans, monday_of, prospects, week_of
from fleet.schedule.views.calendar import calendar_token
from fleet.schedule.weeks import copy_week, publish_week
from recording.public import Region, parse_day, short_name

WEEK = timedelta(days=7)
SHOWN_PROSPECTS = 12


@dataclass(frozen=True)
class Chosen:
    """The base, the week and the day that the address names."""

    base: Region
    monday: date
    day: date

    def url(self, **other: object) -> str:
        asked = {"pangkalan": self.base.code, "hari": self.day.isoformat()} | other
        return f"{reverse('schedule')}?{urlencode(asked)}"


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: PortalRequest) -> HttpResponse:
    """The week of a base, van by van; what is sent publishes it, or copies the week before."""
    require(by=request.user, action=Action.FLEET_READ)
    bases = bases_to_plan(request.user, request.day)
    chosen = _chosen(request, bases)
    if chosen is None:
        return render(request, "fleet/schedule/schedule_empty.html", {"tabs": tabs(request, "schedule")})
    if request.method == "POST":
        return _act_on_week(request, chosen)
    base = chosen.base
    week = week_of(request.user, base.code, chosen.monday)
    context = {
        "tabs": tabs(request, "schedule"),
        "week": week,
        "chosen": chosen,
        "today": request.day,
        "bases": [(chosen.url(pangkalan=each.code), short_name(each.name), each == base) for each in bases],
        "days": [(day, works, chosen.url(hari=day.isoformat()), day == chosen.day) for day, works in week.days],
        "before": chosen.url(hari=(chosen.day - WEEK).isoformat()),
        "after": chosen.url(hari=(chosen.day + WEEK).isoformat()),
        "may_plan": can(request.user, Action.TRIP_WRITE, base.code),
        "last_day": week.days[-1][0],
        "calendar": reverse("calendar", args=[calendar_token(base.code)]),
    }
    return render(request, "fleet/schedule/schedule.html", context)


def _chosen(request: PortalRequest, bases: list[Region]) -> Chosen | None:
    """The own base where the address names none; NotFound for one that may not be seen."""
    if not bases:
        return None
    code = request.GET.get("pangkalan") or request.POST.get("pangkalan")
    base = next((each for each in bases if each.code == code), None) if code else bases[0]
    if base is None:
        raise NotFound(N_("Pangkalan %(code)s tidak ditemukan."), code=str(code)[:40])
    asked = request.GET.get("hari") or request.POST.get("hari")
    day = parse_day(asked) if asked else request.day
    if not date(2000, 1, 10) <= day <= date(2100, 12, 20):
        raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "hari")
    return Chosen(base, monday_of(day), day)


def _act_on_week(request: PortalRequest, chosen: Chosen) -> HttpResponse:
    act = by_page(request)
    base, monday = chosen.base.code, chosen.monday
    if request.POST.get("act") == "publish":
        number = publish_week(base=base, monday=monday, act=act)
        sentence = ngettext("%(n)s jadwal diterbitkan.", "%(n)s jadwal diterbitkan.", number) % {"n": number}
        messages.success(request, sentence if number else _("Tidak ada rencana baru untuk diterbitkan."))
    elif request.POST.get("act") == "copy":
        copied = copy_week(base=base, monday=monday, act=act)
        messages.success(request, _("%(n)s jadwal disalin dari minggu lalu.") % {"n": copied.planned})
        for sentence in copied.skipped[:5]:
            messages.error(request, sentence)
    else:
        raise unknown_act()
    return redirect(chosen.url())


def own_vans(request: PortalRequest) -> list[Van]:
    """The vans in use that the reader plans."""
    day: date = request.day
    vans = Van.objects.visible_to(request.user).in_use(day).select_related("base")
    return [van for van in vans if can(request.user, Action.TRIP_WRITE, van.base_id)]


@require_http_methods(["GET", "HEAD", "POST"])
def trip_add(request: PortalRequest) -> HttpResponse:
    """Plan a stop; beside it stands what one wants to know of each kelurahan."""
    require(by=request.user, action=Action.TRIP_WRITE)
    vans = own_vans(request)
    asked = request.GET
    van = next((each for each in vans if str(each.pk) == asked["mobil"]), None) if "mobil" in asked else None
    if van is None and "mobil" in asked:
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    van = van or next(iter(vans), None)
    if van is None:
        return render(request, "fleet/schedule/schedule_empty.html", {"tabs": tabs(request, "schedule")})
    day = parse_day(asked["hari"]) if "hari" in asked else request.day
    initial = {"van": van.pk, "day": day, "session": "morning", "village": asked.get("kelurahan", "")}
    form = _trip_form(request, vans, initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.plan_trip(trip=form.trip(), act=by_page(request))
        except Refused as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Jadwal tersimpan sebagai rencana: %(place)s.") % {"place": made.place})
            return redirect(_week_url(made))
    return _trip_page(request, "fleet/schedule/trip_add.html", form, van, day, {})


@require_http_methods(["GET", "HEAD", "POST"])
def trip(request: PortalRequest, number: int) -> HttpResponse:
    """One stop: change it, move it, call it off, pin it. What is sent names its act."""
    found = (
        Trip.objects.visible_to(request.user).select_related("van__base", "village", "report").filter(pk=number).first()
    )
    if found is None:
        raise NotFound(N_("Jadwal itu tidak ditemukan; mungkin sudah dihapus."))
    act = request.POST.get("act", "")
    form = _trip_form(request, own_vans(request), trip_initial(found), sent=act == "change")
    cancel = ReasonForm(request.POST if act == "cancel" else None, auto_id="cancel_%s")
    if request.method == "POST":
        services.own_trip(request.user, number)
        if act not in ("change", "cancel", "move", "pin", "release"):
            raise unknown_act()
        try:
            sentence = _act_on_trip(request, number, act, form, cancel)
        except Refused as problem:
            if act == "move":  # from the grid: the sentence is shown there
                messages.error(request, str(problem))
                return redirect(_week_url(found))
            if act in ("pin", "release"):
                raise
            (cancel if act == "cancel" else form).refuse(problem)
            sentence = ""
        if sentence:
            messages.success(request, sentence)
            return redirect(_week_url(Trip.objects.get(pk=number)))
    more = {"trip": found, "cancel": cancel, "may_change": can(request.user, Action.TRIP_WRITE, found.van.base_id)}
    return _trip_page(request, "fleet/schedule/trip.html", form, found.van, found.day, more)


def _act_on_trip(request: PortalRequest, number: int, verb: str, form: TripForm, cancel: ReasonForm) -> str:
    """What was done, in words; "" when the form has to be shown again."""
    act = by_page(request)
    if verb == "change" and form.is_valid():
        services.change_trip(number=number, trip=form.trip(), act=act)
        return _("Perubahan jadwal tersimpan.")
    if verb == "cancel" and cancel.is_valid():
        services.cancel_trip(number=number, reason=cancel.cleaned_data["reason"], act=act)
        return _("Jadwal dibatalkan; alasannya tersimpan.")
    if verb == "move":
        van = number_of(request.POST.get("van", ""))
        services.move_trip(number=number, van=van, day=parse_day(request.POST.get("day", "")), act=act)
        return _("Jadwal dipindahkan.")
    if verb in ("pin", "release"):
        services.pin_trip(number=number, pinned=verb == "pin", act=act)
        return _("Jadwal disematkan.") if verb == "pin" else _("Sematan dilepas.")
    return ""


def _trip_form(request: PortalRequest, vans: list[Van], initial: dict[str, object], *, sent: bool = True) -> TripForm:
    villages = village_choices(request.user, Action.TRIP_WRITE, _reach(vans))
    data = request.POST if request.method == "POST" and sent else None
    return TripForm(data, initial=initial, vans=vans, villages=villages)


def _reach(vans: list[Van]) -> str:
    """The smallest region that holds the bases of these vans."""
    codes = {van.base_id for van in vans}
    return codes.pop() if len(codes) == 1 else next((code[:2] for code in codes), "")


def _trip_page(
    request: PortalRequest, template: str, form: TripForm, van: Van, day: date, more: dict[str, object]
) -> HttpResponse:
    shown = prospects(request.user, van.base_id, day)
    village, known = str(form["village"].value() or ""), {each.code for each in shown}
    context = {
        "form": form,
        "tabs": tabs(request, "schedule"),
        "van": van,
        "day": day,
        "prospects": shown[:SHOWN_PROSPECTS],
        "picked": next((each for each in shown if each.code == village), None),
        "places": former_places(request.user, village if village in known else van.base_id),
        "free": free_vans(van.base_id, day, str(form["session"].value() or "")),
        "add_url": f"{reverse('trip_add')}?{urlencode({'mobil': van.pk, 'hari': day.isoformat()})}",
        "back": f"{reverse('schedule')}?{urlencode({'pangkalan': van.base_id, 'hari': day.isoformat()})}",
    } | more
    refused = next((each for each in (form, more.get("cancel")) if isinstance(each, ServiceForm) and each.errors), None)
    return render(request, template, context, status=refused.status if refused else 200)


def _week_url(found: Trip) -> str:
    asked = {"pangkalan": found.van.base_id, "hari": found.day.isoformat()}
    return f"{reverse('schedule')}?{urlencode(asked)}#t{found.pk}"
