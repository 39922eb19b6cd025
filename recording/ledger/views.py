"""The pages of counts: the entries of a region, the form for one count, and its history."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.acts import Act
from accounts.rights import can, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.requests import PortalRequest
from recording.ledger.checks import CountKey
from recording.ledger.count_pages import Place, counts_page
from recording.ledger.forms import RecordForm, seen_token
from recording.ledger.rows import change_row, count_row, source_label
from recording.ledger.selectors import current_count, history
from recording.ledger.services import CountOutcome, record_count
from recording.ledger.waiting import waiting_sentence
from recording.models import Document, Door, Level, Period, Region, Source, check_document, waits_for_period
from recording.parsing.days import parse_day
from recording.regions.choices import Choices
from recording.regions.selectors import visible_region

OLDEST = "terlama"  # in place of a day from which on the list is shown


@dataclass
class Page:
    """What counts.html and count_history.html show."""

    region: Region
    document: str
    document_label: str
    rows: list[dict[str, object]]
    documents: list[tuple[str, str, str, bool]] = field(default_factory=list)
    tabs: list[tuple[str, str, bool]] = field(default_factory=list)
    all_url: str = ""
    newest_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    oldest_url: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    start_day: date | None = None
    day: date | None = None
    source_label: str = ""
    people: int | None = None
    record_url: str = ""


@require_safe
def counts(request: PortalRequest, code: str) -> HttpResponse:
    """The entries behind a region's figure, its own and those of every region below it, newest day first, from ?mulai= on
    or before ?sebelum=; only those of ?tanggal= or of ?sumber= when these are given."""
    require(by=request.user, action=Action.COUNT_READ, code=code)
    region = visible_region(request.user, code)
    choices = Choices.of(request, code)
    document, chosen = choices.document, _chosen(request)
    day = _day(chosen["tanggal"]) if "tanggal" in chosen else None
    start, before = Place.read(request.GET.get("mulai", "")), Place.read(request.GET.get("sebelum", ""))
    oldest = request.GET.get("mulai") == OLDEST
    found = counts_page(
        request.user, code, document, start=start, before=before, oldest=oldest, day=day, source=chosen.get("sumber")
    )

    def address(of: str = document, **place: object) -> str:
        return f"{request.path}?{urlencode({'dokumen': of, **chosen, **place})}"

    page = Page(
        region,
        document,
        choices.document_label,
        [count_row(row) for row in found.rows],
        tabs=choices.tabs("counts"),
        day=day,
        all_url=choices.url("counts") if chosen else "",
        source_label=source_label(chosen["sumber"]) if "sumber" in chosen else "",
        documents=[(value, str(label), address(value), value == document) for value, label in Document.choices],
        newest_url=address() if found.newer_before else "",
        previous_url=address(sebelum=found.newer_before) if found.newer_before else "",
        next_url=address(mulai=found.older_from) if found.older_from else "",
        oldest_url=address(mulai=OLDEST) if found.older_from else "",
        chosen={"dokumen": document, **chosen},
        start_day=start.day if start else None,
        record_url=_record_url(request, code, dokumen=document),
    )
    return render(request, "recording/ledger/counts.html", {"page": page})


@require_safe
def count_history(request: PortalRequest, code: str, document: str, day: str, source: str) -> HttpResponse:
    """Every change of one count: who, when, old and new, why."""
    require(by=request.user, action=Action.COUNT_READ, code=code)
    region = visible_region(request.user, code)
    service_day = _day(day)
    check_document(document, field="", refusal=NotFound)
    changes = history(request.user, code, document, service_day, source)
    if not changes:
        raise NotFound(N_("Tidak ada catatan untuk wilayah, dokumen, tanggal, dan tempat pelayanan ini."))
    # The form knows the sources of entry by hand; a count of another one would be entered a second time there.
    by_hand = source in Source.values
    page = Page(
        region,
        document,
        str(Document(document).label),
        [change_row(change) for change in changes],
        day=service_day,
        source_label=source_label(source),
        people=changes[0].new_people,
        record_url=_record_url(request, code, dokumen=document, tanggal=day, sumber=source) if by_hand else "",
    )
    return render(request, "recording/ledger/count_history.html", {"page": page})


@never_cache  # a cached form would carry an old idempotency key
@require_http_methods(["GET", "POST"])
def record(request: PortalRequest) -> HttpResponse:
    """Enter one count by hand; the same page corrects a stored one."""
    require(by=request.user, action=Action.COUNT_WRITE)
    if request.method == "POST":
        return _save(request)
    saved = request.session.pop("saved", None)
    form = RecordForm(initial=_initial(request), by=request.user, today=request.day)
    return _form_page(request, form, saved=saved)


def _save(request: PortalRequest) -> HttpResponse:
    form = RecordForm(request.POST, by=request.user, today=request.day)
    if not form.is_valid():
        return _form_page(request, form, status=form.status)
    count, reason, key = form.count(), form.cleaned_data["reason"], form.cleaned_data["key"] or None
    try:
        outcome = record_count(act=Act(request.user, request.now, Door.PAGE), count=count, reason=reason, key=key)
    except Conflict as problem:
        return _conflict_page(request, form, problem)
    except Refused as problem:
        form.refuse(problem)
        return _form_page(request, form, status=problem.status)
    request.session["saved"] = _saved(outcome, form.region_name)
    again = {"dokumen": count.document, "tanggal": count.day.isoformat(), "sumber": count.source}
    return redirect(f"{reverse('record')}?{urlencode(again)}")


def _form_page(
    request: PortalRequest, form: RecordForm, *, conflict: object = None, saved: object = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "conflict": conflict, "saved": saved, "stored": form.initial.get("stored")}
    return render(request, "recording/ledger/record.html", context, status=status)


def _initial(request: PortalRequest) -> dict[str, object]:
    """What the address says already; a stored value comes with its version. Nonsense is left out, not an error."""
    query = request.GET
    document = _one_of(Document.values, query.get("dokumen"))
    source = _one_of(Source.values, query.get("sumber"))
    day = _day(query["tanggal"]) if "tanggal" in query else request.day
    chosen = {"document": document, "source": source, "day": day}
    initial: dict[str, object] = {name: value for name, value in chosen.items() if value}
    initial["key"] = uuid.uuid4().hex
    if "wilayah" in query:
        region = visible_region(request.user, query["wilayah"])
        require(by=request.user, action=Action.COUNT_WRITE, code=region.code)
        if region.level != Level.PROVINCE:  # nobody counts for the whole province at once
            initial["region"] = region.code
            if document and source:
                initial |= _stored(request, (region.code, document, day, source))
    return initial


def _one_of(values: list[str], text: str | None) -> str:
    return text if text in values else ""


def _stored(request: PortalRequest, key: CountKey) -> dict[str, object]:
    row = current_count(request.user, *key)
    if row is None:
        return {}
    stored = row.people is not None and {"people": row.people, "by": row.posting.author, "at": row.posting.at}
    return {"people": row.people, "stored": stored, "seen": seen_token(*key, row.posting_id)}


def _conflict_page(request: PortalRequest, form: RecordForm, problem: Conflict) -> HttpResponse:
    """The same form with what the writer typed, the value that stands now, and a fresh key and version for saving."""
    key = form.count().key
    row = current_count(request.user, *key)
    data = request.POST.copy()
    data["key"] = uuid.uuid4().hex
    data["seen"] = seen_token(*key, row.posting_id) if row else ""
    renewed = RecordForm(data, by=request.user, today=request.day)
    renewed.is_valid()
    renewed.refuse(problem)
    conflict = None
    if row and problem.field != "key":  # "key": a form that was sent before with another number, nobody else's doing
        people = {"old": form.cleaned_data["people"], "current": row.people}
        conflict = {**people, "by": row.posting.author, "at": row.posting.at}
    return _form_page(request, renewed, conflict=conflict, status=problem.status)


def _saved(outcome: CountOutcome, name: str) -> dict[str, object]:
    code, document, day, source = outcome.key
    words = {
        "new": _("Tersimpan: %(people)s orang di %(name)s (%(code)s)."),
        "changed": _("Diubah menjadi %(people)s orang di %(name)s (%(code)s)."),
        "unchanged": _("Sudah tercatat %(people)s orang di %(name)s (%(code)s); tidak ada yang berubah."),
    }
    waits = waits_for_period(Period.objects.all(), day)
    return {
        "waiting": waiting_sentence() if waits else "",
        "message": words[outcome.status] % {"people": figures.people(outcome.new), "name": name, "code": code},
        "history_url": reverse("count_history", args=[code, document, day.isoformat(), source]),
    }


def _record_url(request: PortalRequest, code: str, **chosen: str) -> str:
    """The form for a count of this region; "" for one who may not write it."""
    if not can(request.user, Action.COUNT_WRITE, code):
        return ""
    return f"{reverse('record')}?{urlencode({'wilayah': code} | chosen)}"


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except Refused as problem:
        raise NotFound(problem.template, problem.field, **problem.params) from problem


def _chosen(request: PortalRequest) -> dict[str, str]:
    """The narrowing choices of the address; an empty one is none."""
    return {name: request.GET[name] for name in ("tanggal", "sumber") if request.GET.get(name)}
