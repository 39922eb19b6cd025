"""What should be reached: documents, periods and the versions of targets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from dukcapil.errors import N_, Refused
from recording.models.regions import CountedQuerySet, Region


class Document(models.TextChoices):
    """What is counted. The KIA is issued without biometrics, so it is never called a recording."""

    KTP = "KTP", _("Perekaman KTP-el")
    KIA = "KIA", _("KIA terbit")


DOCUMENTS = frozenset(Document.values)


def check_document(document: str, *, field: str = "document", refusal: type[Refused] = Refused) -> None:
    """The refusal of what is none of the documents that are counted; an address that names one is `NotFound`."""
    if document not in DOCUMENTS:
        raise refusal(N_("Dokumen %(document)s tidak dikenal; pilih KTP atau KIA."), field, document=document)


class TargetKind(models.TextChoices):
    TASK = "task", _("Target periode")
    STOCK = "stock", _("Wajib KTP")


class Period(models.Model):
    """A span of days with a name ("2021"). Periods never overlap (the database refuses), so a day has one at most."""

    name = models.CharField(_("nama"), max_length=40, unique=True)
    first_day = models.DateField(_("hari pertama"))
    last_day = models.DateField(_("hari terakhir"))

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("periode")
        verbose_name_plural = _("periode")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="period_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.name


class Target(Authored):
    """One version of one target; never overwritten (the database refuses UPDATE and DELETE).

    In force on a day: the greatest version whose `effective_from` is not later. `people` NULL withdraws the
    target, so that the sum of the children's counts again. `opening` (stock only) is how many were recorded
    before the period began: coverage = (opening + recorded in the period) / eligible.
    """

    region = models.ForeignKey(Region, verbose_name=_("wilayah"), on_delete=models.PROTECT, related_name="targets")
    document = models.CharField(_("dokumen"), max_length=3, choices=Document.choices)
    period = models.ForeignKey(Period, verbose_name=_("periode"), on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(_("jenis"), max_length=5, choices=TargetKind.choices)
    version = models.PositiveIntegerField(_("versi"))
    people = models.BigIntegerField(_("jumlah orang"), null=True)
    opening = models.BigIntegerField(_("angka awal"), default=0)
    source = models.CharField(_("sumber"), max_length=200)
    effective_from = models.DateField(_("berlaku sejak"))

    objects = CountedQuerySet["Target"].as_manager()

    class Meta:
        ordering = ["region", "document", "kind", "version"]
        verbose_name = _("target")
        verbose_name_plural = _("target")
        constraints = [
            models.UniqueConstraint(fields=["region", "document", "period", "kind", "version"], name="target_version_once"),
            models.CheckConstraint(condition=Q(people__gte=0) & Q(opening__gte=0), name="target_not_negative"),
            models.CheckConstraint(condition=~Q(kind="task") | Q(opening=0), name="target_of_a_period_has_no_opening_figure"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.document} {self.kind} v{self.version}"
