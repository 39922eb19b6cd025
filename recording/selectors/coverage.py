"""Coverage as everybody reads it: one region of one run, with its children, and the answer for machines."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce

from accounts.rights import Actor
from dukcapil.errors import N_, NotFound
from recording.coverage import Coverage, band, bar_width
from recording.models import CoverageFigure, CoverageRun, Level, Period, Region
from recording.models import Target as TargetRow
from recording.selectors.changes import Difference, differences
from recording.selectors.regions import visible_region


@dataclass
class Figure:
    """One region's figures in one run. `entries` 0 means that nobody has entered anything: missing, not zero."""

    code: str
    name: str
    level: str
    recorded: int = 0
    entries: int = 0
    target: int | None = None
    eligible: int | None = None
    opening: int | None = None
    closed: date | None = None
    url: str = ""

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label)

    @property
    def coverage(self) -> Coverage:
        """Against the target of the period (capaian target)."""
        return Coverage(self.recorded, self.target)

    @property
    def stock(self) -> Coverage | None:
        """Recorded ever against the eligible (cakupan); None where the eligible are not known."""
        return None if self.eligible is None else Coverage(self.recorded + (self.opening or 0), self.eligible)

    @property
    def percent(self) -> Decimal | None:
        return self.coverage.percent

    @property
    def remaining(self) -> int | None:
        return self.coverage.remaining

    @property
    def surplus(self) -> int:
        return self.coverage.surplus

    @property
    def reached(self) -> bool:
        return self.coverage.reached

    @property
    def band(self) -> int | None:
        return band(self.percent)

    @property
    def bar_width(self) -> str:
        return bar_width(self.percent)


@dataclass
class RegionCoverage:
    """A region in a run: its own figure, those above it (highest first) and those just below it (worst first)."""

    run: CoverageRun
    previous: CoverageRun | None
    newest: CoverageRun
    figure: Figure
    ancestors: list[Figure]
    children: list[Figure]

    @property
    def without_target(self) -> int:
        return sum(child.target is None for child in self.children)

    @property
    def done(self) -> int:
        """How many children have reached their target ("kecamatan tuntas n dari m")."""
        return sum(child.reached for child in self.children)

    @property
    def children_target(self) -> int | None:
        """The sum of the children's targets; None when not one child has any."""
        targets = [child.target for child in self.children if child.target is not None]
        return sum(targets) if targets else None


def newest_runs() -> list[CoverageRun]:
    """The run that pages show and the one before it (of an earlier day), newest first; empty without any."""
    runs = list(CoverageRun.objects.order_by("-as_of", "-number")[:12])
    return runs[:1] + [run for run in runs[1:] if run.as_of < runs[0].as_of][:1]


def runs_for(number: int | None) -> tuple[CoverageRun, CoverageRun | None, CoverageRun] | None:
    """(the run asked for, the one before it, the newest one); None when nothing was ever computed.

    "Before" is the newest run with a smaller number of an earlier day, so that the difference reads forward.
    """
    newest = newest_runs()
    if not newest:
        return None
    if number is None or number == newest[0].number:
        run, others = newest[0], newest[1:]
    else:
        found = CoverageRun.objects.filter(number=number).first()
        if found is None:
            raise NotFound(N_("Perhitungan nomor %(number)s tidak ada."), "run", number=number)
        run = found
        others = list(
            CoverageRun.objects.filter(as_of__lt=run.as_of, number__lt=number).order_by("-as_of", "-number")[
                :1
            ]
        )
    previous = others[0] if others and others[0].number < run.number else None
    return run, previous, newest[0]


def period_for(periods: list[Period], name: str | None, day: date) -> Period | None:
    """The period of that name, else the one that holds the day, else the last one begun; None without any."""
    if name is not None:
        for period in periods:
            if period.name == name:
                return period
        raise NotFound(N_("Periode %(name)s tidak ada."), "period", name=name)
    begun = [period for period in periods if period.first_day <= day]
    return begun[-1] if begun else (periods[0] if periods else None)


def region_coverage(
    *,
    by: Actor,
    code: str,
    document: str,
    period: Period,
    runs: tuple[CoverageRun, CoverageRun | None, CoverageRun],
) -> RegionCoverage:
    """A region with the regions above and just below it in one query. Unknown or not visible: NotFound."""
    run, previous, newest = runs
    figures = [
        Figure(**row)
        for row in _with_figures(Region.objects.visible_to(by), run, document, period)
        .filter(Q(code=code) | Q(parent=code) | Q(links_down__descendant=code))
        .distinct()
    ]
    own = next((figure for figure in figures if figure.code == code), None)
    if own is None:
        raise NotFound(N_("Wilayah %(code)s tidak ditemukan."), "region", code=code)
    above = [figure for figure in figures if code.startswith(figure.code + ".")]
    below = [figure for figure in figures if figure.code.startswith(code + ".") and _shown(figure, run.as_of)]
    return RegionCoverage(
        run, previous, newest, own, sorted(above, key=lambda f: len(f.code)), sorted(below, key=worst_first)
    )


def plain_figure(by: Actor, code: str) -> Figure:
    """A region before anything was ever computed: its name and no numbers."""
    region = visible_region(by, code)
    return Figure(region.code, region.name, region.level, closed=region.closed)


def _with_figures(regions, run, document, period):  # type: ignore[no-untyped-def]
    found = FilteredRelation(
        "figures", condition=Q(figures__run=run, figures__document=document, figures__period=period)
    )
    numbers = {name: F(f"found__{name}") for name in ("target", "eligible", "opening")}
    sums = {name: Coalesce(F(f"found__{name}"), 0) for name in ("recorded", "entries")}
    return regions.annotate(found=found).values("code", "name", "level", "closed", **numbers, **sums)


def _shown(figure: Figure, day: date) -> bool:
    """A closed region is listed as long as it has figures in the period."""
    return figure.closed is None or figure.closed >= day or figure.entries > 0 or figure.target is not None


def worst_first(figure: Figure) -> tuple[bool, Decimal, str]:
    """Smallest percentage first; without a target last."""
    return (figure.percent is None, figure.percent or Decimal(0), figure.code)


@dataclass(frozen=True)
class TargetVersion:
    """One version of a region's own target, and whether it is the one in force on the run's day."""

    row: TargetRow
    in_force: bool


def target_versions(code: str, document: str, period: Period, day: date) -> list[TargetVersion]:
    """A region's own targets of a period, newest version first. In force: the greatest version already effective."""
    rows = list(
        TargetRow.objects.filter(region=code, document=document, period=period).order_by("kind", "-version")
    )
    in_force: dict[str, int] = {}
    for row in rows:
        if row.effective_from <= day:
            in_force.setdefault(row.kind, row.version)
    return [TargetVersion(row, in_force.get(row.kind) == row.version) for row in rows]


def change_since_previous(found: RegionCoverage, document: str, period: Period) -> Difference | None:
    """Why the region's figure differs from the run before; None when there is none."""
    if found.previous is None:
        return None
    code = found.figure.code
    return differences(found.previous, found.run, document=document, period=period, regions=[code])[code]


def coverage_answer(run: CoverageRun, figures: list[Figure], document: str, period: str) -> dict[str, object]:
    """The shape in which machines read coverage (API and `--json`): counts are integers, percentages strings."""
    return {
        "run": run.number,
        "as_of": run.as_of.isoformat(),
        "status": run.status,
        "results": [
            {
                "region": figure.code, "name": figure.name, "level": figure.level, "document": document,
                "period": period, "recorded": figure.recorded, "target": figure.target,
                "percent": None if figure.percent is None else str(figure.percent), "remaining": figure.remaining,
            }
            for figure in figures
        ],
    }  # fmt: skip


def run_figures(run: CoverageRun, document: str, period: Period, levels: list[str]) -> list[Figure]:
    """All regions of these levels that have figures in a run, by code. For doors that see the whole province."""
    rows = CoverageFigure.objects.filter(
        run=run, document=document, period=period, region__level__in=levels
    ).order_by("region_id")
    return [
        Figure(**row)
        for row in rows.values(
            "recorded", "entries", "target", "eligible", "opening",
            code=F("region_id"), name=F("region__name"), level=F("region__level"), closed=F("region__closed"),
        )
    ]  # fmt: skip
