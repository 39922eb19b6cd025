"""A report in words: for the WhatsApp group, and line by line for a page."""

from typing import Any

from django.utils.translation import gettext as _

from dukcapil import figures
from fleet.models import IdleReason, NotFoundReason, ReportKind, Service, Trip, VanReport
from fleet.reports.body import KIA, RECORDINGS, ReportBody
from fleet.reports.selectors import body_of


def labelled_lines(body: ReportBody) -> list[tuple[str, int]]:
    """(label, people) of every number of the report, in the order of the form."""
    lines = [(str(Service(service).label), body.lines[service]) for service in Service.values if service in body.lines]
    if body.elsewhere_ktp:
        lines.append((_("Perekaman warga luar domisili"), body.elsewhere_ktp))
    if body.elsewhere_kia:
        lines.append((_("KIA anak luar domisili"), body.elsewhere_kia))
    for cause in NotFoundReason.values:
        if cause in body.not_found:
            label = _("Tidak terekam: %(why)s") % {"why": NotFoundReason(cause).label}
            lines.append((label, body.not_found[cause]))
    return lines


def headline(body: ReportBody) -> str:
    """The report in one short sentence."""
    if body.kind == ReportKind.IDLE:
        return _("Tidak beroperasi: %(why)s") % {"why": IdleReason(body.idle_reason).label}
    if body.kind == ReportKind.NIHIL:
        return _("Nihil: tidak ada yang datang")
    parts = []
    if body.recordings is not None:
        parts.append(_("perekaman %(people)s") % {"people": figures.people(body.recordings)})
    if KIA in body.lines:
        parts.append(_("KIA terbit %(people)s") % {"people": figures.people(body.lines[KIA])})
    other = sum(people for service, people in body.lines.items() if service not in (*RECORDINGS, KIA))
    if other or not parts:
        parts.append(_("layanan lain %(people)s") % {"people": figures.people(other)})
    return ", ".join(parts)


def message(trip: Trip, body: ReportBody) -> str:
    """The text for the WhatsApp group; every number in it is one of the report's."""
    head = _("*Laporan mobil keliling %(plate)s*") % {"plate": trip.van.plate}
    where = _("%(day)s, %(place)s, Kelurahan %(village)s") % {
        "day": figures.long_day(trip.day),
        "place": trip.place,
        "village": trip.village.name,
    }
    lines = [head, where]
    if body.kind == ReportKind.SERVED:
        lines += [f"• {label}: {figures.people(people)}" for label, people in labelled_lines(body)]
    else:
        lines.append(headline(body))
    if body.obstacles:
        lines.append(_("Keterangan: %(text)s") % {"text": body.obstacles})
    return "\n".join(lines)


def in_words(report: VanReport) -> dict[str, Any]:
    """What the pages show of a report: its headline, its message for the group, and its lines."""
    body = body_of(report)
    return {"headline": headline(body), "message": message(report.trip, body), "lines": labelled_lines(body)}
