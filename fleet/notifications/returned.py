"""A returned report is told to whoever sent it: one e-mail for each decision, while the report waits for its correction."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from dukcapil import figures
from dukcapil.clock import business_date
from dukcapil.locks import one_writer
from fleet.models import Notice, NoticeKind, ReportStatus, VanReport
from fleet.reports.fields import field_labels

WITHIN = timedelta(days=1)  # a decision that is older is no news


def write_returned(now: datetime) -> None:
    """Those of the last day that nobody wrote about yet. What was corrected meanwhile needs no e-mail."""
    returned = VanReport.objects.filter(status=ReportStatus.RETURNED, decided_at__gt=now - WITHIN, by__is_active=True)
    reports = {_decision(report): report for report in returned.select_related("trip__van", "trip__village", "by")}
    written = Notice.objects.filter(kind=NoticeKind.RETURNED, about__in=reports).values_list("about", flat=True)
    for about in reports.keys() - set(written):
        report = reports[about]
        values = {"subject": _subject(report), "text": _text(report), "day": business_date(now), "at": now}
        with one_writer():
            Notice.objects.get_or_create(kind=NoticeKind.RETURNED, about=about, to=report.by, defaults=values)


def _decision(report: VanReport) -> str:
    """What the e-mail is about: a version is returned once."""
    return f"{report.trip_id}/{report.version}"


def _subject(report: VanReport) -> str:
    return _("Laporan %(plate)s, %(day)s, dikembalikan") % {
        "plate": report.trip.van.plate,
        "day": figures.short_day(report.trip.day),
    }


def _text(report: VanReport) -> str:
    trip, author = report.trip, report.by
    assert author
    where = {"plate": trip.van.plate, "place": trip.place, "village": trip.village.name, "day": figures.long_day(trip.day)}
    lines = [
        _("Yth. %(name)s,") % {"name": author.full_name},
        "",
        _("Laporan mobil %(plate)s di %(place)s, %(village)s, %(day)s, dikembalikan:") % where,
        report.decision,
    ]
    if report.wrong_fields:
        lines.append(_("Yang harus diperbaiki: %(fields)s.") % {"fields": field_labels(report.wrong_fields)})
    page = reverse("report", args=[report.pk])
    return "\n".join([*lines, "", _("Perbaiki di %(page)s pada portal.") % {"page": page}])
