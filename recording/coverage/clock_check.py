"""Whether the clock by which nights are made is to be believed (docs/decisions/0018)."""

from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from dukcapil import clock
from dukcapil.figures import moment
from recording.coverage.credible import MAX_SILENCE, MAX_SKEW, Jump, first_jump
from recording.models import CONFIRM_CLOCK, AuditEntry, CoverageRun, Posting


def clocks_differ() -> bool:
    """Whether the machine's clock and the database's are further apart than clocks differ."""
    return abs(clock.database_lead()) > MAX_SKEW


def is_believed(now: datetime) -> bool:
    """Whether anything may be made by this moment: two clocks agree on it, and nobody has to confirm a leap."""
    return not clocks_differ() and open_question(now) is None


def jump_words(jump: Jump) -> str:
    """The question in words."""
    words = {"since": moment(jump.since), "until": moment(jump.until)}
    return _("Jam server maju dari %(since)s ke %(until)s tanpa satu perhitungan pun. Benarkah jamnya?") % words


def open_question(now: datetime) -> Jump | None:
    """The leap of time that somebody has to confirm before anything is computed; None without one.

    Asked in production only, where a night is made every day: there more than 36 hours without a run and without a
    write are an outage, or a clock that jumped. An embedded installation is switched off over the weekend.
    """
    if not settings.LEAPS_ARE_ASKED_ABOUT:
        return None
    certain = _last_certain(now)
    if certain is None or now - certain <= MAX_SILENCE or clock.demo():
        return None
    since = {"at__gt": certain, "at__lte": now}
    written = {*Posting.objects.filter(**since).values_list("at", flat=True).distinct()}
    written |= {*AuditEntry.objects.filter(**since).values_list("at", flat=True).distinct()}
    return first_jump([certain, *sorted(written)], now)


def _last_certain(now: datetime) -> datetime | None:
    """The last run before now, or the moment at which somebody last confirmed the clock, whichever is later."""
    run = CoverageRun.objects.standing().filter(finished_at__lte=now).aggregate(last=Max("finished_at"))["last"]
    confirmed = AuditEntry.objects.filter(action=CONFIRM_CLOCK, at__lte=now).aggregate(last=Max("at"))["last"]
    return max((known for known in (run, confirmed) if known), default=None)
