"""Data for everybody at stable addresses, with their catalogue: the same for whoever asks, and only where the
installation has a public page."""

import json
from collections.abc import Callable
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dukcapil.cells import csv_of
from dukcapil.errors import N_, NotFound
from dukcapil.page_cache import built_once
from dukcapil.requests import PortalRequest
from recording.models import CoverageRun
from recording.publishing.datasets import DATASETS, LICENCE, SOURCE, Dataset, table_schema
from recording.publishing.open_data import Extent, extent, open_rows
from recording.publishing.public import public_run, require_public
from recording.publishing.views.public_response import ANONYMOUS, public_response

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
CATALOG_CONTEXT = "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"
CATALOG_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
EXAMPLE = "Data contoh: angkanya tidak nyata. "


@login_not_required
@csrf_exempt  # nothing is ever sent here
def data_file(request: PortalRequest, name: str, form: str) -> HttpResponse:
    """A dataset as CSV, or as JSON with the same rows; 404 for another name, and while nothing is public."""
    require_public(ANONYMOUS)
    if name not in DATASETS or form not in CONTENT_TYPES:
        raise NotFound(N_("Data ini tidak ada. Periksa lagi alamatnya."))
    return _serve(request, CONTENT_TYPES[form], lambda run: _file(DATASETS[name], form, run))


@login_not_required
@csrf_exempt
def data_package(request: PortalRequest) -> HttpResponse:
    """The Frictionless data package: every file with its columns."""
    require_public(ANONYMOUS)
    example = _example(request)
    return _serve(request, CONTENT_TYPES["json"], lambda run: _json(_package_of(run, example)), example)


@login_not_required
@csrf_exempt
def data_catalogue(request: PortalRequest) -> HttpResponse:
    """/data.json: the catalogue by Project Open Data 1.1 (DCAT)."""
    require_public(ANONYMOUS)
    base = request.build_absolute_uri("/")[:-1]
    example = _example(request)
    return _serve(request, CONTENT_TYPES["json"], lambda run: _json(_catalogue_of(base, run, example)), base, example)


def _example(request: PortalRequest) -> str:
    """What stands before each description while the portal shows example data."""
    return EXAMPLE if request.demo else ""


@require_safe
def _serve(
    request: PortalRequest, content_type: str, build: Callable[[CoverageRun | None], bytes], *parts: object
) -> HttpResponse:
    """What `build` makes of the last official run, made once for each of its states and for the other `parts`."""
    run = public_run(ANONYMOUS, request.day)
    state = (run.number, run.audit_now) if run else None
    body, changed = built_once(("data", request.path, state, settings.PORTAL_NAME, *parts), lambda: _built(run, build))
    answer = public_response(request, body, content_type, "id", changed)
    answer["Access-Control-Allow-Origin"] = "*"  # public data: pages of others may read it
    return answer


def _built(run: CoverageRun | None, build: Callable[[CoverageRun | None], bytes]) -> tuple[bytes, int | None]:
    return build(run), int(run.changed_at.timestamp()) if run else None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _file(dataset: Dataset, form: str, run: CoverageRun | None) -> bytes:
    rows = open_rows(ANONYMOUS, dataset.name, run)
    if form == "csv":
        return csv_of(dataset.header, ([row[name] for name in dataset.header] for row in rows))
    head: dict[str, object] = {"run": None, "as_of": None, "status": None}
    if run:
        head = {"run": run.number, "as_of": run.as_of.isoformat(), "status": run.shown_status.value}
    return _json(head | {"results": rows})


def _package_of(run: CoverageRun | None, example: str) -> dict[str, Any]:
    resources = [
        {
            "name": dataset.name,
            "title": dataset.title,
            "description": f"{example}{dataset.description}",
            "path": f"{dataset.name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": table_schema(dataset),
        }
        for dataset in DATASETS.values()
    ]
    return {
        "name": "cakupan-kependudukan",
        "profile": "tabular-data-package",
        "title": settings.PORTAL_NAME,
        "version": str(run.number if run else 0),
        "licenses": [LICENCE],
        "sources": [{"title": SOURCE}],
        "resources": resources,
    } | ({"created": run.finished_at.isoformat()} if run else {})


def _catalogue_of(base: str, run: CoverageRun | None, example: str) -> dict[str, Any]:
    about = extent(ANONYMOUS, run)
    return {
        "@context": CATALOG_CONTEXT,
        "@id": f"{base}{reverse('data_catalogue')}",
        "@type": "dcat:Catalog",
        "conformsTo": CATALOG_SCHEMA,
        "describedBy": f"{CATALOG_SCHEMA}/catalog.json",
        "dataset": [_catalogue_entry(dataset, base, run, about, example) for dataset in DATASETS.values()],
    }


def _catalogue_entry(dataset: Dataset, base: str, run: CoverageRun | None, about: Extent, example: str) -> dict[str, Any]:
    def url(form: str) -> str:
        return f"{base}{reverse('data_file', args=[dataset.name, form])}"

    described = f"{base}{reverse('data_package')}"
    times: dict[str, Any] = {"modified": "R/P1D"}  # before the first run: how often it will change
    if about.changed:
        times["modified"] = about.changed.isoformat()
    if run and about.since:
        times["temporal"] = f"{about.since.isoformat()}/{run.as_of.isoformat()}"
    only_province = about.provinces[0] if len(about.provinces) == 1 else ""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]  # without the name that may stand before it
    return {
        "@type": "dcat:Dataset",
        "identifier": url("json"),
        "title": dataset.title,
        "description": f"{example}{dataset.description}",
        "keyword": list(dataset.keywords),
        "accessLevel": "public",
        "license": LICENCE["path"],
        "publisher": {"@type": "org:Organization", "name": f"{SOURCE} {only_province}".strip()},
        "contactPoint": {"@type": "vcard:Contact", "fn": settings.PORTAL_NAME, "hasEmail": f"mailto:{address}"},
        "accrualPeriodicity": dataset.interval,
        "language": ["id"],
        "spatial": ", ".join(about.provinces) or "Indonesia",
        "describedBy": described,
        "describedByType": "application/json",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"{dataset.title} ({form.upper()})",
                "downloadURL": url(form),
                "mediaType": CONTENT_TYPES[form].partition(";")[0],
                "format": form.upper(),
                "describedBy": described,
                "describedByType": "application/json",
            }
            for form in CONTENT_TYPES
        ],
    } | times
