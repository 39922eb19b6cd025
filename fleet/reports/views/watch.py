"""Who has not reported: five numbers of the day, van x day, and the reports that wait for a decision."""

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
from dukcapil import figures
from dukcapil.errors import N_, Refused
from dukcapil.requests import PortalRequest
from fleet.pages.forms import chosen_day
from fleet.pages.posted import by_page
from fleet.pages.regions import chosen_region, region_choices
from fleet.pages.tabs import tabs
from fleet.reports.day_chart import day_charts
from fleet.reports.days import OPEN_DAYS
from fleet.reports.forms import PermitForm
from fleet.reports.permits import permit_entry
from fleet.reports.selectors import waiting_for_decision
from fleet.reports.watch import days_until, expected_reports, five_numbers, matrix, punctuality
from recording.public import ONE_DAY, parse_day

MATRIX_DAYS, CHART_DAYS = 7, 14
FIRST_DAY = date(2000, 1, 1)


@require_http_methods(["GET", "HEAD", "POST"])
def report_watch(request: PortalRequest) -> HttpResponse:
    """The day and the week before it. The posted form lets a closed day be reported."""
    require(by=request.user, action=Action.FLEET_READ)
    region, day, today = chosen_region(request), _chosen_day(request), request.day
    form = PermitForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        initial={"day": chosen_day(request.GET.get("dibuka"), today - OPEN_DAYS - ONE_DAY), "until": today},
    )
    if request.method == "POST":
        require(by=request.user, action=Action.REPORT_DECIDE)
        if form.is_valid() and (sentence := _permit(request, form)):
            messages.success(request, sentence)
            return redirect("report_watch")
    days = days_until(day, MATRIX_DAYS)
    expected = expected_reports(request.user, region.code, days[0], day, today)
    of_day = [row for row in expected if row.trip.day == day]
    numbers = five_numbers(request.user, region.code, days_until(day, CHART_DAYS))
    address = reverse("report_watch")
    context = {
        "tabs": tabs(request, "report_watch"),
        "region": region,
        "day": day,
        "today": today,
        "days": days,
        "regions": region_choices(request, region, address),
        "numbers": numbers[-1],
        "charts": day_charts(numbers),
        "history": numbers[::-1],
        "of_day": of_day,
        "sums": punctuality(of_day),
        "rows": matrix(expected, days),
        "week": punctuality(expected),
        "waiting": waiting_for_decision(request.user, region.code).count(),
        "may_decide": can(request.user, Action.REPORT_DECIDE),
        "form": form,
        "before": _address(region.code, day - ONE_DAY),
        "after": _address(region.code, day + ONE_DAY) if day < today else "",
    }
    return render(request, "fleet/reports/watch.html", context, status=form.status if form.errors else 200)


def _chosen_day(request: PortalRequest) -> date:
    day = parse_day(request.GET["hari"]) if "hari" in request.GET else request.day
    if not FIRST_DAY <= day <= request.day:
        raise Refused(N_("Pilih hari ini atau hari sebelumnya."), "hari")
    return day


def _permit(request: PortalRequest, form: PermitForm) -> str:
    """What was permitted, in words; "" when the form has to be shown again."""
    data = form.cleaned_data
    try:
        permit = permit_entry(
            city=data["city"], day=data["day"], expires=form.expires(), reason=data["reason"], act=by_page(request)
        )
    except Refused as problem:
        form.refuse(problem)
        return ""
    return _("%(city)s boleh melaporkan %(day)s sampai %(until)s.") % {
        "city": permit.city.name,
        "day": figures.short_day(permit.day),
        "until": figures.short_moment(permit.expires),
    }


def _address(code: str, day: date) -> str:
    return f"{reverse('report_watch')}?{urlencode({'wilayah': code, 'hari': day.isoformat()})}"
