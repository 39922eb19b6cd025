"""304 Not Modified, for pages and API alike."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe


def response_or_304(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 when the reader has exactly this answer: by If-None-Match, else by the very Last-Modified that it carries.

    An answer may become older again (a run that is void leaves its place to the one before), so that "not after" is
    not "the same". Django's own middleware for this would leave HEAD out.
    """
    known, changed = request.META.get("HTTP_IF_MODIFIED_SINCE"), None
    if known is not None or "HTTP_IF_UNMODIFIED_SINCE" in request.META:
        changed = parse_http_date_safe(response.get("Last-Modified", ""))
        if known is not None and parse_http_date_safe(known) != changed:
            changed = None
    return get_conditional_response(request, response["ETag"], changed, response) or response
