"""What is not kept for ever of log-ins and programs: sessions that ended, answers to repeated writes, failed log-ins.

The record of what people did (AccountEvent, AuditEntry) and the ledger are kept for ever.
"""

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.models import StoredAnswer
from accounts.rights import Actor, require
from accounts.roles import Action
from accounts.services.answers import ANSWER_TTL
from dukcapil.locks import delete_if_any


def prune(*, by: Actor, now: datetime, real_now: datetime) -> dict[str, int]:
    """Delete what is past its time; returns how many rows of each kind. Safe to call at any time.

    `real_now` is the machine's clock: sessions and failed log-ins end by it, also in the example.
    """
    require(by=by, action=Action.USER_MANAGE)
    return {
        "sessions": delete_if_any(Session.objects.filter(expire_date__lt=real_now)),
        "answers": delete_if_any(StoredAnswer.objects.filter(at__lt=now - ANSWER_TTL)),
        "failed_log_ins": delete_if_any(AccessAttempt.objects.filter(attempt_time__lt=real_now - settings.AXES_COOLOFF_TIME)),
    }
