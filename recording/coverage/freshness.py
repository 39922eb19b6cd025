"""Whether the nightly run works: every page shows it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from recording.models import AuditEntry, JobDay, JobFailure

STALE_AFTER = timedelta(hours=26)
NIGHT, PERIOD = "night", "period"
Rows = QuerySet[Any, tuple[str, datetime, str]]


@dataclass(frozen=True)
class Freshness:
    """The last night that was done, whether it is too long ago (26 hours), and the last failure since then."""

    last_success: datetime | None
    stale: bool
    failure: str = ""


def freshness(now: datetime) -> Freshness:
    """In one query. Before the first night it is stale when the first period was defined more than 26 hours ago: since
    then a night was due."""
    with connection.cursor() as cursor:
        cursor.execute(*_question(connection.vendor))
        rows = {kind: (_aware(at), failure) for kind, at, failure in cursor.fetchall()}
    if NIGHT in rows:
        finished_at, failure = rows[NIGHT]
        return Freshness(finished_at, now - finished_at > STALE_AFTER, failure)
    if PERIOD not in rows:
        return Freshness(None, stale=False)
    defined_at, failure = rows[PERIOD]
    return Freshness(None, bool(failure) or now - defined_at > STALE_AFTER, failure)


@cache
def _question(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Its SQL is the same on every page, and to build it takes fifteen times as long as to ask it."""
    return _last_night().union(_first_period(), all=True).query.sql_with_params()


def _aware(moment: datetime) -> datetime:
    """SQLite gives the UTC that it holds without a zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _last_night() -> Rows:
    """The newest night with the last failure since then."""
    since_then = JobFailure.objects.filter(job=OuterRef("job"), at__gte=OuterRef("finished_at")).order_by("-at")
    newest = JobDay.objects.order_by("-day").values("pk")[:1]
    return (
        JobDay.objects.filter(pk=Subquery(newest))
        .annotate(kind=Value(NIGHT, TextField()), failure=_error(since_then))
        .values_list("kind", "finished_at", "failure")
    )


def _first_period() -> Rows:
    """The definition of the first period, with the last failure of all."""
    first = AuditEntry.objects.filter(action="period.define").order_by("at").values("pk")[:1]
    return (
        AuditEntry.objects.filter(pk=Subquery(first))
        .annotate(kind=Value(PERIOD, TextField()), failure=_error(JobFailure.objects.order_by("-at")))
        .values_list("kind", "at", "failure")
    )


def _error(failures: QuerySet[JobFailure]) -> Coalesce:
    return Coalesce(Subquery(failures.values("error")[:1]), Value(""), output_field=TextField())


def readiness(now: datetime) -> str:
    """For /readyz: "ok", or what is wrong with the nights."""
    state = freshness(now)
    if state.failure:
        return "failed"
    return "stale" if state.stale else "ok"
