"""A van cannot go out: one page that names the stops it hits and what may become of each, and one that says what became
of them."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import can
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import Refused
from dukcapil.requests import PortalRequest
from fleet.models import AbsenceKind, Trip, Van, VanAbsence
from fleet.pages.forms import chosen_day
from fleet.pages.posted import by_page
from fleet.pages.tabs import tabs
from fleet.schedule.breakdown_forms import BreakdownForm, StopForm
from fleet.schedule.breakdowns import hit_stops, record_breakdown, visible_breakdown
from fleet.schedule.notices import notices_of
from fleet.schedule.offers import offers_for
from fleet.vans.selectors import own_van


@require_http_methods(["GET", "HEAD", "POST"])
def breakdown(request: PortalRequest, number: int) -> HttpResponse:
    """A van cannot go out. Posted with `act=look` the page only shows the stops that are hit; else everything is stored."""
    van = own_van(request.user, number)
    posted = request.method == "POST"
    data = request.POST if posted else None
    form = BreakdownForm(data, initial=_initial(request, van), auto_id="absen_%s")
    absence = _absence(request, van, form)
    stops = hit_stops(absence, request.day) if absence else []
    saving = posted and request.POST.get("act") != "look"
    forms = _stop_forms(request, stops, absence, data if saving else None)
    wrong = [stop for stop in forms if stop.is_bound and not stop.is_valid()]  # each says what is wrong with it
    if saving and absence and not wrong:
        answers = {stop.stop.pk: stop.cleaned_data["answer"] for stop in forms}
        try:
            act = record_breakdown(absence=absence, answers=answers, confirmed=form.confirmed, act=by_page(request))
        except Refused as problem:
            _show(problem, form, forms)
        else:
            messages.success(request, _("Tersimpan: %(plate)s tidak beroperasi.") % {"plate": van.plate})
            return redirect("breakdown_done", act.pk)
    return _page(request, van, form, absence, forms, wrong=saving)


def _initial(request: PortalRequest, van: Van) -> dict[str, object]:
    """Today, or the day and hour in the address; from now on, where a stop of today has begun already."""
    day = max(chosen_day(request.GET.get("hari"), request.day), request.day)
    hour = request.GET.get("jam", "")
    now = request.now.astimezone(JAKARTA).time()
    if not hour and day == request.day and Trip.objects.standing().filter(van=van, day=day, opens__lt=now).exists():
        hour = f"{now:%H:%M}"
    kind = AbsenceKind.DAMAGE
    return {"kind": kind, "first_day": day, "from_hour": hour, "lasts": BreakdownForm.TODAY, "last_day": None}


def _absence(request: PortalRequest, van: Van, form: BreakdownForm) -> VanAbsence | None:
    """What the form says, or what a fresh page begins with; None while something in it is wrong."""
    if not form.is_bound:
        form = BreakdownForm({**form.initial, "first_day": form.initial["first_day"].isoformat()})
    if not form.is_valid():
        return None
    try:
        return form.absence(request.user, van.pk)
    except Refused as problem:
        form.refuse(problem)
    return None


def _stop_forms(
    request: PortalRequest, stops: list[Trip], absence: VanAbsence | None, data: QueryDict | None
) -> list[StopForm]:
    """One for each stop that is hit. While somebody only looks, what was chosen before is kept where it is still offered."""
    offers = offers_for(request.user, stops, request.now, absence)
    reason = _("Mobil %(why)s") % {"why": str(absence.get_kind_display()).lower()} if absence else ""
    return [StopForm(data, stop=stop, offers=offers[stop.pk], reason=reason, shown=request.POST) for stop in stops]


def _show(problem: Refused, form: BreakdownForm, forms: list[StopForm]) -> None:
    """A refusal at the stop that it is about, else above the form."""
    stop = next((stop for stop in forms if problem.field == f"stop-{stop.stop.pk}"), None)
    if stop is None:
        form.refuse(problem)
        return
    stop.add_error("choice", str(problem))
    stop.status = problem.status
    form.status = problem.status


def _page(
    request: PortalRequest, van: Van, form: BreakdownForm, absence: VanAbsence | None, forms: list[StopForm], *, wrong: bool
) -> HttpResponse:
    hit = [stop.stop.pk for stop in forms]
    context = {
        "tabs": tabs(request, "schedule"),
        "van": van,
        "form": form,
        "stops": forms,
        "absence": absence,
        "staying": list(_staying(absence, hit)) if absence else [],
        "questions": {question.code for stop in forms for offer in stop.offers.vans for question in offer.questions},
        "back": _week(van, absence.first_day if absence else request.day),
        "wrong": wrong,
    }
    return render(request, "fleet/schedule/breakdown.html", context, status=form.status if wrong else 200)


def _staying(absence: VanAbsence, hit: list[int]) -> list[Trip]:
    """Stops that stand in its time and cannot be given away: over, or reported."""
    return list(Trip.objects.during(absence).exclude(pk__in=hit).select_related("village").order_by("day", "opens"))


def _week(van: Van, day: date) -> str:
    return f"{reverse('schedule')}?pangkalan={van.base_id}&hari={day.isoformat()}"


@require_safe
def breakdown_done(request: PortalRequest, number: int) -> HttpResponse:
    """What became of the stops when a van broke down, and the words to each kelurahan."""
    act = visible_breakdown(request.user, number)
    notices = notices_of(request.user, act)
    van = act.absence.van if act.absence else None
    context = {
        "tabs": tabs(request, "schedule"),
        "act": act,
        "van": van,
        "plate": van.plate if van else next((change.before["plate"] for each in notices for change in each.changes), ""),
        "notices": notices,
        "text": "\n\n".join(notice.text for notice in notices),
        "stops": sum(len(notice.changes) for notice in notices),
        "may_change": can(request.user, Action.VAN_WRITE, act.base_id),
        "back": f"{reverse('schedule')}?pangkalan={act.base_id}&hari={_first_day(act.absence, request.day)}",
    }
    return render(request, "fleet/schedule/breakdown_done.html", context)


def _first_day(absence: VanAbsence | None, today: date) -> str:
    return (absence.first_day if absence else today).isoformat()
