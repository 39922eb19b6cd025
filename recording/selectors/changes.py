"""Why a figure changed: the ledger between two runs, in parts that sum exactly to the difference."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import Case, CharField, F, Q, Sum, Value, When

from recording.models import CountChange, CoverageFigure, CoverageRun, Period, PostingKind


@dataclass(frozen=True)
class Difference:
    """People by which `recorded` of one region differs between two runs, by cause, and the change of its target.

    new: of days that the earlier run did not cover yet · late: first entered after the earlier run for a day that it
    covered · corrected: another value for a day that it covered · returned: taken out again · undone: an act of
    writing undone · regrouped: what is left when regions or periods themselves changed in between.
    """

    new: int = 0
    late: int = 0
    corrected: int = 0
    returned: int = 0
    undone: int = 0
    regrouped: int = 0
    target: int = 0

    @property
    def recorded(self) -> int:
        """The whole difference of `recorded`: exactly the sum of its parts."""
        return sum(getattr(self, part.name) for part in fields(self) if part.name != "target")


def differences(
    earlier: CoverageRun, later: CoverageRun, *, document: str, period: Period, regions: Iterable[str]
) -> dict[str, Difference]:
    """The explanation for each region code, in two queries. `earlier` must have the smaller number."""
    codes = list(regions)
    before, after = _figures(earlier, document, period, codes), _figures(later, document, period, codes)
    parts = _parts(earlier, later, document, period, codes)
    found = {}
    for code in codes:
        recorded = after[code][0] - before[code][0]
        causes = parts[code]
        causes["regrouped"] = recorded - sum(causes.values())
        found[code] = Difference(target=after[code][1] - before[code][1], **causes)
    return found


def _figures(run: CoverageRun, document: str, period: Period, codes: list[str]) -> dict[str, tuple[int, int]]:
    rows = CoverageFigure.objects.filter(run=run, document=document, period=period, region_id__in=codes)
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found |= {row.region_id: (row.recorded, row.target or 0) for row in rows}
    return found


def _parts(
    earlier: CoverageRun, later: CoverageRun, document: str, period: Period, codes: list[str]
) -> dict[str, dict[str, int]]:
    """Each ledger row counts once: written before the earlier run for days only one of the runs covers, or after it."""
    first, second = earlier.as_of, later.as_of
    old, new = (
        Q(pk__lte=earlier.ledger_position),
        Q(pk__gt=earlier.ledger_position, pk__lte=later.ledger_position),
    )
    came_in = old & Q(day__gt=first, day__lte=second)
    went_out = old & Q(day__gt=second, day__lte=first)
    written = new & Q(day__lte=second)
    part = Case(
        When(went_out, then=Value("uncovered")),
        When(day__gt=first, then=Value("new")),
        When(posting__kind=PostingKind.RETURN, then=Value("returned")),
        When(posting__kind=PostingKind.UNDO, then=Value("undone")),
        When(old_people__isnull=True, then=Value("late")),
        default=Value("corrected"),
        output_field=CharField(),
    )
    rows = (
        CountChange.objects.filter(came_in | went_out | written)
        .filter(document=document, day__range=(period.first_day, period.last_day))
        .filter(region__links_up__ancestor_id__in=codes)
        .values(code=F("region__links_up__ancestor_id"), part=part)
        .annotate(people=Sum("delta"))
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        sign, name = (-1, "new") if row["part"] == "uncovered" else (1, row["part"])
        found[row["code"]][name] += sign * row["people"]
    return found
