"""Whether proposals are planned: for monitors and the page Keadaan sistem."""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from dukcapil.conditions import OK, Check, Measure
from fleet.proposals.working import free_proposals

UNTOUCHED_AFTER = timedelta(minutes=5)  # no worker has begun with it, whichever else it had to do


def proposals(now: datetime) -> str:
    waiting = free_proposals(now).filter(free_since__lt=now - UNTOUCHED_AFTER).count()  # type: ignore[misc]
    return f"waiting: {waiting}" if waiting else OK


CHECKS = [
    Check("proposals", _("Usulan mobil"), proposals, {"waiting": _("Ada usulan yang lebih dari lima menit belum dihitung.")})
]


def measures(now: datetime) -> list[Measure]:
    waiting = free_proposals(now).aggregate(n=Count("pk"), first=Min("free_since"))
    oldest = (now - waiting["first"]).total_seconds() if waiting["first"] else None
    return [
        Measure("portal_proposals_waiting", "Proposals that no worker has begun with.", {"": waiting["n"]}),
        Measure("portal_proposals_oldest_seconds", "How long the oldest of them waits.", {"": oldest}),
    ]
