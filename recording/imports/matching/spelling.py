"""Names that no region has: which regions they may be misspellings of, so that a person can decide."""

from collections.abc import Sequence

from dukcapil.errors import N_, Refused
from recording.imports.layouts.row_words import NOWHERE
from recording.imports.matching.names import RegionNames, lies_below, lies_beside
from recording.parsing.likeness import MIN_LIKENESS, LikenessTo
from recording.parsing.region_names import LEVELS, normalise, parent_of

MAX_CANDIDATES, MAX_ELSEWHERE = 12, 3  # a kecamatan of DKI has at most eleven kelurahan
MAX_SEARCHES = 200  # a file with more new spellings is not misspelt but wrong


class UnknownSpelling(Refused):
    """A name that no region has; `candidates` are (code, name) of those it may mean, the closest first."""

    def __init__(
        self, template: str, field: str, spelling: str, level: str, candidates: list[tuple[str, str]], **params: object
    ) -> None:
        super().__init__(template, field, **params)
        self.spelling, self.level, self.candidates = spelling, level, candidates


def spelling_key(level: str, name: str, parents: Sequence[str]) -> str:
    """What a decision about a spelling holds for: its level and its one parent, where these are known."""
    return f"{level}|{normalise(name)}|{parents[0] if len(parents) == 1 else ''}"


def unknown_spelling(regions: RegionNames, level: str, name: str, parents: Sequence[str]) -> UnknownSpelling:
    """For a name without a code. Searches once for each spelling, and no more after MAX_SEARCHES of them."""
    key = spelling_key(level, name, parents)
    if key not in regions.candidates and len(regions.candidates) < MAX_SEARCHES:
        regions.candidates[key] = _closest(regions, level, normalise(name), parents)
    sentence, candidates = N_("Tidak ada wilayah bernama “%(given)s”."), regions.candidates.get(key, [])
    named, params = regions.official.get(parents[0], "") if len(parents) == 1 else "", {}
    if candidates and named and not lies_below(candidates[0][0], parents) and is_called(regions, candidates[0][0], name):
        sentence = N_("“%(given)s” tidak ada di %(named)s, tetapi ada di %(other)s.")
        params = {"named": named, "other": regions.official[parent_of(candidates[0][0]) or ""]}
    return UnknownSpelling(sentence, level or "name", key, level, candidates, given=name[:40], **params)


def is_called(regions: RegionNames, code: str, name: str) -> bool:
    """Whether a region is, or on another day was, called exactly so."""
    return normalise(name) in regions.spellings[code] | regions.other_names.get(code, set())


def _closest(regions: RegionNames, level: str, name: str, parents: Sequence[str]) -> list[tuple[str, str]]:
    """Those called so in another kecamatan, which may be what is wrong; the regions inside the named parents, the most
    alike first; then those of another kecamatan that are as alike."""
    likeness_to_name = LikenessTo(name)
    likeness: dict[str, float] = {}
    for code in regions.official:
        is_near = lies_below(code, parents) or lies_beside(code, parents)
        if code not in regions.closed and level in ("", LEVELS[len(code)]) and is_near:
            for spelling in regions.spellings[code] | regions.other_names.get(code, set()):
                likeness[code] = max(likeness.get(code, 0.0), likeness_to_name(spelling))
    closest = sorted(likeness, key=lambda code: (-likeness[code], code))
    same = [code for code in closest if likeness[code] == 1 and not lies_below(code, parents)][:MAX_ELSEWHERE]
    inside = [code for code in closest if lies_below(code, parents)][:MAX_CANDIDATES]
    elsewhere = [code for code in closest if likeness[code] >= MIN_LIKENESS and code not in [*same, *inside]]
    return [(code, regions.official[code]) for code in [*same, *inside, *elsewhere[: MAX_ELSEWHERE - len(same)]]]


def is_close(regions: RegionNames, code: str, name: str, parent_named: bool) -> bool:
    """Whether a name is alike enough to be the region's own misspelt, and not the name of another of that level."""
    # Kapuk lies elsewhere than Kapuk Muara: where the row names the parent too, only those beside it count.
    normalised, parent = normalise(name), parent_of(code)
    others = [other for other in regions.by_name.get((LEVELS[len(code)], normalised), ()) if other != code]
    if normalised in NOWHERE or any(not parent_named or parent_of(other) == parent for other in others):
        return False
    likeness = LikenessTo(normalised)
    return any(
        likeness(spelling) >= MIN_LIKENESS or spelling in normalised or normalised in spelling
        for spelling in regions.spellings[code] | regions.other_names.get(code, set())
    )
