"""Which region a row of a file means: by code and by name, which must agree."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from recording.names import city_of, is_within, level_of, looks_like_bps, normalise, parent_of, parse_code

TOTALS = frozenset((
    "TOTAL", "JUMLAH", "GRANDTOTAL", "SUBTOTAL", "JUMLAHTOTAL", "TOTALJUMLAH", "TOTALKESELURUHAN",
    "JUMLAHKESELURUHAN", "TOTALDKI", "TOTALDKIJAKARTA", "JUMLAHDKI", "JUMLAHDKIJAKARTA", "JUMLAHSELURUHNYA",
    "TOTALSELURUHNYA", "TOTALPROVINSI", "JUMLAHPROVINSI",
))  # fmt: skip
# People who were counted but lie in no region of the portal.
NOWHERE = frozenset((
    "LUARDKI", "LUARDKIJAKARTA", "LUARJAKARTA", "LUARDAERAH", "LUARWILAYAH", "LUARDOMISILI", "LUARKOTA",
    "LUARPROVINSI", "NONDKI", "BELUMDIKETAHUI", "TIDAKDIKETAHUI", "BELUMTERPETAKAN", "TIDAKTERPETAKAN",
    "PROSESUPDATEDATA", "TANPAALAMAT", "TANPAWILAYAH", "LAINLAIN", "LAINNYA", "BELUMTERDATA", "TIDAKADAALAMAT",
    "DALAMPROSES",
))  # fmt: skip
_TOTAL_OF = re.compile(r"^(?:GRAND |SUB ?)?(?:TOTAL|JUMLAH)\b[\s:.\-]*(?P<what>.+)$", re.IGNORECASE)
_LEVEL_WORDS = (
    ("village", re.compile(r"^\s*KEL(?:URAHAN)?\b\.?\s", re.IGNORECASE)),
    ("district", re.compile(r"^\s*KEC(?:AMATAN)?\b\.?\s", re.IGNORECASE)),
)
DEPTH = {"province": 0, "city": 1, "district": 2, "village": 3}
# The province may be renamed; its files say one of these.
PROVINCE_WORDS = ("JAKARTA", "DKI", "DKJ")
MOST_CANDIDATES = 8
CLOSE = 0.75


@dataclass(frozen=True)
class Place:
    """What the cells of a row say: `names` are (level, name), level "" when no column says it."""

    code: str = ""
    names: tuple[tuple[str, str], ...] = ()
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
        self,
        template: str,
        field: str,
        spelling: str,
        level: str,
        candidates: list[tuple[str, str]],
        **params: object,
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
        self._by_name: dict[str, list[str]] = defaultdict(list)
        pairs = [(code, normalise(name)) for code, name in self._names.items()]
        for code, name in [*pairs, *aliases]:
            if code in self._names and name not in self._known[code]:
                self._known[code].add(name)
                self._by_name[name].append(code)
                # "Kota Administrasi Jakarta Barat" is normalised to its bare name; a Kota or Kabupaten keeps its word.
                bare = name.removeprefix("KOTA").removeprefix("KABUPATEN")
                if level_of(code) == "city" and bare != name:
                    self._by_name[bare].append(code)

    def find(self, place: Place) -> Found:
        """The region, total or nowhere that a row means. Refused, BpsCode or UnknownSpelling when it means none."""
        names = tuple((_level(level, name), name) for level, name in place.names)
        code = self._code(place, names)
        if code is not None:
            self._check_names(code, names)
            return Found("region", code, self._names[code])
        texts = [place.code, *(name for _, name in names), *place.others]
        for text in texts:
            if (total := self._total(text)) is not None:
                return Found("total", total, text)
        for text in [place.code, *(name for _, name in names)]:
            if normalise(text) in NOWHERE:
                return Found("unmapped", "", text)
        if place.code and not names:  # a name where codes should stand
            names = ((_level("", place.code), place.code),)
        if not names:
            raise Refused(N_("Baris ini tidak menyebut wilayah."), "region")
        code = self._by_names(names)
        return Found("region", code, self._names[code])

    def _code(self, place: Place, names: tuple[tuple[str, str], ...]) -> str | None:
        """The code on the row; None when there is none, or text in its place. An unknown one is Refused."""
        if not place.code or not any(letter.isdigit() for letter in place.code):
            return None
        try:
            code = parse_code(place.code)
        except Refused as problem:
            if "BPS" in problem.template:
                raise BpsCode(problem.template, problem.field, **problem.params) from problem
            raise
        if code not in self._names:
            named_city = next((name for level, name in names if level == "city"), "")
            if named_city and looks_like_bps(code, named_city):
                raise self._bps(code, named_city, "city")
            raise Refused(N_("Wilayah %(code)s tidak dikenal."), "region", code=code)
        return code

    def _check_names(self, code: str, names: tuple[tuple[str, str], ...]) -> None:
        """Every name on the row is that of the code's own region at its level. From the top down."""
        ordered = sorted(names, key=lambda pair: DEPTH.get(pair[0], 4))
        for level, name in ordered:
            of = code if level == "" else _ancestor(code, level)
            if of is None or not normalise(name):
                continue
            if self._is_called(of, name):
                continue
            spelling = f"{level_of(of)}|{normalise(name)}|{parent_of(of) or ''}"
            if self._spellings.get(spelling) == of:
                continue
            raise self._mismatch(code, of, level, name, spelling)

    def _is_called(self, code: str, name: str) -> bool:
        given = normalise(name)
        if level_of(code) == "province":
            return (
                any(word in given for word in PROVINCE_WORDS) if code == "31" else given in self._known[code]
            )
        return any(given in (known, f"KOTA{known}", f"KABUPATEN{known}") for known in self._known[code])

    def _mismatch(self, code: str, of: str, level: str, name: str, spelling: str) -> Refused:
        field = level or "name"
        if level_of(of) == "city" and looks_like_bps(of, name):
            return self._bps(of, name, field)
        params = {"code": of, "name": self._names[of], "given": name[:40]}
        if self._is_close(of, name):
            return UnknownSpelling(
                N_("Ejaan baru: %(code)s adalah %(name)s, berkas menulis “%(given)s”."), field,
                spelling, level_of(of), [(of, self._names[of])], **params,
            )  # fmt: skip
        return Refused(
            N_("Kode dan nama tidak cocok: %(code)s adalah %(name)s, bukan “%(given)s”."), field, **params
        )

    def _bps(self, code: str, given: str, field: str) -> BpsCode:
        city = city_of(code)
        return BpsCode(
            N_("Kode BPS terdeteksi: menurut Kemendagri %(code)s adalah %(name)s, bukan “%(given)s”."), field,
            code=city, name=self._names.get(city, "–"), given=given[:40],
        )  # fmt: skip

    def _is_close(self, code: str, name: str) -> bool:
        """Alike enough to be the same name misspelt, and not the name of a region beside it."""
        given, parent = normalise(name), parent_of(code)
        beside = [each for each in self._by_name.get(given, []) if each != code and parent_of(each) == parent]
        if beside or not given:
            return False
        return any(
            difflib.SequenceMatcher(None, given, known).ratio() >= CLOSE or given in known or known in given
            for known in self._known[code]
        )

    def _total(self, text: str) -> str | None:
        """What a text totals: "" the whole file, else the code of a region; None when it is no total."""
        if normalise(text) in TOTALS:
            return ""
        match = _TOTAL_OF.match(text.strip())
        if match is None:
            return None
        codes = [code for code in self._named(match["what"]) if level_of(code) != "village"]
        if len(codes) > 1:  # a kecamatan of that name counts before another level only when it is alone
            codes = [code for code in codes if level_of(code) == level_of(min(codes, key=len))]
        if len(codes) == 1:
            return "" if level_of(codes[0]) == "province" else codes[0]
        return None

    def _named(self, name: str) -> list[str]:
        given = normalise(name)
        return self._by_name.get(given) or self._by_name.get(given.removeprefix("KOTA"), [])

    def _by_names(self, names: tuple[tuple[str, str], ...]) -> str:
        """The one region whose name stands deepest, inside the regions that are named above it."""
        ordered = sorted(
            ((level, name) for level, name in names if normalise(name)),
            key=lambda pair: DEPTH.get(pair[0], 4),
        )
        inside: list[str] | None = None
        for place, (level, name) in enumerate(ordered):
            found = [
                code for code in self._named(name)
                if (not level or level_of(code) == level) and _below(code, inside)
            ]  # fmt: skip
            found = list(dict.fromkeys(found))
            if level == "province" and not found and place < len(ordered) - 1:
                continue  # it may have another name by now
            if not found:
                chosen = self._chosen(level, name, inside)
                if chosen is None:
                    raise self._unknown(level, name, inside)
                found = [chosen]
            inside = found
        if not inside:
            raise Refused(N_("Baris ini tidak menyebut wilayah."), "region")
        if len(inside) > 1:
            raise Refused(
                N_("Nama %(name)s ada di lebih dari satu wilayah; tambahkan kode atau kecamatan."),
                ordered[-1][0] or "name", name=ordered[-1][1][:40],
            )  # fmt: skip
        return inside[0]

    def _chosen(self, level: str, name: str, inside: list[str] | None) -> str | None:
        code = self._spellings.get(_spelling(level, name, inside))
        return code if code in self._names and _below(str(code), inside) else None

    def _unknown(self, level: str, name: str, inside: list[str] | None) -> UnknownSpelling:
        given = normalise(name)
        pool = [
            code for code in self._names
            if (not level or level_of(code) == level) and _below(code, inside)
        ]  # fmt: skip
        likeness = {
            code: max(difflib.SequenceMatcher(None, given, known).ratio() for known in self._known[code])
            for code in pool
        }
        closest = sorted(pool, key=lambda code: (-likeness[code], code))[:MOST_CANDIDATES]
        return UnknownSpelling(
            N_("Tidak ada wilayah bernama “%(given)s”."), level or "name", _spelling(level, name, inside), level,
            [(code, self._names[code]) for code in closest], given=name[:40],
        )  # fmt: skip


def _level(level: str, name: str) -> str:
    """The level that a cell itself names ("KEC. TEBET" in a column of names)."""
    return level or next((each for each, words in _LEVEL_WORDS if words.match(name)), "")


def _ancestor(code: str, level: str) -> str | None:
    """The code at this level in which a region lies; None when it lies above that level."""
    each: str | None = code
    while each and level_of(each) != level:
        each = parent_of(each)
    return each


def _below(code: str, inside: list[str] | None) -> bool:
    return inside is None or any(code != above and is_within(code, above) for above in inside)


def _spelling(level: str, name: str, inside: list[str] | None) -> str:
    return f"{level}|{normalise(name)}|{inside[0] if inside and len(inside) == 1 else ''}"
