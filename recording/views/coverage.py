"""The pages of coverage: a region with its children, as of a run."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import can, home_region
from accounts.roles import Action
from dukcapil import figures
from dukcapil.errors import N_, NotFound
from recording.models import CoverageRun, Document, Level, Period, RunStatus, Target, TargetKind
from recording.names import is_code
from recording.selectors import coverage as read
from recording.selectors.changes import Difference
from recording.services import runs


@dataclass(frozen=True)
class Choices:
    """What the address chose: region, document, period (by name) and run (None: the newest)."""

    code: str
    document: str
    period: str | None
    run: int | None

    @classmethod
    def of(cls, request: HttpRequest, code: str) -> "Choices":
        """From the query string; nonsense answers 404 with a sentence."""
        document = request.GET.get("dokumen", Document.KTP)
        if document not in Document.values:
            raise NotFound(N_("Dokumen %(document)s tidak dikenal; pilih KTP atau KIA."), document=document)
        number = request.GET.get("run")
        if number is not None and not (number.isascii() and number.isdigit() and len(number) < 10):
            raise NotFound(N_("Perhitungan nomor %(number)s tidak ada."), number=number)
        return cls(code, document, request.GET.get("periode"), int(number) if number else None)

    def url(self, **other: object) -> str:
        """The address of the same page with other choices."""
        chosen = {
            "code": self.code,
            "document": self.document,
            "period": self.period,
            "run": self.run,
        } | other
        query = {"dokumen": chosen["document"], "periode": chosen["period"], "run": chosen["run"]}
        text = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{reverse('region', args=[chosen['code']])}?{text}"


@dataclass
class Page:
    """Everything that templates/recording/coverage.html shows."""

    region: read.Figure
    document: str
    document_label: str
    documents: list[tuple[str, str, str, bool]]
    ancestors: list[read.Figure] = field(default_factory=list)
    period: Period | None = None
    periods: list[tuple[str, str, bool]] = field(default_factory=list)
    run: CoverageRun | None = None
    row: read.Figure | None = None
    stock: object = None
    children: list[read.Figure] = field(default_factory=list)
    children_label: str = ""
    children_done: int = 0
    children_total: int = 0
    children_remaining: int = 0
    without_target: int = 0
    target_note: str = ""
    change: "Change | None" = None
    targets: list[object] = field(default_factory=list)
    own_target: bool = False
    definitions: list[tuple[str, str, str]] = field(default_factory=list)
    may_record: bool = False
    record_url: str = ""
    counts_url: str = ""
    may_recompute: bool = False
    older_run: bool = False
    newest_url: str = ""


@dataclass(frozen=True)
class Change:
    """Why the figure differs from the run before: parts that sum exactly to `total`."""

    since_run: int
    since_as_of: object
    since_url: str
    parts: list[tuple[str, int, str]]
    total: int
    target_change: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The widest region that the reader may see: the province for most, the own city for a city's reader."""
    return region(request, home_region(request.user))


@require_safe
def region(request: HttpRequest, code: str) -> HttpResponse:
    """Coverage of one region and of those just below it."""
    choices = Choices.of(request, code)
    periods = read.periods_with_targets(code, choices.document)
    found_runs = read.runs_for(choices.run)
    day = found_runs[0].as_of if found_runs else request.day  # type: ignore[attr-defined]
    period = read.period_for(list(periods), choices.period, day)
    if found_runs is None or period is None:
        page = _empty_page(request, choices, period)
    else:
        found = read.region_coverage(
            by=request.user, code=code, document=choices.document, period=period, runs=found_runs
        )
        page = _page(request, choices, found, period, periods)
    return render(request, "recording/coverage.html", {"page": page})


@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Compute today's provisional figures now, and show the same region with them."""
    now = request.now  # type: ignore[attr-defined]
    run = runs.recompute_coverage(by=request.user, day=request.day, now=now)  # type: ignore[attr-defined]
    if run.finished_at == now:
        sentence = _("Perhitungan nomor %(number)s siap.")
    else:
        sentence = _("Tidak ada yang berubah; perhitungan nomor %(number)s tetap berlaku.")
    messages.success(request, sentence % {"number": run.number})
    code, document = request.POST.get("wilayah", ""), request.POST.get("dokumen", "")
    if not is_code(code) or document not in Document.values:
        return redirect("home")
    return redirect(Choices(code, document, None, None).url())


def _empty_page(request: HttpRequest, choices: Choices, period: Period | None) -> Page:
    """Without a period, or before anything was ever computed."""
    figure = read.plain_figure(request.user, choices.code)
    page = Page(figure, choices.document, _label(choices), _documents(choices), period=period)
    return _rights(request, page, choices)


def _label(choices: Choices) -> str:
    return str(Document(choices.document).label)


def _documents(choices: Choices) -> list[tuple[str, str, str, bool]]:
    return [
        (value, str(label), choices.url(document=value), value == choices.document)
        for value, label in Document.choices
    ]


def _page(
    request: HttpRequest,
    choices: Choices,
    found: read.RegionCoverage,
    period: Period,
    periods: dict[Period, list[Target]],
) -> Page:
    for figure in [*found.ancestors, *found.children]:
        figure.url = choices.url(code=figure.code)
    versions = read.versions_on(periods[period], found.run.as_of)
    page = Page(
        region=found.figure, ancestors=found.ancestors, document=choices.document, document_label=_label(choices),
        documents=_documents(choices), period=period,
        periods=[(p.name, choices.url(period=p.name), p == period) for p in periods],
        run=found.run, row=found.figure, stock=_stock(found.figure),
        children=found.children, children_label=found.children[0].level_label if found.children else "",
        children_done=found.done, children_total=len(found.children), without_target=found.without_target,
        children_remaining=sum(child.remaining or 0 for child in found.children),
        target_note=_target_note(found, versions), change=_change(found, choices, period),
        targets=[_version(version) for version in versions],
        own_target=any(v.in_force and v.row.kind == TargetKind.TASK for v in versions),
        definitions=_definitions(choices.document),
        older_run=found.run != found.newest, newest_url=choices.url(run=None),
    )  # fmt: skip
    return _rights(request, page, choices)


def _rights(request: HttpRequest, page: Page, choices: Choices) -> Page:
    page.may_record = page.region.level != Level.PROVINCE and can(
        request.user, Action.COUNT_WRITE, choices.code
    )
    query = urlencode({"wilayah": choices.code, "dokumen": choices.document})
    page.record_url = f"{reverse('record')}?{query}"
    page.counts_url = f"{reverse('counts', args=[choices.code])}?dokumen={choices.document}"
    page.may_recompute = can(request.user, Action.RUN_START)
    return page


def _stock(figure: read.Figure) -> dict[str, object] | None:
    stock = figure.stock
    if stock is None:
        return None
    return {
        "recorded": stock.recorded, "eligible": stock.target, "percent": stock.percent,
        "bar_width": read.bar_width(stock.percent),
    }  # fmt: skip


def _target_note(found: read.RegionCoverage, versions: list[read.TargetVersion]) -> str:
    """Own target and the sum of the children's both exist and differ: say so."""
    own = next((v.row.people for v in versions if v.in_force and v.row.kind == TargetKind.TASK), None)
    below = found.children_target
    if own is None or below is None or own == below:
        return ""
    return _("Target wilayah ini ditetapkan %(own)s, sedangkan jumlah target wilayah di bawahnya %(below)s.") % {
        "own": figures.people(own), "below": figures.people(below),
    }  # fmt: skip


def _version(version: read.TargetVersion) -> dict[str, object]:
    row = version.row
    return {
        "version": row.version, "people": row.people, "source": row.source, "effective_from": row.effective_from,
        "kind_label": TargetKind(row.kind).label, "in_force": version.in_force,
    }  # fmt: skip


def _change(found: read.RegionCoverage, choices: Choices, period: Period) -> Change | None:
    difference = read.change_since_previous(found, choices.document, period)
    if difference is None or found.previous is None:
        return None
    parts = [part for part in _parts(difference) if part[1]]
    former = found.previous
    return Change(
        former.number, former.as_of, choices.url(run=former.number), parts, difference.recorded, difference.target
    )  # fmt: skip


def _parts(difference: Difference) -> list[tuple[str, int, str]]:
    return [
        (_("Baru"), difference.new, _("pelayanan sesudah angka sebelumnya")),
        (_("Terlambat"), difference.late, _("hari lama yang baru sekarang dilaporkan")),
        (_("Koreksi"), difference.corrected, _("catatan lama yang diperbaiki")),
        (_("Dikembalikan"), difference.returned, _("laporan yang dikembalikan untuk diperbaiki")),
        (_("Dibatalkan"), difference.undone, _("pencatatan yang dibatalkan")),
        (_("Susunan wilayah"), difference.regrouped, _("perubahan wilayah atau periode")),
    ]


def _definitions(document: str) -> list[tuple[str, str, str]]:
    """(name in the address, term, meaning). A KIA is issued, never recorded, so two of the meanings differ."""
    if document == Document.KTP:
        achieved = _("Orang yang direkam dalam periode dibagi target periode itu.")
        covered = _(
            "Orang yang pernah direkam dibagi wajib KTP (17 tahun atau sudah kawin, menurut sumbernya)."
        )
    else:
        achieved = _("KIA yang terbit dalam periode dibagi target periode itu.")
        covered = _("KIA yang pernah terbit dibagi anak wajib KIA (di bawah 17 tahun, menurut sumbernya).")
    return [
        ("capaian", _("Capaian target"), achieved),
        ("cakupan", _("Cakupan"), covered),
        (
            "sisa",
            _("Sisa"),
            _("Target dikurangi realisasi, paling kecil nol; kelebihan tidak menutup wilayah lain."),
        ),
        ("tuntas", _("Tuntas"), _("Realisasi sudah mencapai atau melebihi target.")),
        (
            "resmi",
            str(RunStatus.OFFICIAL.label),
            _("Dihitung sesudah harinya lewat, bernomor, dan tidak pernah diubah lagi."),
        ),
        (
            "sementara",
            str(RunStatus.PROVISIONAL.label),
            _("Dihitung sebelum harinya lewat; masih dapat bertambah."),
        ),
    ]
