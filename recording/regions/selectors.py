"""Finding a region by what a person or a file says."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, region_not_found, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from recording.models import Level, Region, RegionAlias
from recording.parsing.region_names import is_code, normalise, parse_code
from recording.regions.search import MAX_SUGGESTIONS, code_in, region_index
from recording.regions.search_index import Hit


def visible_region(by: Actor, code: str, day: date | None = None) -> Region:
    """The region, with its `name_then` where a day is given; or NotFound when it is unknown or not for `by` to see: both
    answer alike."""
    regions = Region.objects.visible_to(by).filter(code=code) if is_code(code) else Region.objects.none()
    region = (regions.named_on(day) if day else regions).first()
    if region is None:
        raise region_not_found(code[:40])
    return region


class UnclearRegion(Refused):
    """A text means no region, or more than one; `hits` are those that may be meant."""

    def __init__(self, template: str, hits: Sequence[Hit], **params: object) -> None:
        super().__init__(template, "region", **params)
        self.hits = hits


def find_region(text: str, level: str = "", *, by: Actor, day: date) -> Region:
    """The one region (of this level, where one is given) that a code in any form, "Kapuk (31.73.01.1004)", or a name in any
    known spelling means on a day.

    A name means whoever is called so on that day and open; only where nobody is, one that is closed or is called so by
    now. 27 kelurahan are called like a kecamatan: such a name is unclear without its level. A code of another level is
    refused; an unknown name and an ambiguous one are an UnclearRegion.
    """
    text = text.strip()
    if text[:1].isdigit() or code_in(text):
        return _by_code(code_in(text) or parse_code(text), level, by)
    regions = _by_name(text, level, by, day)
    if len(regions) == 1:
        return regions[0]
    if regions:
        known = region_index(by).regions
        hits = [Hit(known[region.code]) for region in regions if region.code in known]
        raise UnclearRegion(N_("“%(text)s” ada lebih dari satu. Pilih yang dimaksud, atau tulis kodenya."), hits, text=text)
    hits = region_index(by).search(text, MAX_SUGGESTIONS, lambda region: level in ("", region.level) and region.is_open_on(day))
    raise UnclearRegion(
        N_("Tidak ada %(level)s bernama “%(text)s”. Periksa ejaannya, atau tulis kodenya."),
        hits,
        level=Level(level).label if level else _("wilayah"),
        text=text,
    )


def _by_code(code: str, level: str, by: Actor) -> Region:
    require(by=by, action=Action.COVERAGE_READ, code=code)
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise Refused(N_("Kode wilayah %(code)s tidak dikenal."), "region", code=code)
    if level not in ("", region.level):
        raise Refused(
            N_("%(code)s (%(name)s) adalah %(is)s, bukan %(wanted)s."),
            "region",
            code=code,
            name=region.name,
            **{"is": Level(region.level).label, "wanted": Level(level).label},
        )
    return region


def _by_name(text: str, level: str, by: Actor, day: date) -> list[Region]:
    """Those that some of their names, of whatever day, makes a candidate; then by their names on the day."""
    spelling = normalise(text)
    candidates = [hit.region.code for hit in region_index(by).called(text) if level in ("", hit.region.level)]
    regions = {region.code: region for region in Region.objects.visible_to(by).filter(code__in=candidates).named_on(day)}
    aliases = set(RegionAlias.objects.filter(region_id__in=regions, normalised=spelling).values_list("region_id", flat=True))
    then = [row for row in regions.values() if row.code in aliases or normalise(row.name_then) == spelling]
    is_open = [row for row in then if row.is_open_on(day)]
    return is_open or then or [row for row in regions.values() if normalise(row.name) == spelling]
