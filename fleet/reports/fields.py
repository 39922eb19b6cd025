"""The fields of a report by the names of ReportBody, as they are marked when it is returned, and what people call them."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from dukcapil.errors import N_, Refused
from fleet.models import NotFoundReason, Service, Trip
from fleet.reports.body import IDLE, ReportBody

ELSEWHERE = ("elsewhere_ktp", "elsewhere_kia")
FIELDS = (*Service.values, *ELSEWHERE, *NotFoundReason.values, "obstacles", "idle_reason")  # in the order of the form


def field_label(name: str) -> str:
    """The field in words, in the language of the page."""
    if name in Service.values:
        return str(Service(name).label)
    if name in NotFoundReason.values:
        return _("Tidak terekam: %(why)s") % {"why": NotFoundReason(name).label}
    return {
        "elsewhere_ktp": _("Perekaman warga luar domisili"),
        "elsewhere_kia": _("KIA anak luar domisili"),
        "obstacles": _("Kendala atau keterangan"),
        "idle_reason": _("Alasan tidak beroperasi"),
    }[name]


def field_labels(names: Collection[str]) -> str:
    """These fields in words, as one enumeration in the order of the form."""
    return ", ".join(field_label(name) for name in FIELDS if name in names)


def known_fields(names: Collection[str]) -> list[str]:
    """These names in the order of the form; Refused when one is no field of a report."""
    if not set(names) <= set(FIELDS):
        raise Refused(N_("Isian yang ditandai tidak dikenal. Muat ulang halamannya."), "fields")
    return [name for name in FIELDS if name in names]


def markable_fields(trip: Trip, body: ReportBody) -> list[str]:
    """What may be marked as wrong: what was planned or told, and the words of the report."""
    if body.kind == IDLE:
        return ["idle_reason", "obstacles"]
    elsewhere = {"elsewhere_ktp": body.elsewhere_ktp, "elsewhere_kia": body.elsewhere_kia}
    names = {*trip.services, *body.lines, *body.not_found, *(name for name in ELSEWHERE if elsewhere[name]), "obstacles"}
    return [name for name in FIELDS if name in names]
