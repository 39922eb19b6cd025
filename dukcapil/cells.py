"""Texts in tables that a spreadsheet program may open."""

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NEGATIVE = re.compile(r"-\d+(?:[.,]\d+)?")


def safe_cell(text: str) -> str:
    """A text that no program takes for a formula: one that begins like one gets an apostrophe in front.

    A plain negative number and a lone dash, which says that something is missing, stay as they are.
    """
    if text[:1] in FORMULA_SIGNS and text != "-" and not _PLAIN_NEGATIVE.fullmatch(text):
        return f"'{text}"
    return text
