"""A Sudin asks for a van of the agency, and the agency answers, on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import can, own_region, require
from accounts.roles import Action
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest
from fleet.models import RequestStatus, VanRequest
from fleet.pages.posted import by_page, number, unknown_act
from fleet.pages.tabs import tabs
from fleet.schedule import requests as services
from fleet.schedule.forms import RequestForm, village_choices
from fleet.schedule.selectors import free_vans, requests_seen


@require_http_methods(["GET", "HEAD", "POST"])
def van_requests(request: PortalRequest) -> HttpResponse:
    """Ask for a van; grant, refuse or withdraw a request. What is sent names its act."""
    require(by=request.user, action=Action.TRIP_WRITE)
    act = request.POST.get("act", "")
    form = RequestForm(
        request.POST if act == "ask" else None,
        villages=village_choices(request.user, Action.TRIP_WRITE, own_region(request.user)),
        initial={"day": request.day, "session": "full"},
    )
    if request.method == "POST":
        try:
            sentence = _act(request, act, form)
        except Refused as problem:
            if problem.status in (403, 404):
                raise
            if act != "ask":
                messages.error(request, str(problem))
                return redirect("van_requests")
            form.refuse(problem)
            sentence = ""
        if sentence:
            messages.success(request, sentence)
            return redirect("van_requests")
    rows = [_row(request, each) for each in requests_seen(request.user, request.day)]
    context = {"rows": rows, "form": form, "tabs": tabs(request, "van_requests")}
    return render(request, "fleet/schedule/requests.html", context, status=form.status if form.errors else 200)


def _row(request: PortalRequest, each: VanRequest) -> dict[str, object]:
    """A request with what the reader may do with it; for one who answers, the agency's vans that are free."""
    waits = each.status == RequestStatus.OPEN
    answers = waits and can(request.user, Action.TRIP_WRITE, each.village_id[:2])
    return {
        "request": each,
        "answers": answers,
        "vans": free_vans(each.village_id[:2], each.day, each.session) if answers else [],
        "withdraws": waits and not answers and can(request.user, Action.TRIP_WRITE, each.village_id),
    }


def _act(request: PortalRequest, verb: str, form: RequestForm) -> str:
    """What was done, in words; "" when the form has to be shown again."""
    act = by_page(request)
    if verb == "ask":
        if not form.is_valid():
            return ""
        services.ask_for_van(request=form.request(), act=act)
        return _("Permintaan terkirim ke Dinas.")
    known = number(request.POST.get("request", ""))
    if verb == "grant":
        trip = services.grant_request(number=known, van=number(request.POST.get("van", "")), act=act)
        return _("Disetujui: %(plate)s terjadwal di %(place)s.") % {"plate": trip.van.plate, "place": trip.place}
    if verb == "refuse":
        services.refuse_request(number=known, reason=request.POST.get("reason", ""), act=act)
        return _("Permintaan ditolak; alasannya terbaca oleh Sudin.")
    if verb == "withdraw":
        services.withdraw_request(number=known, act=act)
        return _("Permintaan ditarik.")
    raise unknown_act()
