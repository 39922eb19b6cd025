"""The choices of a page of figures, looked up: the run, the one before it, and the period."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.rights import require
from accounts.roles import Action
from recording.coverage import figures as read
from recording.models import CoverageRun, Period, Target
from recording.regions.choices import Choices
from recording.targets.selectors import periods_with_targets

Runs = tuple[CoverageRun, CoverageRun | None, CoverageRun]


@dataclass(frozen=True)
class Asked:
    """The choices of an address, looked up. `runs` is (the run asked for, the one before it, the newest)."""

    choices: Choices
    runs: Runs
    period: Period
    periods: dict[Period, list[Target]]

    @property
    def run(self) -> CoverageRun:
        return self.runs[0]

    def period_links(self, to: str = "region") -> list[tuple[str, str, bool]]:
        """(name, address of this page with it, whether it is the chosen one) for _periods.html."""
        return [(p.name, self.choices.url(to, period=p.name), p == self.period) for p in self.periods]


def asked(request: HttpRequest, code: str, runs: Runs | None = None) -> Asked | None:
    """The choices of the address, in two queries (one when the `runs` are known); None before a period is defined or
    anything was computed.

    A region that the reader may not see is NotFound, like one that does not exist.
    """
    require(by=request.user, action=Action.COVERAGE_READ, code=code)
    choices = Choices.of(request, code)
    periods = periods_with_targets(code, choices.document)
    runs = runs or read.runs_for(choices.run)
    day = runs[0].as_of if runs else request.day  # type: ignore[attr-defined]
    period = read.period_for(list(periods), choices.period, day)
    return Asked(choices, runs, period, periods) if runs and period else None
