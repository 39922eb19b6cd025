"""The choices of a page of figures, looked up: the run, the one before it, and the period."""

from dataclasses import dataclass

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from recording.coverage.figures import RegionCoverage, period_for, region_coverage
from recording.coverage.runs import Runs, runs_for
from recording.models import CoverageRun, Period, Target
from recording.regions.choices import Choices
from recording.targets.selectors import periods_with_targets


@dataclass(frozen=True)
class ChosenFigures:
    choices: Choices
    runs: Runs
    period: Period
    periods: dict[Period, list[Target]]

    @property
    def run(self) -> CoverageRun:
        return self.runs.shown

    def region_coverage(self, by: Actor) -> RegionCoverage:
        """The chosen region with those above and below it, in one query."""
        choices = self.choices
        return region_coverage(by=by, code=choices.code, document=choices.document, period=self.period, runs=self.runs)

    def period_links(self, to: str = "region") -> list[tuple[str, str, bool]]:
        """(name, address of this page with it, whether it is the chosen one) for _periods.html."""
        return [(p.name, self.choices.url(to, period=p.name), p == self.period) for p in self.periods]


def chosen_figures(request: PortalRequest, code: str, runs: Runs | None = None) -> ChosenFigures | None:
    """The choices of the address, in two queries (one when the `runs` are known); None before a period is defined or
    anything was computed.

    A region that the reader may not see is NotFound, like one that does not exist.
    """
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices = Choices.of(request, code)
    periods = periods_with_targets(code, choices.document)
    runs = runs or runs_for(choices.run, request.day)
    day = runs.shown.as_of if runs else request.day
    period = period_for(list(periods), choices.period, day)
    return ChosenFigures(choices, runs, period, periods) if runs and period else None
