"""Reminding the heads whose reports are missing, by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rights import require
from accounts.roles import Action
from dukcapil.requests import PortalRequest
from fleet.notifications.reminders import Reminded, remind_heads
from fleet.pages.posted import by_page
from recording.public import parse_day


@require_POST
def report_remind(request: PortalRequest) -> HttpResponse:
    """Remind all of them of the posted day, and say on the front page what was done."""
    require(by=request.user, action=Action.REPORT_DECIDE)
    day = parse_day(request.POST.get("hari", ""))
    sentences = _sentences(remind_heads(act=by_page(request), day=day))
    for sentence in sentences:
        messages.success(request, sentence)
    if not sentences:
        messages.success(request, _("Semua laporan hari itu sudah masuk; tidak ada yang diingatkan."))
    return redirect("coverage")


def _sentences(outcome: Reminded) -> list[str]:
    said = {
        _("Pengingat terkirim kepada %(names)s."): outcome.sent,
        _("Pengingat kepada %(names)s tersimpan; terkirim sendiri begitu server surat menjawab."): outcome.delayed,
        _("Sudah diingatkan hari ini: %(names)s."): outcome.earlier,
        _("Belum ada alamat surel: %(names)s. Hubungi langsung."): outcome.unreachable,
        _("Belum ada akun kepala Sudin: %(names)s. Hubungi langsung."): outcome.headless,
    }
    return [sentence % {"names": ", ".join(names)} for sentence, names in said.items() if names]
