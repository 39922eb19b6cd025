"""The trail of everything that is not a count: regions, periods, targets, vans. Append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Authored

# The acts that change what a coverage run reads; after any other act the same run is still the right answer.
TARGET_SET = "target.set"
PERIOD_CORRECT = "period.correct"
FIGURE_ACTIONS = ("region.load", "period.define", PERIOD_CORRECT, TARGET_SET)
VOID_RUN, CONFIRM_CLOCK = "run.void", "clock.confirm"
ANSWER_ACTIONS = (*FIGURE_ACTIONS, VOID_RUN)  # the acts after which an answer about a run is another one


class AuditEntry(Authored):
    """One act: who did what to what, when and through which door. The database refuses UPDATE and DELETE."""

    door = models.CharField(_("pintu"), max_length=10)
    action = models.CharField(_("tindakan"), max_length=40)
    subject = models.CharField(_("perihal"), max_length=80)
    details = models.JSONField(_("rincian"), default=dict)

    class Meta:
        verbose_name = _("jejak audit")
        verbose_name_plural = _("jejak audit")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
