"""Which version of a target is in force on a day. `coverage/run_sql` says the same in SQL."""

from collections.abc import Iterable
from datetime import date

from recording.models import Target


def in_force_on(versions: Iterable[Target], day: date) -> Target | None:
    """Of the versions of one target the one with the latest effective date that is not after the day; several with the
    same date are corrections of each other, and the newest counts. It may be a withdrawal. None before the first date."""
    begun = [version for version in versions if version.effective_from <= day]
    return max(begun, key=lambda version: (version.effective_from, version.version), default=None)


def next_after(versions: Iterable[Target], day: date) -> Target | None:
    """The version that takes the place of one with this effective date; None when no later date is decreed."""
    later = [version for version in versions if version.effective_from > day]
    return in_force_on(later, min(version.effective_from for version in later)) if later else None
