"""What a page of figures is kept by (docs/decisions/0009): the state of the figures, the language and the reader's rights."""

from django.utils.translation import get_language

from accounts.rights import role_of
from dukcapil.requests import PortalRequest
from recording.models import CoverageRun


def page_key(request: PortalRequest, page: str, newest: CoverageRun, *choices: object) -> tuple[object, ...]:
    """Of one page with its choices, for everybody of the same rights. `newest` with `audit_now` and `forecast_run`."""
    rights = (role_of(request.user), request.user.jurisdiction)  # type: ignore[union-attr]  # a User: strangers were sent to log in
    return (page, newest.number, newest.finished_at, newest.audit_now, newest.forecast_run, *choices, get_language(), rights)
