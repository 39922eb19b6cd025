"""Finding a region by what a person or a file says."""

from datetime import date

from accounts.rights import Actor, region_not_found, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from recording.models import Level, Region, RegionAlias
from recording.parsing.region_names import is_code, normalise, parse_code


def visible_region(by: Actor, code: str, day: date | None = None) -> Region:
    """The region, with its `name_then` where a day is given; or NotFound when it is unknown or not for `by` to see: both
    answer alike."""
    regions = Region.objects.visible_to(by).filter(code=code) if is_code(code) else Region.objects.none()
    region = (regions.named_on(day) if day else regions).first()
    if region is None:
        raise region_not_found(code[:40])
    return region


def find_region(text: str, level: str, *, by: Actor, day: date) -> Region:
    """The one region of this level that a code in any form, or a name in any known spelling, means on a day.

    A name means whoever is called so on that day and open; only where nobody is, one that is closed or is called so by
    now. The level is needed with a name because 27 kelurahan are called like a kecamatan. A code of another level, an
    unknown name and an ambiguous one are refused with a sentence each.
    """
    text = text.strip()
    if text[:1].isdigit():
        code = parse_code(text)
        require(by=by, action=Action.COVERAGE_READ, code=code)
        region = Region.objects.filter(code=code).first()
        if region is None:
            raise Refused(N_("Kode wilayah %(code)s tidak dikenal."), "region", code=code)
        if region.level != level:
            raise Refused(
                N_("%(code)s (%(name)s) adalah %(is)s, bukan %(wanted)s."),
                "region",
                code=code,
                name=region.name,
                **{"is": Level(region.level).label, "wanted": Level(level).label},
            )
        return region
    regions = _by_name(text, level, by, day)
    if not regions:
        raise Refused(N_("Tidak ada %(level)s bernama “%(text)s”."), "region", level=Level(level).label, text=text)
    if len(regions) > 1:
        codes = ", ".join(region.code for region in regions)
        raise Refused(N_("“%(text)s” ada lebih dari satu: %(codes)s. Tulis kodenya."), "region", text=text, codes=codes)
    return regions[0]


def _by_name(text: str, level: str, by: Actor, day: date) -> list[Region]:
    """Names are normalised here and not in the database: a level has few regions that one person may see."""
    spelling = normalise(text)
    regions = {region.code: region for region in Region.objects.visible_to(by).filter(level=level).named_on(day)}
    aliases = set(RegionAlias.objects.filter(region_id__in=regions, normalised=spelling).values_list("region_id", flat=True))
    then = [row for row in regions.values() if row.code in aliases or normalise(row.name_then) == spelling]
    is_open = [row for row in then if row.is_open_on(day)]
    return is_open or then or [row for row in regions.values() if normalise(row.name) == spelling]
