"""The page of the next period: one button makes it; the targets of the one before stand there as a draft."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.acts import Act
from accounts.rights import home_region, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound, Refused
from dukcapil.requests import PortalRequest
from recording.models import Door, Period
from recording.publishing.stored_tables import draft_table
from recording.publishing.table_download import XLSX, download
from recording.targets.draft import TargetDraft, confirm_draft, newest_draft
from recording.targets.forms import PeriodForm
from recording.targets.next_period import make_next_period, next_period
from recording.targets.period_correction import PeriodContent, correct_period, correctable, period_content
from recording.targets.services import define_period

MAX_TARGETS_SHOWN = 60
TYPED = ("define", "preview", "correct")  # what is sent with a name and days


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def next_period_page(request: PortalRequest) -> HttpResponse:
    """What period is missing and what waits for it; the draft of the newest one; a period of any other days. A posted form
    names its action in `act`."""
    require(by=request.user, action=Action.PERIOD_WRITE)
    problem: Refused | None = None
    content: PeriodContent | None = None
    sent = request.POST.get("act", "")
    form = PeriodForm(request.POST, auto_id="id_correct_%s" if sent == "correct" else "id_%s") if sent in TYPED else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if form and sent == "preview":
                content = period_content(request.user, form.cleaned_data["first_day"], form.cleaned_data["last_day"])
                return _page(request, form, content, None)
            messages.success(request, _done(request, form))
            return redirect("next_period")
        except Refused as refused:
            if refused.status in (403, 404):
                raise
            if form and refused.field in form.fields:
                form.refuse(refused)
            else:
                problem = refused
    return _page(request, form, content, problem)


def _page(
    request: PortalRequest, form: PeriodForm | None, content: PeriodContent | None, problem: Refused | None
) -> HttpResponse:
    periods = list(Period.objects.all())
    missing, waiting = next_period(periods, request.day)
    corrected = request.POST.get("period", "") if form and request.POST.get("act") == "correct" else ""
    open_ones = correctable(periods)
    draft = newest_draft(request.user, request.day)
    context = {
        "form": PeriodForm() if form is None or corrected else form,
        "content": content,
        "home": home_region(request.user),
        "missing": missing,
        "waiting": waiting,
        "periods": [(period, form if period.name == corrected else _correction(period, open_ones)) for period in periods[::-1]],
        "draft": draft,
        "targets": _rows(draft) if draft else [],
        "more": max(0, len(draft.targets) - MAX_TARGETS_SHOWN) if draft else 0,
        "source": request.POST.get("source", ""),
        "problem": problem,
    }
    status = problem.status if problem else form.status if form else 200
    return render(request, "recording/publishing/next_period.html", context, status=status)


def _correction(period: Period, open_ones: set[str]) -> PeriodForm | None:
    return PeriodForm.of(period) if period.name in open_ones else None


def _rows(draft: TargetDraft) -> list[dict[str, object]]:
    return [{"name": draft.names[row.region], "target": row} for row in draft.targets[:MAX_TARGETS_SHOWN]]


def _done(request: PortalRequest, form: PeriodForm | None) -> str:
    """Do it, and say so. `form`: a period of its own days."""
    act, action = Act(request.user, request.now, Door.PAGE), request.POST.get("act")
    if form and action == "correct":
        period = correct_period(act=act, period=request.POST.get("period", ""), **form.cleaned_data)
        return _("Periode %(name)s dibetulkan.") % {"name": period.name}
    if form:
        period = define_period(act=act, **form.cleaned_data)
        return _("Periode %(name)s dibuat. Tetapkan targetnya dari halaman wilayah.") % {"name": period.name}
    if action == "make":
        period = make_next_period(act=act, name=request.POST.get("name", ""))
        return _("Periode %(name)s dibuat. Periksa draf targetnya, lalu tetapkan.") % {"name": period.name}
    if action == "confirm":
        period = _period(request.POST.get("period", ""))
        seen, source = request.POST.get("seen", ""), request.POST.get("source", "")
        targets = confirm_draft(act=act, period=period, seen=seen, source=source)
        return _("%(n)s target %(name)s ditetapkan.") % {"n": len(targets), "name": period.name}
    raise Refused(N_("Kiriman itu tidak dikenal. Muat ulang halamannya."))


def _period(name: str) -> Period:
    period = Period.objects.filter(name=name[:40].replace("\x00", "")).first()
    if period is None:
        raise NotFound(N_("Periode %(name)s tidak ada."), "period", name=name[:40])
    return period


@never_cache
@require_safe
def target_draft_file(request: PortalRequest) -> HttpResponseBase:
    """The draft as a workbook: change what should be other, and import it as targets."""
    require(by=request.user, action=Action.TARGET_WRITE)
    draft = newest_draft(request.user, request.day)
    if draft is None:
        raise NotFound(N_("Tidak ada draf target."))
    return download(request, draft_table(draft), XLSX)
