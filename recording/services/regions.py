"""Loading the tree of regions: the only way in which regions are written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused, RefusedRows
from dukcapil.locks import one_writer
from recording.models import Region, RegionAlias, RegionTree
from recording.names import level_of, normalise, parent_of, parse_code
from recording.services.audit import write_audit

BATCH = 5_000


@dataclass(frozen=True)
class RegionRow:
    """One line of a region file."""

    code: str
    name: str
    parent: str = ""
    opened: date | None = None
    closed: date | None = None


@dataclass(frozen=True)
class RegionsLoaded:
    """What a load did. `missing` stand in the database, below the file's provinces, but not in the file."""

    new: int
    changed: int
    unchanged: int
    missing: tuple[str, ...]
    closed: int


def load_regions(
    *,
    by: Actor,
    rows: Iterable[RegionRow],
    aliases: Iterable[tuple[str, str]] = (),
    now: datetime,
    door: str,
    close_missing_on: date | None = None,
) -> RegionsLoaded:
    """Insert and update regions from a whole file; loading it again changes nothing.

    A region that the file no longer has is kept, because its history is; it is closed when `close_missing_on`
    says its last day. Rows may come in any order. Refuses the whole file (RefusedRows) on a bad code, a parent that
    is not the code's own prefix or is nowhere to be found, an empty name, or a code that stands twice.
    """
    require(by=by, action=Action.REGION_WRITE)
    wanted = _checked(rows)
    with one_writer():
        known = Region.objects.in_bulk()
        new = [_region(row) for code, row in sorted(wanted.items()) if code not in known]
        changed = [
            region for code, row in wanted.items() if code in known and (region := _changed(known[code], row))
        ]
        Region.objects.bulk_create(new, batch_size=BATCH)
        Region.objects.bulk_update(changed, ["name", "opened", "closed"], batch_size=500)
        RegionTree.objects.bulk_create(_links(new), batch_size=BATCH)
        missing = _missing(known.values(), wanted)
        closed = _close(missing, close_missing_on)
        added = _add_aliases(aliases)
        outcome = RegionsLoaded(
            len(new),
            len(changed),
            len(wanted) - len(new) - len(changed),
            tuple(region.code for region in missing),
            closed,
        )
        if new or changed or closed or added:
            write_audit(
                by=by, door=door, now=now, action="region.load", subject=f"{len(wanted)}",
                details={"new": len(new), "changed": len(changed), "closed": closed, "aliases": added},
            )  # fmt: skip
    return outcome


def _checked(rows: Iterable[RegionRow]) -> dict[str, RegionRow]:
    wanted: dict[str, RegionRow] = {}
    errors: list[tuple[int, Refused]] = []
    for index, row in enumerate(rows):
        try:
            code = parse_code(row.code)
            if not row.name.strip():
                raise Refused(N_("Wilayah %(code)s tidak bernama."), "name", code=code)
            if code in wanted:
                raise Refused(N_("Kode %(code)s ada dua kali dalam berkas."), "code", code=code)
            if row.parent and parse_code(row.parent) != parent_of(code):
                raise Refused(N_("Induk %(code)s bukan %(parent)s."), "parent", code=code, parent=row.parent)
            wanted[code] = row
        except Refused as problem:
            errors.append((index, problem))
    known = None
    for index, code in enumerate(wanted):
        parent = parent_of(code)
        if parent and parent not in wanted:
            known = set(Region.objects.values_list("code", flat=True)) if known is None else known
            if parent not in known:
                errors.append(
                    (
                        index,
                        Refused(N_("Induk %(parent)s dari %(code)s tidak ada."), code=code, parent=parent),
                    )
                )
    if errors:
        raise RefusedRows(errors)
    return wanted


def _region(row: RegionRow) -> Region:
    code = parse_code(row.code)
    return Region(
        code=code, name=row.name.strip(), level=level_of(code), parent_id=parent_of(code),
        opened=row.opened, closed=row.closed,
    )  # fmt: skip


def _changed(region: Region, row: RegionRow) -> Region | None:
    """The region with the file's values, or None when it has them. A day that the file does not give is kept."""
    wanted = (row.name.strip(), row.opened or region.opened, row.closed or region.closed)
    if (region.name, region.opened, region.closed) == wanted:
        return None
    region.name, region.opened, region.closed = wanted
    return region


def _links(regions: Iterable[Region]) -> Iterable[RegionTree]:
    for region in regions:
        ancestor: str | None = region.code
        while ancestor:
            yield RegionTree(descendant_id=region.code, ancestor_id=ancestor)
            ancestor = parent_of(ancestor)


def _missing(known: Iterable[Region], wanted: dict[str, RegionRow]) -> list[Region]:
    provinces = {code[:2] for code in wanted}
    return [region for region in known if region.code[:2] in provinces and region.code not in wanted]


def _close(regions: list[Region], day: date | None) -> int:
    if day is None:
        return 0
    still_open = [region.code for region in regions if region.closed is None]
    return Region.objects.filter(code__in=still_open).update(closed=day)


def _add_aliases(aliases: Iterable[tuple[str, str]]) -> int:
    wanted = {(code, normalise(alias)): alias for code, alias in aliases}
    known = set(RegionAlias.objects.values_list("region_id", "normalised"))
    fresh = [
        RegionAlias(region_id=code, alias=alias, normalised=normalised)
        for (code, normalised), alias in wanted.items()
        if (code, normalised) not in known
    ]
    RegionAlias.objects.bulk_create(fresh)
    return len(fresh)
