"""One campaign in one world: the stops of a policy day by day, and who is recorded at each."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from fleet.planning.simulation.worlds import CAPACITY, Place, World
from fleet.planning.yields import PlaceHistory, Visit

NEVER = -1_000


class Turnout:
    """What has happened at a place."""

    def __init__(self, place: Place) -> None:
        self.place, self.last_day = place, NEVER
        self.visits: list[Visit] = []
        self.served, self.spent = [0] * len(place.groups), [0.0] * len(place.groups)

    @property
    def recorded(self) -> int:
        return sum(self.served)

    @property
    def left(self) -> int:
        """Of the paper gap, as an office knows it: neither recorded nor confirmed gone."""
        return self.place.gap - sum(visit.recorded + visit.not_found for visit in self.visits)

    def history(self) -> PlaceHistory:
        return PlaceHistory(self.place.gap, tuple(self.visits), 0, CAPACITY)

    def visit(self, day: int) -> None:
        """Everybody comes whose effort is reached, up to what the van can record; the groups are served in turn."""
        number, group = len(self.visits), len(self.visits) % len(self.served)
        self.spent[group] += self.place.efforts[number]
        came = min(CAPACITY, bisect_right(self.place.groups[group], self.spent[group]) - self.served[group])
        self.served[group] += came
        confirmed = bisect_right(self.place.gone, number + 1) - bisect_right(self.place.gone, number)
        self.visits.append(Visit(came, confirmed, came == CAPACITY))
        self.last_day = day

    def true_yields(self, count: int) -> tuple[float, ...]:
        """What nobody can know: how many will come to the next visits, but for the luck of each day."""
        left: list[float] = [len(group) - served for group, served in zip(self.place.groups, self.served, strict=True)]
        answer = []
        for number in range(len(self.visits), len(self.visits) + count):
            comes = min(CAPACITY, left[number % len(left)] * self.place.take_up)
            left[number % len(left)] -= comes
            answer.append(comes)
        return tuple(answer)


class Campaign:
    """A world, and what was done in it. `foretold`: what will be called off is known, and no stop is planned for it."""

    def __init__(self, world: World, foretold: bool = False) -> None:
        self.world, self.foretold = world, foretold
        self.turnouts = [Turnout(place) for place in world.places]

    @property
    def recorded(self) -> int:
        return sum(turnout.recorded for turnout in self.turnouts)

    def ready(self, day: int) -> list[list[int]]:
        """The numbers of the vans of each city, and last of the agency's."""
        rows, first = [], 0
        for count in self.world.vans(day):
            numbers = range(first, first := first + count)
            rows.append([van for van in numbers if not (self.foretold and self.world.called_off(day, van))])
        return rows

    def run(self, stops: Callable[[int], list[int]], days: int, until: int | None = None) -> list[int]:
        """Recorded up to each day; no day after the one on which `until` is reached."""
        course: list[int] = []
        for day in range(days):
            for position, van in self.manned(day, stops(day)):
                if not self.world.called_off(day, van):
                    self.turnouts[position].visit(day)
            course.append(self.recorded)
            if until is not None and course[-1] >= until:
                break
        return course

    def manned(self, day: int, stops: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Each stop with the number of its van: one of its own city, else of the agency. IndexError when none is left."""
        ready = self.ready(day)
        for position in stops:
            own = ready[self.world.places[position].city]
            yield position, (own or ready[-1]).pop(0)
