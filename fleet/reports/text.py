"""A report in words: for the WhatsApp group, and line by line for a page."""

from django.utils.translation import gettext as _

from dukcapil import figures
from fleet.models import IdleReason, NotFoundReason, ReportKind, Service, Trip
from fleet.reports.body import RECORDINGS, ReportBody


def told_lines(body: ReportBody) -> list[tuple[str, int]]:
    """(label, people) of everything that was told, in the order of the form."""
    found = [(str(Service(service).label), body.lines[service]) for service in Service.values if service in body.lines]
    for label, people in (
        (_("Perekaman warga luar domisili"), body.elsewhere_ktp),
        (_("KIA anak luar domisili"), body.elsewhere_kia),
    ):
        if people:
            found.append((label, people))
    for why in NotFoundReason.values:
        if why in body.not_found:
            label = _("Tidak terekam: %(why)s") % {"why": NotFoundReason(why).label}
            found.append((label, body.not_found[why]))
    return found


def headline(body: ReportBody) -> str:
    """The report in one short sentence."""
    if body.kind == ReportKind.IDLE:
        return _("Tidak beroperasi: %(why)s") % {"why": IdleReason(body.idle_reason).label}
    if body.kind == ReportKind.NIHIL:
        return _("Nihil: tidak ada yang datang")
    parts = []
    if body.recordings is not None:
        parts.append(_("perekaman %(people)s") % {"people": figures.people(body.recordings)})
    if "kia" in body.lines:
        parts.append(_("KIA terbit %(people)s") % {"people": figures.people(body.lines["kia"])})
    other = sum(people for service, people in body.lines.items() if service not in (*RECORDINGS, "kia"))
    if other or not parts:
        parts.append(_("layanan lain %(people)s") % {"people": figures.people(other)})
    return ", ".join(parts)


def message(trip: Trip, body: ReportBody) -> str:
    """The text that is sent on; every number of it is one of the report's."""
    head = _("*Laporan mobil keliling %(plate)s*") % {"plate": trip.van.plate}
    where = _("%(day)s, %(place)s, Kelurahan %(village)s") % {
        "day": figures.long_day(trip.day),
        "place": trip.place,
        "village": trip.village.name,
    }
    lines = [head, where]
    if body.kind == ReportKind.SERVED:
        lines += [f"• {label}: {figures.people(people)}" for label, people in told_lines(body)]
    else:
        lines.append(headline(body))
    if body.obstacles:
        lines.append(_("Keterangan: %(text)s") % {"text": body.obstacles})
    return "\n".join(lines)
