"""What is stored, as tables that can be imported again: counts and targets.

Labels are always Indonesian, whatever the language of the page: the importer and the offices read them so.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from recording.models import CurrentCount, FormerName, Region, Target
from recording.parsing.region_names import level_of, parent_of
from recording.publishing.import_templates import CITY, CODE, DISTRICT, VILLAGE, period_or_refused
from recording.publishing.table import MAX_SHEET_ROWS, Column, Table, Value, too_long
from recording.regions.selectors import visible_region
from recording.targets.draft import TargetDraft

ROWS_PER_FETCH = 2_000
LAST = date.max.isoformat()
COUNT_COLUMNS = (
    CODE,
    CITY,
    DISTRICT,
    VILLAGE,
    Column("Dokumen", 10),
    Column("Tanggal", 12),
    Column("Sumber", 16),
    Column("Jumlah", 12, people=True),
)
TARGET_COLUMNS = (
    CODE,
    Column("Nama", 32),
    Column("Dokumen", 10),
    Column("Periode", 12),
    Column("Target", 14, people=True),
    Column("Sumber", 40),
    Column("Berlaku", 12),
    Column("Jenis", 8),
    Column("Awal", 14, people=True),
)


def export_days(first: date | None, last: date | None, day: date) -> tuple[date, date]:
    """The span of an export; what is not said is that of the period of the day, or up to a day that waits for its
    period. Refused when it ends too early."""
    if first is None or last is None:
        period = period_or_refused(None, day)
        first, last = first or period.first_day, last or max(period.last_day, day)
    if last < first:
        raise Refused(N_("Hari terakhir mendahului hari pertama."), "sampai")
    return first, last


def counts_table(by: Actor, code: str, document: str, first: date, last: date, *, whole: bool = False) -> Table:
    """The stored counts of a region and everything below it, one row each; `document` "" means all of them.

    Missing ones are left out. Refused when a sheet does not hold them, unless the `whole` is asked for.
    """
    require(by=by, action=Action.COUNT_READ, code=code)
    region = visible_region(by, code)
    counts = CurrentCount.objects.visible_to(by).below(code).filter(day__range=(first, last), people__isnull=False)
    if document:
        counts = counts.filter(document=document)
    if not whole:
        _check_length(counts)
    parts = ["hitungan", region.code, *([document] if document else []), first.isoformat(), last.isoformat()]
    return Table("-".join(parts), "Hitungan", COUNT_COLUMNS, _count_rows(counts, code))


def _count_rows(counts: QuerySet[CurrentCount], above: str) -> Iterator[Sequence[Value]]:
    """Each under the names of its day. Days stay the database's text: a million of them need not become dates."""
    names, former = _names(above)
    ends = sorted({name.last_day.isoformat() for name in former})
    rows = counts.order_by("day", "region_id", "document", "source").values_list(
        Cast("day", CharField()), "region_id", "document", "source", "people"
    )
    lines: dict[str, tuple[str, ...]] = {}
    until = ""
    for day, code, document, source, people in rows.iterator(ROWS_PER_FETCH):
        if day > until:  # between two renamings all names stay
            place = bisect_left(ends, day)
            until, lines = ends[place] if place < len(ends) else LAST, {}
        line = lines.get(code)
        if line is None:
            on = date.fromisoformat(day)
            then = {name.region_id: name.name for name in former if (name.first_day or on) <= on <= name.last_day}
            line = lines[code] = (code, *_above(code, names | then))
        yield (*line, document, day, source, people)


def _names(code: str) -> tuple[dict[str, str], list[FormerName]]:
    """The names of all regions of the province in which a region lies, and the former ones, in one query."""
    columns = ("name", "first_day", "last_day")
    rows = Region.objects.below(code[:2]).values_list("code", "name", *(f"former_names__{column}" for column in columns))
    names, former = {}, []
    for region, name, *then in rows:
        names[region] = name
        if then[0] is not None:
            former.append(FormerName(region_id=region, **dict(zip(columns, then, strict=True))))
    return names, former


def _above(code: str, names: dict[str, str]) -> tuple[str, str, str]:
    """The names of city, district and village; "" below the region's own level. A province has none of them."""
    name_by_level = {}
    while parent := parent_of(code):
        name_by_level[level_of(code)] = names[code]
        code = parent
    return name_by_level.get("city", ""), name_by_level.get("district", ""), name_by_level.get("village", "")


def targets_table(by: Actor, code: str, *, whole: bool = False) -> Table:
    """The last decreed version of every target of a region and everything below it, in all periods; withdrawn ones are
    left out. Refused when a sheet does not hold them, unless the `whole` is asked for."""
    require(by=by, action=Action.COUNT_READ, code=code)
    region = visible_region(by, code)
    targets = Target.objects.visible_to(by).below(code).last_decreed().filter(people__isnull=False)
    if not whole:
        _check_length(targets)
    return Table(f"target-{region.code}", "Target", TARGET_COLUMNS, _target_rows(targets))


def _target_rows(targets: QuerySet[Target]) -> Iterator[Sequence[Value]]:
    rows = targets.order_by("period__first_day", "region_id", "document", "kind").values_list(
        "region_id", "region__name", "document", "period__name", "people", "source", "effective_from", "kind", "opening"
    )
    for code, name, document, period, people, source, since, kind, opening in rows.iterator(ROWS_PER_FETCH):
        yield code, name, document, period, people, source, since.isoformat(), kind, opening


def draft_table(draft: TargetDraft) -> Table:
    """The targets carried over to a period, to be changed in a spreadsheet program and imported."""
    rows = [
        (
            target.region,
            draft.names[target.region],
            target.document,
            target.period,
            target.people,
            target.source,
            target.effective_from.isoformat(),
            target.kind,
            target.opening,
        )
        for target in draft.targets
    ]
    return Table(f"draf-target-{draft.period.name}", "Target", TARGET_COLUMNS, rows)


def _check_length(rows: "QuerySet[CurrentCount] | QuerySet[Target]") -> None:
    """Counts no further than a sheet reaches. Its first row is the header."""
    if rows.order_by()[:MAX_SHEET_ROWS].count() == MAX_SHEET_ROWS:
        raise too_long()
