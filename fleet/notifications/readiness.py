"""Whether the e-mails go out, and how many reports of vans were returned: for monitors and the page Keadaan sistem."""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from dukcapil.clock import business_date
from dukcapil.conditions import OK, Check, Measure
from fleet.models import ReportStatus, VanReport
from fleet.notifications.services import unsent_emails

UNSENT_AFTER = timedelta(minutes=20)  # a mail server may be away for a moment; it is asked again every five minutes


def emails(now: datetime) -> str:
    waiting = unsent_emails(business_date(now)).filter(at__lt=now - UNSENT_AFTER).count()
    return f"unsent: {waiting}" if waiting else OK


CHECKS = [
    Check(
        "emails",
        _("Surat elektronik"),
        emails,
        {"unsent": _("Ada surat yang lebih dari dua puluh menit belum terkirim: periksa server surel (EMAIL_URL).")},
    )
]


def measures(now: datetime) -> list[Measure]:
    waiting = unsent_emails(business_date(now)).aggregate(n=Count("pk"), first=Min("at"))
    oldest = (now - waiting["first"]).total_seconds() if waiting["first"] else None
    returned = VanReport.objects.filter(status=ReportStatus.RETURNED).count()
    return [
        Measure("portal_emails_unsent", "E-mails that are written and not sent.", {"": waiting["n"]}),
        Measure("portal_emails_oldest_seconds", "How long the oldest of them waits.", {"": oldest}),
        Measure("portal_reports_returned", "Reports of vans that were returned and not sent again.", {"": returned}),
    ]
