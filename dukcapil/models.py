"""The one row that says: this installation shows example data, and its clock stands in the example's time."""

from django.db import models


class Demo(models.Model):
    """Written by `seed_demo`. While it exists every page says "Data contoh" and `clock.now()` is shifted."""

    until = models.DateField()
    shift = models.DurationField(help_text="Real time minus the example's time.")

    class Meta:
        verbose_name = "data contoh"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="demo_is_one_row")]

    def __str__(self) -> str:
        return f"Data contoh s.d. {self.until}"
