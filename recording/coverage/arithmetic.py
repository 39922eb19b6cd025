"""Coverage: recorded against target, exactly. The only place where a percentage is computed.

The numbers are people, whole and not negative; percentages are Decimals with two places.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

BAND_WIDTH = 20
HIGHEST_BAND = 5


def percent(recorded: int, target: int | None) -> Decimal | None:
    """Recorded in per cent of the target, half-up to two places; None without a target or with one of nobody.

    Never 100.00 unless the target is reached and never 0.00 unless nothing is recorded, however close. Above 100
    is real and shown. Raises ValueError for negative people.
    """
    text = percent_text(recorded, target)
    return None if text is None else Decimal(text)


def percent_text(recorded: int, target: int | None) -> str | None:
    """`percent` as programs read it, such as "51.67"."""
    _refuse_negative(recorded, target)
    if not target:
        return None
    # Hundredths of a percent, rounded half-up in whole numbers: no float, and no context precision to run out of.
    hundredths = (recorded * 20_000 + target) // (2 * target)
    if recorded < target:
        hundredths = min(hundredths, 9_999)
    if recorded > 0:
        hundredths = max(hundredths, 1)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def remaining(recorded: int, target: int | None) -> int | None:
    """People still to be recorded; None without a target. Never negative: a surplus here hides no gap elsewhere."""
    return None if target is None else max(0, target - recorded)


def _refuse_negative(recorded: int, target: int | None) -> None:
    if recorded < 0 or (target is not None and target < 0):
        raise ValueError(f"People cannot be negative: recorded {recorded}, target {target}.")


@dataclass(frozen=True)
class Coverage:
    """Recorded people against a target (None: there is none). Raises ValueError for negative people."""

    recorded: int
    target: int | None

    def __post_init__(self) -> None:
        _refuse_negative(self.recorded, self.target)

    @property
    def percent(self) -> Decimal | None:
        return percent(self.recorded, self.target)

    @property
    def remaining(self) -> int | None:
        return remaining(self.recorded, self.target)

    @property
    def surplus(self) -> int:
        """People recorded beyond the target; 0 without a target."""
        return 0 if self.target is None else max(0, self.recorded - self.target)

    @property
    def reached(self) -> bool:
        """Whether nothing remains. Without a target nothing is ever reached."""
        return self.remaining == 0

    @property
    def bar_width(self) -> str:
        return bar_width(self.percent)


def total(coverages: Iterable[Coverage]) -> Coverage:
    """All of them together: people are added, and divided once. No target at all gives no target."""
    recorded, target = 0, None
    for coverage in coverages:
        recorded += coverage.recorded
        if coverage.target is not None:
            target = (target or 0) + coverage.target
    return Coverage(recorded, target)


def band(percentage: Decimal | None) -> int | None:
    """The step of the sequential palette: 0 for 0–19 … 4 for 80–99, 5 from 100 on; None without a percentage.

    Cut, not rounded: 99.99 is not yet 100.
    """
    if percentage is None:
        return None
    if percentage < 0:
        raise ValueError(f"A percentage cannot be negative: {percentage}.")
    return min(int(percentage) // BAND_WIDTH, HIGHEST_BAND)


def bar_width(percentage: Decimal | None) -> str:
    """The width of a bar in SVG, such as "51.67%": at most 100%, a dot in every language, "0%" for None."""
    if percentage is None:
        return "0%"
    if percentage < 0:
        raise ValueError(f"A percentage cannot be negative: {percentage}.")
    return "100%" if percentage >= 100 else f"{percentage:f}%"
