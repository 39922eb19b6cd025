"""What a page of the fleet hands on to the services."""

from typing import Any

from django.http import HttpRequest

from dukcapil.errors import N_, Refused
from recording.public import Door


def by_page(request: HttpRequest) -> dict[str, Any]:
    """When, and through which door: what every service is told besides who."""
    return {"by": request.user, "now": request.now, "door": Door.PAGE}  # type: ignore[attr-defined]


def number(text: str) -> int:
    """A row's number out of a form; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def unknown_act() -> Refused:
    """The refusal of a form that names an act which the page does not know."""
    return Refused(N_("Kiriman itu tidak dikenal. Muat ulang halamannya."))
