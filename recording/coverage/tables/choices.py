"""What the address of a table of regions chooses: documents, level, order, rows, and the regions to compare."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import region_not_found
from dukcapil.errors import N_, NotFound
from dukcapil.requests import PortalRequest
from recording.coverage.figures import Figure
from recording.coverage.standing import Standing
from recording.coverage.tables.columns import BESIDE, ONE
from recording.coverage.tables.ordering import is_order, ordered
from recording.coverage.tables.selectors import RegionTable, Wanted
from recording.models import Document, Level, check_document
from recording.parsing.region_names import LEVELS, level_of
from recording.regions.choices import Choices, page_number, run_number

BOTH = "semua"  # instead of a document: KTP and KIA beside each other
LEVEL_WORDS = {"kota": Level.CITY, "kecamatan": Level.DISTRICT, "kelurahan": Level.VILLAGE}
WORD_OF_LEVEL = {level: word for word, level in LEVEL_WORDS.items()}
STANDING_WORDS = {
    "tertinggal": Standing.BEHIND,
    "sesuai": Standing.ON_PLAN,
    "tuntas": Standing.DONE,
    "melebihi": Standing.OVER,
    "belum-lapor": Standing.SILENT,
    "tanpa-target": Standing.NONE,
}
DEFAULT_ORDER = "-sisa"
MAX_TEXT = 60  # of the address


@dataclass(frozen=True)
class TableChoices:
    """`level` "": a kelurahan has nothing below it. `standing`: a word of STANDING_WORDS. `compared`: what was asked to be
    shown side by side, as it was typed."""

    code: str
    document: str  # or BOTH
    period: str | None
    run: int | None
    level: str
    order: str = DEFAULT_ORDER
    text: str = ""
    city: str = ""
    standing: str = ""
    page: int = 1
    compared: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: PortalRequest, code: str) -> "TableChoices":
        """From the query string; nonsense answers 404 with a sentence."""
        asked = request.GET
        document, order = asked.get("dokumen", Document.KTP), asked.get("urut") or DEFAULT_ORDER
        if document != BOTH:
            check_document(document, field="", refusal=NotFound)
        if not is_order(order, BESIDE if document == BOTH else ONE):
            raise NotFound(N_("Tabel tidak dapat diurutkan menurut “%(order)s”."), order=order[:MAX_TEXT])
        standing = asked.get("status", "")
        if standing and standing not in STANDING_WORDS:
            raise NotFound(N_("Status “%(standing)s” tidak dikenal."), standing=standing[:MAX_TEXT])
        return cls(
            code,
            document,
            asked.get("periode") or None,
            run_number(request, "run"),
            _level(code, asked.get("tingkat", "")),
            order,
            " ".join(asked.get("cari", "").split())[:MAX_TEXT],
            asked.get("kota", ""),
            standing,
            page_number(request),
            tuple(text.strip()[:MAX_TEXT] for part in asked.getlist("banding") for text in part.split(",") if text.strip()),
        )

    @property
    def documents(self) -> tuple[str, ...]:
        return (Document.KTP, Document.KIA) if self.both else (self.document,)

    @property
    def both(self) -> bool:
        return self.document == BOTH

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.text, self.city, STANDING_WORDS.get(self.standing, ""))

    def rows(self, table: RegionTable) -> list[Figure]:
        """The chosen rows of a table in their order. NotFound for a city that is not there."""
        if self.city and self.city not in {city.code for city in table.at(Level.CITY)}:
            raise region_not_found(self.city[:MAX_TEXT])
        return ordered(filter(self.wanted.holds, table.at(self.level)), self.order)

    @property
    def figures(self) -> Choices:
        """For the other pages about this region, which know one document at a time."""
        return Choices(self.code, self.documents[0], self.period, self.run)

    def asked(self, **other: Any) -> dict[str, Any]:
        """What the query of an address with other choices says; what is as if nobody chose it is left out."""
        chosen = replace(self, **({"page": 1} | other))
        asked = {
            "dokumen": chosen.document,
            "periode": chosen.period,
            "run": chosen.run,
            "tingkat": WORD_OF_LEVEL.get(Level(chosen.level)) if chosen.level else None,
            "urut": chosen.order if chosen.order != DEFAULT_ORDER else None,
            "cari": chosen.text,
            "kota": chosen.city,
            "status": chosen.standing,
            "halaman": chosen.page if chosen.page > 1 else None,
            "banding": ",".join(chosen.compared),
        }
        return {name: value for name, value in asked.items() if value not in (None, "")}

    def query(self, **other: Any) -> str:
        return urlencode(self.asked(**other), safe=",")

    def url(self, **other: Any) -> str:
        return f"{reverse('region_table', args=[self.code])}?{self.query(**other)}"

    def kept(self, names: Collection[str]) -> list[tuple[str, str]]:
        """(name, value) of the choices that a form about others keeps."""
        return [(name, str(value)) for name, value in self.asked().items() if name in names]

    def document_links(self) -> list[tuple[str, str, str, bool]]:
        """For _documents.html; an order by a column that the other table lacks is given up."""
        labels = [*((value, str(label)) for value, label in Document.choices), (BOTH, _("KTP dan KIA"))]
        return [
            (value, label, self.url(document=value, order=self._order_in(value)), value == self.document)
            for value, label in labels
        ]

    def _order_in(self, document: str) -> str:
        return self.order if is_order(self.order, BESIDE if document == BOTH else ONE) else DEFAULT_ORDER

    def level_links(self) -> list[tuple[str, str, bool]]:
        """(label, address, whether it is the chosen one) of the levels below the region."""
        return [
            (str(level.label), self.url(level=level.value, city=""), level == self.level) for level in levels_below(self.code)
        ]


def levels_below(code: str) -> list[Level]:
    levels = [Level(level) for level in LEVELS.values()]
    return levels[levels.index(Level(level_of(code))) + 1 :]


def _level(code: str, word: str) -> str:
    """The level of that word; without one the level two below the region, or the one just below it."""
    levels = levels_below(code)
    if not word:
        return levels[:2][-1].value if levels else ""
    level = LEVEL_WORDS.get(word)
    if level not in levels:
        raise NotFound(N_("Tingkat “%(word)s” tidak ada di bawah wilayah ini."), word=word[:MAX_TEXT])
    return level.value
