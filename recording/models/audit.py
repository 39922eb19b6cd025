"""The trail of everything that is not a count: regions, periods, targets, runs by hand. Append-only."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One act: who did what to what, when and through which door. The database refuses UPDATE and DELETE."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=10)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "jejak audit"
        verbose_name_plural = "jejak audit"

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
