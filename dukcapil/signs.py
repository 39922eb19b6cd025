"""The signs with which one language writes numbers and times. Imports without Django being set up."""

from dataclasses import dataclass

from django.utils.translation import get_language

MINUS = "−"


@dataclass(frozen=True)
class Signs:
    """The signs of one language: 31.000 · 51,67% · pukul 00.15, or 31,000 · 51.67% · at 00:15."""

    group: str
    decimal: str
    at: str
    time: str


SIGNS = {"id": Signs(".", ",", "pukul", "H.i"), "en": Signs(",", ".", "at", "H:i")}


def signs() -> Signs:
    """The signs of the page's language; the Indonesian ones where none is active."""
    return SIGNS.get((get_language() or "id")[:2], SIGNS["id"])


def grouped(number: int) -> str:
    """As in "31.000" or "−3"."""
    return f"{number:,}".replace(",", signs().group).replace("-", MINUS)
