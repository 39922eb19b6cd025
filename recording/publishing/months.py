"""The monthly report: a closed month as the run of its last night froze it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from recording.coverage.figures import period_for
from recording.coverage.runs import Runs
from recording.models import CoverageRun, Level, Period, Region
from recording.publishing.sheet import Sheet, sheet
from recording.regions.selectors import visible_region

MAX_OFFERED = 24  # months
MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year; `str()` is its name in an address: "2021-10"."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def before(self) -> "Month":
        return Month.of(self.first_day - timedelta(days=1))

    @property
    def last_day(self) -> date:
        return (self.first_day + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def closed_months(today: date) -> dict[Month, CoverageRun]:
    """The months that have a report, newest first, each with the run that froze it: the first official one as of its last
    day that is not void. What was corrected or computed again later changes no month; it shows in the one after."""
    frozen: dict[Month, CoverageRun] = {}
    month, ends = Month.of(today).before, []
    for _number in range(MAX_OFFERED + 1):  # the one before the last offered is what that one is compared with
        ends.append(month.last_day)
        month = month.before
    runs = CoverageRun.objects.credible(today).official().filter(as_of__in=ends).seen_on(today).with_summed_position()
    for run in runs.with_forecast_run().order_by("-as_of", "number"):
        frozen.setdefault(Month.of(run.as_of), run)
    return frozen


def parse_month(text: str) -> Month:
    """ "2021-10"; NotFound for anything else."""
    if found := MONTH.fullmatch(text):
        return Month(int(found[1]), int(found[2]))
    raise NotFound(N_("Bulan %(month)s tidak dikenal; tulis tahun dan bulan, misalnya 2021-10."), "bulan", month=text[:20])


def monthly_report(by: Actor, code: str, month: Month, document: str, *, today: date) -> list[Sheet]:
    """One sheet of the region, and for a province one of each city too. NotFound for a region that `by` may not see, and for
    a month without a report: the sentence names the nearest one that has one."""
    require(by=by, action=Action.COVERAGE_READ, code=code)
    region, frozen = visible_region(by, code), closed_months(today)
    run = frozen.get(month)
    period = period_for(list(Period.objects.all()), None, run.as_of) if run else None
    if run is None or period is None:
        raise _no_report(month, frozen)
    before = frozen.get(month.before)
    comparable = before is not None and before.number < run.number and period.first_day <= before.as_of
    runs = Runs(run, before if comparable else None, run)
    codes = [code]
    if region.level == Level.PROVINCE:
        codes += Region.objects.visible_to(by).open_on(run.as_of).filter(parent_id=code).values_list("code", flat=True)
    return [sheet(by, each, runs, document, period, since=month.first_day) for each in codes]


def _no_report(month: Month, frozen: dict[Month, CoverageRun]) -> NotFound:
    if not frozen:
        return NotFound(N_("Belum ada bulan yang sudah ditutup. Laporan bulanan pertama ada sesudah malam terakhir bulan ini."))
    nearest = min(frozen, key=lambda other: abs((other.first_day - month.first_day).days))
    sentence = N_("Bulan %(month)s belum atau tidak mempunyai laporan. Yang terdekat: %(nearest)s.")
    return NotFound(sentence, "bulan", month=str(month), nearest=str(nearest))
