"""Numbered, frozen figures, and the record of which nights are done."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from dukcapil.errors import N_, NotFound
from recording.models.audit import ANSWER_ACTIONS, AuditEntry
from recording.models.regions import Region, RegionalQuerySet
from recording.models.targets import Document, Period

NIGHTLY = "coverage"  # the name of the job that makes the official figures


class RunStatus(models.TextChoices):
    OFFICIAL = "official", _("Angka resmi")
    PROVISIONAL = "provisional", _("Sementara")
    VOID = "void", _("Tidak berlaku")  # told of a run with a RunVoid; never stored


class Seal(NamedTuple):
    """The status of a run as pages show it: a word for their style, the words, and the name of the definition that
    explains it (coverage/definitions.py)."""

    name: str
    label: str
    term: str


def _ahead(today: date) -> Q:
    """Runs of days that are not over, which only a clock that jumped makes; provisional ones of today are none."""
    return Q(as_of__gt=today) | Q(as_of=today, status=RunStatus.OFFICIAL)


class CoverageRunQuerySet(models.QuerySet["CoverageRun"]):
    def newest_first(self) -> "CoverageRunQuerySet":
        """By the day they speak of, then by number: a day may be computed more than once."""
        return self.select_related("void").order_by("-as_of", "-number")

    def standing(self) -> "CoverageRunQuerySet":
        """Without those that are void."""
        return self.filter(void=None)

    def credible(self, today: date) -> "CoverageRunQuerySet":
        """Those that may be shown as the newest: neither void nor ahead of their day."""
        return self.standing().exclude(_ahead(today))

    def seen_on(self, today: date) -> "CoverageRunQuerySet":
        """Each with `ahead`: whether its day was not over on that day."""
        return self.annotate(ahead=_ahead(today))

    def official(self) -> "CoverageRunQuerySet":
        return self.filter(status=RunStatus.OFFICIAL)

    def before(self, run: "CoverageRun | models.QuerySet[CoverageRun]") -> "CoverageRunQuerySet":
        """The runs with which a run may be compared, so that the difference reads forward: of an earlier day and with
        a smaller number, and not void. `run` may also be a query for one."""
        if isinstance(run, CoverageRun):
            return self.standing().filter(as_of__lt=run.as_of, number__lt=run.number)
        return self.standing().filter(as_of__lt=Subquery(run.values("as_of")), number__lt=Subquery(run.values("number")))

    def with_audit_position(self) -> "CoverageRunQuerySet":
        """Each with `audit_now` and `audit_at`, the position and the moment of the last change of regions, periods,
        targets or void runs as of now."""
        changed = AuditEntry.objects.filter(action__in=ANSWER_ACTIONS).order_by("-pk")
        return self.annotate(
            audit_now=Coalesce(Subquery(changed.values("pk")[:1]), 0), audit_at=Subquery(changed.values("at")[:1])
        )

    def with_summed_position(self) -> "CoverageRunQuerySet":
        """Each with `summed_position`, up to which its ledger is summed in LedgerSum."""
        spans = LedgerSpan.objects.filter(until__lte=OuterRef("ledger_position")).order_by("-until")
        return self.annotate(summed_position=Coalesce(Subquery(spans.values("until")[:1]), 0))

    def with_forecast_run(self) -> "CoverageRunQuerySet":
        """Each with `forecast_run`, the number of the newest run up to it that has forecasts; 0 without any."""
        made = CoverageRun.objects.filter(number__lte=OuterRef("number"), forecasts__isnull=False).order_by("-number")
        return self.annotate(forecast_run=Coalesce(Subquery(made.values("number")[:1]), 0))


class CoverageRun(models.Model):
    """One computation of all figures. Frozen (the database refuses UPDATE and DELETE).

    Official: its as-of day was over when it was computed; otherwise provisional. `ledger_position` is the last
    ledger row that it read, `audit_position` the last change of regions, periods or targets.
    """

    number = models.PositiveIntegerField(_("nomor"), primary_key=True)
    as_of = models.DateField(_("keadaan per"), db_index=True)
    finished_at = models.DateTimeField(_("selesai"))
    status = models.CharField(_("status"), max_length=11, choices=RunStatus.choices)
    ledger_position = models.BigIntegerField(_("nomor urut jejak perubahan"))
    audit_position = models.BigIntegerField(_("posisi audit"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    audit_now: int  # only after with_audit_position(), as the next one
    audit_at: datetime | None
    ahead = False  # told only after seen_on()
    summed_position = 0  # told only after with_summed_position()
    forecast_run = 0  # told only after with_forecast_run()

    objects = CoverageRunQuerySet.as_manager()

    class Meta:
        ordering = ["as_of", "number"]
        indexes = [models.Index(fields=["finished_at"], name="run_finished")]
        verbose_name = _("angka resmi")
        verbose_name_plural = _("angka resmi")

    def __str__(self) -> str:
        return f"#{self.number} ({self.as_of})"

    @property
    def voided(self) -> "RunVoid | None":
        return None if self._state.adding else getattr(self, "void", None)

    @property
    def shown_status(self) -> RunStatus:
        """As everybody is told it."""
        return RunStatus.VOID if self.voided else RunStatus(self.status)

    @property
    def credible(self) -> bool:
        """The rule of the QuerySet's `credible`; only after seen_on(), with its `void`."""
        return not (self.voided or self.ahead)

    @property
    def seal(self) -> Seal:
        """The status on a page, where figures of a day that is not over are never official."""
        if self.ahead and not self.voided:
            return Seal("ahead", str(_("Harinya belum lewat")), "resmi")
        status = self.shown_status
        return Seal(status.value, str(status.label), "sementara" if status == RunStatus.PROVISIONAL else "resmi")

    @cached_property
    def changed_at(self) -> datetime:
        """When an answer with this run's figures last became another one; needs with_audit_position(), and a query or two.

        HTTP dates know no fractions, and the nights of one catching up are finished at one moment: a second for each
        run and each change of the minute before keeps them apart."""
        changed = self.finished_at
        if self.audit_now > self.audit_position and self.audit_at is not None:
            changed = max(changed, self.audit_at)
        near = changed - timedelta(minutes=1)
        before = CoverageRun.objects.filter(number__lt=self.number).aggregate(
            near=Count("number", filter=Q(finished_at__gte=near)),
            position=Max("audit_position", filter=Q(finished_at__lt=near)),
        )
        later, position = before["near"], before["position"] or 0
        if self.audit_now > position:
            acts = AuditEntry.objects.filter(action__in=ANSWER_ACTIONS, pk__gt=position, at__gte=near)
            later += acts.filter(pk__lte=self.audit_now).count()
        return changed + timedelta(seconds=later)


class RunVoid(Authored):
    """A run that is not to be believed, such as one that a clock made which had jumped ahead. The run and its figures
    stay as they are, and are told as void. The database refuses UPDATE and DELETE."""

    run = models.OneToOneField(CoverageRun, verbose_name=_("angka resmi"), on_delete=models.PROTECT, related_name="void")
    reason = models.TextField(_("alasan"))
    door = models.CharField(_("pintu"), max_length=10)

    class Meta:
        verbose_name = _("angka tidak berlaku")
        verbose_name_plural = _("angka tidak berlaku")

    def __str__(self) -> str:
        return f"#{self.run_id}: {self.reason[:60]}"


def run_not_found(number: int | str, field: str = "") -> NotFound:
    return NotFound(N_("Perhitungan nomor %(number)s tidak ada."), field, number=number)


class CoverageFigure(models.Model):
    """Region x document x period of one run. Plain integers without foreign-key constraints: 3.7 times cheaper to fill.

    `entries` counts the values behind `recorded`: 0 entries is missing, not zero. `target` is the one in force (own,
    else the sum of the children's), NULL without any; `eligible` and `opening` are the stock's.
    """

    pk = models.CompositePrimaryKey("run", "document", "period", "region")
    run = models.ForeignKey(
        CoverageRun, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="figures"
    )
    document = models.CharField(max_length=3, choices=Document.choices)
    period = models.ForeignKey(Period, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="figures")
    region = models.ForeignKey(Region, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="figures")
    recorded = models.BigIntegerField()
    entries = models.BigIntegerField()
    target = models.BigIntegerField(null=True)
    eligible = models.BigIntegerField(null=True)
    opening = models.BigIntegerField(null=True)

    objects = RegionalQuerySet["CoverageFigure"].as_manager()

    class Meta:
        verbose_name = _("angka cakupan")
        verbose_name_plural = _("angka cakupan")

    def __str__(self) -> str:
        return f"#{self.run_id} {self.region_id} {self.document}"


class LedgerSpan(models.Model):
    """A stretch of the ledger whose changes are summed in LedgerSum: after one position until another. The spans follow
    each other from 0 on: two that begin at the same position are refused."""

    until = models.BigIntegerField(primary_key=True)
    after = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = _("bagian jejak perubahan yang dijumlahkan")
        verbose_name_plural = _("bagian jejak perubahan yang dijumlahkan")

    def __str__(self) -> str:
        return f"{self.after} < {self.until}"


class LedgerSum(models.Model):
    """People that one span of the ledger brought a region, with all below it, by service day and source (all vans as
    one); negative where it took out more. Kept for kecamatan and above: a kelurahan has few changes of its own.

    A row stands for every day that a span touched, also where its changes sum to 0. `until` is the span's. Plain
    integers without foreign-key constraints, as CoverageFigure.
    """

    pk = models.CompositePrimaryKey("region", "document", "day", "source", "until")
    region = models.ForeignKey(Region, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="sums")
    document = models.CharField(max_length=3)
    day = models.DateField()
    source = models.CharField(max_length=40)
    until = models.BigIntegerField()
    people = models.BigIntegerField()

    class Meta:
        verbose_name = _("jumlah jejak perubahan")
        verbose_name_plural = _("jumlah jejak perubahan")

    def __str__(self) -> str:
        return f"{self.region_id} {self.document} {self.day} {self.source} {self.people:+d}"


class JobDay(models.Model):
    """A nightly job is done for a business day: the unique row makes "exactly once" a constraint, not a hope."""

    job = models.CharField(_("pekerjaan"), max_length=20)
    day = models.DateField(_("tanggal"))
    run = models.ForeignKey(CoverageRun, verbose_name=_("angka resmi"), on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(_("selesai"))

    class Meta:
        verbose_name = _("perhitungan malam selesai")
        verbose_name_plural = _("perhitungan malam selesai")
        constraints = [models.UniqueConstraint(fields=["job", "day"], name="job_once_per_day")]

    def __str__(self) -> str:
        return f"{self.job} {self.day}"


class JobFailure(models.Model):
    """A nightly job that failed: shown on every page until a later success."""

    job = models.CharField(_("pekerjaan"), max_length=20)
    day = models.DateField(_("tanggal"))
    at = models.DateTimeField(_("waktu"))
    error = models.TextField(_("kesalahan"))

    class Meta:
        verbose_name = _("perhitungan malam gagal")
        verbose_name_plural = _("perhitungan malam gagal")

    def __str__(self) -> str:
        return f"{self.job} {self.day}: {self.error[:60]}"
