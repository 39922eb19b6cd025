"""Which rows of a list: the same sets for pages and API."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dukcapil.errors import Refused
from dukcapil.region_codes import within_region
from recording.models import (
    Document,
    FormerName,
    ImportKind,
    ImportState,
    Level,
    Period,
    Region,
    RegionalQuerySet,
    RegionQuerySet,
    RunStatus,
    TargetKind,
    from_source,
)
from recording.parsing.days import parse_day
from recording.parsing.region_names import is_code


class CodeField(forms.CharField):
    """A region's code: digits and dots as 31.73.02.1001."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not is_code(text):
            raise ValidationError(_("Tulis kode wilayah, misalnya 31.73 atau 31.73.02.1001."))
        return text


class CodeFilter(filters.CharFilter):
    field_class = CodeField


class IsoDayField(forms.DateField):
    """2021-11-25 and nothing else: neither 2021-1-5 nor digits of another script."""

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return parse_day(str(value))
        except Refused as problem:
            raise ValidationError(str(problem)) from None


class DayFilter(filters.DateFilter):
    field_class = IsoDayField


class BelowFilter(CodeFilter):
    """A region and everything below it. By the text of the codes: lists are read in their order, a page at a time."""

    def filter(self, qs: RegionalQuerySet[Any], value: str) -> RegionalQuerySet[Any]:
        return qs.filter(within_region(f"{qs.path}code", value)) if value else qs


class RegionFilter(filters.FilterSet):
    level = filters.ChoiceFilter(choices=Level.choices, help_text="Only this level.")
    parent = CodeFilter(field_name="parent_id", help_text="Only the regions just below this code.")
    below = BelowFilter(help_text="This code and every region below it.")
    name = filters.CharFilter(method="filter_name", help_text="Part of the name, or of one that it had before.")
    open_on = DayFilter(method="filter_open", help_text="Only regions that count on this day.")

    def filter_name(self, rows: RegionQuerySet, name: str, part: str) -> QuerySet[Region]:
        """In capitals or not."""
        former = FormerName.objects.filter(name__icontains=part).values("region")
        return rows.filter(Q(name__icontains=part) | Q(pk__in=former))

    def filter_open(self, rows: RegionQuerySet, name: str, day: Any) -> QuerySet[Region]:
        """Both its first and its last day included."""
        return rows.open_on(day)


class PeriodFilter(filters.FilterSet):
    day = DayFilter(method="filter_day", help_text="The period that holds this day.")

    def filter_day(self, rows: QuerySet[Period], name: str, day: Any) -> QuerySet[Period]:
        """Periods never overlap: one at most."""
        return rows.filter(first_day__lte=day, last_day__gte=day)


class CountedFilter(filters.FilterSet):
    """What counts, their changes and targets have in common."""

    region = CodeFilter(field_name="region_id", help_text="Only this region.")
    below = BelowFilter(help_text="This code and every region below it.")
    document = filters.ChoiceFilter(choices=Document.choices, help_text="KTP or KIA.")


class TargetFilter(CountedFilter):
    level = filters.ChoiceFilter(field_name="region__level", choices=Level.choices, help_text="Only this level.")
    period = filters.CharFilter(field_name="period__name", help_text="The period's name.")
    kind = filters.ChoiceFilter(choices=TargetKind.choices, help_text="task (of a period) or stock (eligible).")


class CountFilter(CountedFilter):
    day = DayFilter(help_text="Only this service day.")
    day_from = DayFilter(field_name="day", lookup_expr="gte", help_text="From this service day on.")
    day_to = DayFilter(field_name="day", lookup_expr="lte", help_text="Up to this service day, included.")
    source = filters.CharFilter(
        method="filter_source", help_text="Only this source, such as loket or trip-12; mobil takes in the vans' reports."
    )

    def filter_source(self, rows: QuerySet[Any], name: str, source: str) -> QuerySet[Any]:
        return rows.filter(from_source(source))


class StatusFilter(filters.ChoiceFilter):
    """The status that is told: a void run is neither official nor provisional."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=RunStatus.choices, **options)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        void = f"{self.field_name.removesuffix('status')}void__isnull"
        if value == RunStatus.VOID:
            return qs.filter(**{void: False})
        return super().filter(qs, value).filter(**{void: True}) if value else qs


class RunFilter(filters.FilterSet):
    as_of = DayFilter(help_text="Only runs of this day.")
    status = StatusFilter(help_text="official, provisional or void.")


class HistoryFilter(filters.FilterSet):
    region = CodeFilter(field_name="region_id", required=True, help_text="Whose course.")
    document = filters.ChoiceFilter(choices=Document.choices, required=True, help_text="KTP or KIA.")
    period = filters.CharFilter(field_name="period__name", help_text="Only this period.")
    status = StatusFilter(field_name="run__status", help_text="official, provisional or void.")
    from_day = DayFilter(field_name="run__as_of", lookup_expr="gte", help_text="From this as-of day on.")
    to_day = DayFilter(field_name="run__as_of", lookup_expr="lte", help_text="Up to this as-of day.")


class ImportFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=ImportKind.choices, help_text="counts or targets.")
    state = filters.ChoiceFilter(choices=ImportState.choices, help_text="How far it is.")
