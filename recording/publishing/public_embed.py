"""Where the headline of the public page may be shown on other sites, and the line that shows it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from recording.models import Document

WIDTH, HEIGHT = 360, 290  # pixels: it stands in them without scrolling, also with the words of example data


def embed_url(language: str, document: str) -> str:
    """The address that may be framed."""
    address = reverse("public_embed") if language == "id" else reverse("public_embed_in", args=[language])
    return address if document == Document.KTP else f"{address}?dokumen={document}"


def embed_line(frame: str, document_label: str) -> str:
    """The HTML for another site; `frame` is the whole address."""
    title = _("%(document)s: capaian target") % {"document": document_label}
    return f'<iframe src="{frame}" title="{title}" width="{WIDTH}" height="{HEIGHT}" loading="lazy"></iframe>'
