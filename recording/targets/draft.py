"""Targets carried over from one period to the next, as a draft: worked out when it is asked for and stored nowhere.

It counts for nothing until it is confirmed. It is changed by importing its file with other figures, or by setting single
targets: what the new period has a target for already is no longer in the draft.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from recording.models import CoverageFigure, CoverageRun, Period, Target, TargetKind
from recording.parsing.free_text import free_text
from recording.targets.services import TargetInput, TargetOutcome, set_targets

MAX_SOURCE_LENGTH = 200
Figures = dict[tuple[str, str], int]


@dataclass(frozen=True)
class TargetDraft:
    """The targets that a period would have if everything stayed as at the end of the period before it.

    `openings` is the run from which the opening figures of the stock were taken (None: there are no such targets):
    what was recorded before, with everything since. `left_out` counts the targets of regions that close before.
    """

    period: Period
    before: Period
    targets: tuple[TargetInput, ...]
    names: dict[str, str]
    left_out: int = 0
    openings: CoverageRun | None = None

    @cached_property
    def digest(self) -> str:
        """What was shown: a confirmation is of exactly this."""
        return hashlib.sha256(repr(self.targets).encode()).hexdigest()[:20]


def target_draft(by: Actor, period: Period, today: date) -> TargetDraft | None:
    """The draft for a period, of the targets that `by` may set; None when there is nothing to carry over."""
    before = Period.objects.filter(last_day__lt=period.first_day).order_by("-last_day").first()
    if before is None:
        return None
    rows = _in_force(by, before)
    there = set(Target.objects.filter(period=period).values_list("region_id", "document", "kind").distinct())
    wanted = [row for row in rows if (row.region_id, row.document, row.kind) not in there]
    open_ones = [row for row in wanted if row.region.is_open_on(period.first_day)]
    stock = any(row.kind == TargetKind.STOCK for row in open_ones)
    runs = CoverageRun.objects.credible(today).filter(as_of__gte=before.first_day)
    run = runs.newest_first().first() if stock else None
    recorded = _recorded(run, before)
    targets = tuple(_carried(row, before, period, recorded) for row in open_ones)
    if not targets:
        return None
    names = {row.region_id: row.region.name for row in open_ones}
    return TargetDraft(period, before, targets, names, len(wanted) - len(open_ones), run)


def newest_draft(by: Actor, today: date) -> TargetDraft | None:
    """The draft for the last period."""
    period = Period.objects.order_by("-first_day").first()
    return target_draft(by, period, today) if period else None


def confirm_draft(*, act: Act, period: Period, seen: str, source: str) -> list[TargetOutcome]:
    """Set the targets of a draft as it was `seen`, under the decree or letter that says so (`source`). Conflict when
    the draft is another one by now; confirming again writes nothing more."""
    require(by=act.by, action=Action.TARGET_WRITE)
    source = free_text(source, "source", longest=MAX_SOURCE_LENGTH)
    if not source:
        raise Refused(N_("Tulis nomor keputusan atau surat yang menetapkan target ini."), "source")
    draft = target_draft(act.by, period, business_date(act.now))
    if draft is None:
        return []
    if draft.digest != seen:
        raise Conflict(N_("Draf ini sudah berubah sejak Anda membukanya. Periksa lagi, lalu tetapkan."))
    return set_targets(act=act, targets=[_under(target, source) for target in draft.targets])


def _under(target: TargetInput, source: str) -> TargetInput:
    """The version seen is none: somebody who set this target meanwhile was quicker."""
    return replace(target, source=source, expected=0)


def _in_force(by: Actor, before: Period) -> list[Target]:
    """The targets that a period ended with, unless they were withdrawn."""
    rows = Target.objects.allowed_to(by, Action.TARGET_WRITE).filter(period=before, people__isnull=False).last_decreed()
    return list(rows.select_related("region").order_by("region_id", "document", "kind"))


def _recorded(run: CoverageRun | None, before: Period) -> Figures:
    """What a run says was recorded in a period, by region and document."""
    if run is None:
        return {}
    figures = CoverageFigure.objects.filter(run=run, period=before)
    return {(code, document): people for code, document, people in figures.values_list("region", "document", "recorded")}


def _carried(row: Target, before: Period, period: Period, recorded: Figures) -> TargetInput:
    """The same people; for the stock, what was recorded in the period before joins the opening figure."""
    stock = row.kind == TargetKind.STOCK
    opening = row.opening + recorded.get((row.region_id, row.document), 0) if stock else 0
    source = f"Diteruskan dari {before.name}: {row.source}"[:MAX_SOURCE_LENGTH]
    return TargetInput(row.region_id, row.document, period.name, row.people, source, period.first_day, row.kind, opening)
