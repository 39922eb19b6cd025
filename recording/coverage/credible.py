"""Which moments are to be believed: the machine's clock may have jumped, and figures would speak of days to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

MAX_SILENCE = timedelta(hours=36)  # a run is made every night; a longer gap is an outage, or a clock that jumped
MAX_SKEW = timedelta(minutes=10)  # by which two clocks may differ, or a moment lie ahead


class Jump(NamedTuple):
    """The last moment that is certain, and the one that came too long after it."""

    since: datetime
    until: datetime


def first_jump(moments: Sequence[datetime], now: datetime) -> Jump | None:
    """The first step of more than 36 hours between moments in the order in which they were written, `now` the last of
    them; None when time went on as it does."""
    steps = pairwise([*moments, now])
    return next((Jump(before, after) for before, after in steps if after - before > MAX_SILENCE), None)


def lies_ahead(moment: datetime, now: datetime) -> bool:
    """Whether it has not come yet, by more than clocks differ."""
    return moment - now > MAX_SKEW


def runs_of_a_jump(before: datetime | None, ahead: Sequence[tuple[int, datetime]]) -> list[int]:
    """The numbers of the runs that a clock made which had jumped ahead and is back. `ahead` are the runs whose moment
    lies ahead: (number, when it was finished) by number, which is the order in which they were really made; `before` is
    when the run before the first of them was finished.

    They are void when the first came more than 36 hours after the one before. Where it came within its night nothing
    was skipped: then it is rather the clock of now that is behind, and a person has to look, as where nothing came before.
    """
    if not ahead or before is None or ahead[0][1] - before <= MAX_SILENCE:
        return []
    return [number for number, _finished_at in ahead]
