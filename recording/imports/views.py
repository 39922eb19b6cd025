"""The pages of imports: sending a file, seeing what it would do, deciding, and taking it back."""

import uuid
from collections.abc import Callable
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
from recording.imports.layouts.vocabulary import category_words, column_words, name_words, part_words, row_words, title_words
from recording.imports.preview_page import answers_of, changed_choices, preview_context
from recording.imports.selectors import batches_page, same_file_before
from recording.models import WAITING, Door, ImportBatch, ImportKind, ImportState
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


@never_cache  # a cached form would carry an old idempotency key
@require_http_methods(["GET", "POST"])
def imports(request: PortalRequest) -> HttpResponse:
    """Send a file in; the earlier ones below."""
    if not can(request.user, Action.COUNT_WRITE) and not can(request.user, Action.TARGET_WRITE):
        raise NotAllowed(N_("Akun Anda tidak berwenang untuk tindakan ini."))
    form = UploadForm(initial={"key": uuid.uuid4().hex, "kind": ImportKind.COUNTS}, by=request.user)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, by=request.user)
        if form.is_valid():
            try:
                return _process(request, _upload(request, form))
            except Refused as problem:
                form.refuse(problem)
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
    return render(request, "recording/imports/list.html", context, status=form.status if form.errors else 200)


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


@require_safe
def words(request: PortalRequest) -> HttpResponse:
    """The words by which files are read, for whoever looks one up."""
    sections = [
        (_("Judul kolom"), column_words()),
        (_("Beberapa kolom dari satu dokumen"), part_words()),
        (_("Judul tabel, nama lembar, dan nama berkas"), title_words()),
        (_("Kategori di tiap baris"), category_words()),
        (_("Baris yang bukan wilayah"), row_words()),
        (_("Nama wilayah yang disingkat"), name_words()),
    ]
    return render(request, "recording/imports/words.html", {"sections": sections})


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
        context |= preview_context(batch, context["typed"].get("answers", {}))
    return render(request, "recording/imports/batch.html", context, status=problem.status if problem else 200)


@require_POST
def choose(request: PortalRequest, number: int) -> HttpResponse:
    """Answer, or say how the file is to be read, and look at it again."""

    def act() -> ImportBatch:
        changes = changed_choices(request.POST, batches.visible_batch(request.user, number))
        return batches.reread(act=_page_act(request), number=number, answers=answers_of(request.POST), changes=changes)

    return _decide(request, number, act, {"answers": answers_of(request.POST)})


@require_POST
def confirm(request: PortalRequest, number: int) -> HttpResponse:
    """Do what the preview says."""
    seen = request.POST.get("seen", "")
    changes = changed_choices(request.POST, batches.visible_batch(request.user, number))
    typed: dict[str, Any] = {
        "answers": answers_of(request.POST),
        "reason": request.POST.get("reason", ""),
        "good_rows_only": bool(request.POST.get("good_rows_only")),
    }
    act = partial(batches.confirm, act=_page_act(request), number=number, seen=seen, changes=changes, **typed)
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
