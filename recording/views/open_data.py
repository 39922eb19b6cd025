"""Data for everybody at stable addresses, with their catalogue: the same for whoever asks, and only where the
installation has a public page."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dukcapil.cells import csv_of
from dukcapil.errors import N_, NotFound
from dukcapil.page_cache import built_once
from recording.models import CoverageRun
from recording.open_data import DATASETS, LICENCE, SOURCE, Dataset, table_schema
from recording.selectors.open_data import open_rows
from recording.selectors.public import public_run, require_public

EVERYBODY = AnonymousUser()
FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
KEPT = 300  # seconds that a browser or a cache on the way may keep an answer
CONTEXT = "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"
CONFORMS = "https://project-open-data.cio.gov/v1.1/schema"


@login_not_required
@csrf_exempt  # nothing is ever sent here
def data_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A dataset as CSV, or as JSON with the same rows; 404 for another name, and while nothing is public."""
    require_public(EVERYBODY)
    if name not in DATASETS or form not in FORMS:
        raise NotFound(N_("Data ini tidak ada. Periksa lagi alamatnya."))
    return _serve(request, FORMS[form], lambda run: _file(DATASETS[name], form, run))


@login_not_required
@csrf_exempt
def data_package(request: HttpRequest) -> HttpResponse:
    """The Frictionless data package: every file with its columns."""
    require_public(EVERYBODY)
    return _serve(request, FORMS["json"], lambda run: _json(_package(run)))


@login_not_required
@csrf_exempt
def data_catalogue(request: HttpRequest) -> HttpResponse:
    """/data.json: the catalogue by Project Open Data 1.1 (DCAT)."""
    require_public(EVERYBODY)
    base = request.build_absolute_uri("/")[:-1]
    return _serve(request, FORMS["json"], lambda run: _json(_catalogue(base, run)), base)


def _serve(
    request: HttpRequest, content_type: str, build: Callable[[CoverageRun | None], bytes], *parts: object
) -> HttpResponse:
    answer: HttpResponse = _read(request, content_type, build, parts)
    return answer


@require_safe
def _read(
    request: HttpRequest,
    content_type: str,
    build: Callable[[CoverageRun | None], bytes],
    parts: tuple[object, ...],
) -> HttpResponse:
    run = public_run(EVERYBODY)
    state = (run.number, run.trail) if run else None  # type: ignore[attr-defined]
    body: bytes = built_once(("data", request.path, state, settings.PORTAL_NAME, *parts), lambda: build(run))
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Access-Control-Allow-Origin"] = "*"  # public data: pages of others may read it
    response["Content-Language"] = "id"
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = None
    if run is not None:
        changed = int(run.finished_at.timestamp())
        response["Last-Modified"] = http_date(changed)
    return get_conditional_response(request, response["ETag"], changed, response) or response


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _file(dataset: Dataset, form: str, run: CoverageRun | None) -> bytes:
    rows = open_rows(EVERYBODY, dataset.name, run)
    if form == "csv":
        return csv_of(dataset.header, ([row[name] for name in dataset.header] for row in rows))
    told = {"run": run.number, "as_of": run.as_of.isoformat()} if run else {"run": None, "as_of": None}
    return _json(told | {"results": rows})


def _package(run: CoverageRun | None) -> dict[str, Any]:
    resources = [
        {
            "name": dataset.name, "title": dataset.title, "description": dataset.told, "path": f"{dataset.name}.csv",
            "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "schema": table_schema(dataset),
        }
        for dataset in DATASETS.values()
    ]  # fmt: skip
    return {
        "name": "cakupan-kependudukan", "profile": "tabular-data-package", "title": settings.PORTAL_NAME,
        "version": str(run.number if run else 0), "licenses": [LICENCE], "sources": [{"title": SOURCE}],
        "resources": resources,
    } | ({"created": run.finished_at.isoformat()} if run else {})  # fmt: skip


def _catalogue(base: str, run: CoverageRun | None) -> dict[str, Any]:
    return {
        "@context": CONTEXT, "@id": f"{base}{reverse('data_catalogue')}", "@type": "dcat:Catalog",
        "conformsTo": CONFORMS, "describedBy": f"{CONFORMS}/catalog.json",
        "dataset": [_listed(dataset, base, run) for dataset in DATASETS.values()],
    }  # fmt: skip


def _listed(dataset: Dataset, base: str, run: CoverageRun | None) -> dict[str, Any]:
    def url(form: str) -> str:
        return f"{base}{reverse('data_file', args=[dataset.name, form])}"

    described = f"{base}{reverse('data_package')}"
    times: dict[str, Any] = {"modified": "R/P1D"}  # before the first run: how often it will change
    if run:
        since = run.as_of.replace(month=1, day=1)
        times = {
            "modified": run.finished_at.isoformat(),
            "temporal": f"{since.isoformat()}/{run.as_of.isoformat()}",
        }
    return {
        "@type": "dcat:Dataset", "identifier": url("json"), "title": dataset.title, "description": dataset.told,
        "keyword": list(dataset.keywords), "accessLevel": "public", "license": LICENCE["path"],
        "publisher": {"@type": "org:Organization", "name": SOURCE},
        "contactPoint": {
            "@type": "vcard:Contact", "fn": settings.PORTAL_NAME, "hasEmail": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        },
        "accrualPeriodicity": dataset.every, "language": ["id"], "spatial": "DKI Jakarta, Indonesia",
        "describedBy": described, "describedByType": "application/json",
        "distribution": [
            {
                "@type": "dcat:Distribution", "title": f"{dataset.title} ({form.upper()})", "downloadURL": url(form),
                "mediaType": FORMS[form].partition(";")[0], "format": form.upper(), "describedBy": described,
                "describedByType": "application/json",
            }
            for form in FORMS
        ],
    } | times  # fmt: skip
