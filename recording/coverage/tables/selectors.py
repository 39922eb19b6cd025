"""Reading tables of regions: one level below a region, or a few regions side by side, with all that a table tells."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.rights import Actor, region_not_found
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.region_codes import is_strictly_within, is_within
from recording.coverage.breakdown import today_by_region
from recording.coverage.figures import Figure, figures_of, period_for, plan_of, shown_figure, with_figures
from recording.coverage.not_recorded import Rows, added_up, missed_rows, not_recorded
from recording.coverage.pace import required_per_day
from recording.coverage.runs import Runs
from recording.coverage.workdays import working_days
from recording.models import ONE_DAY, CoverageRun, Document, Level, Period, Region, RegionTree
from recording.parsing.region_names import ancestor_at, is_code, line_of, normalise, parse_code
from recording.regions.selectors import find_region


@dataclass(frozen=True)
class Basis:
    """On what a table stands: its run, period and documents, the first of which its rows are about."""

    run: CoverageRun
    period: Period
    documents: tuple[str, ...]
    periods: tuple[Period, ...] = ()  # all that may be chosen


def find_basis(documents: tuple[str, ...], period: str | None, runs: Runs) -> Basis:
    """Of a run, in the period of that name or of the run's day; NotFound before a period is defined."""
    periods = list(Period.objects.all())
    found = period_for(periods, period, runs.shown.as_of)
    if found is None:
        raise NotFound(N_("Belum ada periode."), "period")
    return Basis(runs.shown, found, documents, tuple(periods))


@dataclass(frozen=True)
class RegionTable:
    """A region, those above it (highest first), and those below it, by code."""

    figure: Figure
    ancestors: list[Figure]
    below: list[Figure]

    def at(self, level: str) -> list[Figure]:
        return [figure for figure in self.below if figure.level == level]


@dataclass(frozen=True)
class Wanted:
    """Which rows of a table are shown: by a part of the name or code, the city they lie in, and where they stand."""

    text: str = ""
    city: str = ""
    standing: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.city or self.standing)

    def holds(self, figure: Figure) -> bool:
        if self.city and not is_within(figure.code, self.city):
            return False
        if self.standing and figure.standing != self.standing:
            return False
        if not self.text or figure.code.startswith(self.text):
            return True
        spelling = normalise(self.text)
        return bool(spelling) and spelling in normalise(figure.name)


def region_table(by: Actor, code: str, basis: Basis) -> RegionTable:
    """A region with everything above and below it: one query for each document. NotFound for one that `by` may not see."""
    if not is_code(code):
        raise region_not_found(code[:40])
    inside = RegionTree.objects.filter(ancestor=code).values("descendant")
    figures = _figures(by, Q(code__in=line_of(code)) | Q(code__in=inside), basis)
    own = next((figure for figure in figures if figure.code == code), None)
    if own is None:
        raise region_not_found(code)
    return RegionTable(
        own,
        [figure for figure in figures if is_strictly_within(code, figure.code)],
        [figure for figure in figures if is_strictly_within(figure.code, code) and shown_figure(figure, basis.run.as_of)],
    )


def regions_beside(by: Actor, codes: Sequence[str], basis: Basis) -> list[Figure]:
    """These regions in this order, without those that `by` may not see."""
    figures = {figure.code: figure for figure in _figures(by, Q(code__in=codes), basis)}
    return [figures[code] for code in codes if code in figures]


def _figures(by: Actor, which: Q, basis: Basis) -> list[Figure]:
    """By code, each with the figure of the second document beside it where there is one."""
    run, period = basis.run, basis.period
    regions = Region.objects.visible_to(by).filter(which)
    sides = [
        figures_of(with_figures(regions, run, document, period).order_by("code"), plan_of(run, period))
        for document in basis.documents
    ]
    for first, *others in zip(*sides, strict=True):
        first.beside = others[0] if others else None
    return sides[0]


def fill_details(by: Actor, figures: Sequence[Figure], basis: Basis) -> None:
    """Give figures the people of the run's own day, what is needed per working day, and who could not be recorded. Two
    queries at most."""
    today = today_by_region([figure.code for figure in figures], basis.run, basis.documents)
    for number, document in enumerate(basis.documents):
        for side in figures if not number else [figure.beside for figure in figures if figure.beside]:
            side.today = today.get((side.code, document))
    fill_needed([*figures, *(figure.beside for figure in figures if figure.beside)], basis)
    give_missed(figures, rows_of_missed(by, figures, basis))


def rows_of_missed(by: Actor, figures: Collection[Figure], basis: Basis) -> Rows | None:
    """The query for who could not be recorded in the period up to the run's day. They are on the list of the KTP: None for
    the KIA, which is issued without looking for anybody."""
    if basis.documents[0] != Document.KTP:
        return None
    last = min(basis.run.as_of, basis.period.last_day)
    return missed_rows(by, [figure.code for figure in figures], basis.period.first_day, last)


def give_missed(figures: Iterable[Figure], rows: Iterable[tuple[str, str, int]] | None) -> None:
    """Give figures who could not be recorded, by the rows of `rows_of_missed`."""
    missed = not_recorded(rows or ())
    for figure in figures:
        figure.not_recorded = missed.get(figure.code)


def fill_needed(figures: Iterable[Figure], basis: Basis) -> None:
    """Give figures the people per working day that are needed from the day after the run's until the end of the period."""
    last = basis.period.last_day
    days_left = len(working_days(min(basis.run.as_of, last) + ONE_DAY, last))
    for figure in figures:
        figure.needed = required_per_day(figure.remaining, days_left)


@dataclass
class Total(Figure):
    """Regions added up: what remains in each is added too, because a surplus in one hides no gap in another."""

    summed_remaining: int | None = None

    @property
    def remaining(self) -> int | None:
        return self.summed_remaining


def total_of(figures: Sequence[Figure], name: str, basis: Basis) -> Total:
    """The sum of regions of one level; what is missing in all of them stays missing."""
    total = Total(
        "",
        name,
        Level.PROVINCE,
        recorded=sum(figure.recorded for figure in figures),
        entries=sum(figure.entries for figure in figures),
        target=_sum(figure.target for figure in figures),
        today=_sum(figure.today for figure in figures),
        plan=plan_of(basis.run, basis.period),
        summed_remaining=_sum(figure.remaining for figure in figures),
    )
    beside = [figure.beside for figure in figures if figure.beside]
    total.beside = total_of(beside, name, basis) if beside else None
    total.not_recorded = added_up(figure.not_recorded for figure in figures)
    fill_needed([total], basis)
    return total


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def place_of(figure: Figure, names: Mapping[str, str], inside: str) -> str:
    """In what a region lies, as words: the levels between it and `inside`, the nearest first."""
    codes = [ancestor_at(figure.code, level) for level in (Level.DISTRICT, Level.CITY)]
    return ", ".join(names[code] for code in codes if code and is_strictly_within(code, inside) and code != figure.code)


def read_regions(texts: Sequence[str], by: Actor, day: date) -> tuple[list[str], list[Refused]]:
    """The codes that typed codes and names mean on a day, each once, with a refusal for each text that means none or more
    than one."""
    codes: list[str] = []
    problems: list[Refused] = []
    for text in texts:
        try:
            codes.append(_code_of(text, by, day))
        except Refused as problem:
            problems.append(problem)
    return list(dict.fromkeys(codes)), problems


def _code_of(text: str, by: Actor, day: date) -> str:
    """The code in any form, or that of the one region of that name on whichever level."""
    return parse_code(text) if text[:1].isdigit() else find_region(text, by=by, day=day).code
