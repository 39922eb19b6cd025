"""Files that people send in: one batch for each upload, and the mappings of columns that are remembered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from accounts.rights import Actor, can, within
from accounts.roles import Action
from recording.models.counts import Door, Posting


class ImportKind(models.TextChoices):
    COUNTS = "counts", _("Hitungan harian")
    TARGETS = "targets", _("Target")


# What each kind of import asks of the one who does it.
IMPORT_ACTIONS = {ImportKind.COUNTS: Action.COUNT_WRITE, ImportKind.TARGETS: Action.TARGET_WRITE}


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Sedang diperiksa")
    READY = "ready", _("Menunggu keputusan")
    IMPORTING = "importing", _("Sedang diimpor")
    DONE = "done", _("Selesai")
    UNDOING = "undoing", _("Sedang dibatalkan")
    UNDONE = "undone", _("Dibatalkan")
    FAILED = "failed", _("Ditolak")
    DISCARDED = "discarded", _("Tidak dipakai")


WAITING = (ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, by: Actor) -> "ImportBatchQuerySet":
        """What `by` may see: the files of everyone whose jurisdiction lies inside the own one, by kind."""
        visible = Q(pk__in=())
        for kind, action in IMPORT_ACTIONS.items():
            if can(by, action):
                visible |= Q(kind=kind) & within(by, action, "region")
        return self.filter(visible)


class ImportBatch(Authored):
    """One file on its way in. Counts and targets know nothing of it: what it wrote is its posting's ledger rows.

    The file itself lies in `recording/imports/files.py` until the batch is finished. `summary` is the preview that was
    shown; `choices` are the decisions that a person took about it (what is absent is found out from the file).
    `region` is the jurisdiction of the one who sent it. A job belongs to a worker until `working_until`, and waits
    since then.
    """

    kind = models.CharField(_("jenis"), max_length=7, choices=ImportKind.choices)
    state = models.CharField(_("keadaan"), max_length=9, choices=ImportState.choices)
    key = models.CharField(_("kunci kiriman"), max_length=80, unique=True)
    file_name = models.CharField(_("nama berkas"), max_length=200)
    size = models.BigIntegerField(_("ukuran"))
    digest = models.CharField(max_length=64, db_index=True)
    region = models.CharField(_("wilayah pengirim"), max_length=13, blank=True)
    door = models.CharField(_("pintu"), max_length=10, choices=Door.choices)
    choices = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    refusal = models.TextField(_("sebab ditolak"), blank=True)
    decision = models.JSONField(default=dict)  # what was confirmed: ticks, reason, only the good rows
    progress = models.PositiveIntegerField(default=0)
    progress_of = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    working_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    posting = models.ForeignKey(
        Posting, verbose_name=_("pencatatan"), on_delete=models.PROTECT, null=True, related_name="batches"
    )
    undo_posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")
    written = models.JSONField(default=list)  # targets: the versions that this batch wrote

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("impor")
        verbose_name_plural = _("impor")

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class ImportMapping(models.Model):
    """How the columns of one source's files are to be read, as it was last confirmed. Keys are normalised labels.

    A source has one for each `layout`: a digest of all labels of the table, so that another table of the same source
    is not read by it.
    """

    kind = models.CharField(_("jenis"), max_length=7, choices=ImportKind.choices)
    source = models.CharField(_("sumber"), max_length=40)
    layout = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("susunan kolom")
        verbose_name_plural = _("susunan kolom")
        constraints = [models.UniqueConstraint(fields=["kind", "source", "layout"], name="one_mapping_per_source_and_layout")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"
