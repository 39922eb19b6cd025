"""Why a figure changed: the ledger between two runs, in parts that sum exactly to the difference."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from recording.models import CountChange, CoverageFigure, CoverageRun, Period, PostingKind

# Names of the sums that are no cause of their own.
UNCOVERED, RECORDED, TARGET = "uncovered", "recorded", "target"


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
    """The explanation for each region code, in one query. `earlier` must have the smaller number."""
    codes = list(regions)
    sums: dict[str, dict[str, int]] = {code: defaultdict(int) for code in codes}
    rows = _parts(earlier, later, document, period, codes).union(
        *_figures(earlier, later, document, period, codes), all=True
    )
    for code, part, people in rows:
        sums[code][part] += people
    return {code: _difference(sums[code]) for code in codes}


def _difference(sums: dict[str, int]) -> Difference:
    causes = {name: sums[name] for name in ("new", "late", "corrected", "returned", "undone")}
    causes["new"] -= sums[UNCOVERED]
    regrouped = sums[RECORDED] - sum(causes.values())
    return Difference(**causes, regrouped=regrouped, target=sums[TARGET])


def _figures(
    earlier: CoverageRun, later: CoverageRun, document: str, period: Period, codes: list[str]
) -> list[QuerySet[Any, tuple[str, str, int]]]:
    """What the later run says of each region less what the earlier one said: of `recorded` and of the target."""
    of_both = CoverageFigure.objects.filter(
        run__in=[earlier, later], document=document, period=period, region_id__in=codes
    )
    sign = Case(When(run=later, then=Value(1)), default=Value(-1), output_field=BigIntegerField())
    return [
        of_both.annotate(
            code=F("region_id"), part=Value(name, CharField()), people=sign * Coalesce(F(column), 0)
        ).values_list("code", "part", "people")
        for name, column in ((RECORDED, "recorded"), (TARGET, "target"))
    ]


def _parts(
    earlier: CoverageRun, later: CoverageRun, document: str, period: Period, codes: list[str]
) -> QuerySet[Any, tuple[str, str, int]]:
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
        When(went_out, then=Value(UNCOVERED)),
        When(day__gt=first, then=Value("new")),
        When(posting__kind=PostingKind.RETURN, then=Value("returned")),
        When(posting__kind=PostingKind.UNDO, then=Value("undone")),
        When(old_people__isnull=True, then=Value("late")),
        default=Value("corrected"),
        output_field=CharField(),
    )
    return (
        CountChange.objects.filter(came_in | went_out | written)
        .filter(document=document, day__range=(period.first_day, period.last_day))
        .filter(region__links_up__ancestor_id__in=codes)
        .values(code=F("region__links_up__ancestor_id"), part=part)
        .annotate(people=Sum("delta"))
        .values_list("code", "part", "people")
    )
