"""What a count must satisfy before it is written: the same for page, API, import and van report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from dukcapil import figures
from dukcapil.errors import N_, Refused
from dukcapil.words import check_words
from recording.models import FIRST_KTP_EL, OF_TRIP, DailyCount, Period, Region, Source, check_document
from recording.parsing.numbers import MAX_PEOPLE
from recording.parsing.region_names import is_code

CountKey = tuple[str, str, date, str]
SOURCE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-:._")


class CountInput(NamedTuple):
    """One count as it should be. `day` is the service day as people write it; `expected`: see `record_counts`."""

    region: str
    document: str
    day: date
    source: str
    people: int
    expected: int | None = None

    @property
    def key(self) -> CountKey:
        return self[:4]


@dataclass
class CountChecks:
    """The regions and periods that one batch needs, read once."""

    regions: dict[str, Region]
    periods: list[Period]
    today: date
    reported: set[tuple[str, str, date]] = field(default_factory=set)
    seen: set[CountKey] = field(default_factory=set)
    days: set[date] = field(default_factory=set)  # that were checked

    @classmethod
    def read(cls, counts: Iterable[CountInput], *, today: date) -> "CountChecks":
        """Two queries, whatever the size of the batch; one more for counts of vans, which a report may cover."""
        counts = list(counts)
        codes = set(filter(is_code, {count.region for count in counts}))
        reported = _reported([count for count in counts if count.source == Source.VAN and count.region in codes])
        return cls(Region.objects.in_bulk(codes), list(Period.objects.all()), today, reported)

    def check(self, count: CountInput) -> None:
        """Raises Refused with the field that is wrong; also when the same key stands twice in the batch."""
        key, region = count.key, self.regions.get(count.region)
        if region is None:
            raise unknown_region(count.region)
        check_document(count.document)
        check_source(count.source)
        check_people(count.people)
        if count.day not in self.days:
            self.check_day(count.day)
            self.days.add(count.day)
        check_open(region, count.day)
        if key[:3] in self.reported and count.source == Source.VAN:
            raise Refused(
                N_("Untuk wilayah dan hari ini sudah ada laporan mobil. Perbaiki laporannya; jangan dicatat dua kali."),
                "source",
            )
        if key in self.seen:
            raise duplicate_row_error()
        self.seen.add(key)

    def check_day(self, day: date) -> None:
        """A service day that has come. One that no period holds yet is kept and waits for it; one before the first
        period, or before there was any KTP-el, is a slip of the pen."""
        if day > self.today:
            raise Refused(N_("Tanggal pelayanan belum tiba; paling akhir hari ini."), "day")
        if self.periods and day < self.periods[0].first_day:
            first = self.periods[0]
            sentence = N_("Tanggal itu mendahului periode pertama, %(name)s, yang mulai %(day)s. Periksa tahunnya.")
            raise Refused(sentence, "day", name=first.name, day=figures.long_day(first.first_day))
        check_year(day, "day")


def check_year(day: date, field: str) -> None:
    """A day before the law that introduces the KTP-el is one of another year."""
    if day < FIRST_KTP_EL:
        sentence = N_("KTP-el baru ada sejak %(day)s. Periksa tahunnya.")
        raise Refused(sentence, field, day=figures.long_day(FIRST_KTP_EL))


def _reported(counts: list[CountInput]) -> set[tuple[str, str, date]]:
    """The region, document and day of those that a van's report covers (its source is trip-NUMBER)."""
    if not counts:
        return set()
    rows = DailyCount.objects.filter(
        region_id__in={count.region for count in counts},
        day__in={count.day for count in counts},
        source__startswith=OF_TRIP,
        people__isnull=False,
    )
    return set(rows.values_list("region_id", "document", "day"))


def unknown_region(code: str) -> Refused:
    """The refusal of a code that no region has."""
    return Refused(N_("Wilayah %(code)s tidak dikenal."), "region", code=code)


def duplicate_row_error() -> Refused:
    """The refusal of a count whose key stands twice in what one person sends."""
    return Refused(N_("Catatan yang sama ada dua kali dalam kiriman ini. Hapus salah satunya."), "region")


def check_people(number: int, field: str = "people") -> None:
    """Within what the database holds."""
    if not 0 <= number <= MAX_PEOPLE:
        raise Refused(N_("Jumlah harus antara 0 dan %(most)s."), field, most=figures.people(MAX_PEOPLE))


@lru_cache(maxsize=100)  # most batches have one source, and every count names it
def check_source(source: str) -> None:
    """A slug: "loket", "mobil", or one of an import or a trip."""
    if not 0 < len(source) <= 40 or not SOURCE_LETTERS.issuperset(source):
        raise Refused(N_("Sumber %(source)s tidak dikenal."), "source", source=source[:40])
    check_words(source, "source")


def check_open(region: Region, day: date, field: str = "region") -> None:
    """A region counts, and is visited, from its first day to its last."""
    if region.opened and day < region.opened:
        sentence = N_("Wilayah %(name)s (%(code)s) belum ada pada tanggal itu: dibuka %(day)s.")
        raise Refused(sentence, field, name=region.name, code=region.code, day=figures.long_day(region.opened))
    if region.closed and day > region.closed:
        sentence = N_("Wilayah %(name)s (%(code)s) sudah tutup pada tanggal itu: hari terakhirnya %(day)s.")
        raise Refused(sentence, field, name=region.name, code=region.code, day=figures.long_day(region.closed))
