"""What becomes of a target if the pace stays as it is, in one sentence."""

from django.utils.translation import gettext as _

from dukcapil import figures
from recording.coverage.figures import Figure
from recording.coverage.pace import Pace


def outlook(figure: Figure, pace: Pace) -> str:
    """The sentence about a region's figure in its period. Around a day: the pace is that of working days."""
    if figure.target is None:
        return _("Belum ada target untuk dikejar")
    if figure.reached:
        return _("Target %(target)s sudah tercapai") % {"target": figures.people(figure.target)}
    if not pace.days_left:
        return _("Periode berakhir dengan sisa %(people)s") % {"people": figures.people(figure.remaining)}
    if not figure.entries:
        return _("Belum ada yang direkam dari %(target)s") % {"target": figures.people(figure.target)}
    if pace.shortfall is None:
        return _("Laju baru tampak sesudah hari kerja pertama")
    if pace.shortfall:
        return _("Kurang %(people)s bila laju tetap") % {"people": figures.people(pace.shortfall)}
    return _("Tercapai sekitar %(day)s bila laju tetap") % {"day": figures.day_and_month(pace.reached_on)}
