"""The page of a region's target: its history for every reader; setting, revising and withdrawing it, with a preview."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.acts import Act
from accounts.rights import Actor, can, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import Conflict, RefusedRows
from dukcapil.requests import PortalRequest
from recording.coverage.target_effects import Basis, Effect, effects
from recording.coverage.views.target_place import TargetPlace, kind_label, target_place
from recording.models import Door, Target
from recording.regions.choices import Choices
from recording.targets.forms import TargetForm
from recording.targets.services import (
    SUPERSEDED,
    TargetInput,
    TargetOutcome,
    seen_token,
    set_seen_targets,
    set_targets,
    superseded_params,
)
from recording.targets.tree import Span, TargetTree, target_tree


@dataclass(frozen=True)
class Preview:
    """What saving a target would do: to its region, to those above it (the nearest first), and to its versions."""

    seen: str
    basis: Basis
    target: TargetInput
    region: Effect
    above: list[Effect]
    course: list[Span]
    replaced: Target | None
    superseded: str
    below: int | None
    same: bool

    @property
    def ahead(self) -> bool:
        """Whether the target begins after the day of the run, so that today's figures stay."""
        return self.target.effective_from > self.basis.as_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def region_targets(request: PortalRequest, code: str) -> HttpResponse:
    """The history of a region's target. A posted form is previewed, and saved when it says so and was previewed so."""
    place = target_place(request, code)
    if place is None:
        return no_period(request, code)
    tree = target_tree(code, place.choices.document, place.period, place.kind)
    own = code in tree.own_on(place.period.last_day) or code in tree.own_on(place.likely_day())
    if request.method == "POST":
        require(by=request.user, action=Action.TARGET_WRITE, code=code)
        form = TargetForm(request.POST, kind=place.kind, own=own)
        return _posted(request, place, form)
    newest = max(place.own_versions, key=lambda row: row.version, default=None)
    opening = newest.opening or None if newest else None
    initial = {"effective_from": place.likely_day(), "opening": opening}
    return _page(request, place, TargetForm(initial=initial, kind=place.kind, own=own))


def _posted(request: PortalRequest, place: TargetPlace, form: TargetForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, place, form, status=form.status)
    act = Act(request.user, request.now, Door.PAGE)
    target = form.target(place.choices.code, place.choices.document, place.period, place.kind)
    changed: Conflict | None = None
    try:
        if request.POST.get("act") == "save":
            (outcome,) = set_seen_targets(act=act, targets=[target], seen=request.POST.get("seen", ""))
            messages.success(request, _saved(place, outcome, target))
            return redirect(place.url())
    except Conflict as conflict:
        changed = conflict
    except RefusedRows as refused:
        form.refuse(refused.errors[0][1])
        return _page(request, place, form, status=form.status)
    try:
        preview = _preview(act, place, target)
    except RefusedRows as refused:
        form.refuse(refused.errors[0][1])
        return _page(request, place, form, status=form.status)
    return _page(request, place, form, preview=preview, changed=changed, status=changed.status if changed else 200)


def _saved(place: TargetPlace, outcome: TargetOutcome, target: TargetInput) -> str:
    values = {
        "label": kind_label(place.kind, place.choices.document),
        "region": place.region.name,
        "people": figures.people(outcome.new),
        "day": figures.long_day(target.effective_from),
    }
    if outcome.new is None:
        return _("%(label)s %(region)s dicabut mulai %(day)s. Tampak dalam perhitungan berikutnya.") % values
    return _("%(label)s %(region)s menjadi %(people)s mulai %(day)s. Tampak dalam perhitungan berikutnya.") % values


def _preview(act: Act, place: TargetPlace, target: TargetInput) -> Preview:
    """Raises RefusedRows for what could not be saved."""
    (outcome,) = set_targets(act=act, targets=[target], dry_run=True)
    before = target_tree(target.region, target.document, place.period, place.kind)
    same = outcome.status == "unchanged"
    after = before if same else before.with_planned([target])
    basis = Basis.of(place.period, place.run, place.today, target.effective_from)
    *above, region = effects(before, after, basis, place.line, place.kind)
    return Preview(
        seen_token([target], before.newest),
        basis,
        target,
        region,
        above[::-1],
        after.course(target.region),
        _replaced(before, target),
        _(SUPERSEDED) % superseded_params(outcome) if outcome.superseded_from else "",
        _sum_below(before, target, basis),
        same,
    )


def _replaced(tree: TargetTree, target: TargetInput) -> Target | None:
    """The version of the same effective day, which the new one corrects."""
    rows = [row for row in tree.versions.get(target.region, ()) if row.effective_from == target.effective_from]
    return max(rows, key=lambda row: row.version, default=None)


def _sum_below(tree: TargetTree, target: TargetInput, basis: Basis) -> int | None:
    """The sum of the targets just below where it is another number than the new one; None where there are none."""
    depth = target.region.count(".") + 1
    amounts = tree.on(basis.day)
    inside = [code for code in amounts if code.startswith(f"{target.region}.") and code.count(".") == depth]
    below = sum(amounts[code].people for code in inside)
    return below if inside and target.people is not None and below != target.people else None


def _page(
    request: PortalRequest,
    place: TargetPlace,
    form: TargetForm,
    *,
    preview: Preview | None = None,
    changed: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page_context(request.user, place) | {
        "form": form,
        "preview": preview,
        "changed": changed,
        "split_url": place.url("split_targets") if place.kind == "task" and place.below_label else "",
    }
    return render(request, "recording/targets/targets.html", context, status=status)


def page_context(by: Actor, place: TargetPlace) -> dict[str, object]:
    """What both pages of targets show around their forms."""
    return {
        "place": place,
        "panel": place.panel(),
        "tabs": place.choices.tabs("region_targets"),
        "label": kind_label(place.kind, place.choices.document),
        "may_make_period": can(by, Action.PERIOD_WRITE),
    }


def no_period(request: PortalRequest, code: str) -> HttpResponse:
    """Targets belong to a period: who may make one is led there."""
    context = {"choices": Choices.of(request, code), "may_make_period": can(request.user, Action.PERIOD_WRITE)}
    return render(request, "recording/targets/no_period.html", context)
