"""What copying or publishing a week would do, shown first; done just so by one press, and taken back by another."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import Conflict
from dukcapil.requests import PortalRequest
from fleet.models import Trip
from fleet.pages.posted import by_page
from fleet.pages.stops import stop_in_words
from fleet.pages.tabs import tabs
from fleet.schedule.selectors import monday_of, stops_beyond_days
from fleet.schedule.undoing import undo_week_act
from fleet.schedule.weeks import copy_week, fingerprint, plan_copy, publish_week, stops_to_publish
from recording.public import Region, parse_day, visible_region

MAX_STAYING_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
def week_copy(request: PortalRequest) -> HttpResponse:
    """The stops that copying the week before would plan, those that have no room, and those to be asked about. Posted,
    just these are planned."""
    base, monday = _chosen(request)
    confirmed = request.POST.getlist("confirmed")
    error = ""
    if request.method == "POST" and request.POST.get("act") != "look":
        try:
            seen = request.POST.getlist("seen")
            copied = copy_week(base=base.code, monday=monday, confirmed=confirmed, seen=seen, act=by_page(request))
        except Conflict as problem:
            error = str(problem)
        else:
            sentence = ngettext(
                "%(n)s jadwal disalin dari minggu lalu.", "%(n)s jadwal disalin dari minggu lalu.", copied.planned
            )
            messages.success(request, sentence % {"n": copied.planned})
            return redirect(_week_url(base, monday))
    plan = plan_copy(base=base.code, monday=monday, confirmed=confirmed, act=by_page(request))
    context = _context(request, base, monday, error) | {
        "stops": [(stop, stop.day) for stop in plan.new],
        "skipped": plan.skipped,
        "asked": plan.asked,
        "confirmed": confirmed,
        "seen": sorted(fingerprint(plan.new)),
    }
    return render(request, "fleet/schedule/week_copy.html", context, status=409 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def week_publish(request: PortalRequest) -> HttpResponse:
    """The stops that would be published. Posted, just these are."""
    base, monday = _chosen(request)
    error = ""
    if request.method == "POST":
        try:
            seen = request.POST.getlist("seen")
            number = publish_week(base=base.code, monday=monday, seen=seen, act=by_page(request))
        except Conflict as problem:
            error = str(problem)
        else:
            sentence = ngettext("%(n)s jadwal diterbitkan.", "%(n)s jadwal diterbitkan.", number) % {"n": number}
            messages.success(request, sentence if number else _("Tidak ada rencana baru untuk diterbitkan."))
            return redirect(_week_url(base, monday))
    stops = stops_to_publish(base.code, monday, request.day)
    beyond = stops_beyond_days(Trip.objects.filter(pk__in=[stop.pk for stop in stops]))
    context = _context(request, base, monday, error) | {
        "stops": [(stop, stop.day) for stop in stops],
        "beyond": beyond,
        "seen": sorted(fingerprint(stops)),
    }
    return render(request, "fleet/schedule/week_publish.html", context, status=409 if error else 200)


@require_POST
def week_undo(request: PortalRequest, number: int) -> HttpResponse:
    """Take back what was done to a week, and go back to it."""
    base, monday = _chosen(request)
    try:
        undone = undo_week_act(number=number, act=by_page(request))
    except Conflict as problem:
        messages.error(request, str(problem))
        return redirect(_week_url(base, monday))
    sentence = ngettext("%(n)s jadwal dikembalikan seperti semula.", "%(n)s jadwal dikembalikan seperti semula.", undone.stops)
    messages.success(request, sentence % {"n": undone.stops})
    for stop, why in undone.stay[:MAX_STAYING_SHOWN]:
        messages.info(request, _("Tetap: %(stop)s, %(why)s.") % {"stop": stop_in_words(stop), "why": why})
    if len(undone.stay) > MAX_STAYING_SHOWN:
        messages.info(request, _("Dan %(n)s titik lain tetap.") % {"n": len(undone.stay) - MAX_STAYING_SHOWN})
    return redirect(_week_url(base, monday))


def _chosen(request: PortalRequest) -> tuple[Region, date]:
    """The base and the Monday that the address names; the reader must plan there."""
    base = visible_region(request.user, request.GET.get("pangkalan", ""))
    require(by=request.user, action=Action.TRIP_WRITE, code=base.code)
    return base, monday_of(parse_day(request.GET["hari"]) if "hari" in request.GET else request.day)


def _context(request: PortalRequest, base: Region, monday: date, error: str) -> dict[str, object]:
    return {"tabs": tabs(request, "schedule"), "base": base, "monday": monday, "error": error, "back": _week_url(base, monday)}


def _week_url(base: Region, monday: date) -> str:
    return f"{reverse('schedule')}?{urlencode({'pangkalan': base.code, 'hari': monday.isoformat()})}"
