"""Whether a target can be reached at all, or the list of those who are still missing must be checked first.

Where people moved away or died, each week finds fewer of those who are left. Leslie's line through weekly counts against
what was recorded before them ends where nobody more would be found.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

WEEKS = 8
MIN_PROGRESS = 0.5
FALLING_PAIRS = 22  # of the 28 pairs of eight weeks: fewer than one in sixty do so by chance (Mann and Kendall)


def list_must_be_checked(totals: Sequence[float], target: int) -> bool:
    """Whether the target is not reachable without checking the list: more than half of it is recorded, the counts of
    the last eight weeks fall, and the line through them ends below the target.

    `totals` are the recorded people at the end of each of nine weeks, the last one now.
    """
    if len(totals) <= WEEKS or totals[-1] <= MIN_PROGRESS * target or totals[-1] >= target:
        return False
    end = depletion_end(totals[-WEEKS - 1 :])
    return end is not None and end < target


def depletion_end(totals: Sequence[float]) -> float | None:
    """The total at which nobody more is found, by the least-squares line of weekly counts on the total in the middle of
    each week; None unless the counts fall."""
    counts = [later - earlier for earlier, later in pairwise(totals)]
    if sum(later < earlier for earlier, later in combinations(counts, 2)) < FALLING_PAIRS:
        return None
    middles = [(later + earlier) / 2 for earlier, later in pairwise(totals)]
    mean_count, mean_total = sum(counts) / len(counts), sum(middles) / len(middles)
    spread = sum((total - mean_total) ** 2 for total in middles)
    joint = sum((total - mean_total) * (count - mean_count) for total, count in zip(middles, counts, strict=True))
    if joint >= 0:
        return None
    return max(totals[-1], mean_total - mean_count * spread / joint)
