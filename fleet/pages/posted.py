"""What a page of the fleet hands on to the services."""

from accounts.acts import Act
from dukcapil.errors import N_, Refused
from dukcapil.requests import PortalRequest
from recording.public import Door


def by_page(request: PortalRequest) -> Act:
    """The act of whoever posted the form."""
    return Act(request.user, request.now, Door.PAGE)


def posted_number(text: str) -> int:
    """A row's number out of a form; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def unknown_action() -> Refused:
    """The refusal of a form that names an action which the page does not know."""
    return Refused(N_("Kiriman itu tidak dikenal. Muat ulang halamannya."))
