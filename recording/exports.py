"""Writing tables that a spreadsheet program opens without doing anything by itself."""

import re

_PLAIN_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)?")


def safe_cell(text: str) -> str:
    """A text that no program takes for a formula: one that begins like one gets an apostrophe in front."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _PLAIN_NEGATIVE.fullmatch(text):
        return f"'{text}"
    return text
