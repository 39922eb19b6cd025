"""What both pages of targets stand on: the region and those above it, the period, the newest run, and the history."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import can, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage.arithmetic import Coverage
from recording.coverage.figures import Figure, period_for
from recording.coverage.runs import newest_runs
from recording.coverage.target_effects import figures_in
from recording.models import CoverageRun, Document, Level, Period, Target, TargetKind
from recording.parsing.region_names import line_of
from recording.regions.choices import Choices
from recording.regions.selectors import visible_region
from recording.targets.selectors import TargetPanel, periods_with_targets, versions_on, with_doors

KIND = "jenis"  # of the target, in the address
LEVEL_BELOW = {Level.PROVINCE: Level.CITY, Level.CITY: Level.DISTRICT, Level.DISTRICT: Level.VILLAGE}


@dataclass(frozen=True)
class TargetPlace:
    """The region of a page of targets with those above it, the highest first, as the newest run says; `line` holds both."""

    choices: Choices
    kind: str
    period: Period
    periods: dict[Period, list[Target]]
    run: CoverageRun | None
    line: list[Figure]
    may_set: bool
    today: date

    @property
    def region(self) -> Figure:
        return self.line[-1]

    @property
    def above(self) -> list[Figure]:
        return self.line[:-1]

    @property
    def below_label(self) -> str:
        level = LEVEL_BELOW.get(Level(self.region.level))
        return str(level.label) if level else ""

    @property
    def own_versions(self) -> list[Target]:
        return [row for row in self.periods[self.period] if row.kind == self.kind]

    def url(self, to: str = "region_targets", **other: str) -> str:
        """The address of a page of targets with other choices."""
        chosen = {"code": self.choices.code, "dokumen": self.choices.document, "periode": self.period.name, KIND: self.kind}
        chosen |= other
        return f"{reverse(to, args=[chosen.pop('code')])}?{urlencode(chosen)}"

    @property
    def present(self) -> Coverage:
        """The region's people against its target as the newest run says; nobody and no target before any."""
        figure = self.region
        return figure.coverage if self.kind == TargetKind.TASK else figure.stock or Coverage(figure.recorded, None)

    def period_links(self) -> list[tuple[str, str, bool]]:
        return [(period.name, self.url(periode=period.name), period == self.period) for period in self.periods]

    def documents(self) -> list[tuple[str, str, str, bool]]:
        here = self.choices.document
        return [(value, str(label), self.url(dokumen=value), value == here) for value, label in Document.choices]

    def kinds(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is the chosen one) of the two kinds of targets."""
        return [(kind_label(kind, self.choices.document), self.url(**{KIND: kind}), kind == self.kind) for kind in TargetKind]

    def panel(self) -> TargetPanel:
        day = self.run.as_of if self.run else self.today
        versions = with_doors(versions_on(self.periods[self.period], day))
        has_target = self.region.target is not None
        return TargetPanel(versions, day, has_target, self.below_label, "", self.may_set)

    def likely_day(self) -> date:
        """From when the next version may count: the first target from the period's first day, a revision from today."""
        if not self.own_versions and self.present.target is None:
            return self.period.first_day
        return min(max(self.today, self.period.first_day), self.period.last_day)


def kind_label(kind: str, document: str) -> str:
    """The name of a kind of target: of the children's card nobody is "wajib KTP"."""
    if kind == TargetKind.STOCK and document == Document.KIA:
        return _("Anak wajib KIA")
    return str(TargetKind(kind).label)


def target_place(request: PortalRequest, code: str) -> TargetPlace | None:
    """What the address chose; None before a period is defined. A region that the reader may not see is NotFound."""
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    visible_region(request.user, code)
    choices, kind = Choices.of(request, code), request.GET.get(KIND, TargetKind.TASK)
    if kind not in TargetKind.values:
        raise NotFound(N_("Jenis target %(kind)s tidak dikenal; pilih task atau stock."), "", kind=kind[:40])
    periods, runs = periods_with_targets(code, choices.document), newest_runs(request.day)
    run = runs.shown if runs else None
    period = period_for(list(periods), choices.period, run.as_of if run else request.day)
    if period is None:
        return None
    figures = figures_in(request.user, line_of(code), run, choices.document, period)
    for figure in figures.values():
        figure.url = choices.url("region_targets", code=figure.code)
    may_set = can(request.user, Action.TARGET_WRITE, code)
    return TargetPlace(choices, kind, period, periods, run, list(figures.values()), may_set, request.day)
