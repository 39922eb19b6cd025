"""The name of whoever wrote something, as pages show it."""

from django.utils.translation import gettext as _


def author_name(by: object) -> str:
    """A user's full name; "Sistem" for None, which is the portal itself."""
    return str(by or _("Sistem"))
