"""Days as text, in addresses and commands."""

import re
from datetime import date

from dukcapil.errors import N_, Refused

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(text: str) -> date:
    """An ISO day such as 2021-11-25; anything else is Refused with a sentence that says how to write it."""
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(N_("Tanggal “%(text)s” tidak sah; tulis seperti 2021-11-25."), "day", text=text[:40])
