"""The row that marks an installation with example data."""

from django.db import models


class Demo(models.Model):
    """At most one row, written by `seed_demo`. While it exists every page says "Data contoh" and `clock.now()` is
    shifted."""

    until = models.DateField()
    shift = models.DurationField(help_text="Real time minus the example's time.")

    class Meta:
        verbose_name = "data contoh"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="demo_is_one_row")]

    def __str__(self) -> str:
        return f"Data contoh s.d. {self.until}"
