"""The staged counts of a file against the targets of their regions, and of the regions above them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from dukcapil.clock import business_date
from recording.imports.job import Table
from recording.ledger.stage_checks import sums_by_region
from recording.models import CurrentCount, Period, Target, TargetKind
from recording.parsing.region_names import LEVELS, parent_of
from recording.targets.services import TargetInput

DocumentPeriod = tuple[str, int]  # a document and the key of a period


class Standing(NamedTuple):
    """A region with a target of a period: the people that the file names there, and who is recorded before and after."""

    code: str
    document: str
    target: int
    people: int
    before: int
    after: int

    @property
    def is_beyond(self) -> bool:
        """Whether the file brings more people than remained."""
        return self.after - self.before > max(0, self.target - self.before)


def standings(table: Table, coming: Iterable[TargetInput] = ()) -> list[Standing]:
    """Every region with a target of its own, or of those below it, in which the file names people. `coming`: targets that
    are imported with its counts."""
    targets = _targets(table)
    keys = {period.name: period.pk for period in table.periods}
    for each in coming:
        if each.kind == TargetKind.TASK and each.people is not None:
            targets[each.document, keys[each.period]][each.region] = each.people
    if not targets:
        return []
    periods = {period.pk: period for period in table.periods}
    staged: dict[DocumentPeriod, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for code, document, key, people, stored in sums_by_region([(key, *_days(period)) for key, period in periods.items()]):
        named, replaced = staged[document, key]
        named[code], replaced[code] = people, stored
    found: list[Standing] = []
    for document, key in sorted(targets.keys() & staged.keys()):
        named, replaced = (_rolled_up(sums) for sums in staged[document, key])
        before = _rolled_up(_recorded(document, periods[key]))
        for code, target in _with_sums(targets[document, key]).items():
            if target and named[code]:
                after = before[code] - replaced[code] + named[code]
                found.append(Standing(code, document, target, named[code], before[code], after))
    return found


def _targets(table: Table) -> dict[DocumentPeriod, dict[str, int]]:
    """The targets of periods in force today, by region."""
    today = business_date(table.job.act.now)
    versions = Target.objects.filter(kind=TargetKind.TASK, effective_from__lte=today).order_by("effective_from", "version")
    in_force = {(row.document, row.period_id, row.region_id): row.people for row in versions}  # the last one stays
    targets: dict[DocumentPeriod, dict[str, int]] = defaultdict(dict)
    for (document, period, code), people in in_force.items():
        if people is not None:
            targets[document, period][code] = people
    return targets


def _days(period: Period) -> tuple[date, date]:
    return period.first_day, period.last_day


def _recorded(document: str, period: Period) -> Counter[str]:
    counts = CurrentCount.objects.filter(document=document, day__range=_days(period), people__gt=0)
    return Counter(dict(counts.values_list("region_id").annotate(all=Sum("people"))))


def _rolled_up(sums: Mapping[str, int]) -> Counter[str]:
    """The people of each region and of every region above it."""
    rolled: Counter[str] = Counter()
    for code, people in sums.items():
        above: str | None = code
        while above:
            rolled[above] += people
            above = parent_of(above)
    return rolled


def _with_sums(own: Mapping[str, int]) -> dict[str, int]:
    """A region without a target of its own has the sum of its children's."""
    targets = dict(own)
    for length in sorted(LEVELS, reverse=True):
        for code in [code for code in targets if len(code) == length]:
            above = parent_of(code)
            if above and above not in own:
                targets[above] = targets.get(above, 0) + targets[code]
    return targets
