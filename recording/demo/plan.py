"""The numbers of the demo: the year 2021 of DKI, invented around published figures, the same for the same seed.

From the press of 25 November 2021: 31.000 recorded of 60.000, Jakarta Barat at 100% for KTP and KIA, Jakarta Timur
and Jakarta Pusat low because residents moved away. The eligible are those of Dukcapil DKI, December 2019. Everything
else, the whole of KIA too, is example data. Totals are laid down first and then cut into days (demo_days.py), so that
the sums are exact by construction.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.demo.days import (
    FIRST_DAY,
    LAST_DAY,
    PlannedCount,
    cut_into_days,
    largest_remainder,
    planned,
    service_days,
)

AS_OF = date(2021, 11, 25)
PUSAT, UTARA, BARAT, SELATAN, TIMUR, SERIBU = "31.71", "31.72", "31.73", "31.74", "31.75", "31.01"

ELIGIBLE_SOURCE = "Dinas Dukcapil DKI Jakarta, Desember 2019"
# Why a city stays behind stands with its eligible people, who are still counted there: its page shows their source.
MOVED_CITY = PUSAT
MOVED_NOTE = "Banyak warga Jakarta Pusat sudah pindah dan tidak ditemukan di alamatnya (data contoh)."
ELIGIBLE = {TIMUR: 2_276_450, BARAT: 1_825_258, SELATAN: 1_693_805, UTARA: 1_295_356, PUSAT: 842_897, SERIBU: 19_384}
TARGET = {"KTP": 60_000, "KIA": 90_000}
# Recorded per city up to and including AS_OF. Barat has its whole target: None.
RECORDED: dict[str, dict[str, int | None]] = {
    "KTP": {BARAT: None, SELATAN: 6_285, TIMUR: 4_981, UTARA: 4_302, PUSAT: 1_589, SERIBU: 73},
    "KIA": {BARAT: None, SELATAN: 11_775, TIMUR: 12_365, UTARA: 8_209, PUSAT: 4_865, SERIBU: 131},
}
# From AS_OF to the end of the year: the vans leave Barat, a few late comers remain there.
RECORDED_LATER = {
    "KTP": {BARAT: 45, SELATAN: 800, TIMUR: 1_490, UTARA: 680, PUSAT: 580, SERIBU: 9},
    "KIA": {BARAT: 60, SELATAN: 1_420, TIMUR: 2_550, UTARA: 1_250, PUSAT: 850, SERIBU: 18},
}
# Van stops on an ordinary day, about 12 in all; after AS_OF the agency's vans are lent to Timur.
STOPS_A_DAY: dict[str, float] = {BARAT: 3.9, TIMUR: 2.5, SELATAN: 2.6, UTARA: 2.0, PUSAT: 0.95, SERIBU: 0.04}
STOPS_A_DAY_LATER: dict[str, float] = {BARAT: 0, TIMUR: 3.9, SELATAN: 2.6, UTARA: 2.4, PUSAT: 2.2, SERIBU: 0.06}
OVER_SHARE, UNDER_DISTRICTS = 6, 3  # one kecamatan of Barat is 6% over its target, three are below theirs
REVISED_ON, REVISED_CITY, REVISED_FROM_SHARE = date(2021, 8, 1), TIMUR, 70
NIHIL_DAYS = 24
CORRECTED_DAYS = (date(2021, 3, 9), date(2021, 5, 19), date(2021, 9, 15), date(2021, 11, 24))


class PlannedTarget(NamedTuple):
    """One version of a target; versions of the same one come in `order`, from 1."""

    region: str
    document: str
    kind: str
    people: int
    opening: int
    source: str
    effective_from: date
    order: int = 1


class PlannedCorrection(NamedTuple):
    """A count that was first entered as `wrong`, and put `right` on a later day."""

    region: str
    document: str
    day: date
    source: str
    wrong: int
    right: int
    corrected_on: date
    reason: str


class Entry(NamedTuple):
    """One act of typing in a count; `reason` is "" unless it corrects an earlier one."""

    on: date
    region: str
    document: str
    day: date
    source: str
    people: int
    reason: str


@dataclass(frozen=True)
class DemoPlan:
    """All that is known in the demo at the end of its day."""

    targets: list[PlannedTarget]
    counts: list[PlannedCount]
    corrections: list[PlannedCorrection]

    def entries(self) -> list[Entry]:
        """What to write, in the order of the days: writing all of it in turn leaves exactly `counts`."""
        wrong = {correction[:4]: correction.wrong for correction in self.corrections}
        acts = [Entry(c.entered_on, *c[:4], wrong.get(c[:4], c.people), "") for c in self.counts]
        acts += [Entry(c.corrected_on, *c[:4], c.right, c.reason) for c in self.corrections]
        return sorted(acts, key=lambda act: (act.on, act.reason != ""))


def plan(villages: Sequence[tuple[str, str]], *, until: date, seed: int = 31) -> DemoPlan:
    """The demo as it is known at the end of `until`; a later day only adds to it.

    `villages` are (code, name) of all kelurahan of DKI, in any order. Refused when `until` lies outside
    2021-01-04..2021-12-31, or the villages are not those of DKI's six cities.
    """
    if not FIRST_DAY <= until <= LAST_DAY:
        raise Refused(
            N_("Data contoh hanya ada dari %(first)s sampai %(last)s. Pilih hari di antaranya."),
            "until",
            first=FIRST_DAY.isoformat(),
            last=LAST_DAY.isoformat(),
        )
    codes = sorted({code for code, _name in villages})
    if len(codes) < 200 or {code[:5] for code in codes} != set(ELIGIBLE):
        raise Refused(N_("Data contoh memerlukan semua kelurahan DKI Jakarta; jalankan dulu load_regions."), "region")
    rng = random.Random(seed)
    targets = {document: _village_targets(rng, codes, people) for document, people in TARGET.items()}
    goals = {document: _village_recorded(rng, document, goal) for document, goal in targets.items()}
    later = {document: _village_later(rng, document, goal) for document, goal in targets.items()}
    days = service_days()
    early, late = [day for day in days if day <= AS_OF], [day for day in days if day > AS_OF]
    counts = cut_into_days(rng, early, goals, STOPS_A_DAY, lent_to=BARAT)
    counts += cut_into_days(rng, late, later, STOPS_A_DAY_LATER, lent_to=TIMUR)
    counts += _nihil(rng, codes, early, counts)
    counts.sort(key=lambda count: (count.entered_on, count))
    corrections = _corrections(rng, counts)
    return DemoPlan(
        [row for row in _targets(rng, targets, goals) if row.effective_from <= until],
        list(_known(counts, corrections, until)),
        [correction for correction in corrections if correction.corrected_on <= until],
    )


def city_targets(total: int) -> dict[str, int]:
    """A task target split over the cities in proportion to their eligible people."""
    return dict(zip(ELIGIBLE, largest_remainder(total, list(ELIGIBLE.values())), strict=True))


def _village_targets(rng: random.Random, codes: Sequence[str], total: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for city, people in city_targets(total).items():
        within = [code for code in codes if is_within(code, city)]
        weights = [rng.randint(50, 160) for _ in within]
        # One each first: no kelurahan is left without a target.
        shares = largest_remainder(people - len(within), weights)
        found |= {code: 1 + share for code, share in zip(within, shares, strict=True)}
    return found


def _village_recorded(rng: random.Random, document: str, targets: Mapping[str, int]) -> dict[str, int]:
    """Who is recorded on AS_OF, per kelurahan; exact per city, and in Barat per kecamatan."""
    found: dict[str, int] = {}
    for city, recorded in RECORDED[document].items():
        goals = {code: people for code, people in targets.items() if is_within(code, city)}
        if recorded is None:
            districts: dict[str, int] = {}
            for code, people in goals.items():
                districts[code[:8]] = districts.get(code[:8], 0) + people
            for district, people in _one_over(rng, districts).items():
                found |= _uneven(rng, people, {c: p for c, p in goals.items() if is_within(c, district)}, 4)
        else:
            found |= _uneven(rng, recorded, goals, 30)
    return found


def _one_over(rng: random.Random, targets: Mapping[str, int]) -> dict[str, int]:
    """People per kecamatan, in sum as many as the targets: one above its own, some below, the others exactly at it."""
    over, *others = sorted(targets, key=lambda code: -targets[code])
    more = targets[over] * OVER_SHARE // 100
    missing = _uneven(rng, more, {code: targets[code] for code in rng.sample(others, UNDER_DISTRICTS)}, 50)
    return {code: people + (more if code == over else -missing.get(code, 0)) for code, people in targets.items()}


def _uneven(rng: random.Random, total: int, goals: Mapping[str, int], spread: int) -> dict[str, int]:
    """`total` split in proportion to the goals, each shaken by up to `spread` per cent."""
    weights = [people * rng.randint(100 - spread, 100 + spread) for people in goals.values()]
    return dict(zip(goals, largest_remainder(total, weights), strict=True))


def _village_later(rng: random.Random, document: str, targets: Mapping[str, int]) -> dict[str, int]:
    """Who is recorded after AS_OF, per kelurahan."""
    found: dict[str, int] = {}
    for city, people in RECORDED_LATER[document].items():
        found |= _uneven(rng, people, {c: p for c, p in targets.items() if is_within(c, city)}, 30)
    return found


def _targets(
    rng: random.Random, targets: Mapping[str, Mapping[str, int]], goals: Mapping[str, Mapping[str, int]]
) -> Iterator[PlannedTarget]:
    """The stock of each city, and each kelurahan's task; one of these was lower until it was revised in mid-year."""
    start = date(FIRST_DAY.year, 1, 1)
    for city, eligible in ELIGIBLE.items():
        recorded = sum(people for code, people in goals["KTP"].items() if is_within(code, city))
        opening = eligible * rng.randint(9_800, 9_890) // 10_000 - recorded
        source = f"{ELIGIBLE_SOURCE}. {MOVED_NOTE}" if city == MOVED_CITY else ELIGIBLE_SOURCE
        yield PlannedTarget(city, "KTP", "stock", eligible, opening, source, start)
    revised = rng.choice([code for code in targets["KTP"] if is_within(code, REVISED_CITY)])
    for document, villages in targets.items():
        source = f"Pembagian target {document} 2021 (data contoh)"
        for code, people in villages.items():
            if (document, code) == ("KTP", revised):
                yield PlannedTarget(code, document, "task", people * REVISED_FROM_SHARE // 100, 0, source, start)
                note = "Revisi target Agustus 2021 (data contoh)"
                yield PlannedTarget(code, document, "task", people, 0, note, REVISED_ON, 2)
            else:
                yield PlannedTarget(code, document, "task", people, 0, source, start)


def _nihil(
    rng: random.Random, codes: Sequence[str], days: Sequence[date], counts: Iterable[PlannedCount]
) -> list[PlannedCount]:
    """Days on which a counter was open and nobody came: told as 0, which is not the same as not told."""
    taken = {count[:4] for count in counts}
    found: dict[tuple[str, str, date, str], PlannedCount] = {}
    while len(found) < NIHIL_DAYS:
        count = planned(rng.choice(codes), "KTP", rng.choice(days), "loket", 0)
        if count[:4] not in taken:
            found[count[:4]] = count
    return list(found.values())


def _corrections(rng: random.Random, counts: Iterable[PlannedCount]) -> list[PlannedCorrection]:
    """On a few days one count was typed with its digits turned round, and put right the day after."""
    found = []
    for wanted in CORRECTED_DAYS:
        slips = [c for c in counts if c.entered_on == c.day == wanted and c.people != _turned_round(c.people)]
        count = rng.choice(slips)
        wrong, right = _turned_round(count.people), count.people
        reason = f"Salah ketik: tertulis {wrong}, seharusnya {right}."
        found.append(PlannedCorrection(*count[:4], wrong, right, wanted + timedelta(days=1), reason))
    return found


def _turned_round(people: int) -> int:
    return int(str(people)[::-1])


def _known(
    counts: Iterable[PlannedCount], corrections: Iterable[PlannedCorrection], until: date
) -> Iterator[PlannedCount]:
    """What is typed in by the end of a day, still wrong where nobody has corrected it yet."""
    wrong = {c[:4]: c.wrong for c in corrections if c.corrected_on > until}
    for count in counts:
        if count.entered_on <= until:
            yield count._replace(people=wrong.get(count[:4], count.people))
