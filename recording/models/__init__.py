"""The tables of recording, one file per noun."""

from recording.models.audit import FIGURE_ACTIONS, AuditEntry
from recording.models.counts import (
    OF_TRIP,
    CountChange,
    DailyCount,
    Door,
    Posting,
    PostingKind,
    Source,
    from_source,
    summed_source,
)
from recording.models.imports import IMPORT_ACTIONS, WAITING, ImportBatch, ImportKind, ImportMapping, ImportState
from recording.models.regions import (
    CountedQuerySet,
    FormerName,
    Level,
    Region,
    RegionAlias,
    RegionalQuerySet,
    RegionQuerySet,
    RegionTree,
)
from recording.models.runs import CoverageFigure, CoverageRun, JobDay, JobFailure, RunStatus, run_not_found
from recording.models.targets import DOCUMENTS, Document, Period, Target, TargetKind, check_document
from recording.models.webhooks import DeliveryStatus, Webhook, WebhookDelivery

__all__ = [
    "DOCUMENTS",
    "FIGURE_ACTIONS",
    "IMPORT_ACTIONS",
    "OF_TRIP",
    "WAITING",
    "AuditEntry",
    "CountChange",
    "CountedQuerySet",
    "CoverageFigure",
    "CoverageRun",
    "DailyCount",
    "DeliveryStatus",
    "Document",
    "Door",
    "FormerName",
    "ImportBatch",
    "ImportKind",
    "ImportMapping",
    "ImportState",
    "JobDay",
    "JobFailure",
    "Level",
    "Period",
    "Posting",
    "PostingKind",
    "Region",
    "RegionAlias",
    "RegionQuerySet",
    "RegionTree",
    "RegionalQuerySet",
    "RunStatus",
    "Source",
    "Target",
    "TargetKind",
    "Webhook",
    "WebhookDelivery",
    "check_document",
    "from_source",
    "run_not_found",
    "summed_source",
]
