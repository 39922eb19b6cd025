"""The page of a week: the grid of all vans, base by base, or of one base."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.requests import PortalRequest
from fleet.models import ScheduleAct
from fleet.pages.tabs import tabs
from fleet.schedule.selectors import WeekOfBase, bases_to_plan, monday_of, week_of
from fleet.schedule.undoing import acts_to_undo
from fleet.schedule.views.calendar import calendar_token
from fleet.schedule.weeks import WEEK
from recording.public import Region, parse_day, short_name

FIRST_DAY, LAST_DAY = date(2000, 1, 10), date(2100, 12, 20)  # the weeks beside these are days of the calendar too
ALL = "semua"


@dataclass(frozen=True)
class Chosen:
    """The base (None: all), the week and the day that the address names; `bases`: those that have vans in that week."""

    bases: list[Region]
    base: Region | None
    monday: date
    day: date

    @property
    def shown(self) -> list[Region]:
        return [self.base] if self.base else self.bases

    def url(self, **changes: object) -> str:
        """The address of the page with these parameters changed."""
        query = {"pangkalan": self.base.code if self.base else ALL, "hari": self.day.isoformat()} | changes
        return f"{reverse('schedule')}?{urlencode(query)}"


@dataclass(frozen=True)
class Group:
    """One base of the page. `open`: whether it is unfolded at first; `acts`: what may be undone."""

    week: WeekOfBase
    may_plan: bool
    open: bool
    query: str
    acts: list[ScheduleAct]
    calendar: str


@require_safe
def schedule(request: PortalRequest) -> HttpResponse:
    """The week, van by van: all bases, the own ones first, or the base in the address."""
    require(by=request.user, action=Action.FLEET_READ)
    chosen = _chosen(request)
    if chosen is None:
        return render(request, "fleet/schedule/schedule_empty.html", {"tabs": tabs(request, "schedule")})
    week = week_of(request.user, chosen.shown, chosen.monday)
    groups = _groups(request, chosen, week.bases, week.days[-1][0])
    options = [(short_name(base.name), chosen.url(pangkalan=base.code), base == chosen.base) for base in chosen.bases]
    context = {
        "tabs": tabs(request, "schedule"),
        "week": week,
        "groups": groups,
        "chosen": chosen,
        "today": request.day,
        "bases": [(_("Semua"), chosen.url(pangkalan=ALL), chosen.base is None), *options],
        "days": [(day, works, chosen.url(hari=day.isoformat()), day == chosen.day) for day, works in week.days],
        "before": chosen.url(hari=(chosen.day - WEEK).isoformat()),
        "after": chosen.url(hari=(chosen.day + WEEK).isoformat()),
        "month": f"{reverse('schedule_month')}?hari={chosen.day.isoformat()}",
        "may_plan": any(group.may_plan for group in groups),
        "last_day": week.days[-1][0],
    }
    return render(request, "fleet/schedule/schedule.html", context)


def _groups(request: PortalRequest, chosen: Chosen, weeks: list[WeekOfBase], last_day: date) -> list[Group]:
    """A head's own base is open and the others folded; who plans all bases, or none, sees all open."""
    may_plan = {week.base.code: can(request.user, Action.TRIP_WRITE, week.base.code) for week in weeks}
    acts = acts_to_undo(request.user, list(may_plan), chosen.monday) if last_day >= request.day else []
    return [
        Group(
            week=week,
            may_plan=may_plan[week.base.code],
            open=may_plan[week.base.code] or not any(may_plan.values()),
            query=urlencode({"pangkalan": week.base.code, "hari": chosen.day.isoformat()}),
            acts=[act for act in acts if act.base_id == week.base.code],
            calendar=reverse("calendar", args=[calendar_token(week.base.code)]),
        )
        for week in weeks
    ]


def _chosen(request: PortalRequest) -> Chosen | None:
    """All bases where the address names none; NotFound for one that may not be seen; None without bases."""
    text = request.GET.get("hari")
    day = parse_day(text) if text else request.day
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "hari")
    monday = monday_of(day)
    bases = bases_to_plan(request.user, monday)
    code = request.GET.get("pangkalan") or ALL
    base = next((base for base in bases if base.code == code), None)
    if base is None and code != ALL:
        raise NotFound(N_("Pangkalan %(code)s tidak ditemukan."), code=code[:40])
    return Chosen(bases, base, monday, day) if bases else None
