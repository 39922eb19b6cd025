"""Small made campaigns to forecast, the same for the same seed."""

from datetime import date, timedelta
from random import Random

FIRST = date(2021, 1, 4)  # a Monday


def exhausted_list(seed: int, areas: int = 12, days: int = 150) -> dict[str, dict[date, int]]:
    """Each day finds about a fiftieth of those who are left, on every day of the week."""
    chance = Random(seed)
    campaign: dict[str, dict[date, int]] = {}
    for number in range(areas):
        left, speed = chance.randint(1_000, 4_000), chance.uniform(0.012, 0.03)
        counts = campaign[f"A{number:02d}"] = {}
        for day in range(days):
            people = min(left, round(left * speed * chance.uniform(0.5, 1.5)))
            counts[FIRST + timedelta(days=day)] = people
            left -= people
    return campaign


def steady(people: list[int], days: int = 60) -> dict[str, dict[date, int]]:
    """Areas with the same number of people on each day."""
    span = [FIRST + timedelta(days=day) for day in range(days)]
    return {f"A{number:02d}": dict.fromkeys(span, each) for number, each in enumerate(people)}


def as_csv(campaign: dict[str, dict[date, int]]) -> str:
    rows = [f"{day},{area},{people}" for area, counts in campaign.items() for day, people in counts.items()]
    return "\n".join(["date,area,people", *rows, ""])
