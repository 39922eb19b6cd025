"""A row that has a code: its names must be those of the region with that code."""

from typing import NoReturn

from dukcapil.errors import N_, Refused
from recording.imports.matching.names import Names, RegionNames, top_down
from recording.imports.matching.spelling import UnknownSpelling, is_close, spelling_key
from recording.parsing.region_names import (
    LEVELS,
    BpsCode,
    ancestor_at,
    city_of,
    looks_like_bps,
    normalise,
    parent_of,
    parse_code,
)


def check_names(regions: RegionNames, code: str, names: Names) -> None:
    """Refuse a name that is not that of the code's own region at its level. From the top down."""
    for level, name in top_down(names):
        own = ancestor_at(code, level) if level else code
        if own is None or own in regions.called(LEVELS[len(own)], name) or normalise(name) in regions.spellings[own]:
            continue
        if regions.decided.get(spelling_key(LEVELS[len(own)], name, [parent_of(own) or ""])) != own:
            raise mismatch(regions, own, level, name, names)


def mismatch(regions: RegionNames, code: str, level: str, name: str, names: Names) -> Refused:
    """What is wrong with a name of this region, which `regions` calls otherwise; `names` are all of the row."""
    field, own_level, parent = level or "name", LEVELS[len(code)], parent_of(code) or ""
    if own_level == "city" and looks_like_bps(code, name):
        return _bps(regions, code, name, field)
    official = regions.official[code]
    params = {"code": code, "name": official, "given": name[:40]}
    if is_close(regions, code, name, any(other == LEVELS.get(len(parent)) for other, _ in names)):
        sentence = N_("Ejaan baru: %(code)s adalah %(name)s, berkas menulis “%(given)s”.")
        key = spelling_key(own_level, name, [parent])
        return UnknownSpelling(sentence, field, key, own_level, [(code, official)], **params)
    return Refused(N_("Kode dan nama tidak cocok: %(code)s adalah %(name)s, bukan “%(given)s”."), field, **params)


def refuse_code(regions: RegionNames, text: str, names: Names) -> NoReturn:
    """Say what is wrong with a text in the place of a code that is not the code of any region."""
    code = parse_code(text)
    city = next((name for level, name in names if level == "city"), "")
    if city and looks_like_bps(code, city):
        raise _bps(regions, city_of(code), city, "city")
    raise Refused(N_("Wilayah %(code)s tidak dikenal."), "region", code=code)


def _bps(regions: RegionNames, code: str, name: str, field: str) -> BpsCode:
    sentence = N_("Kode BPS terdeteksi: menurut Kemendagri %(code)s adalah %(name)s, bukan “%(given)s”.")
    return BpsCode(sentence, field, code=code, name=regions.official.get(code, "–"), given=name[:40])
