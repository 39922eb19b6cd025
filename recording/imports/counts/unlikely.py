"""Counts of a file that are unlikely but may be true: far above a day of their place, or beyond a target."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from heapq import nlargest
from itertools import pairwise, zip_longest
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Max

from dukcapil import figures
from dukcapil.errors import N_, Refused
from dukcapil.unusual import FACTOR, MAX_PEOPLE_UNASKED, MIN_FORMER_DAYS, is_unusual
from recording.coverage.arithmetic import percent
from recording.imports.counts.against_targets import Standing
from recording.imports.counts.daily import CODES_PER_QUERY
from recording.imports.counts.day_or_total import TIMES_USUAL_DAY
from recording.imports.counts.staging import Rows
from recording.imports.job import Table
from recording.imports.reading.tables import CountSlot
from recording.imports.selectors import last_mapping
from recording.ledger.stage_checks import Replaced, later_sums
from recording.models import CurrentCount, from_source, summed_source

FORMER_DAYS = timedelta(days=60)
MAX_EVIDENCE = 5
_UNUSUAL = N_("%(name)s, %(day)s: %(people)s orang, jauh di atas hari terbaik di sana dari sumber ini, %(best)s. Benar?")
_BEYOND = N_("%(name)s, %(document)s: menjadi %(percent)s%% dari target, %(recorded)s dari %(target)s orang. Benar?")
_REPLACED = N_(
    "%(document)s dari sumber %(source)s: %(counts)s angka yang sudah tersimpan, bersama %(before)s orang, menjadi %(after)s. "
    "Yang tersimpan itu mungkin total, bukan hitungan satu hari. Ganti?"
)
_LATER = N_(
    "%(document)s dari sumber %(source)s: pada %(day)s sudah tersimpan %(people)s orang di wilayah-wilayah ini, jauh di atas "
    "hari-hari sebelumnya dalam berkas. Bila itu total, orang di berkas ini sudah termasuk dan terhitung dua kali. Tambahkan?"
)
MAX_PEAKS = 3  # days of one place that may be absurd together
MAX_DAYS_BESIDE_TOTALS = 1_000  # longer lists are whole histories
Key = tuple[str, str, str]  # region, document and source


class Peak(NamedTuple):
    """The greatest count of a region, document and source in the file, and the best of its other days there; of several
    absurd days the first, and the best of the days that are not."""

    key: Key
    day: str
    people: int
    best: int
    other_days: int


def ask_about_days(table: Table, rows: Rows, replaced: Iterable[Replaced]) -> None:
    """Ask about counts of a day that are unlikely; the running totals of a file are asked about as totals. What is stored
    is held against its days where no totals of the same document and source come with them."""
    totals = {(total.document, total.source, total.day) for total in rows.totals}
    of_totals = {(document, source) for document, source, _day in totals}
    daily = [slot for slot in rows.slots if (slot.document, slot.source, slot.day) not in totals]
    alone = [slot for slot in daily if (slot.document, slot.source) not in of_totals]
    series = {(slot.document, slot.source) for slot in alone}
    _ask_about_replaced(table, [each for each in replaced if (each.document, each.source) in series])
    _ask_about_later_totals(table, alone)
    _ask_about_peaks(table, daily, rows.reading.totals.subtotals.values())


def _ask_about_peaks(table: Table, slots: Iterable[CountSlot], subtotals: Iterable[str]) -> None:
    """Ask about a single day far above the other days of its region, document and source: those of the file, and the
    stored ones of the two months before it."""
    left_out = set(subtotals)
    peaks = {peak.key: peak for peak in _peaks(list(slots), list(table.places.codes)) if peak.key[0] not in left_out}
    former = _former(peaks)
    unusual = []
    for key, peak in peaks.items():
        days, best = former.get(key, (0, 0))
        best = max(best, peak.best)
        if is_unusual(peak.people, best=best, former_days=days + peak.other_days):
            unusual.append((peak, best))
    unusual.sort(key=lambda each: each[1] - each[0].people)
    sentences = [
        Refused(
            _UNUSUAL,
            name=table.places.names[peak.key[0]],
            day=figures.long_day(date.fromisoformat(peak.day)),
            people=figures.people(peak.people),
            best=figures.people(best),
        )
        for peak, best in unusual[:MAX_EVIDENCE]
    ]
    if sentences:
        table.findings.ask("unusual", sentences[0], evidence=_more(sentences), count=len(unusual))


def _ask_about_replaced(table: Table, replaced: Iterable[Replaced]) -> None:
    """Ask where counts of the day take the place of stored ones that were ten times as many: those may be totals."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for each in replaced:
        sums[each.document, each.source].update(counts=each.counts, before=each.before, after=each.after)
    sentences = [
        Refused(_REPLACED, document=document, source=source, **{name: figures.people(people) for name, people in each.items()})
        for (document, source), each in sums.items()
        if each["before"] > MAX_PEOPLE_UNASKED and each["before"] > TIMES_USUAL_DAY * each["after"]
    ]
    if sentences:
        table.findings.ask("replaced", sentences[0], evidence=_more(sentences), count=len(sentences))


def _ask_about_later_totals(table: Table, slots: Sequence[CountSlot]) -> None:
    """Ask where a stored count after days of the file is ten times as many as these (or twice, where the last file of the
    source was of totals): as a total it holds their people already."""
    if not slots or len({slot.day for slot in slots}) > MAX_DAYS_BESIDE_TOTALS:
        return
    found = []
    series = {(slot.document, slot.source) for slot in slots}
    former = {source: last_mapping(table.job.kind, source) for source in {source for _document, source in series}}
    of_totals = {source for source, last in former.items() if last and any(use["running"] for use in last.columns.values())}
    for later in (each for each in later_sums() if (each.document, each.source) in series):
        times = FACTOR if later.source in of_totals else TIMES_USUAL_DAY
        if later.people > max(MAX_PEOPLE_UNASKED, times * later.usual):
            found.append(later)
    sentences = [
        Refused(
            _LATER,
            document=later.document,
            source=later.source,
            day=figures.long_day(later.day),
            people=figures.people(later.people),
        )
        for later in found[:MAX_EVIDENCE]
    ]
    if sentences:
        table.findings.ask("later_total", sentences[0], proposed="", evidence=_more(sentences), count=len(found))


def ask_about_targets(table: Table, standings: Iterable[Standing]) -> None:
    """Ask where the file brings more people than what remained of a target, in its regions and those above them."""
    beyond = sorted(
        (each for each in standings if each.is_beyond), key=lambda each: (len(each.code), -each.after / each.target)
    )
    sentences = [
        Refused(
            _BEYOND,
            name=table.places.names[each.code],
            document=each.document,
            percent=figures.people(int(percent(each.after, each.target) or 0)),
            recorded=figures.people(each.after),
            target=figures.people(each.target),
        )
        for each in beyond[:MAX_EVIDENCE]
    ]
    if sentences:
        table.findings.ask("beyond_target", sentences[0], evidence=_more(sentences), count=len(beyond))


def _more(sentences: list[Refused]) -> list[str]:
    """What the second and the next sentences tell, without their questions."""
    return [str(sentence).rpartition(". ")[0] for sentence in sentences[1:]]


def _peaks(slots: list[CountSlot], codes: list[str]) -> Iterator[Peak]:
    """Those that the other days of the file alone do not explain."""
    groups: dict[tuple[str, str], list[CountSlot]] = defaultdict(list)
    for slot in slots:
        groups[slot.document, slot.source].append(slot)
    for (document, source), group in groups.items():
        for code, people in zip(codes, zip_longest(*(slot.people for slot in group), fillvalue=-1), strict=False):
            most = max(people)
            if most <= MAX_PEOPLE_UNASKED:
                continue
            place = people.index(most)
            absurd, best = _parted(nlargest(MAX_PEAKS + 1, people))
            if absurd:
                yield Peak((code, document, source), group[place].iso, most, best, sum(each >= 0 for each in people) - absurd)


def _parted(highest: list[int]) -> tuple[int, int]:
    """How many of the highest days of a place, none for 0, are far above the best of the rest; and that one. Days that
    are alike excuse each other, unless they are ten times as high."""
    for count, (people, best) in enumerate(pairwise([*highest, -1][: MAX_PEAKS + 1]), 1):
        best = max(best, 0)
        if is_unusual(people, best=best, former_days=MIN_FORMER_DAYS) and (count == 1 or people > TIMES_USUAL_DAY * best):
            return count, best
    return 0, 0


def _former(peaks: dict[Key, Peak]) -> dict[Key, tuple[int, int]]:
    """How many days are stored of the two months before, and the people of the best of them."""
    former: dict[Key, tuple[int, int]] = {}
    if not peaks:
        return former
    first = date.fromisoformat(min(peak.day for peak in peaks.values()))
    codes = sorted({code for code, _, _ in peaks})
    for start in range(0, len(codes), CODES_PER_QUERY):
        rows = (
            CurrentCount.objects.filter(
                reduce(or_, map(from_source, {source for _, _, source in peaks})),
                region__in=codes[start : start + CODES_PER_QUERY],
                document__in={document for _, document, _ in peaks},
                day__range=(first - FORMER_DAYS, first - timedelta(days=1)),
                people__isnull=False,
            )
            .values_list("region_id", "document", summed_source())
            .annotate(days=Count("day", distinct=True), best=Max("people"))
        )
        former |= {(code, document, source): (days, best) for code, document, source, days, best in rows}
    return former
