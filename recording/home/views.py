""" "Beranda": where the reader's own region stands, and what waits for the reader."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.rights import can, own_region, role_of
from accounts.roles import Action, Role
from dukcapil import figures
from dukcapil.requests import PortalRequest
from recording.coverage.choices import chosen_figures
from recording.coverage.workdays import is_working_day, last_working_days
from recording.home import selectors as waiting
from recording.home.selectors import InboxItem
from recording.parsing.region_names import short_name
from recording.regions.choices import Choices

NAMED = 8


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """The own region's headline and everything that waits for the reader, by role."""
    code = own_region(request.user)
    chosen = chosen_figures(request, code)
    figure = None
    if chosen is not None:
        figure = chosen.region_coverage(request.user).figure
        figure.url = chosen.choices.url()
    choices = Choices.of(request, code)
    context = {
        "figure": figure,
        "run": chosen.run if chosen else None,
        "period": chosen.period if chosen else None,
        "choices": choices,
        "items": _items(request, code, choices),
        "may_record": can(request.user, Action.COUNT_WRITE, code) and "." in code,
        "record_url": f"{reverse('record')}?wilayah={code}",
        "links": choices.tabs("")[1:4],
    }
    return render(request, "recording/home/home.html", context)


def _items(request: PortalRequest, code: str, choices: Choices) -> list[InboxItem]:
    day = request.day
    return [
        *(item for source in settings.INBOX_SOURCES for item in import_string(source)(request)),
        *_imports(request, day),
        *_targets(request, day),
        *_silent(request, code, day, choices),
        *_taken_back(request, code, day, choices),
    ]


def _imports(request: PortalRequest, day: date) -> list[InboxItem]:
    found = waiting.imports_waiting(request.user, day)
    items = []
    if found and found.ready:
        sentence = ngettext(
            "%(n)s berkas impor menunggu keputusan.", "%(n)s berkas impor menunggu keputusan.", found.ready
        )
        items.append(InboxItem(sentence % {"n": found.ready}, reverse("imports"), _("Buka impor"), urgent=True))
    if found and found.refused:
        sentence = ngettext(
            "%(n)s berkas impor ditolak dalam 7 hari terakhir.",
            "%(n)s berkas impor ditolak dalam 7 hari terakhir.",
            found.refused,
        )
        items.append(InboxItem(sentence % {"n": found.refused}, reverse("imports"), _("Lihat sebabnya")))
    return items


def _targets(request: PortalRequest, day: date) -> list[InboxItem]:
    def item(target: waiting.Target) -> InboxItem:
        sentence = (
            _("Target %(document)s %(region)s berubah menjadi %(people)s mulai %(day)s.")
            if target.people is not None
            else _("Target %(document)s %(region)s dicabut mulai %(day)s.")
        )
        values = {
            "document": target.document,
            "region": target.region.name,
            "people": figures.people(target.people),
            "day": figures.long_day(target.effective_from),
        }
        url = Choices(target.region_id, target.document, None, None).url()
        return InboxItem(sentence % values, url, _("Lihat targetnya"), urgent=target.effective_from > day)

    return [item(target) for target in waiting.target_revisions(request.user, day)]


def _silent(request: PortalRequest, code: str, day: date, choices: Choices) -> list[InboxItem]:
    """A head is asked about today, the others about the last working day that is over."""
    if not can(request.user, Action.COUNT_WRITE):
        return []
    own = role_of(request.user) in (Role.HEAD, Role.API)
    if own and not is_working_day(day):
        return []
    asked_day = day if own else next(each for each in reversed(last_working_days(day, 2)) if each < day)
    silent = waiting.silent_below(request.user, code, asked_day)
    if not silent:
        return []
    names = ", ".join(short_name(region.name) for region in silent[:NAMED])
    values = {"n": len(silent), "day": figures.long_day(asked_day), "names": names}
    sentence = (
        ngettext(
            "%(n)s wilayah belum ada catatannya untuk %(day)s: %(names)s",
            "%(n)s wilayah belum ada catatannya untuk %(day)s: %(names)s",
            len(silent),
        )
        % values
    )
    sentence += "." if len(silent) <= NAMED else _(", dan %(n)s lagi.") % {"n": len(silent) - NAMED}
    url = f"{choices.url('counts')}&tanggal={asked_day.isoformat()}"
    return [InboxItem(sentence, url, _("Lihat catatan hari itu"))]


def _taken_back(request: PortalRequest, code: str, day: date, choices: Choices) -> list[InboxItem]:
    if not can(request.user, Action.COUNT_WRITE):
        return []
    number = waiting.taken_back(request.user, code, day)
    if not number:
        return []
    sentence = ngettext(
        "%(n)s catatan dikembalikan atau dibatalkan dalam 7 hari terakhir.",
        "%(n)s catatan dikembalikan atau dibatalkan dalam 7 hari terakhir.",
        number,
    ) % {"n": figures.people(number)}
    return [InboxItem(sentence, choices.url("explanation"), _("Lihat sebabnya"), urgent=True)]
