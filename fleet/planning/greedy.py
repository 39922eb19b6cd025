"""The best next stop, again and again: a plan without a solver, and the measure of one that a solver proposes."""

from heapq import heapify, heappop, heappush

from dukcapil.errors import N_, Refused
from fleet.planning.problem import Problem, Stop

UNMET = N_(
    "Tidak ada rencana yang memenuhi semua titik layanan wajib: kurangi titik yang dikunci atau dijamin, atau tambah mobil."
)


class Filling:
    """A plan that is being filled: which stops are taken, and how many vans that leaves."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days_of: dict[int, list[int]] = {}
        self.own = [list(city["vans"]) for city in problem["cities"]]
        self.lent = [list(pool) for pool in problem["pools"]]

    def fits(self, place: int, day: int) -> bool:
        """Whether the stop keeps every rule beside those that are taken."""
        problem, taken = self.problem, self.days_of.get(place, [])
        row = problem["places"][place]
        city = problem["cities"][row["city"]]
        near = any(abs(problem["workdays"][day] - problem["workdays"][d]) < problem["revisit_gap"] for d in taken)
        free = self.own[row["city"]][day] > 0 or self.lent[city["pool"]][day] > 0
        return free and not near and row["bonus"][day] is not None and len(taken) < len(row["visits"])

    def take(self, place: int, day: int) -> None:
        city = self.problem["places"][place]["city"]
        self.days_of.setdefault(place, []).append(day)
        if self.own[city][day] > 0:
            self.own[city][day] -= 1
        else:
            self.lent[self.problem["cities"][city]["pool"]][day] -= 1

    def gain(self, place: int, day: int) -> int:
        """What a stop that fits adds."""
        row = self.problem["places"][place]
        return row["visits"][len(self.days_of.get(place, []))] + (row["bonus"][day] or 0)

    def stops(self) -> list[Stop]:
        return sorted((place, day) for place, days in self.days_of.items() for day in days)


def greedy(problem: Problem) -> list[Stop]:
    """Stops that keep every rule: first what is needed, the narrowest need first, then the best stop that still fits."""
    filling = Filling(problem)
    for need in sorted(problem["needs"], key=lambda need: len(need["places"]) * len(need["days"])):
        meet(filling, need["places"], need["days"], need["at_least"])
    heap = [
        (-(place["visits"][0] + bonus), p, day)
        for p, place in enumerate(problem["places"])
        for day, bonus in enumerate(place["bonus"])
        if place["visits"] and bonus is not None
    ]
    heapify(heap)
    while heap:
        worth, place, day = heappop(heap)
        if not filling.fits(place, day):
            continue
        gain = filling.gain(place, day)
        if gain < -worth:
            heappush(heap, (-gain, place, day))  # a later visit by now: worth less
        elif gain > 0:
            filling.take(place, day)
    return filling.stops()


def meet(filling: Filling, places: list[int], days: list[int], at_least: int) -> None:
    """Take the best stops that fit until the need is met."""
    missing = at_least - sum(day in days for place in places for day in filling.days_of.get(place, []))
    while missing > 0:
        fitting = [(place, day) for place in places for day in days if filling.fits(place, day)]
        if not fitting:
            raise Refused(UNMET)
        filling.take(*max(fitting, key=lambda stop: (filling.gain(*stop), -stop[0], -stop[1])))
        missing -= 1
