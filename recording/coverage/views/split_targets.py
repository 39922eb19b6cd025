"""The page on which a new total is split over the regions below: a proposal in which each number can be changed, and one act
that saves them all."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, Conflict, NotFound, Refused, RefusedRows
from dukcapil.region_codes import is_strictly_within
from dukcapil.requests import PortalRequest
from recording.coverage.target_effects import Basis, figures_in
from recording.coverage.views.split_table import Numbers, SplitTable, split_table
from recording.coverage.views.target_place import TargetPlace, target_place
from recording.coverage.views.targets import no_period, page_context
from recording.models import Door, Level, Region, TargetKind
from recording.parsing.region_names import is_code, level_of
from recording.targets.forms import BELOW, NUMBER, VILLAGES, SplitForm, read_numbers
from recording.targets.services import TargetInput, seen_token, set_seen_targets, set_targets
from recording.targets.split_plan import MAX_PARTS, SplitPlan, split_plan
from recording.targets.tree import TargetTree, target_tree


@dataclass(frozen=True)
class Shown:
    """The table below the form, whether it is the one that can be saved, and what its button must carry."""

    table: SplitTable
    last_step: bool
    seen: str = ""
    superseded: int = 0
    changed: Conflict | None = None

    @property
    def may_save(self) -> bool:
        return self.last_step and bool(self.seen)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def split_page(request: PortalRequest, code: str) -> HttpResponse:
    """Split a total: `act` of a posted form is "propose", "villages" (the second step), "check" or "save"."""
    require(by=request.user, action=Action.TARGET_WRITE, code=code)
    place = target_place(request, code)
    if place is None:
        return no_period(request, code)
    if not place.below_label:
        raise NotFound(N_("Target kelurahan tidak dibagi lagi."))
    tree = target_tree(code, place.choices.document, place.period, TargetKind.TASK)
    depths = _depths(place)
    if request.method == "POST":
        form = SplitForm(request.POST, depths=depths)
        return _posted(request, place, tree, form) if form.is_valid() else _page(request, place, form, status=form.status)
    day = place.likely_day()
    present = tree.on(day).get(code)
    stands_at_villages = any(each.startswith(f"{code}.") and level_of(each) == Level.VILLAGE for each in tree.own_on(day))
    initial = {
        "total": request.GET.get("total") or (figures.people(present.people) if present else ""),
        "depth": VILLAGES if stands_at_villages and len(depths) > 1 else BELOW,
        "effective_from": day,
    }
    return _page(request, place, SplitForm(initial=initial, depths=depths))


def _depths(place: TargetPlace) -> list[tuple[str, str]]:
    """How far down a split may go: the kelurahan, as long as a form holds their numbers."""
    depths = [(BELOW, place.below_label)]
    villages = Region.objects.below(place.choices.code).filter(level=Level.VILLAGE)
    if place.region.level != Level.DISTRICT and villages.count() <= MAX_PARTS:
        depths.append((VILLAGES, _("Kelurahan, sesudah %(level)s") % {"level": place.below_label.lower()}))
    return depths


def _posted(request: PortalRequest, place: TargetPlace, tree: TargetTree, form: SplitForm) -> HttpResponse:
    data, act = form.cleaned_data, request.POST.get("act", "propose")
    numbers, wrong = read_numbers(request.POST)
    at_villages = any(is_code(code) and level_of(code) == Level.VILLAGE for code in (*numbers, *wrong))
    second = data["depth"] == VILLAGES and act != "propose" and (act == "villages" or at_villages)
    plan = split_plan(request.user, place.choices.code, form.day, tree, down_to_villages=second)
    press = _Press(request, place, tree, form, plan, last_step=second or data["depth"] == BELOW)
    try:
        if act == "propose":
            return press.answer(Numbers(press.proposal(plan, data["total"]), {}, {}))
        if act == "villages" and not at_villages:
            return press.answer(Numbers(press.second_proposal(numbers), {}, {}))
    except Refused as refused:
        form.refuse(refused)
        return _page(request, place, form, status=form.status)
    texts = {name.removeprefix(NUMBER): str(text) for name, text in request.POST.items() if name.startswith(NUMBER)}
    return press.answer(Numbers({code: numbers[code] for code in plan.parts if code in numbers}, texts, wrong))


@dataclass(frozen=True)
class _Press:
    """A form that was sent and is whole, on the state of the targets that it is compared with."""

    request: PortalRequest
    place: TargetPlace
    tree: TargetTree
    form: SplitForm
    plan: SplitPlan
    last_step: bool

    def proposal(self, plan: SplitPlan, total: int) -> dict[str, int]:
        place, day = self.place, self.form.day
        known = figures_in(self.request.user, plan.parts, place.run, place.choices.document, place.period)
        targets = {code: amount.people for code, amount in self.tree.on(day).items()}
        recorded = {code: figure.recorded for code, figure in known.items()}
        return plan.propose(total, self.form.cleaned_data["way"], targets, recorded)

    def second_proposal(self, numbers: Mapping[str, int]) -> dict[str, int]:
        """The part of each region of the first step, over its kelurahan."""
        if sum(numbers.values()) != self.form.cleaned_data["total"]:
            raise Refused(N_("Jumlahnya belum sama dengan total. Periksa lagi, lalu lanjutkan."), "total")
        parts: dict[str, int] = {}
        for code, people in numbers.items():
            inside = [part for part in self.plan.parts if is_strictly_within(part, code)]
            parts |= self.proposal(SplitPlan(code, inside, [], []), people) if inside or people else {}
        return parts

    def answer(self, numbers: Numbers) -> HttpResponse:
        """The page with its table; a press on "save" of exactly what was shown leaves it."""
        data, place = self.form.cleaned_data, self.place
        targets = self.plan.targets(
            numbers.people,
            document=place.choices.document,
            period=place.period,
            source=data["source"],
            effective_from=self.form.day,
        )
        basis = Basis.of(place.period, place.run, place.today, self.form.day)
        grouped = self.last_step and data["depth"] == VILLAGES
        numbered = (self.request.user, place, self.plan, data["total"], numbers)
        table = split_table(*numbered, after=self.tree.with_planned(targets), before=self.tree, basis=basis, grouped=grouped)
        try:
            return self._save_or_show(table, targets)
        except RefusedRows as refused:
            self.form.refuse(refused.errors[0][1])
            return _page(self.request, place, self.form, shown=Shown(table, self.last_step), status=self.form.status)

    def _save_or_show(self, table: SplitTable, targets: list[TargetInput]) -> HttpResponse:
        """Raises RefusedRows for what could not be saved."""
        request, place, form = self.request, self.place, self.form
        if not (self.last_step and table.complete):
            return _page(request, place, form, shown=Shown(table, self.last_step))
        act, changed = Act(request.user, request.now, Door.PAGE), None
        if request.POST.get("act") == "save":
            try:
                outcomes = set_seen_targets(act=act, targets=targets, seen=request.POST.get("seen", ""))
            except Conflict as conflict:
                changed = conflict
            else:
                messages.success(request, _saved(place, form, len(outcomes)))
                return redirect(place.url())
        outcomes = set_targets(act=act, targets=targets, dry_run=True)
        superseded = sum(outcome.superseded_from is not None for outcome in outcomes)
        shown = Shown(table, True, seen_token(targets, self.tree.newest), superseded, changed)
        return _page(request, place, form, shown=shown, status=changed.status if changed else 200)


def _saved(place: TargetPlace, form: SplitForm, number: int) -> str:
    sentence = ngettext(
        "%(n)s target di %(region)s disimpan, berlaku mulai %(day)s. Tampak dalam perhitungan berikutnya.",
        "%(n)s target di %(region)s disimpan, berlaku mulai %(day)s. Tampak dalam perhitungan berikutnya.",
        number,
    )
    return sentence % {"n": figures.people(number), "region": place.region.name, "day": figures.long_day(form.day)}


def _page(
    request: PortalRequest, place: TargetPlace, form: SplitForm, *, shown: Shown | None = None, status: int = 200
) -> HttpResponse:
    context = page_context(request.user, place) | {"form": form, "shown": shown}
    return render(request, "recording/targets/split.html", context, status=status)
