"""What was done to the stops of the schedule, act by act: for undoing an act, for the history of a stop, and for the words
to the kelurahan."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored
from fleet.models.trips import Trip
from fleet.models.vans import VanAbsence
from recording.public import Region


class ScheduleActKind(models.TextChoices):
    COPY = "copy", _("Minggu disalin")
    PUBLISH = "publish", _("Minggu diterbitkan")
    BREAKDOWN = "breakdown", _("Mobil tidak beroperasi")
    CHANGE = "change", _("Diubah")
    CANCEL = "cancel", _("Titik dibatalkan")
    RESUME = "resume", _("Dijadwalkan lagi")


class ScheduleAct(Authored):
    """One act on stops. `base`: of the week that was copied to or published; of the van that cannot go out, wherever its
    stops went; else of the van that has the stop after the act. `monday`: of that week; `absence`: for which stops were
    changed."""

    kind = models.CharField(_("tindakan"), max_length=10, choices=ScheduleActKind.choices)
    base = models.ForeignKey(Region, verbose_name=_("pangkalan"), on_delete=models.PROTECT, related_name="+")
    monday = models.DateField(_("minggu"), null=True)
    absence = models.ForeignKey(
        VanAbsence, verbose_name=_("mobil tidak siap"), on_delete=models.SET_NULL, null=True, related_name="acts"
    )
    undone_at = models.DateTimeField(_("diurungkan"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("diurungkan oleh"), on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("tindakan atas jadwal")
        verbose_name_plural = _("tindakan atas jadwal")
        indexes = [models.Index(fields=["monday", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.base_id} {self.monday or ''}"


class ScheduleStep(models.Model):
    """What an act did to one stop. `before` and `after` hold what `Trip.state` told; `before` is NULL for a new stop. A
    stop that an undone copy took away again leaves its steps."""

    act = models.ForeignKey(ScheduleAct, verbose_name=_("tindakan"), on_delete=models.CASCADE, related_name="steps")
    trip = models.ForeignKey(Trip, verbose_name=_("jadwal"), on_delete=models.SET_NULL, null=True, related_name="steps")
    before = models.JSONField(_("sebelumnya"), null=True)
    after = models.JSONField(_("sesudahnya"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("perubahan jadwal")
        verbose_name_plural = _("perubahan jadwal")

    def __str__(self) -> str:
        return f"{self.act_id} {self.trip_id}"
