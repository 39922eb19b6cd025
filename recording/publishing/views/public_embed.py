"""The headline of the public page in a frame on another site: the only address of the portal that may be framed."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dukcapil.errors import N_, NotFound
from dukcapil.page_cache import built_once
from dukcapil.requests import PortalRequest
from recording.models import CoverageRun, Document, check_document
from recording.publishing.public import public_coverage, public_run, require_public
from recording.publishing.views.public_response import ANONYMOUS, public_response

FRAMEABLE = settings.CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@login_not_required
@csrf_exempt  # nothing is ever sent here: another method answers 405, and 404 while the page is off
def public_embed(request: PortalRequest, language: str = "") -> HttpResponse:
    """The provinces' figures, in Indonesian or English; 404 for any other language, and while there is no public page."""
    require_public(ANONYMOUS)
    if language not in ("", "en"):
        raise NotFound(N_("Halaman ini tidak ada. Periksa lagi alamatnya."))
    return _frame(request, language or "id")


@xframe_options_exempt
@require_safe
def _frame(request: PortalRequest, language: str) -> HttpResponse:
    document = request.GET.get("dokumen", Document.KTP)
    check_document(document, field="", refusal=NotFound)
    run = public_run(ANONYMOUS, request.day)
    demo = request.demo and request.day
    state = (run.number, run.audit_now) if run else None
    style = static("recording/publishing/embed.css")
    parts = ("public_embed", language, document, state, demo, settings.PORTAL_NAME, style)
    with translation.override(language):
        html: str = built_once(parts, lambda: _built(run, document, language, demo))
    response = public_response(request, html.encode(), "text/html; charset=utf-8", language)
    response["Content-Security-Policy"] = FRAMEABLE
    return response


def _built(run: CoverageRun | None, document: str, language: str, demo: object) -> str:
    coverage = public_coverage(ANONYMOUS, run, document) if run else None
    address = reverse("public") if language == "id" else reverse("public_in", args=[language])
    context = {
        "language": language,
        "run": run,
        "period": coverage[0].name if coverage else "",
        "figures": [province.figure for province in coverage[1]] if coverage else [],
        "document_label": str(Document(document).label),
        "address": address if document == Document.KTP else f"{address}?dokumen={document}",
        "portal_name": settings.PORTAL_NAME,
        "demo_day": demo or None,
    }
    return render_to_string("recording/publishing/public_embed.html", context)
