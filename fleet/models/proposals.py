"""Proposals of where the vans go: what was asked, the plan with its proof, and what became of it."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from accounts.rights import Actor
from accounts.roles import Action
from recording.public import Door, Region, RegionalQuerySet


class ProposalStatus(models.TextChoices):
    QUEUED = "queued", _("Menunggu giliran")
    WORKING = "working", _("Sedang dihitung")
    READY = "ready", _("Siap diperiksa")
    FAILED = "failed", _("Tidak ada rencana")
    PUBLISHED = "published", _("Diterbitkan")
    REPLACED = "replaced", _("Diganti usulan lain")


UNFINISHED = (ProposalStatus.QUEUED, ProposalStatus.WORKING)


class ProposalStep(models.TextChoices):
    """What a worker does at the moment."""

    NONE = "", _("Menunggu giliran")
    READING = "reading", _("Membaca jadwal, mobil, dan capaian")
    YIELDS = "yields", _("Memperkirakan hasil tiap kelurahan")
    PLANNING = "planning", _("Mencari rencana terbaik")
    PROVING = "proving", _("Memeriksa bukti rencana")
    REASONS = "reasons", _("Menulis alasannya")


class ProposalQuerySet(RegionalQuerySet["Proposal"]):
    def visible_to(self, by: Actor) -> Self:
        """Those for the regions whose schedule `by` may read."""
        return self.allowed_to(by, Action.FLEET_READ)


class Proposal(Authored):
    """One question to the planner and its answer. The row is the queue: a worker has it until `working_until`, and whoever
    comes later takes it up again.

    `region`: a city, or the province for all of its cities. `days`: of the calendar, from `first_day`. `options`, `pins` and
    `bans` as fleet/proposals/question.py reads them. `digest`: of the question; `known`: of the schedule, vans and figures
    that it was asked about. `plan` is the text of a plan file, letter by letter; `facts` what its reasons tell beside it.
    `failure`: the sentence of a proposal that failed, translated for its reader with `failure_values`.
    """

    region = models.ForeignKey(Region, verbose_name=_("wilayah"), on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(_("hari pertama"))
    days = models.PositiveSmallIntegerField(_("jumlah hari"))
    options = models.JSONField(_("pilihan"), default=dict)
    pins = models.JSONField(_("dikunci"), default=list)
    bans = models.JSONField(_("dilarang"), default=list)
    door = models.CharField(_("pintu"), max_length=10, choices=Door.choices)
    digest = models.CharField(max_length=64)
    known = models.CharField(max_length=64, blank=True)
    replaces = models.ForeignKey(
        "self", verbose_name=_("mengganti"), on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    repairs = models.BooleanField(_("memperbaiki jadwal terbit"), default=False)
    status = models.CharField(_("status"), max_length=9, choices=ProposalStatus.choices, default=ProposalStatus.QUEUED)
    progress = models.PositiveSmallIntegerField(_("kemajuan"), default=0, help_text="Per cent.")
    step = models.CharField(_("langkah"), max_length=8, choices=ProposalStep.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    working_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    failure = models.TextField(_("sebab gagal"), blank=True)
    failure_values = models.JSONField(default=dict)
    plan = models.TextField(_("rencana"), blank=True)
    facts = models.JSONField(_("keterangan"), default=dict)
    engine = models.CharField(_("mesin"), max_length=80, blank=True)
    version = models.CharField(_("versi"), max_length=40, blank=True)
    published_at = models.DateTimeField(_("diterbitkan"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("diterbitkan oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    published = models.JSONField(_("hasil penerbitan"), default=dict)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("usulan")
        verbose_name_plural = _("usulan")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ProposalStatus.values), name="proposal_in_a_known_status"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="proposal_progress_in_per_cent"),
            models.CheckConstraint(
                condition=~Q(status__in=("ready", "published")) | ~Q(plan=""), name="proposal_ready_with_a_plan"
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(failure=""), name="proposal_failed_with_a_sentence"),
        ]
        indexes = [models.Index(fields=["status"]), models.Index(fields=["region", "digest"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.region_id} {self.first_day}"

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def is_waiting(self) -> bool:
        """Whether a worker still has to answer it."""
        return self.status in UNFINISHED
