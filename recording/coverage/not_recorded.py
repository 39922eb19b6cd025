"""People on the list who were looked for and could not be recorded, by reason: what tells a real gap from one on paper.

Who finds them tells it through settings.NOT_RECORDED_SOURCE.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from accounts.rights import Actor

MISSED = "missed "  # before the reason in `part` of a row
Rows = QuerySet[Any, tuple[str, str, int]]


@dataclass(frozen=True)
class NotRecordedSource:
    """`rows` is a query for (label, part, people): a region's code, MISSED with a reason, and the people of that region with
    everything below it; of the given regions and from the first to the last day, as far as the reader may see. `reasons`
    gives the words of every reason, in order. `confirmed`: those after which nobody needs to look again."""

    rows: Callable[[Actor, Collection[str], date, date], Rows]
    reasons: Callable[[], Mapping[str, str]]
    confirmed: frozenset[str]


@dataclass
class NotRecorded:
    """Of one region: people by reason, all reasons in order. None: nobody told that reason, which is not zero. `confirmed`:
    the people who are certain not to be recorded here, not only missed."""

    reasons: dict[str, int | None] = field(default_factory=dict)
    confirmed: int = 0

    @property
    def people(self) -> int:
        return sum(self.told.values())

    @property
    def told(self) -> dict[str, int]:
        return {reason: people for reason, people in self.reasons.items() if people is not None}


def missed_rows(by: Actor, codes: Collection[str], first: date, last: date) -> Rows:
    return _source().rows(by, codes, first, last)


def not_recorded(rows: Iterable[tuple[str, str, int]]) -> dict[str, NotRecorded]:
    """By region. One of which nobody told anything is missing."""
    words = _source().reasons()
    regions: dict[str, NotRecorded] = {}
    for code, part, people in rows:
        region = regions.setdefault(code, NotRecorded(dict.fromkeys(words.values())))
        reason = part.removeprefix(MISSED)
        region.reasons[words[reason]] = people
        region.confirmed += people if reason in _source().confirmed else 0
    return regions


def added_up(regions: Iterable[NotRecorded | None]) -> NotRecorded | None:
    """All together; None where nobody told anything of any of them."""
    total: dict[str, int | None] = {}
    confirmed = 0
    for region in filter(None, regions):
        confirmed += region.confirmed
        for reason, people in region.reasons.items():
            before = total.get(reason)
            total[reason] = before if people is None else (before or 0) + people
    return NotRecorded(total, confirmed) if total else None


def _source() -> NotRecordedSource:
    source: NotRecordedSource = import_string(settings.NOT_RECORDED_SOURCE)
    return source
