"""A Sudin asks for a van of the agency, and the agency answers, on one page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import Refused, Unconfirmed
from dukcapil.requests import PortalRequest
from fleet.models import RequestStatus, VanRequest
from fleet.pages.forms import chosen_day
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.tabs import tabs
from fleet.schedule import requests as services
from fleet.schedule.double_booking import free_vans
from fleet.schedule.forms import RequestForm
from fleet.schedule.selectors import visible_requests
from fleet.schedule.trips import HOURS


@require_http_methods(["GET", "HEAD", "POST"])
def van_requests(request: PortalRequest) -> HttpResponse:
    """Ask for a van; grant, refuse or withdraw a request. A posted form names its action in `act`."""
    require(by=request.user, action=Action.TRIP_WRITE)
    action = request.POST.get("act", "")
    day = chosen_day(request.POST.get("day") or request.GET.get("hari"), request.day)
    form = RequestForm(
        request.POST if action == "ask" else None, by=request.user, day=day, initial={"day": day, "session": "full"}
    )
    asked: Unconfirmed | None = None
    if request.method == "POST" and (action != "ask" or form.is_valid()):
        try:
            messages.success(request, _act_on_request(request, action, form))
            return redirect("van_requests")
        except Unconfirmed as problem:
            asked = problem
        except Refused as problem:
            if problem.status in (403, 404):
                raise
            if action != "ask":
                messages.error(request, str(problem))
                return redirect("van_requests")
            form.refuse(problem)
    rows = [_row(request, row, asked) for row in visible_requests(request.user, request.day)]
    context = {"rows": rows, "form": form, "tabs": tabs(request, "van_requests")}
    status = asked.status if asked else form.status if form.errors else 200
    return render(request, "fleet/schedule/requests.html", context, status=status)


def _row(request: PortalRequest, row: VanRequest, asked: Unconfirmed | None) -> dict[str, object]:
    """A request with what the reader may do with it; for one who answers, the agency's vans that are free, and what is
    `asked` about the van that was chosen for it."""
    chosen = posted_number(request.POST.get("van", ""))
    questions = asked.questions if asked and posted_number(request.POST.get("request", "")) == row.pk else []
    province = row.village_id[:2]
    is_open = row.status == RequestStatus.OPEN
    answers = is_open and can(request.user, Action.TRIP_WRITE, province)
    return {
        "request": row,
        "answers": answers,
        "vans": free_vans(province, row.day, row.session, HOURS[row.session]) if answers else [],
        "questions": questions,
        "chosen_van": chosen if questions else 0,
        "confirmed": request.POST.getlist("confirmed") if questions else [],
        "withdraws": is_open and not answers and can(request.user, Action.TRIP_WRITE, row.village_id),
    }


def _act_on_request(request: PortalRequest, action: str, form: RequestForm) -> str:
    """Do it, and say so."""
    act, number = by_page(request), posted_number(request.POST.get("request", ""))
    if action == "ask":
        services.ask_for_van(request=form.request(), act=act)
        return _("Permintaan terkirim ke Dinas.")
    if action == "grant":
        van, confirmed = posted_number(request.POST.get("van", "")), request.POST.getlist("confirmed")
        trip = services.grant_request(number=number, van=van, confirmed=confirmed, act=act)
        return _("Disetujui: %(plate)s terjadwal di %(place)s.") % {"plate": trip.van.plate, "place": trip.place}
    if action == "refuse":
        services.refuse_request(number=number, reason=request.POST.get("reason", ""), act=act)
        return _("Permintaan ditolak; alasannya terbaca oleh Sudin.")
    if action == "withdraw":
        services.withdraw_request(number=number, act=act)
        return _("Permintaan ditarik.")
    raise unknown_action()
