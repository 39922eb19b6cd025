"""The names of many regions in memory, searched by what a person has typed so far."""

import heapq
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from recording.parsing.likeness import MIN_LIKENESS, LikenessTo
from recording.parsing.region_names import LEVELS, dotted_code, level_in, normalise

DEPTH = {level: depth for depth, level in enumerate(LEVELS.values())}
MIN_INSIDE, MIN_ALIKE = 3, 4  # letters: fewer stand inside of, or are alike to, far too many names
MAX_COMPARED = 300  # names that share most pairs of letters with what was typed


class Known(NamedTuple):
    """A region as the index has it."""

    code: str
    name: str
    level: str
    opened: date | None = None
    closed: date | None = None

    def is_open_on(self, day: date) -> bool:
        """Open from its first day to its last day, both included."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or day <= self.closed)


class Hit(NamedTuple):
    """A region that was found. `spelling`: the former name (`is_former`) or other spelling that matched, "" when its own
    name or code did; `is_alike`: nobody is called what was typed, this one nearly is."""

    region: Known
    spelling: str = ""
    is_former: bool = False
    is_alike: bool = False


class _Line(NamedTuple):
    """A name of a region. They stand in the order in which people expect them: what is open, what is large, what is short
    first."""

    is_closed: bool
    depth: int
    is_other: bool  # not the present name
    length: int
    key: str  # normalised
    code: str
    spelling: str  # "" of the present name
    is_former: bool


def anyone(_region: Known) -> bool:
    return True


class RegionIndex:
    """`regions`, and `others`: (code, former name or other spelling, whether it is a former name) of them."""

    def __init__(self, regions: Iterable[Known], others: Iterable[tuple[str, str, bool]] = ()) -> None:
        self.regions = {region.code: region for region in regions}
        self._lines = sorted({line for line in self._all_lines(others) if line.key})
        keys = [line.key for line in self._lines]
        self._text = "\n" + "\n".join(keys) + "\n"
        self._starts = list(accumulate((len(key) + 1 for key in keys), initial=1))[:-1]
        self._digits = sorted((code.replace(".", ""), code) for code in self.regions)

    def _all_lines(self, others: Iterable[tuple[str, str, bool]]) -> Iterator[_Line]:
        own = {code: normalise(region.name) for code, region in self.regions.items()}
        for code, key in own.items():
            yield self._line(code, key, "", False)
        for code, spelling, is_former in others:
            if code in own and (key := normalise(spelling)) != own[code]:
                yield self._line(code, key, spelling, is_former)

    def _line(self, code: str, key: str, spelling: str, is_former: bool) -> _Line:
        region = self.regions[code]
        return _Line(region.closed is not None, DEPTH[region.level], bool(spelling), len(key), key, code, spelling, is_former)

    def above(self, region: Known) -> list[Known]:
        """The regions in which one lies, the nearest first, as far as the index has them."""
        codes = [region.code[:end] for end in sorted(LEVELS, reverse=True) if end < len(region.code)]
        return [self.regions[code] for code in codes if code in self.regions]

    def called(self, name: str) -> list[Hit]:
        """Those whose whole name, former name or other spelling this is, at the level that it says."""
        return list(self._distinct(self._found(f"\n{normalise(name)}\n"), level_in(name), anyone))

    def search(self, text: str, limit: int, may: Callable[[Known], bool] = anyone) -> list[Hit]:
        """At most `limit` of those that `may` be found: by code; else those called so, beginning so, and with that inside
        of the name; then "name, region above"; and only when there is none of all these, those nearly called so."""
        text = text.strip()
        if text[:1].isdigit():
            return self._by_code(text, limit, may)
        name = normalise(text)
        if not name:
            return []
        ways = [self._found(f"\n{name}\n"), self._found(f"\n{name}")]
        if len(name) >= MIN_INSIDE:
            ways.append(self._found(name))
        lines = (line for way in ways for line in way)
        hits = _first(self._distinct(lines, level_in(text), may), limit)
        hits = hits or _first(self._with_region_above(text, may), limit)
        return hits or _first((hit._replace(is_alike=True) for hit in self._alike(name, level_in(text), may)), limit)

    def _by_code(self, text: str, limit: int, may: Callable[[Known], bool]) -> list[Hit]:
        digits = (dotted_code(text) or text).replace(".", "")
        start = bisect_left(self._digits, (digits, ""))
        end = bisect_right(self._digits, (f"{digits}:", ""))
        regions = (self.regions[code] for _digits, code in self._digits[start:end])
        return _first((Hit(region) for region in regions if may(region)), limit)

    def _found(self, wanted: str) -> Iterator[_Line]:
        """The lines in which a text stands; "\\n" is the edge of a name. An edge alone is no text."""
        if not wanted.strip("\n"):
            return
        place = self._text.find(wanted)
        while place >= 0:
            number = bisect_right(self._starts, place + (wanted[0] == "\n")) - 1
            yield self._lines[number]
            place = self._text.find(wanted, self._starts[number] + self._lines[number].length)

    def _distinct(self, lines: Iterable[_Line], level: str, may: Callable[[Known], bool]) -> Iterator[Hit]:
        seen = set()
        for line in lines:
            region = self.regions[line.code]
            if line.code not in seen and level in ("", region.level) and may(region):
                seen.add(line.code)
                yield Hit(region, line.spelling, line.is_former)

    def _with_region_above(self, text: str, may: Callable[[Known], bool]) -> Iterator[Hit]:
        """As in "Gambir, Jakarta Pusat": what begins a name, then what begins or ends that of a region above."""
        words = text.replace(",", " ").split()
        for split in range(len(words) - 1, 0, -1):
            name, above = normalise(" ".join(words[:split])), normalise(" ".join(words[split:]))
            for hit in self._distinct(self._found(f"\n{name}"), level_in(text), may):
                keys = [normalise(region.name) for region in self.above(hit.region)]
                if above and any(key.startswith(above) or key.endswith(above) for key in keys):
                    yield hit

    def _alike(self, name: str, level: str, may: Callable[[Known], bool]) -> Iterator[Hit]:
        """The most alike first, compared as far as was typed. Only those that share most pairs of letters are compared."""
        if len(name) < MIN_ALIKE:
            return iter(())
        shared: Counter[int] = Counter()
        for pair in _pairs(name):
            shared.update(self._lines_by_pair.get(pair, ()))
        likeness = LikenessTo(name)
        nearest = heapq.nlargest(MAX_COMPARED, shared.items(), key=lambda item: (item[1], -self._lines[item[0]].length))
        rated = []
        for number, _count in nearest:
            key = self._lines[number].key
            whole, so_far = likeness(key), likeness(key[: len(name)])
            if max(whole, so_far) >= MIN_LIKENESS:
                rated.append((-max(whole, so_far), -whole, number))
        return self._distinct((self._lines[number] for _most, _whole, number in sorted(rated)), level, may)

    @cached_property
    def _lines_by_pair(self) -> dict[str, list[int]]:
        by_pair: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._lines):
            for pair in _pairs(line.key):
                by_pair[pair].append(number)
        return by_pair


def _pairs(key: str) -> set[str]:
    whole = f"^{key}"
    return {whole[place : place + 2] for place in range(len(key))}


def _first(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """Each region once."""
    found: dict[str, Hit] = {}
    for hit in hits:
        found.setdefault(hit.region.code, hit)
        if len(found) == limit:
            break
    return list(found.values())
