"""What recording's work in the background needs: nights that are done, files that are taken up, webhooks that go out."""

from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from dukcapil.conditions import OK, Check, Measure
from recording.coverage.freshness import freshness
from recording.coverage.freshness import readiness as nights
from recording.coverage.services import due_days
from recording.imports.processing import free_batches
from recording.models import DeliveryStatus, WebhookDelivery
from recording.targets.next_period import readiness as next_period

UNTOUCHED_AFTER = timedelta(minutes=5)  # no worker has begun with it, whichever else it had to do


def imports(now: datetime) -> str:
    waiting = free_batches(now).filter(free_since__lt=now - UNTOUCHED_AFTER).count()  # type: ignore[misc]
    return f"waiting: {waiting}" if waiting else OK


def webhooks(now: datetime) -> str:
    """A receiver that is down is not the portal's fault: its deliveries are tried again, and due only then."""
    waiting = _due_deliveries(now - UNTOUCHED_AFTER).count()
    return f"waiting: {waiting}" if waiting else OK


def _due_deliveries(before: datetime) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(status=DeliveryStatus.PENDING, next_at__lt=before)


CHECKS = [
    Check(
        "nightly",
        _("Perhitungan malam"),
        nights,
        {
            "stale": _("Malam terakhir dihitung lebih dari 26 jam yang lalu. Angka di halaman tetap benar untuk harinya."),
            "failed": _("Perhitungan malam gagal; sebabnya ada di Kelola › Perhitungan malam gagal. Ia dicoba lagi sendiri."),
            "clock": _("Jam server dan jam basis data berbeda, atau waktu melompat: jawab di halaman Angka resmi."),
            "ahead": _("Ada angka bertanggal masa depan: periksa jam server, lalu nyatakan tidak berlaku."),
        },
    ),
    Check("imports", _("Berkas impor"), imports, {"waiting": _("Ada berkas yang lebih dari lima menit belum dikerjakan.")}),
    Check("webhooks", _("Webhook"), webhooks, {"waiting": _("Ada kabar yang lebih dari lima menit belum dikirim.")}),
    Check(
        "next_period",
        _("Periode berikutnya"),
        next_period,
        {"missing": _("Periode berikutnya belum dibuat: buat di halaman Periode.")},
        warns=True,
    ),
]


def measures(now: datetime) -> list[Measure]:
    """Nights, files and messages: how many wait, and since when."""
    last = freshness(now).last_success
    files = free_batches(now).aggregate(n=Count("pk"), first=Min("free_since"))
    messages = _due_deliveries(now).aggregate(n=Count("pk"), first=Min("next_at"))
    return [
        Measure("portal_run_age_seconds", "Since the last night was computed.", {"": _age(last, now)}),
        Measure("portal_nights_overdue", "Business days that are over and have no official run.", {"": len(due_days(now))}),
        Measure("portal_imports_waiting", "Files that no worker has begun with.", {"": files["n"]}),
        Measure("portal_imports_oldest_seconds", "How long the oldest of them waits.", {"": _age(files["first"], now)}),
        Measure("portal_webhooks_unsent", "Deliveries that are due.", {"": messages["n"]}),
        Measure("portal_webhooks_oldest_seconds", "How long the oldest of them is due.", {"": _age(messages["first"], now)}),
    ]


def _age(moment: datetime | None, now: datetime) -> float | None:
    return (now - moment).total_seconds() if moment else None
