"""The field for a region: a name or a code as typed, with suggestions where the browser runs scripts."""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Refused
from recording.models import Level, Region
from recording.parsing.region_names import short_name
from recording.regions.search import Suggestion, code_in, region_index, shown_value, suggestions
from recording.regions.search_index import Hit, Known
from recording.regions.selectors import UnclearRegion, find_region


class RegionInput(forms.TextInput):
    """A text field with a list below it (static/recording/regions/finder.js). `source`: the address that answers with
    suggestions; `day`: the id of the field whose day they are for; `choices`: those to choose from when what was typed is
    unclear."""

    source, day = "", ""
    choices: Collection[Suggestion] = ()

    def render(self, name: str, value: object, attrs: Any = None, renderer: Any = None) -> SafeString:
        html = super().render(name, value, attrs, renderer)
        context = {
            "input": html,
            "id": (attrs or {}).get("id", name),
            "name": name,
            "source": self.source,
            "day": self.day,
            "choices": self.choices,
        }
        return render_to_string("recording/regions/_finder.html", context)


class RegionField(forms.CharField):
    """Cleans to the code of a region in which `by` may act. What a service would refuse is refused at the field, where
    those that may be meant are offered; `problem` is that refusal."""

    widget = RegionInput
    problem: Refused | None = None

    def __init__(self, *, level: str = "", day_field: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Ketik nama atau kode, lalu pilih."))
        super().__init__(max_length=120, **kwargs)
        self.level, self.day_field = level, day_field
        self.by: Actor | None = None

    @property
    def control(self) -> RegionInput:
        return cast(RegionInput, self.widget)

    def ask(self, *, by: Actor, action: Action, day: date, source: str) -> None:
        """Who chooses a region, for what, on which day; and where suggestions come from."""
        self.by, self.action, self.day = by, action, day
        self.control.source, self.control.day = source, self.day_field
        self.control.attrs |= {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text or self.by is None:
            return text
        try:
            region = find_region(text, self.level, by=self.by, day=self.day)
            require(by=self.by, action=self.action, code=region.code)
            if region.level == Level.PROVINCE:
                raise Refused(N_("Pilih wilayah di bawah provinsi: kota/kabupaten, kecamatan, atau kelurahan."), "region")
        except Refused as problem:
            self.problem = problem
            if isinstance(problem, UnclearRegion):
                self._offer([hit for hit in problem.hits if self._may_be_meant(hit)])
            raise forms.ValidationError(str(problem)) from problem
        return region.code

    def prepare_value(self, value: Any) -> Any:
        """A code is shown with its name."""
        code = code_in(str(value or ""))
        if not code or self.by is None:
            return value
        region = Region.objects.visible_to(self.by).filter(code=code).named_on(self.day).first()
        return shown_value(short_name(region.name_then), code) if region else value

    def region(self, code: str) -> Known | None:
        """What is known of the region with this code, where the one who asks may see it."""
        return region_index(self.by).regions.get(code) if self.by and code else None

    def _may_be_meant(self, hit: Hit) -> bool:
        return self.level in ("", hit.region.level) and hit.region.level != Level.PROVINCE

    def _offer(self, hits: list[Hit]) -> None:
        assert self.by is not None
        self.control.choices = suggestions(self.by, hits, day=self.day)
