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


class Heartbeat(models.Model):
    """When whatever does the tasks in the background gave its last sign of life, and what it was doing since when
    (dukcapil/heartbeat.py)."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
    doing = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "tanda hidup"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"


class Backup(models.Model):
    """One attempt to copy the whole installation into a file, and to prove the file by restoring it.

    The only place that says when and how a backup ended: dukcapil/backups/writing.py writes it, dukcapil/backups/state.py
    reads it. An attempt without an end was killed, or runs.
    """

    started_at = models.DateTimeField(unique=True)
    ended_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=500, blank=True, help_text="The copy's name in BACKUP_FOLDER; empty when there is none.")
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    proved_at = models.DateTimeField(null=True, help_text="When it was restored into an empty database and found equal.")
    failure = models.CharField(max_length=500, blank=True, help_text="One sentence: why there is no copy, or no proof.")

    class Meta:
        verbose_name = "cadangan"

    def __str__(self) -> str:
        return self.file or f"{self.started_at:%Y-%m-%d %H:%M}"
