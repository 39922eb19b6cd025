"""When the people of one day are unlikely: the rule that van reports and imported counts share. Pure."""

FACTOR = 2  # more than this many times the best former day is asked about
MIN_FORMER_DAYS = 3  # fewer say nothing of what a place can yield
MAX_PEOPLE_UNASKED = 30  # so few are never worth a question


def is_unusual(people: int, *, best: int, former_days: int) -> bool:
    """Whether a day's people are far above the `best` of this many former days of the same place and source."""
    return former_days >= MIN_FORMER_DAYS and people > MAX_PEOPLE_UNASKED and people > FACTOR * best
