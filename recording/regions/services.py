"""Loading the tree of regions: the only way in which regions are written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Refused, RefusedRows
from dukcapil.locks import one_writer
from dukcapil.words import check_words
from recording.audit import write_audit
from recording.models import FormerName, Level, Region, RegionAlias, RegionTree
from recording.parsing.region_names import level_of, looks_like_bps, normalise, parent_of, parse_code
from recording.regions.renaming import name_to_keep

ROWS_PER_INSERT = 5_000
MAX_NAME_LENGTH = 100
MAX_LISTED_NAMES = 50  # in the audit trail


@dataclass(frozen=True)
class RegionRow:
    """One line of a region file. `named_since`: the first day of the name; None: today, where it is another one."""

    code: str
    name: str
    parent: str = ""
    opened: date | None = None
    closed: date | None = None
    named_since: date | None = None


@dataclass(frozen=True)
class RegionsLoaded:
    """What a load did. `missing` stand in the database, below the file's provinces, but not in the file; `renamed` are
    the codes of those whose former name is kept now."""

    new: int
    changed: int
    unchanged: int
    missing: tuple[str, ...]
    closed: int
    renamed: tuple[str, ...] = ()


def load_regions(
    *, act: Act, rows: Iterable[RegionRow], aliases: Iterable[tuple[str, str]] = (), close_missing_on: date | None = None
) -> RegionsLoaded:
    """Insert and update regions from a whole file; loading it again changes nothing.

    A region that the file no longer has is kept, because its history is; it is closed when `close_missing_on`
    says its last day. Of one that gets another name the former one is kept with its days. Rows may come in any order.
    Refuses the whole file (RefusedRows) on a bad code, a parent that is not the code's own prefix or is nowhere to be
    found, an empty name, a code that stands twice, or a city whose name belongs to another code (the numbers of the
    statistics office).
    """
    require(by=act.by, action=Action.REGION_WRITE)
    by_code = _checked(rows)
    with one_writer():
        stored = Region.objects.in_bulk()
        new = [_region(row) for code, row in sorted(by_code.items()) if code not in stored]
        former = _former_names(stored, by_code, business_date(act.now))
        changed = [region for code, row in by_code.items() if code in stored and (region := _changed(stored[code], row))]
        Region.objects.bulk_create(new, batch_size=ROWS_PER_INSERT)
        Region.objects.bulk_update(changed, ["name", "opened", "closed"], batch_size=500)
        FormerName.objects.bulk_create([name for name in former if name.pk is None], batch_size=500)
        FormerName.objects.bulk_update([name for name in former if name.pk], ["last_day"], batch_size=500)
        RegionTree.objects.bulk_create(_links(new), batch_size=ROWS_PER_INSERT)
        missing = _missing(stored.values(), by_code)
        closed = _close(missing, close_missing_on)
        added = _add_aliases(aliases)
        outcome = RegionsLoaded(
            len(new),
            len(changed),
            len(by_code) - len(new) - len(changed),
            tuple(region.code for region in missing),
            closed,
            tuple(name.region_id for name in former),
        )
        if new or changed or closed or added or former:
            names = {name.region_id: [name.name, by_code[name.region_id].name] for name in former[:MAX_LISTED_NAMES]}
            counts = {"new": len(new), "changed": len(changed), "closed": closed, "aliases": added}
            write_audit(act=act, action="region.load", subject=f"{len(by_code)}", details=counts | {"renamed": names})
    return outcome


def _checked(rows: Iterable[RegionRow]) -> dict[str, RegionRow]:
    """The rows by code; every problem of the file in one RefusedRows, each with the index of its row."""
    by_code: dict[str, RegionRow] = {}
    places: dict[str, int] = {}
    errors: list[tuple[int, Refused]] = []
    for index, row in enumerate(rows):
        try:
            code = _checked_row(row)
            if code in by_code:
                raise Refused(N_("Kode %(code)s ada dua kali dalam berkas."), "code", code=code)
        except Refused as problem:
            errors.append((index, problem))
            continue
        by_code[code], places[code] = row, index
    errors += [
        (places[code], Refused(N_("Induk %(parent)s dari %(code)s tidak ada."), "parent", code=code, parent=parent))
        for code, parent in _orphans(by_code)
    ]
    if errors:
        raise RefusedRows(sorted(errors, key=lambda error: error[0]))
    return by_code


def _checked_row(row: RegionRow) -> str:
    """The row's code. The numbers of the statistics office mean other cities: code and name are compared."""
    code, name = parse_code(row.code), row.name.strip()
    check_words(name, "name")
    if not name or len(name) > MAX_NAME_LENGTH:
        raise Refused(
            N_("Nama wilayah %(code)s kosong atau lebih dari %(longest)s huruf."), "name", code=code, longest=MAX_NAME_LENGTH
        )
    if level_of(code) == Level.CITY and looks_like_bps(code, name):
        raise Refused(
            N_("Kode BPS terdeteksi: menurut Kemendagri %(code)s bukan %(name)s. Pakai kode Kemendagri."),
            "code",
            code=code,
            name=name,
        )
    if row.parent and parse_code(row.parent, field="parent") != parent_of(code):
        raise Refused(N_("Induk %(code)s bukan %(parent)s."), "parent", code=code, parent=row.parent)
    _refuse_closed_before_opened(code, row.opened, row.closed)
    return code


def _orphans(by_code: dict[str, RegionRow]) -> list[tuple[str, str]]:
    """(code, parent) of those whose parent is neither in the file nor stored."""
    orphans = [(code, parent) for code in by_code if (parent := parent_of(code)) and parent not in by_code]
    stored = set(Region.objects.values_list("code", flat=True)) if orphans else set()
    return [(code, parent) for code, parent in orphans if parent not in stored]


def _region(row: RegionRow) -> Region:
    code = parse_code(row.code)
    return Region(
        code=code, name=row.name.strip(), level=level_of(code), parent_id=parent_of(code), opened=row.opened, closed=row.closed
    )


def _former_names(stored: dict[str, Region], by_code: dict[str, RegionRow], today: date) -> list[FormerName]:
    known: dict[str, list[FormerName]] = defaultdict(list)
    for name in FormerName.objects.order_by("last_day"):
        known[name.region_id].append(name)
    names = (
        name_to_keep(stored[code], row.name.strip(), row.named_since, known[code], today)
        for code, row in by_code.items()
        if code in stored
    )
    return [name for name in names if name]


def _changed(region: Region, row: RegionRow) -> Region | None:
    """The region with the file's values, or None when it has them. A day that the file does not give is kept."""
    name, opened, closed = row.name.strip(), row.opened or region.opened, row.closed or region.closed
    if (region.name, region.opened, region.closed) == (name, opened, closed):
        return None
    _refuse_closed_before_opened(region.code, opened, closed)
    region.name, region.opened, region.closed = name, opened, closed
    return region


def _refuse_closed_before_opened(code: str, opened: date | None, closed: date | None) -> None:
    if opened and closed and closed < opened:
        raise Refused(N_("%(code)s ditutup sebelum dibuka."), "closed", code=code)


def _links(regions: Iterable[Region]) -> Iterable[RegionTree]:
    for region in regions:
        ancestor: str | None = region.code
        while ancestor:
            yield RegionTree(descendant_id=region.code, ancestor_id=ancestor)
            ancestor = parent_of(ancestor)


def _missing(stored: Iterable[Region], by_code: dict[str, RegionRow]) -> list[Region]:
    provinces = {code[:2] for code in by_code}
    return [region for region in stored if region.code[:2] in provinces and region.code not in by_code]


def _close(regions: list[Region], day: date | None) -> int:
    if day is None:
        return 0
    still_open = [region for region in regions if region.closed is None]
    for region in still_open:
        _refuse_closed_before_opened(region.code, region.opened, day)
    return Region.objects.filter(code__in=[region.code for region in still_open]).update(closed=day)


def _add_aliases(aliases: Iterable[tuple[str, str]]) -> int:
    spellings = {(code, normalise(alias)): alias for code, alias in aliases}
    for alias in spellings.values():
        check_words(alias, "aliases")
    unknown = {code for code, _normalised in spellings} - set(Region.objects.values_list("code", flat=True))
    if unknown:
        raise Refused(
            N_("Ejaan lain untuk wilayah yang tidak dikenal: %(codes)s."), "aliases", codes=", ".join(sorted(unknown))
        )
    stored = set(RegionAlias.objects.values_list("region_id", "normalised"))
    new = [
        RegionAlias(region_id=code, alias=alias, normalised=normalised)
        for (code, normalised), alias in spellings.items()
        if (code, normalised) not in stored
    ]
    RegionAlias.objects.bulk_create(new)
    return len(new)
