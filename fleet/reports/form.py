"""The form of a daily report: one number for each service, blank is not zero."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from dukcapil.errors import N_, Refused
from dukcapil.forms import ServiceForm
from fleet.models import IdleReason, NotFoundReason, Service, Trip, VanReport
from fleet.reports.body import IDLE, NIHIL, SERVED, ReportBody, nihil
from fleet.reports.services import body_of
from recording.public import PeopleField

MISSING = "missing_"  # fields of people who were not found begin with it


class ReportForm(ServiceForm):
    """What one types about a trip. `device` is minted by the page where it is typed, never by the server: a page out
    of a cache would bring an old one along. Without a script it is blank, and made from what was sent."""

    def __init__(self, *args: object, trip: Trip, **kwargs: object) -> None:
        kwargs.setdefault("auto_id", f"t{trip.pk}_%s")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.trip = trip
        offered = [service for service in Service.values if service in trip.services]
        for service in Service.values:
            self.fields[service] = PeopleField(label=Service(service).label, required=False)
        self.fields["elsewhere_ktp"] = PeopleField(label=_("Perekaman warga luar domisili"), required=False)
        self.fields["elsewhere_kia"] = PeopleField(label=_("KIA anak luar domisili"), required=False)
        for why, label in NotFoundReason.choices:
            self.fields[MISSING + why] = PeopleField(label=label, required=False)
        self.fields["obstacles"] = forms.CharField(label=_("Kendala atau keterangan"), required=False, max_length=500)
        self.fields["idle_reason"] = forms.ChoiceField(
            label=_("Alasan tidak beroperasi"), required=False, choices=[("", _("Pilih alasan")), *IdleReason.choices]
        )
        self.fields["reason"] = forms.CharField(label=_("Alasan perubahan"), required=False, max_length=500)
        for name in ("device", "expected", "stop", "kind", "confirmed"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["stop"].initial = trip.token
        self.offered = offered

    def refuse(self, problem: Refused) -> None:
        """People who were not found have fields of their own name."""
        if problem.field in NotFoundReason.values:
            problem.field = MISSING + problem.field
        super().refuse(problem)

    def show_version(self, version: int) -> None:
        """What is sent next was written with this version in view."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["expected"] = str(version)
        self.data = data

    def of(self, names: list[str]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def numbers(self) -> list[forms.BoundField]:
        """One for each service that the stop offers."""
        return self.of(self.offered)

    @property
    def others(self) -> list[forms.BoundField]:
        """Services that were not planned and may have been given all the same."""
        return self.of([service for service in Service.values if service not in self.offered])

    @property
    def elsewhere(self) -> list[forms.BoundField]:
        return self.of(["elsewhere_ktp", "elsewhere_kia"])

    @property
    def missing(self) -> list[forms.BoundField]:
        """People on the list who could not be recorded, by reason."""
        return self.of([MISSING + why for why in NotFoundReason.values])

    @property
    def has_more(self) -> bool:
        """Whether the folded part holds anything, so that it must be shown open."""
        return any(field.value() not in (None, "") or field.errors for field in (*self.elsewhere, *self.missing))

    def body(self) -> ReportBody:
        """What was typed; Refused when Nihil was pressed although numbers stand there."""
        data = self.cleaned_data
        lines = {service: data[service] for service in Service.values if data[service] is not None}
        kind = data["kind"] if data["kind"] in (NIHIL, IDLE) else SERVED
        told = {why: data[MISSING + why] for why in NotFoundReason.values if data[MISSING + why] is not None}
        if kind == NIHIL:
            if any(lines.values()):
                raise Refused(N_("Ada angka yang terisi. Kosongkan untuk Nihil, atau tekan Kirim laporan."), "lines")
            return nihil(self.offered, data["obstacles"], told)
        return ReportBody(
            kind,
            lines,
            data["elsewhere_ktp"],
            data["elsewhere_kia"],
            told,
            data["obstacles"],
            data["idle_reason"] if kind == IDLE else "",
        )

    def expected(self) -> int:
        """The version that the page showed; 0 for none."""
        text = self.cleaned_data["expected"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    def device(self, body: ReportBody, user: object) -> str:
        """The id of this sending: the one minted on the device, or one that the same sending always gets."""
        if self.cleaned_data["device"]:
            return str(self.cleaned_data["device"])
        said = f"{user}|{self.trip.pk}|{self.expected()}|{self.cleaned_data['reason']}|{body.digest()}"
        return f"form-{hashlib.sha256(said.encode()).hexdigest()[:32]}"

    def confirmed(self) -> list[str]:
        """The questions that were answered with yes."""
        return [code for code in self.data.getlist("confirmed") if code][:10]  # type: ignore[attr-defined]


def report_initial(report: VanReport | None) -> dict[str, object]:
    """What the form shows of a report that stands."""
    if report is None:
        return {"expected": 0}
    body = body_of(report)
    return {
        "expected": report.version,
        "elsewhere_ktp": body.elsewhere_ktp,
        "elsewhere_kia": body.elsewhere_kia,
        "obstacles": body.obstacles,
        "idle_reason": body.idle_reason,
        **body.lines,
        **{MISSING + why: people for why, people in body.not_found.items()},
    }
