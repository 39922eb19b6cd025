"""What a proposal tells beside its stops, in sentences: why it failed, which published stops move, which requests it does not
meet, and what another question would bring."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dukcapil import figures
from dukcapil.errors import N_, Refused
from fleet.models import Proposal, VanRequest
from recording.public import Region, is_code

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WHY_MOVED = {
    "closed": N_("kelurahannya tertutup hari itu: tidak buka, dilarang, atau terlalu dekat dengan kunjungan lain"),
    "nothing_left": N_("tidak ada lagi warga yang diperkirakan dapat direkam di sana"),
    "too_often": N_("terlalu dekat dengan kunjungan lain ke kelurahan itu"),
    "no_van": N_("mobil yang siap hari itu kurang"),
    "better": N_("rencana lain merekam lebih banyak warga"),
}
WHY_REFUSED = {
    "closed": N_("tidak dapat dikunjungi hari itu: bukan hari pelayanan, atau terlalu dekat dengan kunjungan lain"),
    "nothing_left": N_("tidak ada lagi warga yang diperkirakan dapat direkam di sana"),
    "dearer": N_("mobilnya lebih berguna di tempat lain"),
}
WHAT_IF = {
    "lend": N_("Satu mobil lagi di %(city)s setiap hari"),
    "out": N_("Satu mobil kurang di %(city)s setiap hari"),
    "saturday": N_("Mobil juga keluar pada %(day)s"),
}


def failure_of(proposal: Proposal) -> str:
    """Why there is no plan, in the reader's language; "" where there is one."""
    if not proposal.failure:
        return ""
    values = proposal.failure_values.items()
    return str(Refused(proposal.failure, **{name: _as_day(value) for name, value in values}))


def stored_values(problem: Refused) -> dict[str, Any]:
    """The values of a failure's sentence as a proposal stores them: regions by their names, which are the same in every
    language."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in problem.params.items()}
    names = _names(value for value in values.values() if isinstance(value, str) and is_code(value))
    return {name: names[value].name if value in names else value for name, value in values.items()}


def _as_day(value: Any) -> Any:
    is_day = isinstance(value, str) and ISO_DAY.fullmatch(value)
    return figures.long_day(date.fromisoformat(value)) if is_day else value


def _names(codes: Iterable[str]) -> dict[str, Region]:
    return Region.objects.in_bulk(set(codes))


def _in_words(sentences: Mapping[str, str], code: str) -> str:
    template = sentences[code]
    return _(template)


@dataclass(frozen=True)
class MovedStop:
    """A published stop that the plan does not keep; `new_day` None: it is called off."""

    village: Region
    day: date
    new_day: date | None
    why: str

    @property
    def because(self) -> str:
        """Why, where the stop is named beside it."""
        return _("Karena %(why)s.") % {"why": self.why}

    @property
    def sentence(self) -> str:
        values = {
            "place": self.village.name,
            "day": figures.long_day(self.day),
            "new": figures.long_day(self.new_day),
            "why": self.why,
        }
        if self.new_day:
            return _("%(place)s: dari %(day)s ke %(new)s, karena %(why)s.") % values
        return _("%(place)s, %(day)s: tidak dikunjungi, karena %(why)s.") % values


def moved_stops(proposal: Proposal) -> list[MovedStop]:
    """By day, in one query."""
    rows = proposal.facts.get("moves", [])
    regions = _names(row["place"] for row in rows)
    moved = [
        MovedStop(
            regions[row["place"]],
            date.fromisoformat(row["day"]),
            date.fromisoformat(row["new_day"]) if row["new_day"] else None,
            _in_words(WHY_MOVED, row["why"]),
        )
        for row in rows
    ]
    return sorted(moved, key=lambda move: (move.day, move.village.code))


@dataclass(frozen=True)
class RefusedRequest:
    """A request that the plan does not meet. `expected`: people whom the visit would record; `cost`: how many fewer all stops
    together would record if it were met, None where that is not known or cannot be; `displaced`: the stops that would go."""

    request: VanRequest
    why: str
    expected: int
    cost: int | None
    displaced: list[tuple[Region, date]]


def refused_requests(proposal: Proposal) -> list[RefusedRequest]:
    refusals = {row["request"]: row for row in proposal.facts.get("refused", [])}
    regions = _names(code for row in refusals.values() for code, _day in row["displaced"])
    requests = VanRequest.objects.filter(pk__in=refusals).select_related("village", "by")
    found = []
    for request in requests:
        row = refusals[request.pk]
        cost = None if row["cost"] is None else round(row["cost"])
        displaced = [(regions[code], date.fromisoformat(day)) for code, day in row["displaced"]]
        why = _in_words(WHY_REFUSED, row["why"])
        found.append(RefusedRequest(request, why, round(row["expected"]), cost, displaced))
    return found


@dataclass(frozen=True)
class Outlook:
    """What another question would bring, negative: what it would cost. `kind`: lend, out or saturday. `people`: recordings
    more, found by planning again; None where only `weighed` is known: how many more at most, weighed as the plan does."""

    kind: str
    city: Region | None
    day: date | None
    people: int | None
    weighed: int
    sentence: str


def outlooks(proposal: Proposal) -> list[Outlook]:
    """In one query."""
    rows = proposal.facts.get("what_if", [])
    regions = _names(row["city"] for row in rows if row["city"])
    found = []
    for row in rows:
        city, day = regions.get(row["city"]), date.fromisoformat(row["day"]) if row["day"] else None
        values = {"city": city.name if city else "", "day": figures.long_day(day)}
        sentence = _in_words(WHAT_IF, row["kind"]) % values
        people = None if row["people"] is None else round(row["people"])
        found.append(Outlook(row["kind"], city, day, people, round(row["weighed"]), sentence))
    return found
