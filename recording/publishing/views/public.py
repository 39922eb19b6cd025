"""The page for everybody: the last official figures, without an account, the same for whoever asks."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dukcapil.errors import N_, NotFound
from dukcapil.page_cache import asset_addresses, built_once
from dukcapil.public_links import public_links
from dukcapil.requests import PortalRequest
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure
from recording.coverage.tables.columns import PLAIN, Column, table_columns
from recording.models import CoverageRun, Document, Level, check_document
from recording.publishing.public import Province, public_coverage, public_run, require_public
from recording.publishing.public_embed import embed_line, embed_url
from recording.publishing.views.public_response import ANONYMOUS, public_response

ADDRESSES = {"id": "public", "en": "public_in"}
SHOWN_TERMS = ("capaian", "cakupan", "sisa", "tuntas", "resmi")


@dataclass(frozen=True)
class Page:
    """What public.html shows; `run` None: there is nothing official yet."""

    document: str
    document_label: str
    documents: list[tuple[str, str, str, bool]]
    languages: list[tuple[str, str, bool]]
    run: CoverageRun | None
    period: str
    provinces: list[Province]
    definitions: list[tuple[str, str, str]]
    links: list[tuple[str, str]]  # other pages for everybody
    embed: str  # the line that shows the headline on another site
    city_columns: dict[str, Column]
    district_columns: dict[str, Column]

    @property
    def only_province(self) -> Figure | None:
        """The province, where the installation has one."""
        return self.provinces[0].figure if len(self.provinces) == 1 else None

    @property
    def several_provinces(self) -> bool:
        return len(self.provinces) > 1


@login_not_required
@csrf_exempt  # nothing is ever sent here: another method answers 405, and 404 while the page is off
def public(request: PortalRequest, language: str = "") -> HttpResponse:
    """The page in Indonesian, or in English at an address of its own; 404 for any other language, and for everything
    while the installation does not offer it."""
    require_public(ANONYMOUS)
    if language not in ("", "en"):
        raise NotFound(N_("Halaman ini tidak ada. Periksa lagi alamatnya."))
    return _page(request, language or "id")


@require_safe
def _page(request: PortalRequest, language: str) -> HttpResponse:
    document = request.GET.get("dokumen", Document.KTP)
    check_document(document, field="", refusal=NotFound)
    run = public_run(ANONYMOUS, request.day)
    demo = request.demo and request.day
    state = (run.number, run.audit_now) if run else None
    frame = request.build_absolute_uri(embed_url(language, document))
    parts = ("public", language, document, state, demo, settings.PORTAL_NAME, frame, *asset_addresses())
    with translation.override(language):
        html: str = built_once(parts, lambda: _built(run, document, language, demo, frame))
    return public_response(request, html.encode(), "text/html; charset=utf-8", language)


def _built(run: CoverageRun | None, document: str, language: str, demo: object, frame: str) -> str:
    """Without a request: neither a log-in, nor a session, nor a form may leave a trace in it."""
    coverage = public_coverage(ANONYMOUS, run, document) if run else None
    period, provinces = (coverage[0].name, coverage[1]) if coverage else ("", [])
    page = Page(
        document,
        str(Document(document).label),
        [(value, str(label), _url(language, value), value == document) for value, label in Document.choices],
        [(name, _url(name, document), name == language) for name in ADDRESSES],
        run if provinces else None,
        period,
        provinces,
        _meanings(document, provinces),
        public_links(),
        embed_line(frame, str(Document(document).label)),
        _columns(document, Level.CITY, Level.DISTRICT),
        _columns(document, Level.DISTRICT),
    )
    context = {"page": page, "portal_name": settings.PORTAL_NAME, "demo_day": demo or None}
    return render_to_string("recording/publishing/public.html", context)


def _columns(document: str, level: Level, below: Level | None = None) -> dict[str, Column]:
    return table_columns(PLAIN, document=document, level=str(level.label), below=str(below.label) if below else "")


def _meanings(document: str, provinces: list[Province]) -> list[tuple[str, str, str]]:
    """Of what the page names; the coverage of all eligible only where it is known."""
    stock = any(province.figure.stock for province in provinces)
    return [term for term in definitions(document) if term[0] in SHOWN_TERMS and (stock or term[0] != "cakupan")]


def _url(language: str, document: str) -> str:
    address = reverse(ADDRESSES[language], args=[] if language == "id" else [language])
    return address if document == Document.KTP else f"{address}?dokumen={document}"
