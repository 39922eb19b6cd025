"""The tables of the fleet, one file per noun."""

from fleet.models.acts import ScheduleAct, ScheduleActKind, ScheduleStep
from fleet.models.proposals import UNFINISHED, Proposal, ProposalStatus, ProposalStep
from fleet.models.reports import (
    EntryPermit,
    IdleReason,
    NotFoundReason,
    Notice,
    NoticeKind,
    ReportKind,
    ReportLine,
    ReportNotFound,
    ReportStatus,
    ReportVersion,
    VanReport,
)
from fleet.models.trips import RequestStatus, Service, Session, Trip, TripStatus, VanRequest
from fleet.models.vans import AbsenceKind, BaseQuota, PaperKind, Van, VanAbsence, VanPaper, absence_of

__all__ = [
    "UNFINISHED",
    "AbsenceKind",
    "BaseQuota",
    "EntryPermit",
    "IdleReason",
    "NotFoundReason",
    "Notice",
    "NoticeKind",
    "PaperKind",
    "Proposal",
    "ProposalStatus",
    "ProposalStep",
    "ReportKind",
    "ReportLine",
    "ReportNotFound",
    "ReportStatus",
    "ReportVersion",
    "RequestStatus",
    "ScheduleAct",
    "ScheduleActKind",
    "ScheduleStep",
    "Service",
    "Session",
    "Trip",
    "TripStatus",
    "Van",
    "VanAbsence",
    "VanPaper",
    "VanReport",
    "VanRequest",
    "absence_of",
]
