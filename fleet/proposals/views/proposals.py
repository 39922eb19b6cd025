"""The pages of proposals: asking for one, reading it with its reasons, changing it, and publishing it."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.requests import PortalRequest
from fleet.models import Proposal, ProposalStatus
from fleet.pages.posted import by_page, posted_number, unknown_action
from fleet.pages.tabs import tabs
from fleet.proposals import services
from fleet.proposals.explaining import failure_of, moved_stops, outlooks, refused_requests
from fleet.proposals.forms import STOP_CHANGES, USUAL_WEEKS, PinForm, ProposalForm, posted_edits, question_initial
from fleet.proposals.publishing import publish
from fleet.proposals.selectors import newest_proposals, question_of, visible_proposal
from fleet.proposals.views.map_of_plan import map_of_plan
from fleet.proposals.week_grid import WeekGrid, week_grid, weeks_of
from fleet.schedule.selectors import bases_to_plan
from recording.public import Level, Period, Region, is_working_day

STATUS_LOOKS = {  # the picture and the colour of a status
    ProposalStatus.READY: ("info", "on_plan"),
    ProposalStatus.PUBLISHED: ("check", "done"),
    ProposalStatus.FAILED: ("warning", "below"),
}
NO_LOOK = ("silent", "silent")


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: PortalRequest) -> HttpResponse:
    """Ask for a proposal; the newest ones. With `dari` in the address the form begins with what a proposal was asked."""
    require(by=request.user, action=Action.FLEET_READ)
    regions = _regions(request)
    former = _former(request)
    form = None
    if regions:
        form = ProposalForm(
            request.POST if request.method == "POST" else None, regions=regions, initial=_initial(request, regions, former)
        )
    elif request.method == "POST":
        require(by=request.user, action=Action.TRIP_WRITE)
        raise Refused(N_("Belum ada mobil yang dapat direncanakan."))
    if form and form.is_bound and form.is_valid():
        try:
            kept = question_of(former) if former else None
            asked = services.ask(act=by_page(request), question=form.question(kept), replaces=former)
        except Refused as problem:
            form.refuse(problem)
        else:
            return redirect("proposal", asked.pk)
    context = {
        "tabs": tabs(request, "proposals"),
        "form": form,
        "former": former,
        "rows": [(row, *STATUS_LOOKS.get(ProposalStatus(row.status), NO_LOOK)) for row in newest_proposals(request.user)],
    }
    return render(request, "fleet/proposals/proposals.html", context, status=form.status if form and form.errors else 200)


def _regions(request: PortalRequest) -> list[Region]:
    """Where the reader may plan: each city with vans, after the province for whoever plans all of it."""
    bases = [base for base in bases_to_plan(request.user, request.day) if can(request.user, Action.TRIP_WRITE, base.code)]
    codes = {base.code for base in bases}
    provinces = Region.objects.filter(code__in={code[:2] for code in codes}).order_by("code")
    whole = [province for province in provinces if can(request.user, Action.TRIP_WRITE, province.code)]
    return [*whole, *sorted((base for base in bases if base.level == Level.CITY), key=lambda base: base.code)]


def _former(request: PortalRequest) -> Proposal | None:
    number = posted_number(request.GET.get("dari", ""))
    return visible_proposal(request.user, number) if number else None


def _initial(request: PortalRequest, regions: list[Region], former: Proposal | None) -> dict[str, object]:
    """What was asked before, or two weeks from the next working day on."""
    if former:
        question = question_of(former)
        return question_initial(question) | {"first_day": max(question.first_day, request.day)}
    code = request.GET.get("pangkalan", "")
    region = next((region for region in regions if region.code == code), regions[0])
    return {
        "region": region.code,
        "first_day": next_working_day(request.day),
        "days": 7 * USUAL_WEEKS,
        "alpha": "0.5",
        "agency": region.level == Level.PROVINCE,
        "floor": 0,
    }


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: PortalRequest, number: int) -> HttpResponse:
    """One proposal, by its status: the work on it, why there is no plan, or its weeks with reasons. Posted with `act`: ask
    again with changes, publish, or repair what was published."""
    shown = visible_proposal(request.user, number)
    error: Refused | None = None
    if request.method == "POST":
        try:
            return _act_on(request, shown)
        except Refused as problem:
            if problem.status in (403, 404):
                raise
            error = problem
            shown = visible_proposal(request.user, number)
    context = _context(request, shown) | {"error": error}
    if isinstance(grid := context.get("grid"), WeekGrid) and grid.publication:
        context["problems"] = [problem for problem in grid.publication.problems if str(problem) != str(error)]
    return render(request, "fleet/proposals/proposal.html", context, status=error.status if error else 200)


def _act_on(request: PortalRequest, shown: Proposal) -> HttpResponse:
    act, action = by_page(request), request.POST.get("act", "")
    if action == "again":
        edits = posted_edits(request.POST)
        form = _pin_form(request, shown)
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        again = services.ask_again(act=act, number=shown.pk, edits=[*edits, *form.edits()])
        if again.pk == shown.pk:
            messages.info(request, _("Tidak ada yang berubah: usulan ini masih yang terbaik."))
        return redirect("proposal", again.pk)
    if action == "publish":
        done = publish(act=act, number=shown.pk, fingerprint=request.POST.get("seen", ""))
        sentence = ngettext("Diterbitkan: %(n)s titik baru.", "Diterbitkan: %(n)s titik baru.", done.new) % {"n": done.new}
        if done.called_off:
            off = ngettext("%(n)s titik dibatalkan.", "%(n)s titik dibatalkan.", done.called_off) % {"n": done.called_off}
            sentence = f"{sentence} {off}"
        messages.success(request, sentence)
        return redirect("proposal", shown.pk)
    if action == "repair":
        return redirect("proposal", services.repair(act=act, number=shown.pk).pk)
    raise unknown_action()


def _pin_form(request: PortalRequest, shown: Proposal, days: list[date] | None = None) -> PinForm:
    if days is None:
        days = [shown.first_day + timedelta(days=number) for number in range(shown.days)]
    return PinForm(request.POST if request.method == "POST" else None, by=request.user, days=days, today=shown.first_day)


def _context(request: PortalRequest, shown: Proposal) -> dict[str, object]:
    question = question_of(shown)
    icon, look = STATUS_LOOKS.get(ProposalStatus(shown.status), NO_LOOK)
    context: dict[str, object] = {
        "tabs": tabs(request, "proposals"),
        "proposal": shown,
        "last_day": question.last_day,
        "icon": icon,
        "look": look,
        "may_plan": can(request.user, Action.TRIP_WRITE, shown.region_id),
        "newer": shown.replaced_by.order_by("-pk").first(),
        "change": f"{reverse('proposals')}?{urlencode({'dari': shown.pk})}",
        "schedule": f"{reverse('schedule')}?{urlencode({'hari': shown.first_day.isoformat()})}",
    }
    if shown.is_waiting:
        return context
    context |= _fixed(shown)
    if shown.status == ProposalStatus.FAILED or not shown.plan:
        return context | {"failure": failure_of(shown)}
    grid = week_grid(shown)
    return context | _plan(request, shown, grid)


def _plan(request: PortalRequest, shown: Proposal, grid: WeekGrid) -> dict[str, object]:
    """What the page shows of a plan."""
    moved, called_off = moved_stops(shown), grid.publication.called_off if grid.publication else []
    why = {(move.village.code, move.day): move.because for move in moved}
    open_to_change = shown.status == ProposalStatus.READY and can(request.user, Action.TRIP_WRITE, shown.region_id)
    return {
        "grid": grid,
        "cities": [(city, weeks_of(city)) for city in grid.cities],
        "changes": open_to_change,
        "stop_changes": STOP_CHANGES,
        "moves": moved,
        "called_off": [(row, why.get((row.trip.village_id, row.trip.day), "")) for row in called_off],
        "refused": refused_requests(shown),
        "outlooks": outlooks(shown),
        "map": map_of_plan(request.user, shown, grid, request.day),
        "map_is_near": len(grid.cities) == 1,
        "pin_form": _pin_form(request, shown, grid.days) if open_to_change else None,
        "as_of": shown.facts.get("as_of") and date.fromisoformat(shown.facts["as_of"]),
        "period_ends": _end_of_period(shown),
        "repairable": shown.status == ProposalStatus.PUBLISHED and question_of(shown).last_day >= request.day,
    }


def _end_of_period(shown: Proposal) -> date | None:
    """The last day of the period whose targets were planned for, where the proposal goes on after it."""
    as_of = date.fromisoformat(shown.facts.get("as_of") or shown.first_day.isoformat())
    period = next((period for period in Period.objects.all() if period.holds(as_of)), None)
    return period.last_day if period and period.last_day < question_of(shown).last_day else None


def _fixed(shown: Proposal) -> dict[str, object]:
    """What the head fixed, pins and bans: (kelurahan, day; None for all days)."""
    question = question_of(shown)
    names = Region.objects.in_bulk({pin.village for pin in question.pins} | {ban.village for ban in question.bans})
    pins = [
        (names[pin.village], date.fromisoformat(pin.day))
        for pin in sorted(question.pins, key=lambda pin: (pin.day, pin.village))
    ]
    bans = [
        (names[ban.village], date.fromisoformat(ban.day) if ban.day else None)
        for ban in sorted(question.bans, key=lambda ban: (ban.day, ban.village))
    ]
    return {"pins": pins, "bans": bans}


@require_safe
def plan_file(request: PortalRequest, number: int) -> HttpResponse:
    """The plan with its proof, letter by letter as it was made, for `check_plan`."""
    shown = visible_proposal(request.user, number)
    if not shown.plan:
        raise Conflict(_("Usulan ini belum mempunyai rencana."))
    response = HttpResponse(shown.plan, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="rencana-{shown.region_id}-{shown.first_day}-{shown.pk}.json"'
    return response
