"""The English words for what decides something: a catalogue in which two of them are swapped still compiles."""

from itertools import chain

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext

ENGLISH = {
    "DeliveryStatus": {"pending": "Waiting", "delivered": "Delivered", "failed": "Failed"},
    "Document": {"KTP": "KTP-el recording", "KIA": "KIA issued"},
    "Door": {
        "page": "Page",
        "api": "API",
        "command": "Command",
        "admin": "Manage",
        "task": "Scheduled task",
        "demo": "Example data",
    },
    "ImportKind": {"counts": "Daily counts", "targets": "Target"},
    "ImportState": {
        "checking": "Being checked",
        "ready": "Waiting for a decision",
        "importing": "Being imported",
        "done": "Done",
        "undoing": "Being undone",
        "undone": "Undone",
        "failed": "Rejected",
        "discarded": "Not used",
    },
    "Level": {"province": "Province", "city": "City/regency", "district": "Kecamatan", "village": "Kelurahan"},
    "PostingKind": {"entry": "Entry", "return": "Report returned", "undo": "Undo"},
    "RunStatus": {"official": "Official figure", "provisional": "Provisional", "void": "Void"},
    "Source": {"loket": "Service counter", "mobil": "Mobile van", "jemput-bola": "Outreach"},
    "WebhookEvent": {"run.official": "New official figure", "run.void": "Void"},
    "TargetKind": {"task": "Target of the period", "stock": "Eligible"},
    "AbsenceKind": {"maintenance": "Maintenance", "damage": "Broken", "lent": "Lent out"},
    "IdleReason": {
        "damage": "Van broken",
        "weather": "Flood or weather",
        "network": "Network or equipment trouble",
        "crew": "No crew",
        "place": "Place not ready",
    },
    "NotFoundReason": {
        "moved": "Moved away",
        "died": "Died",
        "abroad": "Abroad",
        "duplicate": "Duplicate record",
        "unknown": "Not found",
    },
    "NoticeKind": {
        "reminder": "Reminder of reports",
        "digest": "Digest of reports",
        "period": "Next period",
        "returned": "Report returned",
        "asked": "Reminder asked for by the agency",
    },
    "PaperKind": {"stnk": "Registration (STNK)", "kir": "Roadworthiness test (KIR)", "asuransi": "Insurance"},
    "ProposalStatus": {
        "queued": "Waiting for its turn",
        "working": "Being computed",
        "ready": "Ready to be looked at",
        "failed": "No plan",
        "published": "Published",
        "replaced": "Replaced by another proposal",
    },
    "ProposalStep": {
        "": "Waiting for its turn",
        "reading": "Reading the schedule, the vans and the figures",
        "yields": "Estimating what each kelurahan will yield",
        "planning": "Looking for the best plan",
        "proving": "Checking the proof of the plan",
        "reasons": "Writing down the reasons",
    },
    "ReportKind": {"served": "Served", "nihil": "Nihil", "idle": "Not operating"},
    "ReportStatus": {"sent": "Sent", "approved": "Approved", "returned": "Returned"},
    "RequestStatus": {"open": "Waiting", "granted": "Approved", "refused": "Rejected", "withdrawn": "Withdrawn"},
    "ScheduleActKind": {
        "copy": "Week copied",
        "publish": "Week published",
        "breakdown": "Van out of service",
        "change": "Changed",
        "cancel": "Stop called off",
        "resume": "Taken up again",
    },
    "Service": {
        "record_first": "First recording (16–17)",
        "record": "Recording (17+)",
        "kia": "KIA issued",
        "replacement": "KTP replacement",
        "birth": "Birth certificate",
        "family_card": "Family card",
        "digital": "Digital identity",
        "moves": "Moves",
        "consultation": "Consultation",
    },
    "Session": {"morning": "Morning", "midday": "Midday", "afternoon": "Afternoon", "evening": "Evening", "full": "Full day"},
    "Standing": {
        "behind": "behind plan",
        "on_plan": "on plan",
        "done": "complete",
        "over": "above target",
        "silent": "no report yet",
        "none": "no target yet",
    },
    "TripStatus": {"planned": "Planned", "published": "Published", "held": "Held", "cancelled": "Cancelled"},
    "KeyScope": {
        "read": "Read",
        "counts:write": "Record counts",
        "targets:write": "Set targets",
        "proposals:write": "Ask for proposals of the vans",
    },
    "Role": {
        "admin": "Administrator",
        "staff": "Dinas staff",
        "head": "Head of a Sudin",
        "reader": "Reader",
        "api": "API client",
        "system": "System",
        "anonymous": "No account",
    },
}


def choices(parent: type[TextChoices] = TextChoices) -> list[type[TextChoices]]:
    """Every list of choices of the portal."""
    direct = parent.__subclasses__()
    return [*direct, *chain.from_iterable(choices(child) for child in direct)]


def test_every_choice_has_its_english_word() -> None:
    assert apps.ready
    with translation.override("en"):
        labels = {
            kind.__name__: {str(value): str(label) for value, label in kind.choices}
            for kind in choices()
            if kind.__module__.split(".")[0] in ("accounts", "recording", "fleet")
        }
    assert labels == ENGLISH


WORDS = [
    ("sesuai rencana", "on plan"),
    ("di atas target", "above target"),
    ("tuntas", "complete"),
    ("belum ada target", "no target yet"),
    ("sisa", "remaining"),
    ("Sementara", "Provisional"),
    ("Angka resmi", "Official figure"),
    ("Setujui", "Approve"),
    ("Kembalikan", "Return"),
    ("Tolak", "Refuse"),
    ("Disetujui", "Approved"),
    ("Ditolak", "Rejected"),
    ("Dikembalikan", "Returned"),
    ("Dibatalkan", "Undone"),
    ("Batal", "Cancelled"),
    ("Terlambat", "Late"),
    ("Baru", "New"),
    ("Koreksi", "Corrected"),
    ("Lebih baru", "Newer"),
    ("Lebih lama", "Older"),
    ("Terbitkan", "Publish"),
    ("Masuk", "Log in"),
    ("Keluar", "Log out"),
]


@pytest.mark.parametrize(("indonesian", "english"), WORDS)
def test_words_that_decide_something(indonesian: str, english: str) -> None:
    with translation.override("en"):
        assert gettext(indonesian) == english
