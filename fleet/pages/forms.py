"""What the forms of the fleet share."""

from contextlib import suppress
from datetime import date

from dukcapil.errors import Refused
from recording.public import parse_day


def chosen_day(text: str | None, otherwise: date) -> date:
    """The day that a form was sent with, or that the address of its page names, for which its regions are offered;
    `otherwise` where it says none."""
    with suppress(Refused):
        return parse_day(text or "")
    return otherwise
