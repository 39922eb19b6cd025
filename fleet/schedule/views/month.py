"""The page of a month: how many stops each base has on each day, and the way to each week."""

from calendar import monthrange
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from dukcapil.requests import PortalRequest
from fleet.pages.tabs import tabs
from fleet.schedule.selectors import MonthOfBase, month_of
from recording.public import parse_day, short_name

Cell = tuple[date, int, bool, str]  # the day, its stops, whether offices work on it, the address of its week
FIRST_MONTH, LAST_MONTH = date(2000, 2, 1), date(2100, 11, 1)


@require_safe
def month(request: PortalRequest) -> HttpResponse:
    """Every base that the reader may see, as a small calendar of stops."""
    require(by=request.user, action=Action.FLEET_READ)
    first = (parse_day(request.GET["hari"]) if "hari" in request.GET else request.day).replace(day=1)
    if not FIRST_MONTH <= first <= LAST_MONTH:
        raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "hari")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    months = month_of(request.user, first, last)
    context = {
        "tabs": tabs(request, "schedule"),
        "first": first,
        "bases": [(each, short_name(each.base.name), _weeks(each)) for each in months],
        "today": request.day,
        "before": _address("schedule_month", (first - timedelta(days=1)).replace(day=1)),
        "after": _address("schedule_month", last + timedelta(days=1)),
        "week": _address("schedule", max(first, min(request.day, last))),
    }
    return render(request, "fleet/schedule/month.html", context)


def _weeks(month: MonthOfBase) -> list[list[Cell | None]]:
    """Its days as rows from Monday to Sunday: None beside the month."""
    cells: list[Cell | None] = [None] * month.days[0][0].weekday()
    address = partial(_address, "schedule", pangkalan=month.base.code)
    cells += [(day, stops, works, address(day)) for day, stops, works in month.days]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _address(page: str, day: date, **more: str) -> str:
    return f"{reverse(page)}?{urlencode({**more, 'hari': day.isoformat()})}"
