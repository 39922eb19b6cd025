"""The pages of imports: sending a file, seeing what it would do, deciding, and taking it back."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
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
from recording.imports.forms import UploadForm
from recording.imports.selectors import batches_page, same_file_before
from recording.models import WAITING, Document, Door, ImportBatch, ImportKind, ImportState, Period, Source, TargetKind
from recording.regions.choices import page_number

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
ANSWER, TYPED = "jawab-", "isi-"  # the fields of the questions, before their codes
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
                return _process(request, _upload(request, form))
            except Refused as problem:
                form.add_error(problem.field if problem.field in form.fields else None, str(problem))
                status = problem.status
    page = page_number(request)
    rows, more = batches_page(request.user, page)
    context = {
        "form": form,
        "batches": [_row(row) for row in rows],
        "previous_url": f"?halaman={page - 1}" if page > 1 else "",
        "next_url": f"?halaman={page + 1}" if more else "",
        "day": request.day,
        "home": home_region(request.user),
        "targets": can(request.user, Action.TARGET_WRITE),
    }
    return render(request, "recording/imports/list.html", context, status=status)


def _page_act(request: PortalRequest) -> Act:
    return Act(request.user, request.now, Door.PAGE)


def _upload(request: PortalRequest, form: UploadForm) -> ImportBatch:
    data = form.cleaned_data
    return batches.upload(
        act=_page_act(request), kind=data["kind"], name=data["file"].name or "", chunks=data["file"].chunks(), key=data["key"]
    )


def _process(request: PortalRequest, batch: ImportBatch) -> HttpResponse:
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
    """The page of a batch; after a refusal with the problem and what was typed."""
    icon, status = STATES[ImportState(batch.state)]
    ready = batch.state == ImportState.READY
    context = {
        "batch": batch,
        "summary": batch.summary,
        "icon": icon,
        "status": status,
        "problem": problem,
        "typed": typed or {},
        "waiting": batch.state in WAITING,
        "own": batch.by == request.user,
        "undoable": batch.state == ImportState.DONE,
        "before": same_file_before(request.user, batch) if ready else None,
        "home": home_region(request.user),
    }
    if ready and batch.summary:
        context |= _preview(batch) | {"questions": _questions(batch, context["typed"].get("answers", {}))}
    return render(request, "recording/imports/batch.html", context, status=problem.status if problem else 200)


def _preview(batch: ImportBatch) -> dict[str, Any]:
    """What the page of a batch shows until it is decided."""
    summary, spans = batch.summary, batch.summary["spans"]
    rows, of_days = summary["rows"], batch.kind == ImportKind.COUNTS
    columns = [_column(batch, column) | {"place": place} for place, column in enumerate(summary["columns"])]
    return {
        "good": rows["new"] + rows["changed"],
        "columns": [column for column in columns if column["use"]],
        "other_columns": [column for column in columns if not column["use"]],
        "periods": list(Period.objects.values_list("name", flat=True)),
        "kinds": TargetKind.choices,
        "day_from": [_mention(mention) for mention in summary["day_from"]],
        "day": _iso_day(summary["day"]),
        "long": any(column["role"] == "day" for column in columns),
        "sources": Source.choices,
        "tables": [sheet for sheet in summary["sheets"] if sheet["table"]],
        "running": any(column["use"] == "running" for column in columns),
        "people": _people(summary),
        "period": summary["period"] or ("" if of_days else ", ".join(spans)),
        "spans": [_iso_day(day) for day in spans] if of_days else [],
    }


def _people(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """The people of the file and what its own row of totals says, for each document."""
    labels = dict(Document.choices)
    return [
        {"document": labels[document], "people": people, "total": summary["file_total"][document]}
        for document, people in summary["people"].items()
    ]


def _questions(batch: ImportBatch, typed: dict[str, str]) -> list[dict[str, Any]]:
    """The questions of the preview, each with what was typed or answered; nothing is ticked for a person."""
    return [
        question | {"given": typed.get(question["code"], "" if question["open"] else question["answer"])}
        for question in batch.summary["questions"]
    ]


@require_POST
def choose(request: PortalRequest, number: int) -> HttpResponse:
    """Say how the file is to be read, and look at it again."""

    def act() -> ImportBatch:
        choices = _choices(request, batches.visible_batch(request.user, number))
        return batches.choose(act=_page_act(request), number=number, choices=choices)

    return _decide(request, number, act)


@require_POST
def confirm(request: PortalRequest, number: int) -> HttpResponse:
    """Do what the preview says."""
    seen = request.POST.get("seen", "")
    typed: dict[str, Any] = {
        "answers": _answers(request),
        "reason": request.POST.get("reason", ""),
        "good_rows_only": bool(request.POST.get("good_rows_only")),
    }
    act = partial(batches.confirm, act=_page_act(request), number=number, seen=seen, **typed)
    return _decide(request, number, act, typed)


@require_POST
def discard(request: PortalRequest, number: int) -> HttpResponse:
    """Do not use the file."""
    return _decide(request, number, partial(batches.discard, act=_page_act(request), number=number))


@require_POST
def undo(request: PortalRequest, number: int) -> HttpResponse:
    """Take a whole import back."""
    typed = {"reason": request.POST.get("reason", "")}
    return _decide(request, number, partial(batches.undo, act=_page_act(request), number=number, **typed), typed)


@require_safe
def rejected_rows(request: PortalRequest, number: int) -> FileResponse:
    """The rejected rows as a file that can be mended and sent again."""
    file = processing.rejected_rows_file(by=request.user, number=number)
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"sisa-impor-{number}.csv", content_type="text/csv")


def _decide(
    request: PortalRequest, number: int, act: Callable[[], ImportBatch], typed: dict[str, Any] | None = None
) -> HttpResponse:
    """One call to a service, then the work it left; a refusal is shown on the page with what was typed."""
    try:
        batch = act()
    except Refused as problem:
        if problem.status in (403, 404):
            raise
        return _page(request, batches.visible_batch(request.user, number), problem, typed)
    return _process(request, batch)


def _answers(request: PortalRequest) -> dict[str, str]:
    """The answers of the form; a day that was typed stands in a field of its own."""
    fields = [(name, str(value)) for name, value in request.POST.items()]
    chosen = {name.removeprefix(ANSWER): value for name, value in fields if name.startswith(ANSWER) and value}
    typed = {name.removeprefix(TYPED): value for name, value in fields if name.startswith(TYPED) and value}
    return typed | chosen


def _choices(request: PortalRequest, batch: ImportBatch) -> dict[str, Any]:
    """What the form says; a column that is left out is not imported."""
    data, summary = request.POST, batch.summary
    columns = {}
    for place, column in enumerate(summary.get("columns", [])):
        use = data.get(f"kolom-{place}", "")
        if use:
            document, _bar, mode = use.partition("|")
            columns[column["key"]] = {"document": document, "running": mode == "running"}
    spellings = {
        spelling["spelling"]: data[f"ejaan-{place}"]
        for place, spelling in enumerate(summary.get("spellings", []))
        if data.get(f"ejaan-{place}")
    }
    choices: dict[str, Any] = {
        "columns": columns,
        "spellings": dict(batch.choices.get("spellings", {})) | spellings,
        "answers": batch.choices.get("answers", {}) | _answers(request),
        "remember_spellings": bool(data.get("remember_spellings")) or batch.choices.get("remember_spellings", False),
    }
    names = ("sheet", "day", "source", "period", "decree", "effective_from", "kind", "running_since", "document")
    choices |= {name: data[name] for name in names if data.get(name)}
    if choices.get("sheet") not in (None, summary.get("sheet")):
        choices.pop("columns")  # another sheet has other columns
    return choices


def _column(batch: ImportBatch, column: dict[str, Any]) -> dict[str, Any]:
    """A column of the summary with the uses that it may have: (value, words, whether it is the present one)."""
    documented = any(other["role"] == "document" for other in batch.summary["columns"])
    documents = [("", "")] if documented else [(value, f"{label} · ") for value, label in Document.choices]
    modes = [("daily", _("hitungan hari itu")), ("running", _("total berjalan"))]
    if batch.kind == ImportKind.TARGETS:
        modes = [("daily", _("target"))]
    current = f"{'' if documented else column['document']}|{column['use']}" if column["use"] else ""
    uses = [
        (f"{document}|{mode}", f"{label}{words}", f"{document}|{mode}" == current)
        for document, label in documents
        for mode, words in modes
    ]
    return column | {"uses": uses if column["numeric"] else []}


def _mention(mention: dict[str, str]) -> dict[str, Any]:
    """A span of days that the file names, and where it does."""
    place = PLACES[mention["place"]]
    return mention | {"place": _(place), "day": _iso_day(mention["day"])}


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


def _iso_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
