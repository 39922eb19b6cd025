"""Is the nightly run alive? Every page says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from recording.models import AuditEntry, JobDay, JobFailure

STALE_AFTER = timedelta(hours=26)


@dataclass(frozen=True)
class Freshness:
    """The last night that was done, whether it is too long ago (26 hours), and the last failure since then."""

    last_success: datetime | None
    stale: bool
    failure: str = ""


def freshness(now: datetime) -> Freshness:
    """One query, and a second one before the first night, when `last_success` is None."""
    since = JobFailure.objects.filter(job=OuterRef("job"), at__gte=OuterRef("finished_at")).order_by("-at")
    night = (
        JobDay.objects.annotate(
            failure=Coalesce(Subquery(since.values("error")[:1]), Value(""), output_field=TextField())
        )
        .order_by("-day")
        .values("finished_at", "failure")
        .first()
    )
    if night is None:
        return _before_the_first_night(now)
    return Freshness(night["finished_at"], now - night["finished_at"] > STALE_AFTER, night["failure"])


def _before_the_first_night(now: datetime) -> Freshness:
    """Stale when a period was defined more than 26 hours ago: then a night was due, and nobody did it."""
    newest = JobFailure.objects.order_by("-at").values("error")[:1]
    defined = (
        AuditEntry.objects.filter(action="period.define")
        .annotate(failure=Coalesce(Subquery(newest), Value(""), output_field=TextField()))
        .order_by("at")
        .values("at", "failure")
        .first()
    )
    if defined is None:
        return Freshness(None, stale=False)
    failure = defined["failure"]
    return Freshness(None, bool(failure) or now - defined["at"] > STALE_AFTER, failure)


def readiness(now: datetime) -> str:
    """For /readyz: "ok", or what is wrong with the nights."""
    found = freshness(now)
    if found.failure:
        return "failed"
    return "stale" if found.stale else "ok"
