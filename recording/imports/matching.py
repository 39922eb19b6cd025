"""Which region a row of a file means: by code and by name, which must agree."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from recording.imports.row_words import NOWHERE, TOTALS_OF_ALL, TOTALS_OF_ROW
from recording.parsing.region_names import LEVELS, city_of, is_within, looks_like_bps, normalise, parent_of, parse_code

# The province may be renamed; its files say one of these. Only in a column of provinces may more stand around it.
JAKARTA, JAKARTA_NAMES = "31", frozenset(("DKI", "DKJ", "JAKARTA", "DKIJAKARTA", "DAERAHKHUSUSJAKARTA"))

_TOTAL_OF = re.compile(r"(?:GRAND |SUB ?)?(?:TOTAL|JUMLAH)\b[ :.\-]*(?P<what>.+)", re.IGNORECASE)
_LEVEL_WORDS = (
    ("village", re.compile(r"KEL(?:URAHAN)?[\s.]", re.IGNORECASE)),
    ("district", re.compile(r"KEC(?:AMATAN)?[\s.]", re.IGNORECASE)),
    ("city", re.compile(r"(?:KOTA|KAB(?:UPATEN)?)[\s.]+ADM(?:INISTRASI)?[\s.]", re.IGNORECASE)),
    ("province", re.compile(r"PROV(?:INSI)?[\s.]", re.IGNORECASE)),
)
_OWN_WORD = {
    "city": re.compile(r"^(?:KOTA|KABUPATEN|KAB)[\s.]*", re.IGNORECASE),
    "province": re.compile(r"^PROV(?:INSI)?[\s.]+", re.IGNORECASE),
}
DEPTH = {level: depth for depth, level in enumerate(LEVELS.values())}
MOST_CANDIDATES = 8
MOST_SEARCHES = 200  # a file with more new spellings is not misspelt but wrong
CLOSE = 0.75
Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Place:
    """What the cells of a row say: `names` are (level, name), level "" when no column says it."""

    code: str = ""
    names: Names = ()
    others: tuple[str, ...] = ()


class Found(NamedTuple):
    """`kind`: "region", "total" (of `code`, or of the whole file when that is "") or "unmapped"."""

    kind: str
    code: str
    label: str


class BpsCode(Refused):
    """The file numbers its regions as the statistics office does: by code alone five cities would be swapped."""


class UnknownSpelling(Refused):
    """A name that no region has; `candidates` are (code, name) of those it may mean, the closest first."""

    def __init__(
        self, template: str, field: str, spelling: str, level: str, candidates: list[tuple[str, str]], **params: object
    ) -> None:
        super().__init__(template, field, **params)
        self.spelling, self.level, self.candidates = spelling, level, candidates
        self.text = str(params["given"])


class RegionMatcher:
    """Built once for a file; asked once for every distinct place in it."""

    def __init__(
        self,
        regions: Iterable[tuple[str, str]],
        aliases: Iterable[tuple[str, str]],
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """`regions`: (code, name). `aliases`: (code, normalised). `spellings`: what a person decided."""
        self._names = dict(regions)
        self._spellings = dict(spellings or {})
        self._known: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        # Kota and Kabupaten Bogor, both called "Bogor" where no word says which.
        self._by_bare_name: dict[str, list[str]] = defaultdict(list)
        self._closest: dict[str, list[tuple[str, str]]] = {}
        self._only_province = sum(len(code) == 2 for code in self._names) == 1
        for code, name in [*((code, normalise(name)) for code, name in self._names.items()), *aliases]:
            if code in self._names and name and name not in self._known[code]:
                level = LEVELS[len(code)]
                self._known[code].add(name)
                self._by_name[level, name].append(code)
                if level == "city" and (bare := name.removeprefix("KOTA").removeprefix("KABUPATEN")) != name:
                    self._by_bare_name[bare].append(code)

    def find(self, place: Place) -> Found:
        """The region, total or nowhere that a row means. Refused, BpsCode or UnknownSpelling when it means none."""
        names = tuple((_level(level, name), name) for level, name in place.names if normalise(name))
        code = self._code(place.code)
        if len(code) < 13 and (total := self._total(place, code, names)):
            return total
        if not code:
            for text in (place.code, *(name for _, name in names)):
                if normalise(text) in NOWHERE:
                    return Found("unmapped", "", text)
            if normalise(place.code) and normalise(place.code) not in {normalise(name) for _, name in names}:
                if names or any(letter.isdigit() for letter in place.code):
                    raise self._no_code(place.code, names)
                names = ((_level("", place.code), place.code),)  # a name where codes should stand
        code = self._with_code(code, names) if code else self._by_names(names)
        return Found("region", code, self._names[code])

    def _code(self, text: str) -> str:
        """The dotted code of a region that there is; "" for anything else."""
        with suppress(Refused):
            if (code := parse_code(text)) in self._names:
                return code
        return ""

    def _no_code(self, text: str, names: Names) -> Refused:
        """What is wrong with a text in the place of a code."""
        try:
            code = parse_code(text)
        except Refused as problem:
            kind = BpsCode if "BPS" in problem.template else Refused
            return kind(problem.template, problem.field, **problem.params)
        named_city = next((name for level, name in names if level == "city"), "")
        if named_city and looks_like_bps(code, named_city):
            return self._bps(city_of(code), named_city, "city")
        return Refused(N_("Wilayah %(code)s tidak dikenal."), "region", code=code)

    def _total(self, place: Place, code: str, names: Names) -> Found | None:
        """A row of totals. Never where a kelurahan is named: "total" beside it says which people, not which row."""
        wrong_code = not code and any(letter.isdigit() for letter in place.code)
        for text in (place.code, *(name for _, name in names), *(() if wrong_code else place.others)):
            word = normalise(text)
            of = "" if word in TOTALS_OF_ALL | TOTALS_OF_ROW else self._totalled(text)
            if of is None:
                continue
            rest = tuple(pair for pair in names if pair[1] != text)
            if code:
                self._check_names(code, rest)
                if of and not is_within(of, code):
                    raise self._mismatch(code, "", self._names[of], rest)
            if word in TOTALS_OF_ROW:
                with suppress(Refused):
                    of = code or self._by_names(rest)
                if len(of) == 13:
                    return None
            return Found("total", "" if len(of) == 2 and self._only_province else of, text)
        return None

    def _totalled(self, text: str) -> str | None:
        """The city, kecamatan or province of "JUMLAH JAKARTA PUSAT"; None when the text totals none of these."""
        match = _TOTAL_OF.fullmatch(" ".join(text.split()))
        if match is None or any((level, normalise(text)) in self._by_name for level in DEPTH):
            return None
        own = _level("", match["what"])
        levels = (own,) if own else ("city", "district", "province")
        called = [self._at(level, match["what"]) for level in levels if level != "village"]
        return next((codes[0] for codes in called if len(codes) == 1), None)

    def _with_code(self, code: str, names: Names) -> str:
        """The region of a code, or the part of it that deeper names mean (the code of a kecamatan beside kelurahan)."""
        self._check_names(code, names)
        deeper = tuple((level, name) for level, name in names if level and _ancestor(code, level) is None)
        return self._by_names(deeper, [code]) if deeper else code

    def _check_names(self, code: str, names: Names) -> None:
        """Refuse a name that is not that of the code's own region at its level. From the top down."""
        for level, name in _top_down(names):
            of = _ancestor(code, level) if level else code
            if of is None or of in self._called(LEVELS[len(of)], name):
                continue
            if self._spellings.get(_spelling(LEVELS[len(of)], name, [parent_of(of) or ""])) != of:
                raise self._mismatch(of, level, name, names)

    def _called(self, level: str, name: str) -> list[str]:
        """The regions of a level (of every level for "") that are called so; in a column of provinces also freely."""
        if not level:
            return [code for each in DEPTH for code in self._at(each, name)]
        found = self._at(level, name)
        if found or level != "province" or JAKARTA not in self._names:
            return found
        given = normalise(name)
        another = given in NOWHERE or any((each, given) in self._by_name for each in DEPTH)
        return [JAKARTA] if not another and re.search("JAKARTA|DKI|DKJ", given) else []

    def _at(self, level: str, name: str) -> list[str]:
        """The regions of one level whose whole name this is, also with the word of the level before it."""
        given = normalise(name)
        found = list(self._by_name.get((level, given), ()))
        if level == "city":
            found += self._by_bare_name.get(given, ())
        if not found and level in _OWN_WORD:
            given = normalise(_OWN_WORD[level].sub("", name.strip()))
            found += self._by_name.get((level, given), ())
        if not found and level == "province" and given in JAKARTA_NAMES and JAKARTA in self._names:
            found.append(JAKARTA)
        return found

    def _mismatch(self, of: str, level: str, name: str, names: Names) -> Refused:
        field = level or "name"
        if LEVELS[len(of)] == "city" and looks_like_bps(of, name):
            return self._bps(of, name, field)
        params = {"code": of, "name": self._names[of], "given": name[:40]}
        parent = parent_of(of) or ""
        if self._is_close(of, name, any(each == LEVELS.get(len(parent)) for each, _ in names)):
            return UnknownSpelling(
                N_("Ejaan baru: %(code)s adalah %(name)s, berkas menulis “%(given)s”."),
                field,
                _spelling(LEVELS[len(of)], name, [parent]),
                LEVELS[len(of)],
                [(of, self._names[of])],
                **params,
            )
        sentence = N_("Kode dan nama tidak cocok: %(code)s adalah %(name)s, bukan “%(given)s”.")
        return Refused(sentence, field, **params)

    def _bps(self, code: str, given: str, field: str) -> BpsCode:
        sentence = N_("Kode BPS terdeteksi: menurut Kemendagri %(code)s adalah %(name)s, bukan “%(given)s”.")
        return BpsCode(sentence, field, code=code, name=self._names.get(code, "–"), given=given[:40])

    def _is_close(self, code: str, name: str, parent_named: bool) -> bool:
        """Alike enough to be the same name misspelt, and not the name of another region of that level."""
        # Kapuk lies elsewhere than Kapuk Muara: where the row names the parent too, only those beside it count.
        given, parent = normalise(name), parent_of(code)
        others = [each for each in self._by_name.get((LEVELS[len(code)], given), ()) if each != code]
        if given in NOWHERE or any(not parent_named or parent_of(each) == parent for each in others):
            return False
        known = self._known[code]
        alike = max(SequenceMatcher(None, each, given).ratio() for each in known)
        return alike >= CLOSE or any(each in given or given in each for each in known)

    def _by_names(self, names: Names, inside: list[str] | None = None) -> str:
        """The one region whose name stands deepest, inside the regions that are named above it."""
        for level, name in _top_down(names):
            called = self._called(level, name)
            found = [code for code in called if _below(code, inside)]
            # A name of no known level may repeat the one above it.
            found = found or [code for code in called if not level and code in (inside or ())]
            if not found:
                chosen = self._spellings.get(_spelling(level, name, inside), "")
                if chosen not in self._names or not _below(chosen, inside):
                    raise self._unknown(level, name, inside)
                found = [chosen]
            inside = list(dict.fromkeys(found))
        if not inside:
            raise Refused(N_("Baris ini tidak menyebut wilayah."), "region")
        if len(inside) > 1:
            sentence = N_("Nama %(name)s ada di lebih dari satu wilayah; tambahkan kode atau kecamatan.")
            raise Refused(sentence, level or "name", name=name[:40])
        return inside[0]

    def _unknown(self, level: str, name: str, inside: list[str] | None) -> UnknownSpelling:
        spelling = _spelling(level, name, inside)
        if spelling not in self._closest and len(self._closest) < MOST_SEARCHES:
            self._closest[spelling] = self._search(level, normalise(name), inside)
        return UnknownSpelling(
            N_("Tidak ada wilayah bernama “%(given)s”."),
            level or "name",
            spelling,
            level,
            self._closest.get(spelling, []),
            given=name[:40],
        )

    def _search(self, level: str, given: str, inside: list[str] | None) -> list[tuple[str, str]]:
        """The regions whose names are most alike. Reads every name of the level inside the named parents."""
        alike = SequenceMatcher(None, b=given, autojunk=False)
        likeness: dict[str, float] = {}
        for code in self._names:
            if level in ("", LEVELS[len(code)]) and _below(code, inside):
                for known in self._known[code]:
                    alike.set_seq1(known)
                    likeness[code] = max(likeness.get(code, 0.0), alike.ratio())
        closest = sorted(likeness, key=lambda code: (-likeness[code], code))
        return [(code, self._names[code]) for code in closest[:MOST_CANDIDATES]]


def _level(level: str, name: str) -> str:
    """The level that a cell itself names ("KEC. TEBET" in a column of names)."""
    return level or next((each for each, words in _LEVEL_WORDS if words.match(name.strip())), "")


def _top_down(names: Names) -> list[tuple[str, str]]:
    return sorted(names, key=lambda pair: DEPTH.get(pair[0], len(DEPTH)))


def _ancestor(code: str, level: str) -> str | None:
    """The code at this level in which a region lies; None when it lies above that level."""
    return next((code[:end] for end, each in LEVELS.items() if each == level and end <= len(code)), None)


def _below(code: str, inside: list[str] | None) -> bool:
    return inside is None or any(code != above and is_within(code, above) for above in inside)


def _spelling(level: str, name: str, inside: list[str] | None) -> str:
    return f"{level}|{normalise(name)}|{inside[0] if inside and len(inside) == 1 else ''}"
