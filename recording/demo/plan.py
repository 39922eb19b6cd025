"""The numbers of the example: the year 2021 of DKI, invented around published figures, the same for the same seed.

From the press of 25 November 2021: 31.000 recorded of 60.000, Jakarta Barat at 100% for KTP and KIA, Jakarta Timur
and Jakarta Pusat low because residents moved away. The eligible are those of Dukcapil DKI, December 2019. Everything
else, the whole of KIA too, is example data.

The totals of AS_OF are laid down first. A van's visit takes a part of those who can be reached and are still left, so
that each further visit to a kelurahan yields less; what no visit takes of a total comes to the counters. So the sums
are exact by construction. Without the database.
"""

import heapq
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_within
from recording.coverage.workdays import is_working_day
from recording.targets.split import split

FIRST_DAY, AS_OF, LAST_DAY, PERIOD = date(2021, 1, 4), date(2021, 11, 25), date(2021, 12, 31), "2021"
SATURDAY_DRIVES = [(2, 20), (3, 27), (4, 24), (6, 12), (8, 28), (9, 25), (10, 23), (11, 13), (12, 4)]  # month and day
LATE_CITY, LATE_WEEK, LATE_ENTRY = "31.72", (date(2021, 6, 14), date(2021, 6, 18)), date(2021, 6, 25)
REVISED_ON, REVISED_CITY, REVISED_FROM_SHARE = date(2021, 8, 1), "31.75", 70  # per cent of what it is now
CORRECTED_DAYS = (date(2021, 1, 19), date(2021, 5, 19), date(2021, 9, 15), date(2021, 11, 24))
NIHIL_DAYS = 24  # on which a counter was open and nobody came: told as 0, which is not the same as not told
ELIGIBLE_SOURCE = "Dinas Dukcapil DKI Jakarta, Desember 2019"
# Why a city stays behind stands with its eligible people, who are still counted there: its page shows their source.
MOVED_CITY, MOVED_NOTE = "31.71", "Banyak warga Jakarta Pusat sudah pindah dan tidak ditemukan di alamatnya (data contoh)."
TARGET = {"KTP": 60_000, "KIA": 90_000}
REACHED_BY_VAN = {"KTP": 98, "KIA": 45}  # per cent of the people recorded on AS_OF; the counters serve the rest
PEOPLE_AT_COUNTER = {"KTP": 3, "KIA": 8}  # per day and kelurahan, on average
REACHABLE_SHARE = 115  # per cent of the people recorded on AS_OF; whoever is beyond them on the list is not found
TAKE_UP_ALL_VISITS, MAX_TAKE_UP, MAX_AT_STOP = 1.9, 0.5, 60  # a visit serves one RW, a large kelurahan has many
BARAT, SERIBU = "31.73", "31.01"
OVER_SHARE, UNDER_DISTRICTS = 6, 3  # one kecamatan of Barat is 6% over its target, three are below theirs


class City(NamedTuple):
    """Eligible people, those recorded up to and including AS_OF (None: all of the target), and how many van stops an
    ordinary day has up to AS_OF and after it, about 12 in all."""

    eligible: int
    recorded: Mapping[str, int] | None
    stops: float
    stops_later: float


CITIES = {
    "31.75": City(2_276_450, {"KTP": 4_981, "KIA": 12_365}, 2.5, 3.9),
    BARAT: City(1_825_258, None, 3.9, 0),  # after AS_OF its vans have left
    "31.74": City(1_693_805, {"KTP": 6_285, "KIA": 11_775}, 2.6, 2.6),
    "31.72": City(1_295_356, {"KTP": 4_302, "KIA": 8_209}, 2.0, 2.4),
    "31.71": City(842_897, {"KTP": 1_589, "KIA": 4_865}, 0.95, 2.2),
    SERIBU: City(19_384, {"KTP": 73, "KIA": 131}, 0.04, 0.06),  # no van: a boat takes the people there
}
OWN_VANS, LENT_UNTIL_AS_OF, LENT_LATER = 3, BARAT, "31.75"  # one of the agency's two vans is lent to a city


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


class DemoStop(NamedTuple):
    """A van's visit to a kelurahan: residents recorded, KIA issued, and people on the list who were not found."""

    reported_on: date
    day: date
    region: str
    ktp: int
    kia: int
    not_found: int


class DemoPlan(NamedTuple):
    """All that is written in the example up to the end of its day, each list in the order of the days."""

    targets: list[PlannedTarget]
    entries: list[Entry]
    stops: list[DemoStop]


Totals = dict[str, int]  # people by kelurahan


def plan(villages: Iterable[str], *, until: date, seed: int = 33) -> DemoPlan:
    """The example as it is known at the end of `until`; a later day only adds to it.

    `villages` are the codes of all kelurahan of DKI. Refused when `until` lies outside 2021-01-04..2021-12-31.
    """
    if not FIRST_DAY <= until <= LAST_DAY:
        sentence = N_("Data contoh hanya ada dari %(first)s sampai %(last)s. Pilih hari di antaranya.")
        raise Refused(sentence, "until", first=FIRST_DAY.isoformat(), last=LAST_DAY.isoformat())
    rng, codes = random.Random(seed), sorted(villages)
    targets = {document: _village_targets(rng, codes, people) for document, people in TARGET.items()}
    goals = {document: _goals(rng, targets[document], document) for document in TARGET}
    stops: list[DemoStop] = []
    entries: list[Entry] = []
    for city in CITIES:
        visits = list(_visits(rng, city, targets["KTP"], goals))
        if city == SERIBU:
            for boat in visits:
                for document, people in (("KTP", boat.ktp), ("KIA", boat.kia)):
                    entries.append(Entry(boat.reported_on, boat.region, document, boat.day, "jemput-bola", people))
        else:
            stops += visits
        entries += _at_counters(rng, city, goals, visits)
    entries = _with_slips(rng, sorted([*entries, *_nihil(rng, codes, entries)]))
    return DemoPlan(
        [row for row in _target_versions(rng, targets, goals) if row.effective_from <= until],
        [entry for entry in entries if entry.on <= until],
        sorted(stop for stop in stops if stop.reported_on <= until),
    )


def service_days(first: date = FIRST_DAY, last: date = LAST_DAY) -> list[date]:
    """The days on which people are served: working days, and a few Saturday drives."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if is_working_day(day) or (day.month, day.day) in SATURDAY_DRIVES]


def _within(people: Totals, area: str) -> Totals:
    return {code: number for code, number in people.items() if is_within(code, area)}


def _uneven(rng: random.Random, total: int, people: Totals, spread: int) -> Totals:
    """`total` split in proportion to `people`, each shaken by up to `spread` per cent."""
    return split(total, {code: number * rng.randint(100 - spread, 100 + spread) for code, number in people.items()})


def _village_targets(rng: random.Random, codes: Sequence[str], total: int) -> Totals:
    """By the eligible of each city; in it unevenly, but at least 1: no kelurahan is left without a target."""
    targets: Totals = {}
    for city, people in split(total, {code: city.eligible for code, city in CITIES.items()}).items():
        ones = _within(dict.fromkeys(codes, 1), city)
        targets |= {code: 1 + more for code, more in _uneven(rng, people - len(ones), ones, 50).items()}
    return targets


def _goals(rng: random.Random, targets: Totals, document: str) -> Totals:
    """Who is recorded on AS_OF, per kelurahan; exact per city, and in Barat per kecamatan: one is above its target,
    some are below, the others exactly at it."""
    goals: Totals = {}
    for code, city in CITIES.items():
        if city.recorded:
            goals |= _uneven(rng, city.recorded[document], _within(targets, code), 30)
    districts = {code[:8]: sum(_within(targets, code[:8]).values()) for code in _within(targets, BARAT)}
    over, *others = sorted(districts, key=lambda code: -districts[code])
    more = districts[over] * OVER_SHARE // 100
    missing = _uneven(rng, more, {code: districts[code] for code in rng.sample(others, UNDER_DISTRICTS)}, 50)
    for code, people in districts.items():
        people += more if code == over else -missing.get(code, 0)
        goals |= _uneven(rng, people, _within(targets, code), 4)
    return goals


def _visits(rng: random.Random, city: str, targets: Totals, goals: Mapping[str, Totals]) -> Iterator[DemoStop]:
    """The year of a city's visits: each goes where many are left, and takes a part of whom it can reach and of those
    on the list who are not found."""
    people = _within(goals["KTP"], city)
    left = [
        {code: goals["KTP"][code] * REACHED_BY_VAN["KTP"] // 100 for code in people},
        {code: goals["KIA"][code] * REACHED_BY_VAN["KIA"] // 100 for code in people},
        {code: max(0, targets[code] - recorded * REACHABLE_SHARE // 100) for code, recorded in people.items()},
    ]
    visits_each = CITIES[city].stops * len(service_days(last=AS_OF)) / len(people)
    take_up, due = min(MAX_TAKE_UP, TAKE_UP_ALL_VISITS / visits_each), rng.random()
    for day in service_days():
        early = day <= AS_OF
        due += (CITIES[city].stops if early else CITIES[city].stops_later) * rng.uniform(0.7, 1.3)
        stops = min(int(due), OWN_VANS + (city == (LENT_UNTIL_AS_OF if early else LENT_LATER)))
        due -= stops
        for code in heapq.nlargest(stops, people, key=lambda code: left[0][code] * rng.random()):
            taken = [min(round(take_up * part[code] * rng.uniform(0.7, 1.3)), MAX_AT_STOP) for part in left]
            for part, number in zip(left, taken, strict=True):
                part[code] -= number
            yield DemoStop(_entered_on(code, day), day, code, *taken)


def _entered_on(region: str, day: date) -> date:
    """The day on which a count is typed in: its own, but for the week that one city enters late."""
    late = is_within(region, LATE_CITY) and LATE_WEEK[0] <= day <= LATE_WEEK[1]
    return LATE_ENTRY if late else day


def _at_counters(rng: random.Random, city: str, goals: Mapping[str, Totals], visits: Sequence[DemoStop]) -> Iterator[Entry]:
    """What the visits up to AS_OF left of the goals comes to the counters until then; afterwards they go on likewise."""
    early, late = service_days(last=AS_OF), service_days(first=AS_OF + timedelta(days=1))
    for document, people in goals.items():
        left = _within(people, city)
        for stop in visits:
            left[stop.region] -= (stop.ktp if document == "KTP" else stop.kia) if stop.day <= AS_OF else 0
        for code, rest in left.items():
            rest_later = 1 + rest * len(late) // len(early) // (10 if city == BARAT else 1)
            for part, days in ((rest, early), (rest_later, late)):
                number = min(part // PEOPLE_AT_COUNTER[document] + 1, part, len(days))
                weights = [1 + int(100 * rng.expovariate(1)) for _ in range(number)]
                more = split(part - number, dict(enumerate(weights)))
                for turn, day in enumerate(sorted(rng.sample(days, number))):
                    yield Entry(_entered_on(code, day), code, document, day, "loket", 1 + more[turn])


def _nihil(rng: random.Random, codes: Sequence[str], entries: Iterable[Entry]) -> Iterator[Entry]:
    taken = {entry[1:5] for entry in entries}
    for code in rng.sample(codes, NIHIL_DAYS):
        day = rng.choice([day for day in service_days(last=AS_OF) if (code, "KTP", day, "loket") not in taken])
        yield Entry(_entered_on(code, day), code, "KTP", day, "loket", 0)


def _with_slips(rng: random.Random, entries: Sequence[Entry]) -> list[Entry]:
    """The entries; on a few days one of them has its last digit typed twice, and is put right on the day after."""
    known = list(entries)
    for day in CORRECTED_DAYS:
        right = rng.choice([entry for entry in entries if entry.on == entry.day == day and entry.people])
        wrong = int(f"{right.people}{right.people % 10}")
        reason = f"Salah ketik: tertulis {wrong}, seharusnya {right.people}."
        known[known.index(right)] = right._replace(people=wrong)
        known.append(right._replace(on=day + timedelta(days=1), reason=reason))
    return sorted(known, key=lambda entry: (entry.on, entry.reason != "", entry))


def _target_versions(rng: random.Random, targets: Mapping[str, Totals], goals: Mapping[str, Totals]) -> Iterator[PlannedTarget]:
    """The stock of each city, and each kelurahan's task; one of these was lower until it was revised in mid-year."""
    start = date(FIRST_DAY.year, 1, 1)
    for city, known in CITIES.items():
        opening = known.eligible * rng.randint(9_800, 9_890) // 10_000 - sum(_within(goals["KTP"], city).values())
        source = f"{ELIGIBLE_SOURCE}. {MOVED_NOTE}" if city == MOVED_CITY else ELIGIBLE_SOURCE
        yield PlannedTarget(city, "KTP", PERIOD, known.eligible, source, start, "stock", opening)
    revised = rng.choice(sorted(_within(targets["KTP"], REVISED_CITY)))
    for document, villages in targets.items():
        source = f"Pembagian target {document} 2021 (data contoh)"
        for code, people in villages.items():
            if (document, code) == ("KTP", revised):
                note = "Revisi target Agustus 2021 (data contoh)"
                yield PlannedTarget(code, document, PERIOD, people, note, REVISED_ON)
                people = people * REVISED_FROM_SHARE // 100
            yield PlannedTarget(code, document, PERIOD, people, source, start)
