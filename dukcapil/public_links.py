"""The pages that everybody may open without an account, as each app names them in settings.PUBLIC_LINKS."""

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string


def public_links() -> list[tuple[str, str]]:
    """(address, label); none where the installation has no public pages."""
    if not settings.PUBLIC_DASHBOARD:
        return []
    return [(reverse(page), str(label)) for source in settings.PUBLIC_LINKS for page, label in import_string(source)]
