"""From the place that a row names to its region, or to what else the row is: a total, or people of no region."""

import re
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.imports.layouts.row_words import NOWHERE, TOTALS_OF_ALL, TOTALS_OF_ROW
from recording.imports.matching.codes import check_names, mismatch, refuse_code
from recording.imports.matching.names import Match, Names, Place, RegionNames, lies_below, lies_beside, top_down
from recording.imports.matching.spelling import spelling_key, unknown_spelling
from recording.parsing.region_names import ancestor_at, dotted_code, level_in, normalise

_TOTAL_OF = re.compile(r"(?:GRAND |SUB ?)?(?:TOTAL|JUMLAH|JML)\b[ :.\-]*(?P<what>.+)", re.IGNORECASE)


class Nameless(Refused):
    """A row that says nothing of where it lies."""


def match_place(regions: RegionNames, place: Place) -> Match:
    """The region, total or nowhere that a row means. Refused, BpsCode or UnknownSpelling when it means none."""
    names = tuple((_level_of(level, name), name) for level, name in place.names if normalise(name))
    code = dotted_code(place.code)
    if code not in regions.official:
        code = ""
    # No total where the code is of a kelurahan: "total" beside it says which people, not which row.
    if len(code) < 13 and (total := _match_total(regions, place, code, names)):
        return total
    if not code:
        for text in (place.code, *(name for _, name in names)):
            if normalise(text) in NOWHERE:
                return Match("unmapped", "", text)
        if normalise(place.code) and normalise(place.code) not in {normalise(name) for _, name in names}:
            if names or any(letter.isdigit() for letter in place.code):
                refuse_code(regions, place.code, names)
            names = ((level_in(place.code), place.code),)  # a name where codes should stand
    code = _region_with_code(regions, code, names) if code else _region_by_names(regions, names)
    return Match("region", code, regions.official[code])


def _level_of(level: str, name: str) -> str:
    """The level of its column, else of its own word; a province stands in any column, beside the sum of all."""
    return level if level and level_in(name) != "province" else level_in(name)


def _match_total(regions: RegionNames, place: Place, code: str, names: Names) -> Match | None:
    """A row of totals; None for any other, and for one of a kelurahan."""
    wrong_code = not code and any(letter.isdigit() for letter in place.code)
    for text in (place.code, *(name for _, name in names), *(() if wrong_code else place.others)):
        word = normalise(text)
        total_of = "" if word in TOTALS_OF_ALL | TOTALS_OF_ROW else _region_totalled(regions, text)
        if total_of is None:
            continue
        other_names = tuple(pair for pair in names if pair[1] != text)
        if code:
            check_names(regions, code, other_names)
            if total_of and not is_within(total_of, code):
                raise mismatch(regions, code, "", regions.official[total_of], other_names)
        if word in TOTALS_OF_ROW:
            named = _follow(regions, other_names).codes
            total_of = code or (named[0] if len(named) == 1 else "")
            if len(total_of) == 13:
                return None
        return Match("total", "" if len(total_of) == 2 and regions.only_province else total_of, text)
    return None


def _region_totalled(regions: RegionNames, text: str) -> str | None:
    """The city, kecamatan or province of "JUMLAH JAKARTA PUSAT"; None when the text totals none of these."""
    total = _TOTAL_OF.fullmatch(" ".join(text.split()))
    if total is None or regions.is_name(normalise(text)):
        return None
    own_level = level_in(total["what"])
    levels = (own_level,) if own_level else ("city", "district", "province")
    called = [regions.at(level, total["what"]) for level in levels if level != "village"]
    return next((codes[0] for codes in called if len(codes) == 1), None)


def _region_with_code(regions: RegionNames, code: str, names: Names) -> str:
    """The region of a code, or the part of it that deeper names mean (the code of a kecamatan beside kelurahan)."""
    check_names(regions, code, names)
    deeper = tuple((level, name) for level, name in names if level and ancestor_at(code, level) is None)
    return _region_by_names(regions, deeper, [code]) if deeper else code


def _region_by_names(regions: RegionNames, names: Names, parents: list[str] | None = None) -> str:
    """The one region whose name stands deepest, inside the regions that are named above it."""
    trail = _follow(regions, names, parents)
    if len(trail.codes) == 1:
        return trail.codes[0]
    if trail.codes:
        sentence = N_("Nama %(name)s ada di lebih dari satu wilayah; tambahkan kode atau kecamatan.")
        raise Refused(sentence, trail.level or "name", name=trail.name[:40])
    if trail.name:
        raise unknown_spelling(regions, trail.level, trail.name, trail.parents)
    raise Nameless(N_("Baris ini tidak menyebut wilayah."), "region")


class _Trail(NamedTuple):
    """`codes` are what the last name that was read may mean, inside `parents`; none when no region is called so."""

    codes: list[str]
    parents: list[str]
    level: str = ""
    name: str = ""


def _follow(regions: RegionNames, names: Names, parents: list[str] | None = None) -> _Trail:
    """Read names from the top down, each inside the regions of those above it, as far as they are known."""
    trail = _Trail(parents or [], [])
    for level, name in top_down(names):
        trail = _Trail(_codes_of(regions, level, name, trail.codes), trail.codes, level, name)
        if not trail.codes:
            break
    return trail


def _codes_of(regions: RegionNames, level: str, name: str, parents: list[str]) -> list[str]:
    """The regions below the parents that a name means: that are called so, else the one that a person decided."""
    called = regions.called(level, name)
    codes = [code for code in called if lies_below(code, parents)]
    # A name of no known level may repeat the one above it.
    codes = codes or [code for code in called if not level and code in parents]
    decided = "" if codes else regions.decided.get(spelling_key(level, name, parents), "")
    if decided in regions.official and (lies_below(decided, parents) or lies_beside(decided, parents)):
        codes = [decided]
    return list(dict.fromkeys(codes))
