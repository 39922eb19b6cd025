"""The columns that a form about a preview decides: only what differs from what was shown; the rest stays open. Pure."""

from collections.abc import Mapping
from typing import Any

Uses = Mapping[str, tuple[str, str]]  # by the key of a column its document ("": of another column) and "daily" or "running"


def chosen_columns(posted: Uses, shown: Uses, before: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Any] | None:
    """The columns to be imported, as `Choices` reads them; None while they are those of the portal. `before`: what was
    chosen of them earlier. No column at all is a choice as well."""
    if before is None and dict(posted) == dict(shown):
        return None
    columns = {}
    for key, (document, mode) in posted.items():
        former = (before or {}).get(key, {})
        shown_document, shown_mode = shown.get(key, ("", ""))
        columns[key] = {
            "document": former.get("document", "") if document == shown_document else document,
            "running": former.get("running") if mode == shown_mode else mode == "running",
        }
    return columns
