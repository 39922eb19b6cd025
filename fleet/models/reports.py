"""Daily reports: one for each trip, with every version that was ever sent."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from accounts.rights import Actor
from accounts.roles import Action
from fleet.models.trips import Service, Trip
from recording.public import Region, RegionalQuerySet


class ReportKind(models.TextChoices):
    SERVED = "served", _("Melayani")
    NIHIL = "nihil", _("Nihil")  # open, and nobody came: a deliberate zero
    IDLE = "idle", _("Tidak beroperasi")


class ReportStatus(models.TextChoices):
    SENT = "sent", _("Terkirim")  # its counts are in the coverage, provisionally
    APPROVED = "approved", _("Disetujui")
    RETURNED = "returned", _("Dikembalikan")  # its counts were taken out again


class NotFoundReason(models.TextChoices):
    """Why somebody on the list could not be recorded: it tells a real gap from one on paper."""

    MOVED = "moved", _("Pindah")
    DIED = "died", _("Meninggal")
    ABROAD = "abroad", _("Di luar negeri")
    DUPLICATE = "duplicate", _("Data ganda")
    UNKNOWN = "unknown", _("Tidak ditemukan")


class IdleReason(models.TextChoices):
    DAMAGE = "damage", _("Mobil rusak")
    WEATHER = "weather", _("Banjir atau cuaca")
    NETWORK = "network", _("Jaringan atau alat bermasalah")
    CREW = "crew", _("Petugas tidak ada")
    PLACE = "place", _("Tempat tidak siap")


class VanReportQuerySet(RegionalQuerySet["VanReport"]):
    path = "trip__village__"

    def visible_to(self, by: Actor) -> Self:
        """The reports of the trips that `by` may see."""
        return self.allowed_to(by, Action.FLEET_READ)

    def visits(self) -> Self:
        """Those of stops that were held and whose figures stand: what later ones are compared with."""
        return self.filter(status__in=(ReportStatus.SENT, ReportStatus.APPROVED), kind=ReportKind.SERVED)


class VanReport(models.Model):
    """How a trip went, in its last version. `source` is the slug under which its counts stand in the ledger."""

    trip = models.OneToOneField(
        Trip, verbose_name=_("jadwal"), on_delete=models.PROTECT, primary_key=True, related_name="report"
    )
    kind = models.CharField(_("jenis"), max_length=8, choices=ReportKind.choices)
    status = models.CharField(_("status"), max_length=10, choices=ReportStatus.choices)
    version = models.PositiveSmallIntegerField(_("versi"))
    source = models.CharField(_("sumber"), max_length=40)
    elsewhere_ktp = models.PositiveSmallIntegerField(_("perekaman luar domisili"), null=True)
    elsewhere_kia = models.PositiveSmallIntegerField(_("KIA luar domisili"), null=True)
    obstacles = models.CharField(_("kendala"), max_length=500, blank=True)
    idle_reason = models.CharField(_("alasan tidak beroperasi"), max_length=10, choices=IdleReason.choices, blank=True)
    confirmed = models.JSONField(_("dinyatakan benar"), default=list)
    first_sent_at = models.DateTimeField(_("pertama dikirim"))
    sent_at = models.DateTimeField(_("dikirim"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("diputuskan oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(_("alasan keputusan"), max_length=500, blank=True)
    wrong_fields = models.JSONField(
        _("isian yang harus diperbaiki"),
        null=True,
        help_text="Of a returned report, by the names of ReportBody; null: none was marked.",
    )

    objects = VanReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan harian")
        verbose_name_plural = _("laporan harian")
        indexes = [models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.trip_id} v{self.version}"


class ReportLineQuerySet(RegionalQuerySet["ReportLine"]):
    path = "report__trip__village__"

    def recordings(self) -> Self:
        """The lines that count toward the KTP target; the same services as `fleet/reports/body.py` adds up."""
        return self.filter(service__in=(Service.RECORD_FIRST, Service.RECORD))


class ReportLine(models.Model):
    """People served with one service. A service without a line was left blank, which is not zero."""

    report = models.ForeignKey(VanReport, on_delete=models.CASCADE, related_name="lines")
    service = models.CharField(_("layanan"), max_length=14, choices=Service.choices)
    people = models.PositiveSmallIntegerField(_("orang"))

    objects = ReportLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("baris laporan")
        verbose_name_plural = _("baris laporan")
        constraints = [models.UniqueConstraint(fields=["report", "service"], name="service_once_per_report")]

    def __str__(self) -> str:
        return f"{self.service}: {self.people}"


class ReportNotFoundQuerySet(RegionalQuerySet["ReportNotFound"]):
    path = "report__trip__village__"


class ReportNotFound(models.Model):
    """People on the list who could not be recorded, by reason."""

    report = models.ForeignKey(VanReport, on_delete=models.CASCADE, related_name="not_found")
    reason = models.CharField(_("sebab"), max_length=10, choices=NotFoundReason.choices)
    people = models.PositiveSmallIntegerField(_("orang"))

    objects = ReportNotFoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("warga tidak terekam")
        verbose_name_plural = _("warga tidak terekam")
        constraints = [models.UniqueConstraint(fields=["report", "reason"], name="reason_once_per_report")]

    def __str__(self) -> str:
        return f"{self.reason}: {self.people}"


class ReportVersion(Authored):
    """What was sent, word for word; append-only. `device`, the id minted where it was typed, is there once."""

    report = models.ForeignKey(VanReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("versi"))
    device = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    body = models.JSONField(_("isi"))
    door = models.CharField(_("pintu"), max_length=10)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("versi laporan")
        verbose_name_plural = _("versi laporan")
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="version_once_per_report")]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"


class EntryPermit(Authored):
    """The agency lets a city report a day that is already closed, until a moment. Append-only."""

    city = models.ForeignKey(Region, verbose_name=_("kota"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("hari"))
    expires = models.DateTimeField(_("berlaku sampai"))
    reason = models.CharField(_("alasan"), max_length=200)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("izin lapor terlambat")
        verbose_name_plural = _("izin lapor terlambat")

    def __str__(self) -> str:
        return f"{self.city_id} {self.day}"


class NoticeKind(models.TextChoices):
    REMINDER = "reminder", _("Pengingat laporan")
    DIGEST = "digest", _("Ringkasan laporan")
    PERIOD = "period", _("Periode berikutnya")
    RETURNED = "returned", _("Laporan dikembalikan")
    ASKED = "asked", _("Pengingat atas permintaan Dinas")


class Notice(models.Model):
    """An e-mail of a day to somebody: one of each kind, or one about each thing where it names one. Written before it is
    sent, so that a mail server that is away only delays it."""

    kind = models.CharField(_("jenis"), max_length=10, choices=NoticeKind.choices)
    day = models.DateField(_("hari"))
    to = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("kepada"), on_delete=models.PROTECT, related_name="+")
    about = models.CharField(_("tentang"), max_length=40, blank=True, default="", db_default="")
    subject = models.CharField(_("perihal"), max_length=120)
    text = models.TextField(_("isi"))
    at = models.DateTimeField(_("ditulis"))
    sent_at = models.DateTimeField(_("dikirim"), null=True)

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")
        constraints = [
            models.UniqueConstraint(fields=["kind", "day", "to"], condition=Q(about=""), name="notice_once_a_day"),
            models.UniqueConstraint(fields=["kind", "about", "to"], condition=~Q(about=""), name="notice_once_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.to_id}"
