"""A proposal as its days: which stop where with which van, what it is expected to record, and why it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from dukcapil import figures
from fleet.models import Proposal, ProposalStatus, Trip
from fleet.planning.plan_file import check_file
from fleet.planning.problem import Plan
from fleet.proposals.publication import Publication
from fleet.proposals.publishing import preview
from fleet.proposals.selectors import question_of
from recording.public import Region, is_working_day, percent

NEW, KEPT, OTHER_VAN = "new", "kept", "other_van"


@dataclass(frozen=True)
class ProposedStop:
    """A stop of the plan. `state`: new, kept or other_van; `plate` "": no van is free for it any more. `expected` people, from
    `low` to `high`; the `ordinal`-th visit of the period, of which the last recorded `last` on `last_day`; `limit`: what a
    van-day is worth in this city that day, in people. None: not known."""

    village: Region
    day: date
    plate: str
    van: int
    state: str
    pinned: bool
    ordinal: int
    expected: float | None
    low: int | None
    high: int | None
    last: int | None
    last_day: date | None
    limit: float | None
    trip: int | None = None

    @property
    def people(self) -> int | None:
        """Those expected, as a whole number."""
        return None if self.expected is None else round(self.expected)

    @property
    def limit_people(self) -> int | None:
        return None if self.limit is None else round(self.limit)

    @property
    def reason(self) -> str:
        """As in "Perkiraan 41 orang (22–60); kunjungan ke-2, terakhir 58; batas kota ini 27"."""
        parts = []
        if self.expected is not None:
            people = {"people": figures.people(round(self.expected)), "low": self.low, "high": self.high}
            known = self.low is not None and self.high is not None
            parts.append(
                (_("perkiraan %(people)s orang (%(low)s–%(high)s)") if known else _("perkiraan %(people)s orang")) % people
            )
        visit = {"n": self.ordinal, "last": figures.people(self.last)}
        told = _("kunjungan ke-%(n)s, terakhir %(last)s") if self.last is not None else _("kunjungan ke-%(n)s")
        parts.append(told % visit)
        if self.limit is not None:
            parts.append(_("batas kota ini %(people)s") % {"people": figures.people(round(self.limit))})
        if self.pinned:
            parts.append(_("dikunci"))
        return "; ".join(parts)


@dataclass(frozen=True)
class DayOfCity:
    """`vans`: its own that are ready that day."""

    day: date
    works: bool
    vans: int
    stops: list[ProposedStop] = field(default_factory=list)


@dataclass(frozen=True)
class CityGrid:
    """`worth`: what one more van-day would bring at most, in weighed recordings."""

    city: Region
    days: list[DayOfCity]
    worth: float

    @property
    def stops(self) -> int:
        return sum(len(day.stops) for day in self.days)

    @property
    def expected(self) -> float:
        """People whom all stops are expected to record."""
        return sum(stop.expected or 0 for day in self.days for stop in day.stops)

    @property
    def people(self) -> int:
        return round(self.expected)


@dataclass(frozen=True)
class WeekGrid:
    """`publication`: what publishing would do, None when it was done. `value` and `bound` in weighed recordings: no plan is
    worth more than the bound."""

    days: list[date]
    cities: list[CityGrid]
    publication: Publication | None
    plan: Plan

    @property
    def stops(self) -> int:
        return sum(city.stops for city in self.cities)

    @property
    def people(self) -> int:
        """Those whom the whole plan is expected to record."""
        return round(sum(city.expected for city in self.cities))

    @property
    def possible_percent(self) -> Decimal | None:
        """By how much any other plan may be better at most; 0 where none is."""
        return percent(self.plan["bound"] - self.plan["value"], self.plan["value"])


def week_grid(proposal: Proposal) -> WeekGrid:
    """The grid of a proposal that is ready or was published; Refused when its plan does not pass the check."""
    plan = check_file(proposal.plan.encode())
    question = question_of(proposal)
    pinned = {(pin.village, pin.day) for pin in question.pins}
    reasons = {(row["place"], row["day"]): row for row in proposal.facts.get("reasons", [])}
    codes = {code for code, _day in plan["stops"]} | {city["code"] for city in plan["problem"]["cities"]}
    regions = Region.objects.in_bulk(codes)
    publication = preview(proposal) if proposal.status == ProposalStatus.READY else None
    vans = _shown(publication) if publication else _stored(proposal)
    last_days = proposal.facts.get("last_days", {})
    stops = [
        _stop(
            regions[code], day, vans.get((code, day)), reasons.get((code, day), {}), last_days.get(code), (code, day) in pinned
        )
        for code, day in sorted(plan["stops"], key=lambda stop: (stop[1], stop[0]))
    ]
    days = [date.fromisoformat(day) for day in plan["problem"]["days"]]
    cities = []
    for city in plan["problem"]["cities"]:
        of_city = [stop for stop in stops if stop.village.code.startswith(f"{city['code']}.")]
        row = [
            DayOfCity(day, is_working_day(day), vans_of_day, [stop for stop in of_city if stop.day == day])
            for day, vans_of_day in zip(days, city["vans"], strict=True)
        ]
        cities.append(CityGrid(regions[city["code"]], row, proposal.facts.get("worth", {}).get(city["code"], 0.0)))
    return WeekGrid(days, cities, publication, plan)


@dataclass(frozen=True)
class _OfVan:
    number: int
    plate: str
    state: str
    trip: int | None


def _shown(publication: Publication) -> dict[tuple[str, str], _OfVan]:
    return {
        (stop.village.code, stop.day.isoformat()): _OfVan(
            stop.van.pk,
            stop.van.plate,
            OTHER_VAN if stop.was else KEPT if stop.trip else NEW,
            stop.trip.pk if stop.trip else None,
        )
        for stop in publication.stops
    }


def _stored(proposal: Proposal) -> dict[tuple[str, str], _OfVan]:
    """The stops that were published, with the vans that they have by now."""
    new, kept = (proposal.published.get(name, []) for name in ("new", "kept"))
    trips = Trip.objects.filter(pk__in=[*new, *kept]).select_related("van")
    return {
        (trip.village_id, trip.day.isoformat()): _OfVan(trip.van_id, trip.van.plate, NEW if trip.pk in new else KEPT, trip.pk)
        for trip in trips
    }


def _stop(
    village: Region, day: str, of_van: _OfVan | None, reason: Mapping[str, Any], last_day: str | None, pinned: bool
) -> ProposedStop:
    return ProposedStop(
        village,
        date.fromisoformat(day),
        of_van.plate if of_van else "",
        of_van.number if of_van else 0,
        of_van.state if of_van else NEW,
        pinned,
        reason.get("ordinal", 1),
        reason.get("expected"),
        reason.get("low"),
        reason.get("high"),
        reason.get("last"),
        date.fromisoformat(last_day) if last_day else None,
        reason.get("limit_people"),
        of_van.trip if of_van else None,
    )


def weeks_of(city: CityGrid) -> list[list[DayOfCity]]:
    """Its days, week by week."""
    return [list(days) for _week, days in groupby(city.days, key=lambda day: day.day.isocalendar()[:2])]
