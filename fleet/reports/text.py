"""A report in words: for the WhatsApp group, and line by line for a page."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dukcapil import figures
from dukcapil.clock import JAKARTA
from fleet.models import IdleReason, ReportKind, ReportStatus, Service, Trip, VanReport
from fleet.reports.body import KIA, RECORDINGS, ReportBody
from fleet.reports.fields import FIELDS, field_label
from fleet.reports.flags import Usual, Yield
from fleet.reports.selectors import body_of


class Line(NamedTuple):
    """A number of a report: its field, what people call that, and the people."""

    name: str
    label: str
    people: int


def lines_of(body: ReportBody) -> list[Line]:
    """Every number of the report, in the order of the form."""
    elsewhere = {"elsewhere_ktp": body.elsewhere_ktp or None, "elsewhere_kia": body.elsewhere_kia or None}
    people = {**body.lines, **elsewhere, **body.not_found}
    return [Line(name, field_label(name), number) for name in FIELDS if (number := people.get(name)) is not None]


def other_services(body: ReportBody) -> str:
    """Whom it served beside the recordings of people of 17 and older and the KIA issued, as one enumeration."""
    others = [line for line in lines_of(body) if line.name in Service.values and line.name not in ("record", KIA)]
    return ", ".join(f"{line.label} {figures.people(line.people)}" for line in others if line.people)


class Compared(NamedTuple):
    """A figure that counts toward a target, and beside it in words what is usual."""

    label: str
    people: int | None
    usual: str


def compared(yields: Iterable[Yield]) -> list[Compared]:
    """The figures of a report beside what the place and the van usually yield."""
    labels = {"KTP": _("Perekaman"), "KIA": _("KIA terbit")}
    return [Compared(labels[each.document], each.people, _usual(each.place, each.van)) for each in yields]


def _usual(place: Usual, van: Usual) -> str:
    values = {"low": figures.people(place.low), "high": figures.people(place.high), "n": place.visits}
    if place.is_known:
        words = _("biasanya %(low)s–%(high)s di sini, %(n)s kunjungan") % values
    elif place.visits:
        words = ngettext("baru %(n)s kunjungan di sini", "baru %(n)s kunjungan di sini", place.visits) % values
    else:
        words = _("kunjungan pertama di sini")
    if not van.is_known:
        return words
    of_van = _("mobil ini %(n)s") % {"n": figures.people(van.median)}
    return f"{words}; {of_van}"


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
        lines += [f"• {line.label}: {figures.people(line.people)}" for line in lines_of(body)]
    else:
        lines.append(headline(body))
    if body.obstacles:
        lines.append(_("Keterangan: %(text)s") % {"text": body.obstacles})
    return "\n".join(lines)


def day_message(city: str, day: date, stops: Iterable[Trip]) -> str:
    """One text for the WhatsApp group about all stops of a city on a day: each report in short, who has not reported,
    and the sum. A returned report is out of the coverage, so it counts as not reported."""
    lines = [_("*Laporan mobil keliling %(city)s*") % {"city": city}, figures.long_day(day)]
    bodies: list[ReportBody] = []
    number = 0
    for trip in sorted(stops, key=lambda stop: (stop.van.plate, stop.opens)):
        number += 1
        report: VanReport | None = getattr(trip, "report", None)
        if report is None or report.status == ReportStatus.RETURNED:
            said = _("belum melapor")
        else:
            bodies.append(body_of(report))
            said = headline(bodies[-1])
            if report.obstacles:
                said = f"{said} ({report.obstacles})"
        lines.append(f"• {trip.van.plate}, {trip.village.name}: {said}")
    lines.append(_sum_line(bodies, number))
    return "\n".join(lines)


def _sum_line(bodies: list[ReportBody], stops: int) -> str:
    """How many people in how many of the reports; what nobody counted is not told as zero."""
    parts = [_("%(came)s dari %(stops)s laporan masuk") % {"came": len(bodies), "stops": stops}]
    recorded = [body.recordings for body in bodies if body.recordings is not None]
    cards = [body.lines[KIA] for body in bodies if KIA in body.lines]
    if recorded:
        parts.append(_("perekaman %(people)s") % {"people": figures.people(sum(recorded))})
    if cards:
        parts.append(_("KIA terbit %(people)s") % {"people": figures.people(sum(cards))})
    return _("*Jumlah*: %(parts)s") % {"parts": ", ".join(parts)}


def receipt(report: VanReport) -> str:
    """That the agency has it: when by the portal's clock, and under which number."""
    words = figures.signs()
    at = report.sent_at.astimezone(JAKARTA)
    when = dateformat.format(at, words.time) if at.date() == report.trip.day else ""
    number = f"{report.trip_id}" if report.version == 1 else f"{report.trip_id}/{report.version}"
    if when:
        return _("Diterima Dinas pukul %(time)s · nomor %(number)s") % {"time": when, "number": number}
    day = figures.short_moment(report.sent_at)
    return _("Diterima Dinas %(moment)s · nomor %(number)s") % {"moment": day, "number": number}


def in_words(report: VanReport) -> dict[str, Any]:
    """What the pages show of a report: its headline, its message for the group, and its lines."""
    body = body_of(report)
    return {
        "headline": headline(body),
        "message": message(report.trip, body),
        "lines": lines_of(body),
        "receipt": receipt(report),
    }
