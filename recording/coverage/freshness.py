"""Whether the nightly run works: every page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from dukcapil.kept import Kept
from dukcapil.requests import PortalRequest
from recording.coverage.clock_check import clocks_differ, jump_words, open_question
from recording.coverage.credible import lies_ahead
from recording.models import NIGHTLY, AuditEntry, CoverageRun, JobDay, JobFailure

STALE_AFTER = timedelta(hours=26)
NIGHT, PERIOD, RUN = "night", "period", "run"
Rows = QuerySet[Any, tuple[str, datetime, str]]


@dataclass(frozen=True)
class Freshness:
    """The last night that was done, whether it is too long ago (26 hours), and the last failure since then. `ahead`:
    there are figures whose moment has not come. `question`: somebody has to confirm the clock ("": nobody)."""

    last_success: datetime | None
    stale: bool
    failure: str = ""
    ahead: bool = False
    question: str = ""

    @property
    def wrong(self) -> str:
        """In one word, the most important first; "" when all is well."""
        words = {"ahead": self.ahead, "failed": bool(self.failure), "clock": bool(self.question), "stale": self.stale}
        return next((word for word, holds in words.items() if holds), "")


def freshness(now: datetime) -> Freshness:
    """In one query at most once a second, and one more where the last night is too long ago. Before the first night it is
    stale when the first period was defined more than 26 hours ago: since then a night was due."""
    rows = _rows()
    ahead = any(lies_ahead(rows[kind][0], now) for kind in (NIGHT, RUN) if kind in rows)
    if NIGHT in rows:
        finished_at, failure = rows[NIGHT]
        stale = now - finished_at > STALE_AFTER
        jump = open_question(now) if stale else None
        return Freshness(finished_at, stale, failure, ahead, jump_words(jump) if jump else "")
    if PERIOD not in rows:
        return Freshness(None, stale=False, ahead=ahead)
    defined_at, failure = rows[PERIOD]
    return Freshness(None, bool(failure) or now - defined_at > STALE_AFTER, failure, ahead)


@Kept
def _rows() -> Mapping[str, tuple[datetime, str]]:
    """The moment and the failure of each kind."""
    with connection.cursor() as cursor:
        cursor.execute(*_question(connection.vendor))
        return {kind: (_aware(at), failure) for kind, at, failure in cursor.fetchall()}


def freshness_of(request: PortalRequest) -> Freshness:
    """As of the request, asked once however many parts of a page show it."""
    kept = vars(request)
    if "freshness" not in kept:
        kept["freshness"] = freshness(request.now)
    state: Freshness = kept["freshness"]
    return state


@cache
def _question(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Its SQL is the same on every page, and to build it takes fifteen times as long as to ask it."""
    return _last_night().union(_first_period(), _last_run(), all=True).query.sql_with_params()


def _aware(moment: datetime) -> datetime:
    """SQLite gives the UTC that it holds without a zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _last_night() -> Rows:
    """The newest night with the last failure since then."""
    since_then = JobFailure.objects.filter(job=OuterRef("job"), at__gte=OuterRef("finished_at")).order_by("-at")
    newest = JobDay.objects.filter(job=NIGHTLY).order_by("-day").values("pk")[:1]
    return (
        JobDay.objects.filter(pk=Subquery(newest))
        .annotate(kind=Value(NIGHT, TextField()), failure=_error(since_then))
        .values_list("kind", "finished_at", "failure")
    )


def _first_period() -> Rows:
    """The definition of the first period, with the last failure of all."""
    first = AuditEntry.objects.filter(action="period.define").order_by("pk").values("pk")[:1]
    return (
        AuditEntry.objects.filter(pk=Subquery(first))
        .annotate(kind=Value(PERIOD, TextField()), failure=_error(JobFailure.objects.order_by("-at")))
        .values_list("kind", "at", "failure")
    )


def _last_run() -> Rows:
    """The standing run whose moment is the last."""
    last = CoverageRun.objects.standing().order_by("-finished_at").values("pk")[:1]
    return (
        CoverageRun.objects.filter(pk=Subquery(last))
        .order_by()  # no part of a union may have an order
        .annotate(kind=Value(RUN, TextField()), failure=Value("", TextField()))
        .values_list("kind", "finished_at", "failure")
    )


def _error(failures: QuerySet[JobFailure]) -> Coalesce:
    return Coalesce(Subquery(failures.values("error")[:1]), Value(""), output_field=TextField())


def readiness(now: datetime) -> str:
    """For /readyz: "ok", or what is wrong with the clock or the nights: "clock", "ahead", "failed" or "stale"."""
    return "clock" if clocks_differ() else freshness(now).wrong or "ok"
