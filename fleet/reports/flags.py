"""What stands out of a report that waits for a decision, each with its reason, and what former visits usually yield. Pure:
no database, no clock."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from statistics import median, quantiles

from dukcapil.errors import N_, Question
from dukcapil.unusual import MIN_FORMER_DAYS
from fleet.reports.body import IDLE, KIA, RECORDINGS, SERVED, USUAL_PER_SET, ReportBody, capacity, is_more_than_usual

WIDTHS_ABOVE, PART_ABOVE, MIN_ABOVE = 1.5, 0.5, 15  # see `Usual.far_above`
PART_BELOW, MIN_MEDIAN_BELOW = 3, 15  # see `Usual.far_below`


class Flag(Question):
    """Why a report is not approved together with the others; `field` is where it shows, "" for the whole report."""


@dataclass(frozen=True)
class Usual:
    """What former visits yielded: the middle half of them, from `low` to `high`, around the median. All 0 while there are
    fewer than three: they say nothing of what is usual."""

    visits: int = 0
    median: int = 0
    low: int = 0
    high: int = 0

    @classmethod
    def of(cls, people: Sequence[int]) -> "Usual":
        if len(people) < MIN_FORMER_DAYS:
            return cls(len(people))
        low, _middle, high = quantiles(people, n=4, method="inclusive")
        return cls(len(people), floor(median(people) + 0.5), floor(low), ceil(high))

    @property
    def is_known(self) -> bool:
        return self.visits >= MIN_FORMER_DAYS

    def far_above(self, people: int) -> bool:
        """Above the middle half by more than 1,5 times its width, half of its upper end, and 15 people."""
        reach = max(WIDTHS_ABOVE * (self.high - self.low), PART_ABOVE * self.high, MIN_ABOVE)
        return self.is_known and people > self.high + reach

    def far_below(self, people: int) -> bool:
        """Less than a third of the lower end of the middle half, where at least 15 people are usual."""
        return self.is_known and self.median >= MIN_MEDIAN_BELOW and people * PART_BELOW < self.low


@dataclass(frozen=True)
class Yield:
    """The people of one document in a report, None: left blank, beside what the place and the van usually yield."""

    document: str
    people: int | None
    place: Usual = field(default_factory=Usual)
    van: Usual = field(default_factory=Usual)


@dataclass(frozen=True)
class Circumstances:
    """What is known of a report beside what it says: the van's sets, the hours of the stop and the services planned for it;
    what its figures usually are; how many days late it first came; why the van was absent that day; what was entered for the
    kelurahan's vans by hand or from a file; and what the reporter was asked and confirmed."""

    sets: int
    hours: float
    services: Collection[str] = ()
    yields: Sequence[Yield] = ()
    days_late: int = 0
    absence: object = None
    entered: int = 0
    confirmed: Collection[str] = ()


def flags(body: ReportBody, about: Circumstances) -> Iterator[Flag]:
    """Everything that stands out, what weighs most first."""
    if about.absence and body.kind != IDLE:
        yield Flag("absent", "", N_("Mobil tercatat tidak beroperasi hari itu: %(why)s."), {"why": about.absence})
    if body.kind != IDLE:
        yield from _impossible(body.recordings or 0, about)
        yield from _nobody(body, about.yields)
        for each in about.yields:
            yield from _unusual(each)
        if body.kind == SERVED and body.recordings is None and set(RECORDINGS) & set(about.services):
            yield Flag("blank", RECORDINGS[-1], N_("Perekaman dijadwalkan, tetapi tidak diisi."), {})
        if about.entered:
            sentence = N_("%(people)s orang sudah dicatat dari mobil lewat Catat angka atau impor; laporan ini menambahnya.")
            yield Flag("entered", "", sentence, {"people": about.entered})
    if about.days_late:
        yield Flag("late", "", N_("Terlambat: pertama dikirim %(n)s hari sesudah harinya."), {"n": about.days_late})
    yield from _confirmed(body, about)


def _impossible(people: int, about: Circumstances) -> Iterator[Flag]:
    most, values = capacity(about.sets, about.hours), {"people": people, "sets": about.sets}
    if people > most:
        sentence = N_("%(people)s perekaman: %(sets)s alat dalam jam titik ini sanggup paling banyak %(most)s.")
        yield Flag("hours", "record", sentence, values | {"most": most})
    elif is_more_than_usual(people, about.sets):
        sentence = N_("%(people)s perekaman lebih dari %(most)s, yang biasa sehari untuk %(sets)s alat rekam.")
        yield Flag("many", "record", sentence, values | {"most": USUAL_PER_SET * about.sets})


def _nobody(body: ReportBody, yields: Sequence[Yield]) -> Iterator[Flag]:
    """Nobody was recorded at a place where people usually come."""
    for each in yields:
        if each.document == "KTP" and each.people == 0 and each.place.low > 0:
            sentence = N_("Nihil, padahal biasanya %(low)s–%(high)s perekaman di kelurahan ini (%(visits)s kunjungan).")
            yield Flag("nobody", "record", sentence, _numbers(each.place))


def _unusual(each: Yield) -> Iterator[Flag]:
    """Far from what the place usually yields; from what the van does, where too few visits tell of the place."""
    usual, where = (each.place, AT_PLACE) if each.place.is_known else (each.van, OF_VAN)
    people = each.people
    if not people:  # nobody came: see `_nobody`
        return
    what, name = DOCUMENTS[each.document]
    values = _numbers(usual) | {"what": what, "people": people, "where": where}
    if usual.far_above(people):
        sentence = N_("%(what)s %(people)s jauh di atas yang biasa %(where)s, %(low)s–%(high)s (%(visits)s kunjungan).")
        yield Flag("above", name, sentence, values)
    if usual.far_below(people):
        sentence = N_("%(what)s %(people)s jauh di bawah yang biasa %(where)s, %(low)s–%(high)s (%(visits)s kunjungan).")
        yield Flag("below", name, sentence, values)


def _numbers(usual: Usual) -> dict[str, object]:
    return {"low": usual.low, "high": usual.high, "visits": usual.visits}


def _confirmed(body: ReportBody, about: Circumstances) -> Iterator[Flag]:
    """What the reporter was asked about these figures and confirmed; what was confirmed of other figures is over."""
    current: dict[str, str | None] = {
        "note": str(body.recordings),
        "hours": str(body.recordings),
        "many": str(body.recordings),
        "yield": str(body.recordings),
        "same": body.digest()[:12],
        "zero": "" if body.recordings == 0 else None,
    }
    kinds = [code.partition(":") for code in about.confirmed]
    phrases = [CONFIRMED[kind] for kind, _, figure in kinds if kind in CONFIRMED and current.get(kind, figure) == figure]
    if phrases:
        yield Flag("confirmed", "", N_("Dipastikan pelapor: %(what)s."), {"what": Phrases(phrases)})


class Phrases(tuple[Question, ...]):
    """Parts of a sentence, joined and translated when the sentence is."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self))


def _phrase(template: str) -> Question:
    """A part of a sentence, translated when the sentence is."""
    return Question("", "", template, {})


DOCUMENTS: Mapping[str, tuple[Question, str]] = {
    "KTP": (_phrase(N_("Perekaman")), "record"),
    "KIA": (_phrase(N_("KIA terbit")), KIA),
}
AT_PLACE, OF_VAN = _phrase(N_("di kelurahan ini")), _phrase(N_("bagi mobil ini"))
CONFIRMED: Mapping[str, Question] = {
    "note": _phrase(N_("perekaman sangat banyak")),
    "hours": _phrase(N_("lebih dari yang sanggup direkam dalam jam titik itu")),
    "many": _phrase(N_("lebih dari yang biasa untuk alatnya")),
    "yield": _phrase(N_("jauh di atas kunjungan terbaik")),
    "same": _phrase(N_("sama persis dengan laporan mobil ini sebelumnya")),
    "zero": _phrase(N_("tidak ada perekaman")),
    "entered": _phrase(N_("menambah angka yang sudah dicatat")),
}
