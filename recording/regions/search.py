"""Finding a region while typing: the index of all that a reader may see, and what is shown of a region that was found."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max

from accounts.rights import Actor, can, reach_of
from accounts.roles import Action
from dukcapil.kept import Kept
from recording.models import AuditEntry, FormerName, Level, Region, RegionAlias
from recording.parsing.region_names import dotted_code, short_name
from recording.regions.search_index import Hit, Known, RegionIndex

MAX_SUGGESTIONS = 8
MAX_FOUND = 40  # on the page of the search
LOAD_REGIONS = "region.load"  # the only act that changes what regions are called
_WITH_CODE = re.compile(r"\(([0-9.]+)\)\s*$")


def region_index(by: Actor) -> RegionIndex:
    """Of the regions that `by` may see: read once in each process after regions were loaded."""
    reach = reach_of(by, Action.COVERAGE_READ)
    if reach is None:
        return RegionIndex(())
    if not settings.KEPT_SECONDS:
        return _read(by)
    by_reach = _indexes(_last_load())
    if reach not in by_reach:
        by_reach[reach] = _read(by)
    return by_reach[reach]


@Kept
def _last_load() -> int:
    return AuditEntry.objects.filter(action=LOAD_REGIONS).aggregate(last=Max("pk"))["last"] or 0


def _no_indexes(_last_load: int) -> dict[str, RegionIndex]:
    return {}


_indexes = Kept(_no_indexes, exact=True)  # by reach; added to, and never changed otherwise


def _read(by: Actor) -> RegionIndex:
    regions = Region.objects.visible_to(by)
    former = FormerName.objects.filter(region__in=regions).values_list("region_id", "name")
    spellings = RegionAlias.objects.filter(region__in=regions).values_list("region_id", "alias")
    others = [(*name, True) for name in former] + [(*name, False) for name in spellings]
    rows = regions.values_list("code", "name", "level", "opened", "closed")
    return RegionIndex((Known(*row) for row in rows), others)


def open_for(by: Actor, action: Action, day: date, levels: Collection[str] = Level.values) -> Callable[[Known], bool]:
    """Which regions a form may offer: those of these levels that are open on the day, where `by` may do this."""
    return lambda region: region.level in levels and region.is_open_on(day) and can(by, action, region.code)


def code_in(text: str) -> str:
    """The code that a text is, or that stands at its end as in "Kapuk (31.73.01.1004)"; "" when it has none."""
    with_code = _WITH_CODE.search(text)
    return dotted_code(with_code[1] if with_code else text)


def shown_value(name: str, code: str) -> str:
    """A region as it stands in a field: the name for people, the code for the portal."""
    return f"{name} ({code})"


@dataclass(frozen=True)
class Suggestion:
    """What a person sees of a region that was found, and what a form sends of it. `note` stands at its end."""

    code: str
    name: str
    level: str
    place: str
    spelling: str
    is_former: bool
    closed: date | None
    is_alike: bool
    note: str = ""
    url: str = ""

    @property
    def value(self) -> str:
        return shown_value(self.name, self.code)


def suggestions(
    by: Actor, hits: Collection[Hit], *, day: date | None = None, notes: Mapping[str, str] | None = None, to: str = ""
) -> list[Suggestion]:
    """`day`: by their names on it. `notes` by code. `to`: an address with "{kode}" in it."""
    index = region_index(by)
    codes = [hit.region.code for hit in hits]
    named = Region.objects.filter(code__in=codes).named_on(day) if day and codes else ()
    names = {region.code: region.name_then for region in named}
    several = sum(region.level == Level.PROVINCE for region in index.regions.values()) > 1
    return [
        Suggestion(
            code=hit.region.code,
            name=short_name(names.get(hit.region.code, hit.region.name)),
            level=str(Level(hit.region.level).label),
            place=_place(index, hit.region, several),
            is_former=hit.is_former,
            spelling=hit.spelling if hit.spelling != names.get(hit.region.code) else "",
            closed=hit.region.closed,
            is_alike=hit.is_alike,
            note=(notes or {}).get(hit.region.code, ""),
            url=to.replace("{kode}", hit.region.code),
        )
        for hit in hits
    ]


def _place(index: RegionIndex, region: Known, several_provinces: bool) -> str:
    """The regions above, as in "Cengkareng, Jakarta Barat"; the province only where there are several."""
    above = [each for each in index.above(region) if several_provinces or each.level != Level.PROVINCE]
    return ", ".join(short_name(each.name) for each in above)


def only_hit(hits: Collection[Hit], exact: Collection[Hit]) -> Hit | None:
    """The one that was meant: the only one called exactly so, by its own name before former ones; else the only one that
    was found by what stands in its name. None when a person has to choose."""
    for chosen in ([hit for hit in exact if not hit.spelling], exact, [hit for hit in hits if not hit.is_alike]):
        if len(chosen) == 1:
            return next(iter(chosen))
        if chosen:
            return None
    return None
