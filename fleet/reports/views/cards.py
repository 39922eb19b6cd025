"""What the page of the day shows of its stops: cards, in which order, and under which heading."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fleet.models import ReportStatus, Trip, VanReport
from fleet.reports.forms import ReportForm, report_initial, sent_fields
from fleet.reports.text import day_message, in_words


@dataclass(frozen=True)
class Group:
    """Stops of one Sudin, or the reader's own: `awaited` of them have no report yet."""

    key: str
    name: str
    cards: list[dict[str, Any]] = field(default_factory=list)

    @property
    def awaited(self) -> int:
        return sum(card["awaited"] for card in self.cards)


def stop_card(trip: Trip, *, forms: bool = False) -> dict[str, Any]:
    """A stop on the page of the day: its report in words, or that one is awaited; with `forms` also the form for it."""
    report: VanReport | None = getattr(trip, "report", None)
    awaited = report is None or report.status == ReportStatus.RETURNED
    form = ReportForm(trip=trip, initial=report_initial(report)) if awaited and forms else None
    card = {"trip": trip, "report": report, "awaited": awaited, "form": form}
    return card | ({"sent": json.dumps(sent_fields(report)), **in_words(report)} if report else {})


def card_order(card: dict[str, Any], own: str, today: date) -> tuple[object, ...]:
    """The reader's own vans before those of others, of each a returned report before the others."""
    trip, report = card["trip"], card["report"]
    returned = report is not None and report.status == ReportStatus.RETURNED
    return trip.van.base_id != own, not returned, trip.day != today, -trip.day.toordinal(), trip.opens, trip.van.plate


def by_sudin(cards: Iterable[dict[str, Any]], own: str, cities: dict[str, str]) -> list[Group]:
    """The reader's own vans, then those at the stops of each Sudin."""
    groups: dict[str, Group] = {}
    for card in cards:
        trip = card["trip"]
        key = own if trip.van.base_id == own else trip.city
        name = _("Mobil Dinas") if key == own else cities[key]
        groups.setdefault(key, Group(key, name)).cards.append(card)
    return [groups[key] for key in sorted(groups)]


def by_day(trips: Iterable[Trip]) -> list[tuple[date, list[Trip]]]:
    days: dict[date, list[Trip]] = defaultdict(list)
    for trip in trips:
        days[trip.day].append(trip)
    return list(days.items())


def messages_of_day(trips: Iterable[Trip], cities: dict[str, str], today: date) -> list[dict[str, str]]:
    """For each city with stops today: the text of its day for the WhatsApp group."""
    stops: dict[str, list[Trip]] = defaultdict(list)
    for trip in trips:
        if trip.day == today:
            stops[trip.city].append(trip)
    return [
        {"city": city, "name": cities[city], "text": day_message(cities[city], today, stops[city])} for city in sorted(stops)
    ]
