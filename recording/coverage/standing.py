"""Where a figure stands, in the words of every page and file: the target first, then the plan to date."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Never stored: `Figure.standing` tells it. The worst first, as lists of them are offered."""

    BEHIND = "behind", _("tertinggal dari rencana")
    ON_PLAN = "on_plan", _("sesuai rencana")
    DONE = "done", _("tuntas")
    OVER = "over", _("melebihi target")
    SILENT = "silent", _("belum ada laporan")
    NONE = "none", _("belum ada target")
