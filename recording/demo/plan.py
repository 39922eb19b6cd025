"""The numbers of the example: the year 2021 of DKI, invented around published figures, the same for the same seed.

From the press of 25 November 2021: 31.000 recorded of 60.000, Jakarta Barat at 100% for KTP and KIA, Jakarta Timur
and Jakarta Pusat low because residents moved away. The eligible are those of Dukcapil DKI, December 2019. Everything
else, the whole of KIA too, is example data. The totals of AS_OF are laid down first; what the vans do not record of
them (days.py) comes to the counters, so that the sums are exact by construction.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.demo import days as year
from recording.demo.days import AS_OF, FIRST_DAY, LAST_DAY, DemoStop, largest_remainder

PUSAT, UTARA, BARAT, SELATAN, TIMUR, SERIBU = "31.71", "31.72", "31.73", "31.74", "31.75", "31.01"
DOCUMENTS, PERIOD = ("KTP", "KIA"), "2021"
ELIGIBLE_SOURCE = "Dinas Dukcapil DKI Jakarta, Desember 2019"
# Why a city stays behind stands with its eligible people, who are still counted there: its page shows their source.
MOVED_CITY = PUSAT
MOVED_NOTE = "Banyak warga Jakarta Pusat sudah pindah dan tidak ditemukan di alamatnya (data contoh)."
ELIGIBLE = {TIMUR: 2_276_450, BARAT: 1_825_258, SELATAN: 1_693_805, UTARA: 1_295_356, PUSAT: 842_897, SERIBU: 19_384}
TARGET = {"KTP": 60_000, "KIA": 90_000}
# Recorded per city up to and including AS_OF; Barat, which is not named, has its whole target.
RECORDED = {
    "KTP": {SELATAN: 6_285, TIMUR: 4_981, UTARA: 4_302, PUSAT: 1_589, SERIBU: 73},
    "KIA": {SELATAN: 11_775, TIMUR: 12_365, UTARA: 8_209, PUSAT: 4_865, SERIBU: 131},
}
REACHABLE_SHARE = 115  # per cent of the people recorded on AS_OF; whoever is beyond them on the list is not found
# Van stops on an ordinary day, about 12 in all; after AS_OF the vans leave Barat. A Sudin has 3 vans; one of the
# agency's two is lent to a city, the other stands by. The islands have none: a boat takes the people there.
STOPS_A_DAY = {BARAT: 3.9, TIMUR: 2.5, SELATAN: 2.6, UTARA: 2.0, PUSAT: 0.95, SERIBU: 0.04}
STOPS_A_DAY_LATER = {BARAT: 0, TIMUR: 3.9, SELATAN: 2.6, UTARA: 2.4, PUSAT: 2.2, SERIBU: 0.06}
OWN_VANS, LENT_VANS = 3, 1
OVER_SHARE, UNDER_DISTRICTS = 6, 3  # one kecamatan of Barat is 6% over its target, three are below theirs
REVISED_ON, REVISED_CITY, REVISED_FROM_SHARE = date(2021, 8, 1), TIMUR, 70
NIHIL_DAYS = 24
CORRECTED_DAYS = (date(2021, 3, 9), date(2021, 5, 19), date(2021, 9, 15), date(2021, 11, 24))


class PlannedTarget(NamedTuple):
    """One version of a target, in the order of `TargetInput`; a later version comes into force later."""

    region: str
    document: str
    period: str
    people: int
    source: str
    effective_from: date
    kind: str = "task"
    opening: int = 0


class Entry(NamedTuple):
    """One count typed in on the day `on`; `reason` is "" unless it corrects an earlier one."""

    on: date
    region: str
    document: str
    day: date
    source: str
    people: int
    reason: str = ""


@dataclass(frozen=True)
class DemoPlan:
    """All that is written in the example up to the end of its day, each list in the order of the days."""

    targets: list[PlannedTarget]
    entries: list[Entry]
    stops: list[DemoStop]


Totals = Mapping[str, int]  # people by kelurahan


def plan(villages: Iterable[str], *, until: date, seed: int = 33) -> DemoPlan:
    """The example as it is known at the end of `until`; a later day only adds to it.

    `villages` are the codes of all kelurahan of DKI. Refused when `until` lies outside 2021-01-04..2021-12-31.
    """
    if not FIRST_DAY <= until <= LAST_DAY:
        raise Refused(
            N_("Data contoh hanya ada dari %(first)s sampai %(last)s. Pilih hari di antaranya."),
            "until",
            first=FIRST_DAY.isoformat(),
            last=LAST_DAY.isoformat(),
        )
    rng, codes = random.Random(seed), sorted(villages)
    targets = {document: _village_targets(rng, codes, TARGET[document]) for document in DOCUMENTS}
    goals = {document: _village_goals(rng, targets[document], RECORDED[document]) for document in DOCUMENTS}
    rows = [row for city in STOPS_A_DAY for row in _city_year(rng, city, targets["KTP"], goals)]
    entries = [row for row in rows if isinstance(row, Entry)]
    entries += _nihil(rng, codes, entries)
    entries = sorted(_with_slips(rng, sorted(entries)), key=lambda entry: (entry.on, entry.reason != "", entry))
    return DemoPlan(
        [row for row in _targets(rng, targets, goals) if row.effective_from <= until],
        [entry for entry in entries if entry.on <= until],
        sorted(row for row in rows if isinstance(row, DemoStop) and row.reported_on <= until),
    )


def city_targets(total: int) -> dict[str, int]:
    """A task target split over the cities in proportion to their eligible people."""
    return dict(zip(ELIGIBLE, largest_remainder(total, list(ELIGIBLE.values())), strict=True))


def _within(people: Totals, area: str) -> dict[str, int]:
    return {code: number for code, number in people.items() if is_within(code, area)}


def _uneven(rng: random.Random, total: int, people: Totals, spread: int) -> dict[str, int]:
    """`total` split in proportion to `people`, each shaken by up to `spread` per cent."""
    weights = [number * rng.randint(100 - spread, 100 + spread) for number in people.values()]
    return dict(zip(people, largest_remainder(total, weights), strict=True))


def _village_targets(rng: random.Random, codes: Sequence[str], total: int) -> dict[str, int]:
    """Unevenly, but at least 1: no kelurahan is left without a target."""
    found: dict[str, int] = {}
    for city, people in city_targets(total).items():
        within = [code for code in codes if is_within(code, city)]
        shares = _uneven(rng, people - len(within), dict.fromkeys(within, 1), 50)
        found |= {code: 1 + share for code, share in shares.items()}
    return found


def _village_goals(rng: random.Random, targets: Totals, recorded: Totals) -> dict[str, int]:
    """Who is recorded on AS_OF, per kelurahan; exact per city, and in Barat per kecamatan."""
    found: dict[str, int] = {}
    for city, people in recorded.items():
        found |= _uneven(rng, people, _within(targets, city), 30)
    districts = {code[:8]: sum(_within(targets, code[:8]).values()) for code in _within(targets, BARAT)}
    for district, people in _one_over(rng, districts).items():
        found |= _uneven(rng, people, _within(targets, district), 4)
    return found


def _one_over(rng: random.Random, targets: Totals) -> dict[str, int]:
    """People per kecamatan, in sum as many as the targets: one above its own, some below, the others exactly at it."""
    over, *others = sorted(targets, key=lambda code: -targets[code])
    more = targets[over] * OVER_SHARE // 100
    missing = _uneven(rng, more, {code: targets[code] for code in rng.sample(others, UNDER_DISTRICTS)}, 50)
    return {code: people + (more if code == over else -missing.get(code, 0)) for code, people in targets.items()}


def _city_year(rng: random.Random, city: str, targets: Totals, goals: Mapping[str, Totals]) -> Iterator[Entry | DemoStop]:
    """The year of a city: its visits, and at the counters those whom the visits left of the goals."""
    days = year.service_days()
    early, late = [day for day in days if day <= AS_OF], [day for day in days if day > AS_OF]
    people = _within(goals["KTP"], city)
    visits = year.visit_days(rng, people, early, STOPS_A_DAY[city], OWN_VANS + LENT_VANS * (city == BARAT))
    later = year.visit_days(rng, people, late, STOPS_A_DAY_LATER[city], OWN_VANS + LENT_VANS * (city == TIMUR))
    for code, recorded in people.items():
        when = visits[code] + later[code]
        yields = {}
        for document in DOCUMENTS:
            goal = goals[document][code]
            yields[document] = list(year.visit_yields(rng, goal * year.REACHED_BY_VAN[document] // 100, when))
            rest = goal - sum(yields[document][: len(visits[code])])
            rest_later = 1 + rest * len(late) // len(early) // (10 if city == BARAT else 1)
            for part, part_days in ((rest, early), (rest_later, late)):
                for day, number in year.counter_days(rng, part, part_days, year.PEOPLE_AT_COUNTER[document]):
                    yield _entry(code, document, day, "loket", number)
        unreachable = max(0, targets[code] - recorded * REACHABLE_SHARE // 100)
        for day, ktp, kia in zip(when, yields["KTP"], yields["KIA"], strict=True):
            if city == SERIBU:
                yield _entry(code, "KTP", day, "jemput-bola", ktp)
                yield _entry(code, "KIA", day, "jemput-bola", kia)
            else:
                yield DemoStop(year.entered_on(code, day), day, code, ktp, kia, ktp * unreachable // recorded)


def _entry(region: str, document: str, day: date, source: str, people: int) -> Entry:
    return Entry(year.entered_on(region, day), region, document, day, source, people)


def _nihil(rng: random.Random, codes: Sequence[str], entries: Iterable[Entry]) -> list[Entry]:
    """Days on which a counter was open and nobody came: told as 0, which is not the same as not told."""
    taken = {entry[1:5] for entry in entries}
    days = [day for day in year.service_days() if day <= AS_OF]
    found: dict[str, Entry] = {}
    while len(found) < NIHIL_DAYS:
        entry = _entry(rng.choice(codes), "KTP", rng.choice(days), "loket", 0)
        if entry[1:5] not in taken:
            found[entry.region] = entry
    return list(found.values())


def _with_slips(rng: random.Random, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries; on a few days one of them has its last digit typed twice, and is put right on the day after."""
    slips = {
        rng.choice([entry for entry in entries if entry.on == entry.day == day and entry.people]) for day in CORRECTED_DAYS
    }
    for right in entries:
        if right not in slips:
            yield right
            continue
        wrong = int(f"{right.people}{right.people % 10}")
        reason = f"Salah ketik: tertulis {wrong}, seharusnya {right.people}."
        yield right._replace(people=wrong)
        yield right._replace(on=right.on + timedelta(days=1), reason=reason)


def _targets(rng: random.Random, targets: Mapping[str, Totals], goals: Mapping[str, Totals]) -> Iterator[PlannedTarget]:
    """The stock of each city, and each kelurahan's task; one of these was lower until it was revised in mid-year."""
    start = date(FIRST_DAY.year, 1, 1)
    for city, eligible in ELIGIBLE.items():
        opening = eligible * rng.randint(9_800, 9_890) // 10_000 - sum(_within(goals["KTP"], city).values())
        source = f"{ELIGIBLE_SOURCE}. {MOVED_NOTE}" if city == MOVED_CITY else ELIGIBLE_SOURCE
        yield PlannedTarget(city, "KTP", PERIOD, eligible, source, start, "stock", opening)
    revised = rng.choice(sorted(_within(targets["KTP"], REVISED_CITY)))
    for document, villages in targets.items():
        source = f"Pembagian target {document} 2021 (data contoh)"
        for code, people in villages.items():
            if (document, code) == ("KTP", revised):
                note = "Revisi target Agustus 2021 (data contoh)"
                yield PlannedTarget(code, document, PERIOD, people, note, REVISED_ON)
                people = people * REVISED_FROM_SHARE // 100
            yield PlannedTarget(code, document, PERIOD, people, source, start)
