"""Counts, the acts of writing them, and the ledger of every change."""

from typing import Self

from django.db import models
from django.db.models import Case, CharField, F, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from recording.models.regions import CountedQuerySet, Region
from recording.models.targets import Document
from recording.parsing.numbers import MAX_PEOPLE


class Source(models.TextChoices):
    """Where people were served, for entry by hand. Other sources (an import, a trip) bring their own slug."""

    COUNTER = "loket", _("Loket layanan")
    VAN = "mobil", _("Mobil keliling")
    OUTREACH = "jemput-bola", _("Jemput bola")


OF_TRIP = "trip-"  # the counts of a van's report have the source "trip-12": this and the number of its trip


def summed_source() -> Case:
    """The source under which a row is summed: every van's report counts for the vans, with what is entered by hand."""
    return Case(When(source__startswith=OF_TRIP, then=Value(Source.VAN)), default=F("source"), output_field=CharField())


def from_source(source: str) -> Q:
    """The rows that are summed under a source; those of one report under its own."""
    return Q(source=source) | Q(source__startswith=OF_TRIP) if source == Source.VAN else Q(source=source)


class Door(models.TextChoices):
    PAGE = "page", _("Halaman")
    API = "api", _("API")
    COMMAND = "command", _("Perintah")
    ADMIN = "admin", _("Kelola")
    TASK = "task", _("Tugas terjadwal")
    DEMO = "demo", _("Data contoh")


class PostingKind(models.TextChoices):
    ENTRY = "entry", _("Pencatatan")
    RETURN = "return", _("Laporan dikembalikan")
    UNDO = "undo", _("Pembatalan")


class Posting(Authored):
    """One act of writing counts: who, when, through which door, why. Append-only.

    `key` is the writer's idempotency key and `digest` what was asked under it: the same key with the same
    body gets the same answer, with another body it is refused.
    """

    door = models.CharField(_("pintu"), max_length=10, choices=Door.choices)
    kind = models.CharField(_("jenis"), max_length=6, choices=PostingKind.choices)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)
    key = models.CharField(_("kunci kiriman"), max_length=80, null=True, unique=True)  # noqa: DJ001 - NULL: no key; unique otherwise
    digest = models.CharField(max_length=64, blank=True)
    undoes = models.ForeignKey(
        "self", verbose_name=_("membatalkan"), on_delete=models.PROTECT, null=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("pencatatan")
        verbose_name_plural = _("pencatatan")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CountColumns(models.Model):
    """The value of one count. Its natural key is its primary key.

    `people` NULL: there was a value and it was taken out again (missing, not zero). `posting` is the act that wrote the
    value, and so also serves as its version.
    """

    pk = models.CompositePrimaryKey("region", "document", "day", "source")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=3, choices=Document.choices)
    day = models.DateField()
    source = models.CharField(max_length=40)
    people = models.IntegerField(null=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.region_id} {self.document} {self.day} {self.source}"


class DailyCount(CountColumns):
    """The stored value of one count: what is written, summed by a run, and checked against the ledger.

    Every INSERT and UPDATE writes the ledger by a database trigger; a change under the posting of the value before is
    refused, and so is DELETE. Whoever shows counts reads `CurrentCount`.
    """

    objects = CountedQuerySet["DailyCount"].as_manager()

    class Meta:
        verbose_name = _("hitungan harian")
        verbose_name_plural = _("hitungan harian")
        indexes = [models.Index(fields=["day"], name="count_day")]
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=0) & Q(people__lte=MAX_PEOPLE), name="count_in_range"),
            models.CheckConstraint(condition=Q(document__in=Document.values), name="count_of_a_known_document"),
        ]


class CurrentCount(CountColumns):
    """A count as readers see it: while a large act of writing goes on (`OpenPosting`), what it has changed so far still
    has its former value and version. A view, so that no reader can forget it; else it is the stored row."""

    name_then: str  # of its region on its day; it and `waits` only in the list of counts
    waits: bool

    objects = CountedQuerySet["CurrentCount"].as_manager()

    class Meta:
        managed = False
        db_table = "recording_currentcount"


class OpenPosting(models.Model):
    """The large act of writing that goes on part by part, if there is one (docs/decisions/0023).

    Its ledger rows have positions from `first_change` on. Its `holder` renews `until`; after that it was left behind, and
    whoever meets it becomes its holder and takes it back.
    """

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, related_name="+")
    first_change = models.BigIntegerField()
    holder = models.CharField(max_length=32)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number=1), name="one_open_posting")]

    def __str__(self) -> str:
        return f"{self.posting_id} from {self.first_change}"


class CountChangeQuerySet(CountedQuerySet["CountChange"]):
    def settled(self) -> Self:
        """Those before the first of a large act of writing that goes on. What others write meanwhile comes later as well:
        a reader goes on from the last one that he saw, and would miss those of the act."""
        first = OpenPosting.objects.values("first_change")[:1]
        return self.filter(pk__lt=Coalesce(Subquery(first), Value(models.BigIntegerField.MAX_BIGINT)))

    def finished(self) -> Self:
        """Those of acts of writing that have ended, and that nobody is taking back."""
        going_on = OpenPosting.objects.values("posting")
        return self.exclude(posting__in=going_on).exclude(posting__undoes__in=going_on)


class CountChange(models.Model):
    """The ledger: one row for every change of a count, written by trigger only, never changed.

    `id` is the ledger position, in commit order (docs/decisions/0001). No foreign-key constraints: the row copies
    what the table of counts has just checked, and the checks would double the cost of an import.
    """

    region = models.ForeignKey(
        Region,
        verbose_name=_("wilayah"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="changes",
    )
    document = models.CharField(_("dokumen"), max_length=3)
    day = models.DateField(_("tanggal"))
    source = models.CharField(_("sumber"), max_length=40)
    old_people = models.IntegerField(_("lama"), null=True)
    new_people = models.IntegerField(_("baru"), null=True)
    delta = models.IntegerField(_("selisih"))
    posting = models.ForeignKey(
        Posting, verbose_name=_("pencatatan"), on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )

    objects = CountChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("perubahan hitungan")
        verbose_name_plural = _("perubahan hitungan")
        indexes = [
            models.Index(fields=["region", "document", "day"], name="change_of_count"),
            models.Index(fields=["day"], name="change_day"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.region_id} {self.document} {self.day} {self.delta:+d}"
