"""What a table itself says of its numbers: counts of its day, or totals up to it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dukcapil.errors import N_, Refused
from recording.imports.choices import Use
from recording.imports.layouts.columns import is_all_that_was_reached, reached_sentence
from recording.imports.layouts.layout import Column, Layout
from recording.imports.questions import Example
from recording.imports.spreadsheets import SheetHead

RUNNING, DAILY = "running", "daily"  # the answers
SAYS_DAILY = "HITUNGAN HARIAN"  # in the title of the portal's own template; any other wide table is asked about
# Words of a title, a sheet's or a file's name that speak of everything up to a day: as shown to people, and as found.
TOTAL_WORDS = ("KEADAAN", "KUMULATIF", "SAMPAI DENGAN", "S.D. 30", "S/D 30", "SD 30")
# In the title of the portal's own template "keadaan" only tells the day.
_SAYS_TOTAL = re.compile(
    r"\b(?:(?<!hitungan harian, )keadaan|kumulatif|sampai\s+dengan|s\.?\s?/?\s?d\.?(?=\s+\d))", re.IGNORECASE
)


@dataclass(frozen=True)
class Mode:
    """What nobody has decided yet of a table. `evidence`: why its numbers are totals; `remembered`: whether they were
    totals in the last file of its source and columns, None where there was none. `presumed_daily`: of a list in which
    each row says its day, nothing is asked unless something speaks for totals."""

    evidence: Sequence[str] = ()
    remembered: bool | None = None
    example: Example | None = None
    presumed_daily: bool = False


def says_daily(titles: Sequence[str]) -> bool:
    """Whether it is the portal's own table of counts of a day."""
    return any(SAYS_DAILY in title.upper() for title in titles)


def total_words_in(text: str) -> str:
    """The words of a text that speak of totals; "" for none."""
    found = _SAYS_TOTAL.search(text)
    return found[0] if found else ""


def evidence_of_totals(texts: Sequence[str], layout: Layout, head: SheetHead, columns: Sequence[Column]) -> list[str]:
    """Why the file itself speaks of totals. `texts`: its titles, the names of its sheet and of itself."""
    evidence = []
    if words := next((found for text in texts if (found := total_words_in(text))), ""):
        evidence.append(str(Refused(N_("Berkas menyebut “%(words)s”."), words=words)))
    if reached := next((column for column in columns if is_all_that_was_reached(layout, head, column)), None):
        evidence.append(reached_sentence(reached))
    return evidence


def with_one_mode(uses: Mapping[str, Use]) -> dict[str, Use]:
    """Columns that a person left open are read as the one whose mode was chosen: a table is of one mode."""
    said = next((use.running for use in uses.values() if use.running is not None), None)
    return {key: use if use.running is not None else replace(use, running=said) for key, use in uses.items()}
