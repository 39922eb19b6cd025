"""The filters of the lists of vans, trips and reports in the API."""

import re
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError

from fleet.models import Proposal, ProposalStatus, ReportKind, ReportStatus, Session, Trip, TripStatus, Van, VanReport
from recording.public import BelowFilter, CodeFilter, DayFilter

NUMBER = re.compile(r"[0-9]{1,18}")  # no longer than any column holds


class WholeField(forms.IntegerField):
    """Digits alone: no sign, fraction or exponent."""

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not NUMBER.fullmatch(str(value)):
            raise ValidationError(self.error_messages["invalid"])
        return int(value)


class NumberFilter(filters.NumberFilter):
    field_class = WholeField


class VanFilter(filters.FilterSet):
    base = CodeFilter(help_text="Only the vans of this base: a province's code (its agency) or a city's (its Sudin).")
    in_use_on = DayFilter(method="filter_in_use", help_text="Only vans that are not retired by this day.")

    class Meta:
        model = Van
        fields: tuple[str, ...] = ()

    def filter_in_use(self, rows: Any, name: str, day: date) -> Any:
        """The day of retirement is the first without the van."""
        return rows.in_use(day)


class TripFilter(filters.FilterSet):
    day = DayFilter(help_text="Only this day.")
    day_from = DayFilter(field_name="day", lookup_expr="gte", help_text="From this day on.")
    day_to = DayFilter(field_name="day", lookup_expr="lte", help_text="Up to this day, included.")
    van = NumberFilter(field_name="van", help_text="Only this van, by its number.")
    region = BelowFilter(help_text="Only stops in this region: its code, and everything below it.")
    session = filters.ChoiceFilter(choices=Session.choices, help_text="Only this part of the day.")
    status = filters.ChoiceFilter(choices=TripStatus.choices, help_text="Only trips with this status.")

    class Meta:
        model = Trip
        fields: tuple[str, ...] = ()


class ReportFilter(filters.FilterSet):
    day = DayFilter(field_name="trip__day", help_text="Only reports of this day.")
    day_from = DayFilter(field_name="trip__day", lookup_expr="gte", help_text="Of this day and later.")
    day_to = DayFilter(field_name="trip__day", lookup_expr="lte", help_text="Up to this day, included.")
    van = NumberFilter(field_name="trip__van", help_text="Only this van, by its number.")
    region = BelowFilter(help_text="Only stops in this region: its code, and everything below it.")
    status = filters.ChoiceFilter(choices=ReportStatus.choices, help_text="Only reports with this status.")
    kind = filters.ChoiceFilter(choices=ReportKind.choices, help_text="Only reports of this kind.")

    class Meta:
        model = VanReport
        fields: tuple[str, ...] = ()


class ProposalFilter(filters.FilterSet):
    region = CodeFilter(help_text="Only proposals for this region: a city's code, or a province's for all of its cities.")
    status = filters.ChoiceFilter(choices=ProposalStatus.choices, help_text="Only proposals with this status.")

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = ()
