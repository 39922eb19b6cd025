""" "Metode dan mutu data": how each figure is made, and how complete the data behind it are."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import can, home_region, require
from accounts.roles import Action
from dukcapil import figures
from dukcapil.clock import last_closed_day
from dukcapil.requests import PortalRequest
from recording.coverage import quality
from recording.coverage.choices import ChosenFigures, chosen_figures
from recording.coverage.definitions import definitions
from recording.coverage.figures import Figure
from recording.coverage.workdays import last_working_days
from recording.ledger.selectors import check_ledger
from recording.models import Document

DAYS_SHOWN = 10  # working days


@require_safe
def method(request: PortalRequest) -> HttpResponse:
    """The rules in words with all definitions, and the state of the data for ?dokumen= in the newest run."""
    code = home_region(request.user)
    chosen = chosen_figures(request, code)
    child_terms = [(f"{name}-kia", *rest) for name, *rest in definitions(Document.KIA)[:2]]
    context: dict[str, object] = {
        "parts": [import_string(source)() for source in settings.METHOD_SOURCES],
        "terms": definitions(Document.KTP),
        "child_terms": child_terms,
        "may_check": can(request.user, Action.LEDGER_CHECK),
    }
    if chosen is not None:
        context |= _quality(request, chosen)
    return render(request, "recording/coverage/method.html", context)


def _quality(request: PortalRequest, chosen: ChosenFigures) -> dict[str, object]:
    choices, run = chosen.choices, chosen.run
    regions, gaps = quality.gaps(request.user, choices.code, run, choices.document, chosen.period)
    for figure in regions:
        figure.url = choices.url(code=figure.code)
    days = last_working_days(run.as_of, DAYS_SHOWN)
    people = quality.people_by_day(request.user, choices.code, choices.document, days)
    children = [figure for figure in regions if figure.code.count(".") == choices.code.count(".") + 1]
    first = min(period.first_day for period in chosen.periods)
    return {
        "run": run,
        "region": regions[0],
        "gaps": gaps,
        "days": days,
        "choices": choices,
        "matrix": [_matrix_row(child, [people.get((child.code, day)) for day in days]) for child in children],
        "nights": quality.nights(last_closed_day(request.now), first),
        "documents": [
            (value, label, f"{reverse('method')}?dokumen={value}#mutu", here)
            for value, label, _url, here in choices.documents()
        ],
    }


def _matrix_row(child: Figure, cells: list[int | None]) -> tuple[Figure, list[int | None], int]:
    """A region, its people by day, and on how many of these days nobody entered anything."""
    return child, cells, cells.count(None)


@require_POST
def check(request: PortalRequest) -> HttpResponse:
    """Prove now that the changes sum to the values; the answer stands on top of the page of methods."""
    require(by=request.user, action=Action.LEDGER_CHECK)
    result = check_ledger()
    numbers = {
        "changes": figures.people(result.changes),
        "keys": figures.people(result.keys),
        "mismatches": figures.people(result.mismatches),
        "at": figures.moment(request.now),
    }
    if result.mismatches:
        messages.error(
            request,
            _("Jejak audit tidak cocok: %(mismatches)s dari %(keys)s hitungan. Hubungi pengelola portal. Diperiksa %(at)s.")
            % numbers,
        )
    else:
        messages.success(
            request,
            _("Jejak audit cocok: %(changes)s perubahan berjumlah tepat sama dengan %(keys)s hitungan. Diperiksa %(at)s.")
            % numbers,
        )
    return redirect(f"{reverse('method')}#buku")
