"""Counts: reading them, and writing one or ten thousand, all or nothing."""

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.acts import Act
from accounts.roles import Action
from dukcapil.api.plain_rows import PlainRows
from dukcapil.api.schema import FIELDS
from dukcapil.errors import N_, Refused
from recording.filters import CountFilter
from recording.ledger.api_rows import IDEMPOTENCY, day, integer, once, read_rows, text
from recording.ledger.checks import CountInput
from recording.ledger.services import MAX_COUNTS_PER_REQUEST, Written, record_counts
from recording.models import CurrentCount, Document, Door, Period, waits_for_period
from recording.parsing.numbers import MAX_PEOPLE


class CountRow(serializers.Serializer[Any]):
    region = serializers.CharField(source="region_id", help_text="Code of the region, at any level.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    day = serializers.DateField(help_text="The service day, as people wrote it.")
    source = serializers.CharField(help_text="loket, mobil, jemput-bola, trip-N (a van's report) or an import's.")
    people = serializers.IntegerField(help_text="People. A count that was taken out is not listed: missing, not 0.")
    posting = serializers.IntegerField(
        source="posting_id", help_text="The act of writing that it stands under; `expected` of a correction."
    )
    entered_at = serializers.DateTimeField(source="posting.at", help_text="When it was written.")


class CountEntry(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region that the people live in.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    day = serializers.DateField(help_text="The service day.")
    source = serializers.CharField(max_length=40, help_text="Where they were served, such as loket.")
    people = serializers.IntegerField(
        min_value=0, max_value=MAX_PEOPLE, help_text="People: a JSON integer, never text or a fraction."
    )
    expected = serializers.IntegerField(
        required=False, min_value=0, help_text="The posting that you saw (0: none); when the count was changed since, 409."
    )
    reason = serializers.CharField(
        required=False, help_text="Why a stored count becomes another number; one reason for the whole request."
    )


class CountDone(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Code of the region.")
    document = serializers.ChoiceField(Document.choices, help_text="KTP or KIA.")
    day = serializers.DateField(help_text="The service day.")
    source = serializers.CharField(help_text="Where they were served.")
    status = serializers.ChoiceField(["new", "changed", "unchanged"], help_text="What happened.")
    old = serializers.IntegerField(allow_null=True, help_text="People before; null: there was no count.")
    new = serializers.IntegerField(help_text="People now.")


class CountsDone(serializers.Serializer[Any]):
    posting = serializers.IntegerField(allow_null=True, help_text="The act of writing; null: nothing changed.")
    new = serializers.IntegerField(help_text="Counts that were new.")
    changed = serializers.IntegerField(help_text="Counts that were corrected.")
    unchanged = serializers.IntegerField(help_text="Counts that were so already.")
    waiting = serializers.IntegerField(
        help_text="Counts of a day that no period holds yet: kept, and part of the figures as soon as it is made."
    )
    results = CountDone(many=True, help_text="What happened to each, in the order of the request.")


ONE = {"region": "31.73.01.1001", "document": "KTP", "day": "2021-11-25", "source": "loket", "people": 12}


@extend_schema(tags=["counts"])
class Counts(PlainRows):
    """Counts of people, by region, document, service day and source: its natural key."""

    reads, writes = Action.COUNT_READ, Action.COUNT_WRITE
    serializer_class = CountRow
    queryset = CurrentCount.objects.none()
    filterset_class = CountFilter
    orderings = {"region": ("region_id", "document", "day", "source"), "day": ("day", "region_id", "document", "source")}
    ordering = "region"

    def get_queryset(self) -> QuerySet[CurrentCount]:
        return CurrentCount.objects.visible_to(self.request.user).filter(people__isnull=False)

    @extend_schema(summary="Counts", parameters=[FIELDS], operation_id="counts_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Record counts",
        operation_id="counts_record",
        parameters=[IDEMPOTENCY],
        filters=False,
        description="One object, or a list of up to 10,000: all are recorded or none. What is so already stays so. "
        "Another number for a stored count is a correction and needs `reason`. The key's scope: counts:write.",
        request=CountEntry(many=True),
        responses={200: CountsDone},
        examples=[OpenApiExample("One count", value=ONE, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        """Record counts."""
        rows = read_rows(request.data, CountEntry, _read, limit=MAX_COUNTS_PER_REQUEST)
        counts = [count for count, _reason in rows]
        reason = _one_reason({reason for _count, reason in rows if reason})
        act = Act(request.user, request._request.now, Door.API)
        return once(request, lambda: _done(record_counts(act=act, counts=counts, reason=reason)))


def _read(row: dict[str, Any]) -> tuple[CountInput, str]:
    people = integer(row, "people")
    count = CountInput(
        text(row, "region"), text(row, "document"), day(row, "day"), text(row, "source"), people or 0, integer(row, "expected")
    )
    return count, text(row, "reason")


def _one_reason(reasons: set[str]) -> str:
    if len(reasons) > 1:
        raise Refused(N_("Satu kiriman memuat satu alasan; bagi menurut alasannya."), "reason")
    return reasons.pop() if reasons else ""


def _done(written: Written) -> dict[str, Any]:
    periods = list(Period.objects.all())
    statuses = [outcome.status for outcome in written.outcomes]
    days = Counter(outcome.key[2] for outcome in written.outcomes)
    iso = {day: day.isoformat() for day in days}
    return {
        "posting": written.posting.pk if written.posting else None,
        **{status: statuses.count(status) for status in ("new", "changed", "unchanged")},
        "waiting": sum(count for day, count in days.items() if waits_for_period(periods, day)),
        "results": [
            {
                "region": region,
                "document": document,
                "day": iso[day],
                "source": source,
                "status": status,
                "old": old,
                "new": new,
            }
            for (region, document, day, source), status, old, new in written.outcomes
        ],
    }
