"""How the vans do, as pictures with a table under them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.requests import PortalRequest
from fleet.models import Van
from fleet.pages.regions import chosen_region, region_choices
from fleet.pages.tabs import tabs
from fleet.performance.pictures import Picture, measures, people_per_stop, picture
from fleet.performance.selectors import Group, Stop, by_repeat, by_session, grouped, stops
from recording.public import Period

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SPANS_IN_DAYS, USUAL_SPAN, PERIOD = (30, 90), "90", "periode"
MAX_ROWS_OPEN = 20  # of the table; longer ones fold


@dataclass(frozen=True)
class Subject:
    """What stops are put together by: its name, the key and the label of a stop, and what stands beside the label."""

    name: "StrOrPromise"
    key: Callable[[Stop], object]
    label: Callable[[Stop], str]
    beside: Callable[[Stop], str] = lambda stop: ""


SUBJECTS = {
    "mobil": Subject(
        gettext_lazy("Mobil"), lambda stop: (stop.base, stop.plate), lambda stop: stop.plate, lambda stop: stop.base
    ),
    "kelurahan": Subject(gettext_lazy("Kelurahan"), lambda stop: (stop.name, stop.village), lambda stop: stop.name),
    "tempat": Subject(
        gettext_lazy("Tempat"), lambda stop: (stop.name, stop.village, stop.place), lambda stop: f"{stop.place}, {stop.name}"
    ),
}


@require_safe
def performance(request: PortalRequest) -> HttpResponse:
    """People per stop, reports on time and stops held: by van, kelurahan or place, and by weekday, session and repeat
    visit."""
    require(by=request.user, action=Action.FLEET_READ)
    region, today = chosen_region(request), request.day
    periods = list(Period.objects.all())
    spans = spans_of(periods, today)
    span = request.GET.get("rentang", "")
    span = span if span in spans else USUAL_SPAN
    about = request.GET.get("menurut", "")
    about = about if about in SUBJECTS else "mobil"
    first = spans[span][1]
    found = stops(request.user, region.code, first, today, today, periods)
    subject, whole = SUBJECTS[about], Group("", found)
    groups = grouped(found, subject.key, subject.label)
    visible = _visible_vans(request, about)
    chosen = {"wilayah": region.code, "rentang": span, "menurut": about}
    context = {
        "tabs": tabs(request, "performance"),
        "region": region,
        "first": first,
        "last": today,
        "whole": whole,
        "regions": region_choices(request, region, reverse("performance"), rentang=span, menurut=about),
        "any_region": f"{_address({'rentang': span, 'menurut': about})}&wilayah={{kode}}",
        "spans": [(_address(chosen, rentang=name), label, name == span) for name, (label, _first) in spans.items()],
        "subjects": [(_address(chosen, menurut=name), each.name, name == about) for name, each in SUBJECTS.items()],
        "subject": subject.name,
        "pictures": [picture(groups, measure) for measure in measures()],
        "rows": [(group, _row_address(about, group, visible), subject.beside(group.stops[-1])) for group in groups],
        "fold": len(groups) > MAX_ROWS_OPEN,
        "others": _others(found),
    }
    return render(request, "fleet/performance/performance.html", context)


def spans_of(periods: list[Period], today: date) -> dict[str, tuple[str, date]]:
    """The spans by their name in the address: label and first day. The period is there where today has one."""
    spans = {str(days): (_("%(days)s hari") % {"days": days}, today - timedelta(days=days - 1)) for days in SPANS_IN_DAYS}
    period = next((period for period in periods if period.holds(today)), None)
    return spans | ({PERIOD: (_("Periode %(name)s") % {"name": period.name}, period.first_day)} if period else {})


def _visible_vans(request: PortalRequest, about: str) -> frozenset[int]:
    """The vans that the reader may open; a city's reader sees the stops of the agency's vans there, not the vans."""
    return frozenset(Van.objects.visible_to(request.user).values_list("pk", flat=True)) if about == "mobil" else frozenset()


def _row_address(about: str, group: Group, visible: frozenset[int]) -> str:
    """Of the van, or of the reports of the kelurahan on the last day with a stop; "" where the reader may not go."""
    stop = group.stops[-1]
    if about == "mobil":
        return reverse("van", args=[stop.van]) if stop.van in visible else ""
    return f"{reverse('report_watch')}?{urlencode({'wilayah': stop.village, 'hari': stop.day.isoformat()})}"


def _others(found: list[Stop]) -> list[tuple[str, str, Picture, list[Group]]]:
    """(name, head of its first column, picture, rows) of what people per stop also depend on, each in its own order."""
    kinds = [
        (_("Menurut hari"), _("Hari"), grouped(found, lambda stop: stop.day.weekday(), _weekday)),
        (_("Menurut sesi"), _("Sesi"), by_session(found)),
        (_("Kunjungan ulang ke kelurahan yang sama"), _("Kunjungan"), by_repeat(found)),
    ]
    return [(name, head, picture(groups, people_per_stop(), in_order=True), groups) for name, head, groups in kinds]


def _weekday(stop: Stop) -> str:
    return figures.long_day(stop.day).split(",")[0]


def _address(chosen: dict[str, str], **other: str) -> str:
    return f"{reverse('performance')}?{urlencode(chosen | other)}"
