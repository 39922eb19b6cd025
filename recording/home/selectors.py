"""What waits for somebody: one question for each kind of work, each only for those who may do it."""

from datetime import date, timedelta

from django.db.models import Count, Q

from accounts.rights import Actor, can
from accounts.roles import Action
from recording.models import CountChange, CurrentCount, ImportBatch, ImportState, PostingKind, Region, Target

RECENT = timedelta(days=7)  # how long something that happened is still told
MAX_REVISIONS = 10


def imports_waiting(by: Actor, day: date) -> dict[str, int]:
    """How many files of imports are "ready" for a decision, and how many were "refused" within the last week."""
    return ImportBatch.objects.visible_to(by).aggregate(
        ready=Count("pk", filter=Q(state=ImportState.READY)),
        refused=Count("pk", filter=Q(state=ImportState.FAILED, at__date__gte=day - RECENT)),
    )


def target_revisions(by: Actor, day: date) -> list[Target]:
    """Second and later versions of targets that come into force after `day` or did within the last week, next first;
    of several for the same day only the one that counts."""
    if not can(by, Action.TARGET_WRITE):
        return []
    return list(
        Target.objects.allowed_to(by, Action.TARGET_WRITE)
        .uncorrected()
        .filter(version__gt=1, effective_from__gt=day - RECENT)
        .select_related("region")
        .order_by("effective_from", "region_id")[:MAX_REVISIONS]
    )


def silent_below(by: Actor, code: str, day: date) -> list[Region]:
    """The open regions just below `code` from which no count of that day is stored, whatever the document."""
    reported = CurrentCount.objects.visible_to(by).filter(
        day=day, people__isnull=False, region__links_up__ancestor__parent_id=code
    )
    return list(
        Region.objects.visible_to(by)
        .open_on(day)
        .filter(parent_id=code)
        .exclude(code__in=reported.values("region__links_up__ancestor_id"))
    )


def taken_back_below(by: Actor, code: str, day: date) -> int:
    """How many counts of a region and below were returned or undone within the last week."""
    return (
        CountChange.objects.visible_to(by)
        .finished()
        .below(code)
        .filter(posting__at__date__gte=day - RECENT)
        .filter(posting__kind__in=(PostingKind.RETURN, PostingKind.UNDO))
        .count()
    )
