"""The places that rows name, and an index of the names by which regions are known."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dukcapil.region_codes import is_strictly_within
from recording.imports.layouts.row_words import NOWHERE
from recording.parsing.region_names import LEVELS, normalise

# The province may be renamed; its files say one of these. Only in a column of provinces may more stand around it.
JAKARTA, JAKARTA_NAMES = "31", frozenset(("DKI", "DKJ", "JAKARTA", "DKIJAKARTA", "DAERAHKHUSUSJAKARTA"))
DEPTH = {level: depth for depth, level in enumerate(LEVELS.values())}

_OWN_WORD = {
    "city": re.compile(r"^(?:KOTA|KABUPATEN|KAB)[\s.]*", re.IGNORECASE),
    "province": re.compile(r"^PROV(?:INSI)?[\s.]+", re.IGNORECASE),
}
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """What the cells of a row say. `names` are (level, name), level "" when no column says it; `others` are the texts
    of its other columns."""

    code: str = ""
    names: Names = ()
    others: tuple[str, ...] = ()


class Match(NamedTuple):
    """`kind`: "region", "total" (of `code`, or of the whole file when that is "") or "unmapped"."""

    kind: str
    code: str
    label: str


@dataclass(frozen=True)
class RegionNames:
    """The names of all regions on a day, normalised. Built by `index_names`, for a file by `Chronicle`.

    A closed region, and one that is called so only now, is found by its name where no other one has it on the day.
    """

    official: Mapping[str, str]  # by code, as they are written
    spellings: Mapping[str, set[str]]  # by code
    by_name: Mapping[tuple[str, str], list[str]]  # codes by (level, name)
    by_bare_name: Mapping[str, list[str]]  # codes of Kota and Kabupaten Bogor for "BOGOR", where no word says which
    only_province: bool
    decided: Mapping[str, str]  # codes by `spelling_key`, as a person decided
    closed: frozenset[str] = frozenset()  # codes of those that do not count on the day
    other_names: Mapping[str, set[str]] = field(default_factory=dict)  # by code: those of other days
    candidates: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # by `spelling_key`, as searched so far

    def at(self, level: str, name: str) -> list[str]:
        """The regions of one level whose whole name this is, also with the word of the level before it."""
        normalised = normalise(name)
        codes = list(self.by_name.get((level, normalised), ()))
        if level == "city":
            codes += self.by_bare_name.get(normalised, ())
        if not codes and level in _OWN_WORD:
            normalised = normalise(_OWN_WORD[level].sub("", name.strip()))
            codes += self.by_name.get((level, normalised), ())
        if not codes and level == "province" and normalised in JAKARTA_NAMES and JAKARTA in self.official:
            codes.append(JAKARTA)
        return codes

    def called(self, level: str, name: str) -> list[str]:
        """The regions of a level (of every level for "") that are called so; in a column of provinces also freely."""
        if not level:
            return [code for each in DEPTH for code in self.at(each, name)]
        codes, normalised = self.at(level, name), normalise(name)
        if codes or level != "province" or JAKARTA not in self.official:
            return codes
        is_other = normalised in NOWHERE or self.is_name(normalised)
        return [JAKARTA] if not is_other and re.search("JAKARTA|DKI|DKJ", normalised) else []

    def is_name(self, normalised: str) -> bool:
        """Whether a region of any level has this name."""
        return any((level, normalised) in self.by_name for level in DEPTH)


def index_names(
    regions: Iterable[tuple[str, str]],
    aliases: Iterable[tuple[str, str]],
    decided: Mapping[str, str] | None = None,
    *,
    closed: frozenset[str] = frozenset(),
    present: Mapping[str, str] | None = None,
    other_names: Mapping[str, set[str]] | None = None,
) -> RegionNames:
    """`regions`: (code, name on the day). `aliases`: (code, normalised name). `decided`: code by `spelling_key`.
    `closed`: those that do not count on the day. By code and normalised: the `present` names of those that were called
    otherwise then, and `other_names`, of other days, which only make a region likely."""
    official = dict(regions)
    spellings: dict[str, set[str]] = defaultdict(set)
    for code, name in [*((code, normalise(name)) for code, name in official.items()), *aliases]:
        if code in official and name:
            spellings[code].add(name)
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code in official:
        if code not in closed:
            for name in spellings[code]:
                by_name[LEVELS[len(code)], name].append(code)
    taken = set(by_name)
    of_closed = [(code, name) for code in sorted(closed) for name in spellings[code]]
    for code, name in [*of_closed, *(present or {}).items()]:
        if (LEVELS[len(code)], name) not in taken:
            spellings[code].add(name)
            by_name[LEVELS[len(code)], name].append(code)
    return RegionNames(
        official,
        spellings,
        by_name,
        _by_bare_name(by_name),
        sum(len(code) == 2 for code in official) == 1,
        decided or {},
        closed,
        other_names or {},
    )


def _by_bare_name(by_name: Mapping[tuple[str, str], list[str]]) -> Mapping[str, list[str]]:
    by_bare_name: dict[str, list[str]] = defaultdict(list)
    for (level, name), codes in by_name.items():
        if level == "city" and (bare := name.removeprefix("KOTA").removeprefix("KABUPATEN")) != name:
            by_bare_name[bare] += codes
    return by_bare_name


def top_down(names: Names) -> Names:
    """From the province to the kelurahan; names of no known level last."""
    return tuple(sorted(names, key=lambda pair: DEPTH.get(pair[0], len(DEPTH))))


def lies_beside(code: str, parents: Sequence[str]) -> bool:
    """Whether a kelurahan lies in another kecamatan of the same city than the one that a row names: which of the two is
    wrong in the file only a person can say."""
    return len(code) == 13 and len(parents) == 1 and len(parents[0]) == 8 and is_strictly_within(code, parents[0][:5])


def lies_below(code: str, ancestors: Sequence[str]) -> bool:
    """Whether a region is a part of one of these; of none given, every region is."""
    return not ancestors or any(is_strictly_within(code, ancestor) for ancestor in ancestors)
