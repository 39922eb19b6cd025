"""Who was looked for at the stops and could not be recorded (settings.NOT_RECORDED_SOURCE)."""

from collections.abc import Collection
from datetime import date

from django.db.models import CharField, F, Sum, Value
from django.db.models.functions import Cast, Concat

from accounts.rights import Actor
from accounts.roles import Action
from fleet.models import NotFoundReason, ReportNotFound, ReportStatus
from recording.public import MISSED, MissedRows, NotRecordedSource

_REGION = "report__trip__village__links_up__ancestor"


def rows(by: Actor, codes: Collection[str], first: date, last: date) -> MissedRows:
    """From the reports of these days that stand: sent or approved."""
    return (
        ReportNotFound.objects.allowed_to(by, Action.FLEET_READ)
        .filter(report__status__in=(ReportStatus.SENT, ReportStatus.APPROVED), report__trip__day__range=(first, last))
        .filter(**{f"{_REGION}__in": codes})
        .values(label=F(f"{_REGION}_id"), part=Concat(Value(MISSED), Cast("reason", CharField())))
        .annotate(people=Sum("people"))
        .values_list("label", "part", "people")
    )


def reasons() -> dict[str, str]:
    return {reason.value: str(reason.label) for reason in NotFoundReason}


# Who was only not found may still be recorded.
CONFIRMED = frozenset(reason.value for reason in NotFoundReason if reason != NotFoundReason.UNKNOWN)
SOURCE = NotRecordedSource(rows, reasons, CONFIRMED)
