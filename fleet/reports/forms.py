"""The forms of daily reports: a report, with one number for each service (blank is not zero), and a permit."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from accounts.roles import Action
from dukcapil.clock import JAKARTA
from dukcapil.errors import N_, Refused
from dukcapil.forms import ServiceForm
from fleet.models import IdleReason, NotFoundReason, ReportStatus, Service, Trip, VanReport
from fleet.pages.forms import chosen_day
from fleet.reports.body import IDLE, NIHIL, SERVED, ReportBody, nihil
from fleet.reports.fields import ELSEWHERE, field_label
from fleet.reports.selectors import body_of
from fleet.reports.services import ReportInput
from recording.public import DayField, Level, PeopleField, Region

MISSING = "missing_"  # the fields of people who were not found begin with it
MAX_CONFIRMED = 10  # the last ones that were ticked
LAST_DAY = date(2100, 12, 31)  # the calendar itself ends in 9999


class ReportForm(ServiceForm):
    """The report of a trip. `device` is minted by the page where it is typed, never by the server: a page out of a
    cache would bring an old one along. Without a script it is blank, and made from what was sent."""

    data: MultiValueDict[str, Any]

    def __init__(self, *args: Any, trip: Trip, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"t{trip.pk}_%s")
        super().__init__(*args, **kwargs)
        self.trip = trip
        self.offered = [service for service in Service.values if service in trip.services]
        for service in Service.values:
            self.fields[service] = PeopleField(label=Service(service).label, required=False)
        for name in ELSEWHERE:
            self.fields[name] = PeopleField(label=field_label(name), required=False)
        for cause, label in NotFoundReason.choices:
            self.fields[MISSING + cause] = PeopleField(label=label, required=False)
        self.fields["obstacles"] = forms.CharField(label=field_label("obstacles"), required=False, max_length=500)
        self.fields["idle_reason"] = forms.ChoiceField(
            label=field_label("idle_reason"), required=False, choices=[("", _("Pilih alasan")), *IdleReason.choices]
        )
        self.fields["reason"] = forms.CharField(label=_("Alasan perubahan"), required=False, max_length=500)
        for name in ("device", "expected", "stop", "kind"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["stop"].initial = trip.token
        report: VanReport | None = getattr(trip, "report", None)
        if report and report.status == ReportStatus.RETURNED:
            self._mark(report.wrong_fields or (), report.decision)

    def _mark(self, names: Iterable[str], reason: str) -> None:
        """Say at the fields that the agency marked why the report was returned."""
        sentence = _("Dikembalikan Dinas: %(why)s") % {"why": reason}
        for name in names:
            self.fields[_form_name(name)].help_text = sentence

    def refuse(self, problem: Refused) -> None:
        """People who were not found have fields of their own name."""
        problem.field = _form_name(problem.field)
        super().refuse(problem)

    def show_version(self, version: int) -> None:
        """What is sent next was written with this version in view."""
        data = self.data.copy()
        data["expected"] = str(version)
        self.data = data

    @property
    def numbers(self) -> list[forms.BoundField]:
        """One for each service that the stop offers."""
        return [self[service] for service in self.offered]

    @property
    def others(self) -> list[forms.BoundField]:
        """Services that were not planned and may have been given all the same."""
        return [self[service] for service in Service.values if service not in self.offered]

    @property
    def elsewhere(self) -> list[forms.BoundField]:
        return [self["elsewhere_ktp"], self["elsewhere_kia"]]

    @property
    def missing(self) -> list[forms.BoundField]:
        """People on the list who could not be recorded, by reason."""
        return [self[MISSING + cause] for cause in NotFoundReason.values]

    @property
    def has_more(self) -> bool:
        """Whether the folded part holds anything, so that it must be shown open."""
        fields = (*self.elsewhere, *self.missing)
        marked = any(field.help_text for field in (*self.others, *fields))
        return marked or any(field.value() not in (None, "") or field.errors for field in fields)

    def report(self, user: object) -> ReportInput:
        """What was sent by this user; Refused when Nihil was pressed although there are numbers."""
        body = self._body()
        return ReportInput(
            body,
            device=self.cleaned_data["device"] or self._device(body, user),
            expected=self._expected(),
            confirmed=[code for code in self.confirmed if code][-MAX_CONFIRMED:],
            reason=self.cleaned_data["reason"],
            token=self.cleaned_data["stop"],
        )

    def _body(self) -> ReportBody:
        data = self.cleaned_data
        lines = {service: data[service] for service in Service.values if data[service] is not None}
        kind = data["kind"] if data["kind"] in (NIHIL, IDLE) else SERVED
        causes = [cause for cause in NotFoundReason.values if data[MISSING + cause] is not None]
        not_found = {cause: data[MISSING + cause] for cause in causes}
        if kind == NIHIL:
            if any(lines.values()):
                raise Refused(N_("Ada angka yang terisi. Kosongkan untuk Nihil, atau tekan Kirim laporan."), "lines")
            return nihil(self.offered, data["obstacles"], not_found)
        elsewhere = data["elsewhere_ktp"], data["elsewhere_kia"]
        idle_reason = data["idle_reason"] if kind == IDLE else ""
        return ReportBody(kind, lines, *elsewhere, not_found, data["obstacles"], idle_reason)

    def _expected(self) -> int:
        """The version that the page showed; 0 for none."""
        text = self.cleaned_data["expected"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    def _device(self, body: ReportBody, user: object) -> str:
        """Without a script: an id that the same sending always gets, so that pressing twice is one report."""
        sending = f"{user}|{self.trip.pk}|{self._expected()}|{self.cleaned_data['reason']}|{body.digest()}"
        return f"form-{hashlib.sha256(sending.encode()).hexdigest()[:32]}"


def _form_name(name: str) -> str:
    """The field of the form for one of ReportBody."""
    return MISSING + name if name in NotFoundReason.values else name


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
        **{MISSING + cause: people for cause, people in body.not_found.items()},
    }


def sent_fields(report: VanReport) -> list[tuple[str, str]]:
    """(name, value) of what a standing report fills in, for the form that the page of the day opens to correct it."""
    return [(name, str(value)) for name, value in report_initial(report).items() if value not in (None, "")]


def blank_form(day: date) -> ReportForm:
    """A form of no stop, with every service: the page of the day makes the forms of folded stops out of it, so that a
    hundred of them weigh no more than one."""
    return ReportForm(trip=Trip(pk=0, van_id=0, day=day, services=list(Service.values)), initial={"expected": 0})


class PermitForm(ServiceForm):
    """A city may report a closed day, until the end of another day."""

    city = forms.ChoiceField(label=_("Kota"))
    day = DayField(label=_("Hari yang dibuka"), offers="id_city", parameter="dibuka")
    until = DayField(label=_("Sampai akhir hari"))
    reason = forms.CharField(label=_("Alasan"), max_length=200)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = chosen_day(self.data.get("day"), self.get_initial_for_field(self.fields["day"], "day"))
        cities = Region.objects.allowed_to(by, Action.REPORT_DECIDE).filter(level=Level.CITY).open_on(day)
        self.offer("city", [(city.code, city.name) for city in cities])

    def expires(self) -> datetime:
        """The midnight after that day in Jakarta."""
        until: date = self.cleaned_data["until"]
        if until > LAST_DAY:
            raise Refused(N_("Tanggal itu di luar jangkauan jadwal."), "until")
        return datetime.combine(until + timedelta(days=1), time(0), tzinfo=JAKARTA)
