"""What was forecast each night, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recording.models.regions import Region, RegionalQuerySet
from recording.models.runs import CoverageRun
from recording.models.targets import Document, Period


class OfForecast(models.Model):
    """The key of a forecast: run x document x period x region, as of its figure. Plain numbers without constraints.

    `band` is that of progress to the target (coverage/forecast/calibration.py, BANDS). The database refuses UPDATE and
    DELETE."""

    pk = models.CompositePrimaryKey("run", "document", "period", "region")
    run = models.ForeignKey(CoverageRun, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    document = models.CharField(max_length=3, choices=Document.choices)
    period = models.ForeignKey(Period, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    band = models.SmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.run_id} {self.region_id} {self.document}"


class CoverageForecast(OfForecast):
    """When a run expected a target to be reached that was not.

    `state` is one of coverage/forecast/night.py. `expected_on` is the day by the pace alone: `pace_people` in the last
    `pace_days` working days. The range from `low_on` to `high_on` holds eight of ten, and is there in the state "range"
    only. `counted`: the first range for this target in its band of progress, which is the one that is scored. As the run
    knew it, `known` forecasts like this one had an outcome, of which `inside` lay in their range.
    """

    state = models.CharField(max_length=12)
    recorded = models.BigIntegerField()
    target = models.BigIntegerField()
    pace_people = models.BigIntegerField()
    pace_days = models.SmallIntegerField()
    expected_on = models.DateField(null=True)
    low_on = models.DateField(null=True)
    middle_on = models.DateField(null=True)
    high_on = models.DateField(null=True)
    counted = models.BooleanField()
    known = models.IntegerField()
    inside = models.IntegerField()

    run = models.ForeignKey(
        CoverageRun, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="forecasts"
    )

    objects = RegionalQuerySet["CoverageForecast"].as_manager()

    class Meta:
        verbose_name = _("perkiraan")
        verbose_name_plural = _("perkiraan")
        indexes = [models.Index(fields=["document", "period", "region"], condition=Q(counted=True), name="forecast_counted")]


class ForecastOutcome(OfForecast):
    """What became of a counted forecast. `reached_on` is the service day on which so many people were recorded; None: the
    range passed without it. `known_in` is the number of the run that first knew."""

    reached_on = models.DateField(null=True)
    inside = models.BooleanField()
    known_in = models.BigIntegerField()

    class Meta:
        verbose_name = _("hasil perkiraan")
        verbose_name_plural = _("hasil perkiraan")
