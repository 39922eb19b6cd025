"""What of recording waits for a reader (settings.WORK_LIST_SOURCES), as sentences that lead to their page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import can, own_region, role_of
from accounts.roles import Action, Role
from dukcapil import figures
from dukcapil.requests import PortalRequest
from recording.coverage.freshness import freshness_of
from recording.coverage.voiding import runs_ahead
from recording.coverage.workdays import is_working_day, working_day_before
from recording.home.selectors import imports_waiting, silent_below, taken_back_below, target_revisions
from recording.ledger.waiting import waiting_counts
from recording.models import Period, Target
from recording.parsing.region_names import short_name
from recording.regions.choices import Choices
from recording.targets.next_period import next_period
from recording.targets.selectors import has_targets

NEW_PERIOD = timedelta(days=90)  # so long a period without any target is told of
MAX_NAMES = 8  # of silent regions in a sentence; the others are counted


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for somebody: a sentence, and the page on which it is done."""

    sentence: str
    url: str
    action: str
    urgent: bool = False


def items(request: PortalRequest) -> list[WorkItem]:
    """The clock first, then a missing period, imports, revised targets, silent regions, and counts that were taken back."""
    choices = Choices.of(request, own_region(request.user))
    writes = can(request.user, Action.COUNT_WRITE)
    return [
        *(_clock(request) if can(request.user, Action.RUN_START) else ()),
        *(_period(request, choices) if writes else ()),
        *(_imports(request) if writes else ()),
        *(_target(target, request.day) for target in target_revisions(request.user, request.day)),
        *((*_silent(request, choices), *_taken_back(request, choices)) if writes else ()),
    ]


def _clock(request: PortalRequest) -> list[WorkItem]:
    """What keeps the nights from being made, or figures from being believed."""
    url, items = reverse("runs"), []
    state = freshness_of(request)
    if state.question:
        items.append(WorkItem(state.question, f"{url}#jam", _("Jawab"), urgent=True))
    if state.ahead and (ahead := runs_ahead(request.now)):
        sentence = _("Angka nomor %(numbers)s bertanggal masa depan: periksa jam server, lalu nyatakan tidak berlaku.")
        numbers = ", ".join(str(run.number) for run in ahead)
        items.append(WorkItem(sentence % {"numbers": numbers}, f"{url}#masa-depan", _("Lihat angkanya"), urgent=True))
    return items


def _period(request: PortalRequest, choices: Choices) -> list[WorkItem]:
    """The agency is told which period is missing, or that the new one has no targets yet; the others what of theirs
    waits for it."""
    periods = list(Period.objects.all())
    if not can(request.user, Action.PERIOD_WRITE):
        waiting = waiting_counts(request.user, periods, request.day, choices.code)
        if waiting is None:
            return []
        sentence = _("%(n)s catatan menunggu periode; masuk cakupan begitu Dinas membuatnya.")
        values = {"n": figures.people(waiting.counts)}
        return [WorkItem(sentence % values, choices.url("counts"), _("Lihat catatan"))]
    missing, waiting = next_period(periods, request.day)
    url = reverse("next_period")
    if missing:
        values = {"name": missing.name, "first": figures.long_day(missing.first_day)}
        sentences = [_("Periode %(name)s, mulai %(first)s, belum dibuat.") % values]
        if waiting:
            sentences.append(_("%(n)s catatan sudah menunggunya.") % {"n": figures.people(waiting.counts)})
        return [WorkItem(" ".join(sentences), url, _("Buat periode"), urgent=True)]
    is_new = len(periods) > 1 and request.day < periods[-1].first_day + NEW_PERIOD
    if is_new and not has_targets(periods[-1]) and has_targets(periods[-2]):
        sentence = _("Periode %(name)s belum punya target; drafnya sudah siap.") % {"name": periods[-1].name}
        return [WorkItem(sentence, url, _("Periksa drafnya"), urgent=True)]
    return []


def _imports(request: PortalRequest) -> list[WorkItem]:
    waiting, url = imports_waiting(request.user, request.day), reverse("imports")
    items = []
    if ready := waiting["ready"]:
        sentence = ngettext("%(n)s berkas impor menunggu keputusan.", "%(n)s berkas impor menunggu keputusan.", ready)
        items.append(WorkItem(sentence % {"n": ready}, url, _("Buka impor"), urgent=True))
    if refused := waiting["refused"]:
        sentence = ngettext(
            "%(n)s berkas impor ditolak dalam 7 hari terakhir.", "%(n)s berkas impor ditolak dalam 7 hari terakhir.", refused
        )
        items.append(WorkItem(sentence % {"n": refused}, url, _("Lihat sebabnya")))
    return items


def _target(target: Target, day: date) -> WorkItem:
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
    return WorkItem(sentence % values, url, _("Lihat targetnya"), urgent=target.effective_from > day)


def _silent(request: PortalRequest, choices: Choices) -> list[WorkItem]:
    """A head is asked about today, the others about the last working day that is over."""
    today = request.day
    is_head = role_of(request.user) in (Role.HEAD, Role.API)
    if is_head and not is_working_day(today):
        return []
    day = today if is_head else working_day_before(today)
    silent = silent_below(request.user, choices.code, day)
    if not silent:
        return []
    names = ", ".join(short_name(region.name) for region in silent[:MAX_NAMES])
    sentence = ngettext(
        "%(n)s wilayah belum ada catatannya untuk %(day)s: %(names)s",
        "%(n)s wilayah belum ada catatannya untuk %(day)s: %(names)s",
        len(silent),
    ) % {"n": len(silent), "day": figures.long_day(day), "names": names}
    sentence += "." if len(silent) <= MAX_NAMES else _(", dan %(n)s lagi.") % {"n": len(silent) - MAX_NAMES}
    url = f"{choices.url('counts')}&tanggal={day.isoformat()}"
    return [WorkItem(sentence, url, _("Lihat catatan hari itu"))]


def _taken_back(request: PortalRequest, choices: Choices) -> list[WorkItem]:
    number = taken_back_below(request.user, choices.code, request.day)
    if not number:
        return []
    sentence = ngettext(
        "%(n)s catatan dikembalikan atau dibatalkan dalam 7 hari terakhir.",
        "%(n)s catatan dikembalikan atau dibatalkan dalam 7 hari terakhir.",
        number,
    ) % {"n": figures.people(number)}
    return [WorkItem(sentence, choices.url("explanation"), _("Lihat sebabnya"), urgent=True)]
