"""When two names may be one, misspelt: the one rule for files and for the search box."""

from difflib import SequenceMatcher

MIN_LIKENESS = 0.75  # of two names that may be one


class LikenessTo:
    """How alike names are to one name, from 0 to 1 (the same); both normalised. Comparing many with one is cheaper so."""

    def __init__(self, name: str) -> None:
        self._matcher = SequenceMatcher(None, b=name, autojunk=False)

    def __call__(self, other: str) -> float:
        self._matcher.set_seq1(other)
        return self._matcher.ratio()
