"""The page of a week: the grid of a base's vans, publishing the week, and copying the week before."""

from collections.abc import Sequence
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
from dukcapil.errors import N_, Conflict, NotFound, Question, Refused, Unconfirmed
from dukcapil.requests import PortalRequest
from fleet.pages.posted import by_page, unknown_action
from fleet.pages.tabs import tabs
from fleet.schedule.selectors import bases_to_plan, monday_of, week_of
from fleet.schedule.trips import TripInput
from fleet.schedule.views.calendar import calendar_token
from fleet.schedule.weeks import copy_week, publish_week
from recording.public import Region, parse_day, short_name

WEEK = timedelta(days=7)
FIRST_DAY, LAST_DAY = date(2000, 1, 10), date(2100, 12, 20)  # the weeks beside these are days of the calendar too
MAX_SKIPPED_SHOWN = 5


@dataclass(frozen=True)
class Chosen:
    """The base, the week and the day that the address names; `bases`: those that have vans in that week."""

    bases: list[Region]
    base: Region
    monday: date
    day: date

    def url(self, **changes: object) -> str:
        """The address of the page with these parameters changed."""
        query = {"pangkalan": self.base.code, "hari": self.day.isoformat()} | changes
        return f"{reverse('schedule')}?{urlencode(query)}"


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: PortalRequest) -> HttpResponse:
    """The week of a base, van by van; a posted form publishes it or copies the week before."""
    require(by=request.user, action=Action.FLEET_READ)
    chosen = _chosen(request)
    if chosen is None:
        return render(request, "fleet/schedule/schedule_empty.html", {"tabs": tabs(request, "schedule")})
    if request.method == "POST":
        return _act_on_week(request, chosen)
    return _week_page(request, chosen)


def _week_page(
    request: PortalRequest, chosen: Chosen, asked: Sequence[tuple[TripInput, Question]] = (), *, status: int = 200
) -> HttpResponse:
    """`asked`: what copying the week before would like to know before it plans these stops too."""
    week = week_of(request.user, chosen.base.code, chosen.monday)
    context = {
        "tabs": tabs(request, "schedule"),
        "week": week,
        "chosen": chosen,
        "today": request.day,
        "bases": [(chosen.url(pangkalan=base.code), short_name(base.name), base == chosen.base) for base in chosen.bases],
        "days": [(day, works, chosen.url(hari=day.isoformat()), day == chosen.day) for day, works in week.days],
        "before": chosen.url(hari=(chosen.day - WEEK).isoformat()),
        "after": chosen.url(hari=(chosen.day + WEEK).isoformat()),
        "may_plan": can(request.user, Action.TRIP_WRITE, chosen.base.code),
        "last_day": week.days[-1][0],
        "asked": asked,
        "calendar": reverse("calendar", args=[calendar_token(chosen.base.code)]),
    }
    return render(request, "fleet/schedule/schedule.html", context, status=status)


def _chosen(request: PortalRequest) -> Chosen | None:
    """The reader's own base where the address names none; NotFound for one that may not be seen; None without bases."""
    text = request.GET.get("hari") or request.POST.get("hari")
    day = parse_day(text) if text else request.day
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "hari")
    monday = monday_of(day)
    bases = bases_to_plan(request.user, monday)
    if not bases:
        return None
    code = request.GET.get("pangkalan") or request.POST.get("pangkalan") or bases[0].code
    base = next((base for base in bases if base.code == code), None)
    if base is None:
        raise NotFound(N_("Pangkalan %(code)s tidak ditemukan."), code=code[:40])
    return Chosen(bases, base, monday, day)


def _act_on_week(request: PortalRequest, chosen: Chosen) -> HttpResponse:
    action = request.POST.get("act")
    if action == "publish":
        try:
            number = publish_week(base=chosen.base.code, monday=chosen.monday, act=by_page(request))
        except Conflict as problem:
            messages.error(request, str(problem))
            return redirect(chosen.url())
        sentence = ngettext("%(n)s jadwal diterbitkan.", "%(n)s jadwal diterbitkan.", number) % {"n": number}
        messages.success(request, sentence if number else _("Tidak ada rencana baru untuk diterbitkan."))
    elif action == "copy":
        confirmed = request.POST.getlist("confirmed")
        copied = copy_week(base=chosen.base.code, monday=chosen.monday, confirmed=confirmed, act=by_page(request))
        messages.success(request, _("%(n)s jadwal disalin dari minggu lalu.") % {"n": copied.planned})
        for sentence in copied.skipped[:MAX_SKIPPED_SHOWN]:
            messages.error(request, sentence)
        if copied.asked:
            return _week_page(request, chosen, copied.asked, status=Unconfirmed.status)
    else:
        raise unknown_action()
    return redirect(chosen.url())
