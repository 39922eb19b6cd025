"""Why a figure changed: the ledger between two runs, in parts that sum exactly to the difference."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dukcapil.region_codes import within_region
from recording.models import ONE_DAY, CountChange, CountedQuerySet, CoverageFigure, CoverageRun, Period, PostingKind, RegionTree
from recording.parsing.region_names import parent_of

ROWS_PER_PAGE = 50
MAX_READ_BY_POSITION = 50_000  # changes of all regions
# Names of the sums that are no cause of their own.
UNCOVERED, RECORDED, TARGET = "uncovered", "recorded", "target"
Rows = QuerySet[Any, tuple[str, str, int]]


@dataclass(frozen=True)
class Comparison:
    """Two runs, of which the earlier one has the smaller number, and what is compared."""

    earlier: CoverageRun
    later: CoverageRun
    document: str
    period: Period

    @property
    def changes(self) -> int:
        """How many changes of any count were written between the two, at most."""
        return self.later.ledger_position - self.earlier.ledger_position


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


def part_words(days: int = 1) -> dict[str, tuple[str, str]]:
    """The name and the meaning of each cause, in the order in which pages list them. `days` lie between the two runs."""
    return {
        "new": (_("Baru"), _("pelayanan hari itu") if days == 1 else _("pelayanan hari-hari sesudahnya")),
        "late": (_("Terlambat"), _("hari lama yang baru sekarang dilaporkan")),
        "corrected": (_("Koreksi"), _("catatan lama yang diperbaiki")),
        "returned": (_("Dikembalikan"), _("laporan yang dikembalikan untuk diperbaiki")),
        "undone": (_("Dibatalkan"), _("pencatatan yang dibatalkan")),
        "regrouped": (_("Susunan wilayah"), _("perubahan wilayah atau periode")),
    }


def named_parts(difference: Difference, days: int = 1) -> list[tuple[str, int, str]]:
    """(name, people, meaning) of each cause of a difference; their people sum to `recorded`."""
    return [(name, getattr(difference, part), meaning) for part, (name, meaning) in part_words(days).items()]


def differences(compared: Comparison, regions: Iterable[str]) -> dict[str, Difference]:
    """The explanation for each region code, in one query."""
    codes = list(regions)
    sums: dict[str, dict[str, int]] = {code: defaultdict(int) for code in codes}
    parts, *figures = difference_rows(compared, codes)
    for code, part, people in parts.union(*figures, all=True):
        for above in [code] if part in (RECORDED, TARGET) else _with_those_above(code):
            if above in sums:
                sums[above][part] += people
    return {code: difference_of(sums[code]) for code in codes}


def difference_rows(compared: Comparison, codes: list[str]) -> list[Rows]:
    """The queries whose union of (region code, part, people) holds the explanation; `difference_of` reads it. Those of
    causes may stand at the regions that the counts name, in those of the codes: the database sums each row once, and not
    again for every region above."""
    written, moved = (_parts(_labelled(compared).filter(rows), codes) for rows in (_written(compared), _moved(compared)))
    few = len(codes) == 1 and compared.changes <= MAX_READ_BY_POSITION
    return [_written_parts(compared, *codes) if few else written, moved, *_figures(compared, codes)]


def _with_those_above(code: str) -> Iterator[str]:
    above: str | None = code
    while above:
        yield above
        above = parent_of(above)


def difference_of(sums: dict[str, int]) -> Difference:
    """The explanation of one region, from its sums by part (a defaultdict)."""
    causes = {name: sums[name] for name in ("new", "late", "corrected", "returned", "undone")}
    causes["new"] -= sums[UNCOVERED]
    regrouped = sums[RECORDED] - sum(causes.values())
    return Difference(**causes, regrouped=regrouped, target=sums[TARGET])


def _figures(compared: Comparison, codes: list[str]) -> list[Rows]:
    """What the later run says of each region less what the earlier one said: of `recorded` and of the target."""
    earlier, later = compared.earlier, compared.later
    of_both = CoverageFigure.objects.filter(
        run__in=[earlier, later], document=compared.document, period=compared.period, region_id__in=codes
    )
    sign = Case(When(run=later, then=Value(1)), default=Value(-1), output_field=BigIntegerField())
    return [
        of_both.annotate(code=F("region_id"), part=Value(name, CharField()), people=sign * Coalesce(F(column), 0)).values_list(
            "code", "part", "people"
        )
        for name, column in ((RECORDED, "recorded"), (TARGET, "target"))
    ]


def _parts(labelled: CountedQuerySet[Any], codes: list[str]) -> Rows:
    inside = RegionTree.objects.filter(ancestor__in=codes).values("descendant")
    rows: Rows = (
        labelled.filter(region__in=inside)
        .values("part", code=F("region_id"))
        .annotate(people=Sum("delta"))
        .values_list("code", "part", "people")
    )
    return rows


def _written_parts(compared: Comparison, code: str) -> Rows:
    """What was written of one region, where few changes were: by position. SQLite would rather go through years of each
    kelurahan, so that it is given nothing else to search by."""
    earlier, later = compared.earlier.ledger_position, compared.later.ledger_position
    counted = Q(document=compared.document) & _written(compared)
    rows: Rows = (
        CountChange.objects.filter(within_region("region__code", code), pk__gt=earlier, pk__lte=later)
        .values(code=Value(code, CharField()), part=_part(compared))
        .annotate(people=Sum("delta", filter=counted, default=0))
        .values_list("code", "part", "people")
    )
    return rows


def changes_behind(compared: Comparison, code: str, part: str) -> QuerySet[CountChange]:
    """The ledger rows of one cause in a region and everything below it, newest first. Their deltas sum to the part of
    the explanation; rows marked UNCOVERED, of days that only the earlier run covers, count the other way round."""
    parts = ["new", UNCOVERED] if part == "new" else [part]
    return _classified(compared).below(code).filter(part__in=parts).order_by("-pk")


class ChangesPage(NamedTuple):
    """Rows of the ledger, the position before which newer ones may stand (None: it is the newest page) and the one at
    which the older ones begin (None: there are none)."""

    rows: list[Any]
    newer_before: int | None
    older_from: int | None


def changes_page(behind: QuerySet[CountChange], *, start: int | None, before: int | None) -> ChangesPage:
    """A page of `changes_behind`: the newest, those from the position `start` on, or the last ones before a position. It
    costs the same wherever in the ledger it lies."""
    if before is not None:
        rows = list(behind.filter(pk__gt=before).order_by("pk")[: ROWS_PER_PAGE + 1])
        if len(rows) > ROWS_PER_PAGE:
            rows = rows[ROWS_PER_PAGE - 1 :: -1]
            return ChangesPage(rows, rows[0].pk, before)
        start = None  # fewer than a page are newer: the newest page shows them
    rows = list((behind if start is None else behind.filter(pk__lte=start))[: ROWS_PER_PAGE + 1])
    newer = None if start is None else rows[0].pk if rows else start
    return ChangesPage(rows[:ROWS_PER_PAGE], newer, rows[-1].pk if len(rows) > ROWS_PER_PAGE else None)


def _classified(compared: Comparison) -> CountedQuerySet[Any]:
    """The ledger between two runs, each row once, with its `part`."""
    return _labelled(compared).filter(_written(compared) | _moved(compared))


def _written(compared: Comparison) -> Q:
    """Rows written after the earlier run, for days that the later one covers."""
    earlier, later, period = compared.earlier, compared.later, compared.period
    days = (period.first_day, min(period.last_day, later.as_of))
    return Q(pk__gt=earlier.ledger_position, pk__lte=later.ledger_position, day__range=days)


def _moved(compared: Comparison) -> Q:
    """Rows written before the earlier run, for days that only one of the two covers."""
    earlier, later, period = compared.earlier, compared.later, compared.period
    first, last = sorted((earlier.as_of, later.as_of))
    days = (max(period.first_day, first + ONE_DAY), min(period.last_day, last))
    return Q(pk__lte=earlier.ledger_position, day__range=days)


def _labelled(compared: Comparison) -> CountedQuerySet[Any]:
    """The rows of the document, each with its `part`."""
    return CountChange.objects.filter(document=compared.document).annotate(part=_part(compared))


def _part(compared: Comparison) -> Case:
    return Case(
        When(day__gt=compared.later.as_of, then=Value(UNCOVERED)),
        When(day__gt=compared.earlier.as_of, then=Value("new")),
        When(posting__kind=PostingKind.RETURN, then=Value("returned")),
        When(posting__kind=PostingKind.UNDO, then=Value("undone")),
        When(old_people__isnull=True, then=Value("late")),
        default=Value("corrected"),
        output_field=CharField(),
    )
