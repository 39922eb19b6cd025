"""The pages of imports: sending a file, seeing what it would do, deciding, and taking it back."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts import Act
from accounts.rights import can, home_region
from accounts.roles import Action
from dukcapil.errors import N_, NotAllowed, Refused
from dukcapil.requests import PortalRequest
from recording.imports import batches, processing
from recording.imports.selectors import batches_page, same_file_before
from recording.ledger.forms import UploadForm
from recording.models import WAITING, Document, Door, ImportBatch, ImportKind, ImportState, Period, Source, TargetKind

STATES = {
    ImportState.CHECKING: ("info", "none"),
    ImportState.READY: ("warning", "below"),
    ImportState.IMPORTING: ("info", "none"),
    ImportState.DONE: ("check", "done"),
    ImportState.UNDOING: ("info", "none"),
    ImportState.UNDONE: ("previous", "none"),
    ImportState.FAILED: ("warning", "below"),
    ImportState.DISCARDED: ("none", "none"),
}
NO_ROWS = {"new": None, "changed": None, "rejected": None}  # of a file that could not be read
PLACES = {"title": N_("judul"), "sheet": N_("nama lembar"), "file": N_("nama berkas"), "column": N_("kolom")}


@never_cache  # a cached form would carry an old idempotency key
@require_http_methods(["GET", "POST"])
def imports(request: PortalRequest) -> HttpResponse:
    """Send a file in; the earlier ones below."""
    if not can(request.user, Action.COUNT_WRITE) and not can(request.user, Action.TARGET_WRITE):
        raise NotAllowed(N_("Akun Anda tidak berwenang untuk tindakan ini."))
    form = UploadForm(initial={"key": uuid.uuid4().hex, "kind": ImportKind.COUNTS}, by=request.user)
    status = 200
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, by=request.user)
        if form.is_valid():
            try:
                return _received(request, form)
            except Refused as problem:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
                status = problem.status
    number = request.GET.get("halaman", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    rows, more = batches_page(request.user, page)
    context = {
        "form": form,
        "batches": [_row(row) for row in rows],
        "page": page,
        "newer": page - 1,
        "older": page + 1 if more else 0,
        "day": request.day,
        "home": home_region(request.user),
        "targets": can(request.user, Action.TARGET_WRITE),
    }
    return render(request, "recording/imports/list.html", context, status=status)


def _received(request: PortalRequest, form: UploadForm) -> HttpResponse:
    data, now = form.cleaned_data, request.now
    batch = batches.upload(
        act=Act(request.user, now, Door.PAGE),
        kind=data["kind"],
        name=data["file"].name or "",
        chunks=data["file"].chunks(),
        key=data["key"],
    )
    return _worked(request, batch)


def _worked(request: PortalRequest, batch: ImportBatch) -> HttpResponse:
    """Small files are done within the request; the others wait for a worker, who has been told."""
    if batch.size <= processing.SMALL_FILE_BYTES:
        processing.process_batch(number=batch.pk, now=request.now)
    return redirect("import_batch", batch.pk)


@never_cache
@require_safe
def batch(request: PortalRequest, number: int) -> HttpResponse:
    """One import, by its state: progress, the preview with its decision, or what became of it."""
    return _page(request, batches.visible_batch(request.user, number))


def _page(
    request: PortalRequest, batch: ImportBatch, problem: Refused | None = None, typed: dict[str, Any] | None = None
) -> HttpResponse:
    seen = batch.summary
    word, kind = STATES[ImportState(batch.state)]
    context = {
        "batch": batch,
        "summary": seen,
        "icon": word,
        "status": kind,
        "problem": problem,
        "typed": typed or {},
        "waiting": batch.state in WAITING,
        "own": batch.by == request.user,
        "undoable": batch.state == ImportState.DONE,
        "before": same_file_before(request.user, batch) if batch.state == ImportState.READY else None,
        "home": home_region(request.user),
    }
    if batch.state == ImportState.READY and seen:
        rows = seen["rows"]
        columns = [_column(batch, each) | {"place": place} for place, each in enumerate(seen["columns"])]
        context |= {
            "good": rows["new"] + rows["changed"],
            "columns": [column for column in columns if column["use"]],
            "other_columns": [column for column in columns if not column["use"]],
            "periods": list(Period.objects.values_list("name", flat=True)),
            "kinds": TargetKind.choices,
            "day_from": [each | {"place": _place(each), "day": _iso(each["day"])} for each in seen["day_from"]],
            "day": _iso(seen["day"]),
            "long": any(each["role"] == "day" for each in seen["columns"]),
            "sources": Source.choices,
            "tables": [sheet for sheet in seen["sheets"] if sheet["table"]],
            "running": any(each["use"] == "running" for each in seen["columns"]),
            "spans": [_iso(each) or each for each in seen["spans"]],
        }
    return render(request, "recording/imports/batch.html", context, status=problem.status if problem else 200)


@require_POST
def choose(request: PortalRequest, number: int) -> HttpResponse:
    """Say how the file is to be read, and look at it again."""
    return _act(
        request,
        number,
        lambda: batches.choose(
            act=Act(request.user, request.now, Door.PAGE),
            number=number,
            choices=_choices(request, batches.visible_batch(request.user, number)),
        ),
    )


@require_POST
def confirm(request: PortalRequest, number: int) -> HttpResponse:
    """Do what the preview says."""
    typed: dict[str, Any] = {
        "accepted": request.POST.getlist("accepted"),
        "reason": request.POST.get("reason", ""),
        "good_rows_only": bool(request.POST.get("good_rows_only")),
    }
    return _act(
        request,
        number,
        lambda: batches.confirm(
            act=Act(request.user, request.now, Door.PAGE), number=number, seen=request.POST.get("seen", ""), **typed
        ),
        typed,
    )


@require_POST
def discard(request: PortalRequest, number: int) -> HttpResponse:
    """Do not use the file."""
    return _act(request, number, lambda: batches.discard(act=Act(request.user, request.now, Door.PAGE), number=number))


@require_POST
def undo(request: PortalRequest, number: int) -> HttpResponse:
    """Take a whole import back."""
    typed = {"reason": request.POST.get("reason", "")}
    return _act(
        request,
        number,
        lambda: batches.undo(act=Act(request.user, request.now, Door.PAGE), number=number, **typed),
        typed,
    )


@require_safe
def rejected_rows(request: PortalRequest, number: int) -> FileResponse:
    """The rejected rows as a file that can be mended and sent again."""
    file = processing.rejected_rows_file(by=request.user, number=number)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=f"sisa-impor-{number}.csv", content_type="text/csv"
    )


def _act(
    request: PortalRequest, number: int, act: Callable[[], ImportBatch], typed: dict[str, Any] | None = None
) -> HttpResponse:
    """One call to a service, then the work it left; a refusal is shown on the page with what was typed."""
    try:
        done = act()
    except Refused as problem:
        if problem.status in (403, 404):
            raise
        return _page(request, batches.visible_batch(request.user, number), problem, typed)
    return _worked(request, done)


def _choices(request: PortalRequest, batch: ImportBatch) -> dict[str, Any]:
    """What the form says; a column that is left out is not imported."""
    data = request.POST
    columns = {}
    for place, told in enumerate(batch.summary.get("columns", [])):
        use = data.get(f"kolom-{place}", "")
        if use:
            document, _bar, mode = use.partition("|")
            columns[told["key"]] = {"document": document, "running": mode == "running"}
    spellings = {
        told["spelling"]: data[f"ejaan-{place}"]
        for place, told in enumerate(batch.summary.get("spellings", []))
        if data.get(f"ejaan-{place}")
    }
    chosen: dict[str, Any] = {
        "columns": columns,
        "spellings": dict(batch.choices.get("spellings", {})) | spellings,
        "remember_spellings": bool(data.get("remember_spellings")) or batch.choices.get("remember_spellings", False),
    }
    names = ("sheet", "day", "source", "period", "decree", "effective_from", "kind", "running_since", "document")
    chosen |= {name: data[name] for name in names if data.get(name)}
    if chosen.get("sheet") not in (None, batch.summary.get("sheet")):
        chosen.pop("columns")  # another sheet has other columns
    return chosen


def _column(batch: ImportBatch, told: dict[str, Any]) -> dict[str, Any]:
    """A column with the uses that it may have."""
    documented = any(each["role"] == "document" for each in batch.summary["columns"])
    documents = [("", "")] if documented else [(value, f"{label} · ") for value, label in Document.choices]
    modes = [("daily", _("hitungan hari itu")), ("running", _("total berjalan"))]
    if batch.kind == ImportKind.TARGETS:
        modes = [("daily", _("target"))]
    current = f"{'' if documented else told['document']}|{told['use']}" if told["use"] else ""
    uses = [
        (f"{document}|{mode}", f"{label}{words}", f"{document}|{mode}" == current)
        for document, label in documents
        for mode, words in modes
    ]
    return told | {"uses": uses if told["numeric"] else []}


def _row(batch: ImportBatch) -> dict[str, Any]:
    icon, status = STATES[ImportState(batch.state)]
    return {
        "batch": batch,
        "icon": icon,
        "status": status,
        "url": reverse("import_batch", args=[batch.pk]),
        "rows": batch.summary.get("rows", NO_ROWS),
        "by": batch.author,
    }


def _place(told: dict[str, str]) -> str:
    sentence = PLACES[told["place"]]
    return _(sentence)


def _iso(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
