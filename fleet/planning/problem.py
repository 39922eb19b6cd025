"""What a planner is asked, in whole numbers: the input of every engine and of the proof, and what a plan file holds.

A stop is a pair of positions (place, day). All values are in units of 1e-5 recording.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypedDict

from dukcapil.errors import N_, Refused

RECORDING = 100_000  # units
FORM = "rencana-mobil/1"
MAX_DAYS, MAX_PLACES = 366, 100_000
MAX_STEPS = 48_000  # places times days that are looked at while a proof is checked: what a person waits for
Stop = tuple[int, int]
Case = list  # [prices of van-days, prices of needs], or [place, day, case without that stop, case with it]


class City(TypedDict):
    """`vans`: its own that are ready, by day. `pool`: the position of the pool that may lend it more."""

    code: str
    pool: int
    vans: list[int]


class Place(TypedDict):
    """`visits`: the worth of the first, second, … visit, never rising. `bonus`: what a stop on each day adds; None: closed."""

    code: str
    city: int
    visits: list[int]
    bonus: list[int | None]


class Need(TypedDict):
    """At least so many stops at these places on these days: a pin, a granted request, the floor of a city."""

    places: list[int]
    days: list[int]
    at_least: int


class Problem(TypedDict):
    """`workdays`: the number of each day, counted in working days, for the distance between two visits of a place."""

    days: list[str]
    workdays: list[int]
    revisit_gap: int
    pools: list[list[int]]
    cities: list[City]
    places: list[Place]
    needs: list[Need]


class Prices(NamedTuple):
    """The multipliers: the worth of one more van by city and day, and of each need one less."""

    vans: list[list[int]]
    needs: list[int]


class Plan(TypedDict):
    """A plan with its proof, as stored. `digest`: of its input. `seal`: of everything else in it."""

    form: str
    engine: str
    digest: str
    problem: Problem
    stops: list[list[str]]
    value: int
    bound: int
    multipliers: Case
    seal: str


def digest(value: object) -> str:
    """The SHA-256 of a JSON value in its one written form, which is never whole in memory."""
    sha = hashlib.sha256()
    for piece in pieces(value, depth=3):
        sha.update(piece.encode())
    return sha.hexdigest()


def pieces(value: object, depth: int) -> Iterator[str]:
    """The written form, taken apart down to a depth."""
    if not depth or not value or not isinstance(value, dict | list):
        yield json.dumps(value, sort_keys=True, separators=(",", ":"))
        return
    pairs = (
        [(f"{json.dumps(key)}:", value[key]) for key in sorted(value)] if isinstance(value, dict) else [("", n) for n in value]
    )
    for number, (name, part) in enumerate(pairs):
        yield ("," if number else "{" if isinstance(value, dict) else "[") + name
        yield from pieces(part, depth - 1)
    yield "}" if isinstance(value, dict) else "]"


def sealed(plan: Plan) -> Plan:
    """The plan with the digest of its input and its seal."""
    plan = {**plan, "digest": digest(plan["problem"]), "seal": ""}
    return {**plan, "seal": digest(plan)}


def most_cases(problem: Problem) -> int:
    """In how many cases a proof may be made; one where the problem is large."""
    return max(1, MAX_STEPS // steps(problem))


def steps(problem: Problem) -> int:
    """The work of checking one case."""
    return max(1, len(problem["places"]) * len(problem["days"]))


def plan_of(problem: Problem, stops: Iterable[Stop], case: Case, value: int, bound: int, engine: str) -> Plan:
    named = sorted([problem["places"][place]["code"], problem["days"][day]] for place, day in stops)
    plan: Plan = {
        "form": FORM,
        "engine": engine,
        "digest": "",
        "problem": problem,
        "stops": named,
        "value": value,
        "bound": bound,
        "multipliers": case,
        "seal": "",
    }
    return sealed(plan)


def refuse_bad(problem: Problem) -> None:
    """Refuse what no engine and no proof could read: lists of the wrong length, positions that are not there, values that
    rise from visit to visit, a day or place that stands twice."""
    days, places, cities = len(problem["days"]), problem["places"], problem["cities"]
    if not 0 < days <= MAX_DAYS or len(places) > MAX_PLACES:
        raise Refused(
            N_("Rencana memerlukan 1–%(days)s hari dan paling banyak %(places)s kelurahan."), days=MAX_DAYS, places=MAX_PLACES
        )
    if len(set(problem["days"])) < days or len({place["code"] for place in places}) < len(places):
        raise Refused(N_("Ada hari atau kelurahan yang tertulis dua kali."))
    if problem["workdays"] != sorted(problem["workdays"]) or len(problem["workdays"]) != days or problem["revisit_gap"] < 1:
        raise Refused(N_("Nomor hari kerja harus naik, satu untuk setiap hari, dan jarak kunjungan paling sedikit 1."))
    counts = [*problem["pools"], *(city["vans"] for city in cities)]
    if any(len(row) != days or min(row) < 0 for row in counts):
        raise Refused(N_("Jumlah mobil harus 0 atau lebih, satu angka untuk setiap hari."))
    known = range(len(cities)), range(len(problem["pools"]))
    if any(place["city"] not in known[0] for place in places) or any(city["pool"] not in known[1] for city in cities):
        raise Refused(N_("Ada kelurahan tanpa kota, atau kota tanpa kumpulan mobil pinjaman."))
    if any(len(place["bonus"]) != days or place["visits"] != sorted(place["visits"], reverse=True) for place in places):
        raise Refused(N_("Nilai kunjungan tidak boleh naik, dan setiap kelurahan memerlukan satu nilai untuk setiap hari."))
    for need in problem["needs"]:
        if not set(need["places"]) <= set(range(len(places))) or not set(need["days"]) <= set(range(days)):
            raise Refused(N_("Titik layanan wajib menyebut kelurahan atau hari yang tidak ada."))
