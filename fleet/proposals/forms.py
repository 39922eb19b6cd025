"""The forms of the pages of proposals."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rights import Actor
from dukcapil import figures
from dukcapil.errors import Refused
from dukcapil.forms import ServiceForm
from fleet.pages.posted import posted_number, unknown_action
from fleet.proposals.question import MAX_FLOOR, Edit, Options, Question
from fleet.schedule.forms import ask_for_village
from recording.public import DayField, Level, Region, RegionField

WEEKS = (1, 2, 3, 4, 6)
USUAL_WEEKS = 2
ALPHA_CHOICES = (
    ("0.5", gettext_lazy("Seimbang: kelurahan yang tertinggal lebih diutamakan")),
    ("0", gettext_lazy("Perekaman sebanyak-banyaknya")),
    ("1", gettext_lazy("Semerata mungkin")),
)
STOP_CHANGES = (  # what may be done with a stop of a proposal; "" leaves it
    ("", gettext_lazy("Biarkan")),
    ("pin", gettext_lazy("Kunci")),
    ("release", gettext_lazy("Lepas kuncinya")),
    ("ban", gettext_lazy("Jangan hari ini")),
    ("ban_all", gettext_lazy("Jangan sama sekali")),
    ("move", gettext_lazy("Pindah ke")),
)
EDIT, TO_DAY, VAN = "ubah", "ke", "mobil"  # fields of a stop: NAME:VILLAGE:DAY
ALLOW = "boleh"


class ProposalForm(ServiceForm):
    """What is asked of the planner. Who plans for one city only is not asked what concerns several."""

    region = forms.ChoiceField(label=gettext_lazy("Wilayah"))
    first_day = DayField(label=gettext_lazy("Mulai hari"))
    days = forms.TypedChoiceField(label=gettext_lazy("Lamanya"), coerce=int)
    alpha = forms.ChoiceField(label=gettext_lazy("Pemerataan"), choices=ALPHA_CHOICES, widget=forms.RadioSelect)
    saturdays = forms.BooleanField(label=gettext_lazy("Mobil keluar hari Sabtu juga"), required=False)
    agency = forms.BooleanField(
        label=gettext_lazy("Mobil Dinas ikut ditempatkan (untuk seluruh provinsi: selalu)"), required=False
    )
    lend_own = forms.BooleanField(
        label=gettext_lazy("Mobil Sudin boleh dipinjamkan ke kota lain: untuk membandingkan saja, tidak untuk diterbitkan"),
        required=False,
    )
    worst_city_first = forms.BooleanField(label=gettext_lazy("Kota dengan capaian terendah didahulukan"), required=False)
    floor = forms.IntegerField(
        label=gettext_lazy("Titik yang dijamin tiap kota"),
        required=False,
        min_value=0,
        max_value=MAX_FLOOR,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    OF_SEVERAL = ("agency", "lend_own", "worst_city_first", "floor")

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        """`regions`: those for which the reader may plan; the province among them where all cities are planned at once."""
        super().__init__(*args, **kwargs)
        regions = list(regions)
        self.offer("region", [(region.code, region.name) for region in regions])
        self.offer("days", [(7 * n, ngettext("%(n)s minggu", "%(n)s minggu", n) % {"n": n}) for n in WEEKS])
        if not any(region.level == Level.PROVINCE for region in regions):
            for name in self.OF_SEVERAL:
                del self.fields[name]

    def question(self, former: Question | None = None) -> Question:
        """What a valid form asks; with the pins and bans of the question that it was changed from, where they still lie in
        its days and region."""
        data = dict(self.cleaned_data)
        region, first_day, days = data.pop("region"), data.pop("first_day"), data.pop("days")
        options = Options(**{**data, "floor": data.get("floor") or 0})
        question = Question(region, first_day, days, options)
        return question.keeping(former) if former else question


def question_initial(question: Question) -> dict[str, object]:
    """What the form shows of a question that was asked."""
    options = question.options
    return {
        "region": question.region,
        "first_day": question.first_day,
        "days": question.days,
        "alpha": options.alpha,
        "saturdays": options.saturdays,
        "agency": options.agency,
        "lend_own": options.lend_own,
        "worst_city_first": options.worst_city_first,
        "floor": options.floor,
    }


class PinForm(ServiceForm):
    """A kelurahan that the plan must visit, on one of its days."""

    village = RegionField(label=gettext_lazy("Kelurahan"), level=Level.VILLAGE, required=False)
    day = forms.ChoiceField(label=gettext_lazy("Hari"), required=False)

    def __init__(self, *args: Any, by: Actor, days: Iterable[date], today: date, **kwargs: Any) -> None:
        super().__init__(*args, prefix="sematkan", **kwargs)
        self.offer("day", [(day.isoformat(), figures.short_day(day)) for day in days])
        ask_for_village(self, by, today)

    def edits(self) -> list[Edit]:
        """The pin, where a kelurahan was named."""
        village = self.cleaned_data["village"]
        return [Edit("pin", village, self.cleaned_data["day"])] if village else []


def posted_edits(data: QueryDict) -> list[Edit]:
    """What the head changed in the stops of a proposal, as its page posts it. Refused for what no page posts."""
    edits = [_edit(name, str(value), data) for name, value in data.items() if name.startswith(f"{EDIT}:") and value]
    for village, _colon, day in (row.partition(":") for row in data.getlist(ALLOW)):
        edits.append(Edit("allow", village, day))
    return edits


def _edit(name: str, value: str, data: Mapping[str, Any]) -> Edit:
    _name, village, day = name.split(":") if name.count(":") == 2 else ("", "", "")
    if not village or not day:
        raise unknown_action()
    van = posted_number(str(data.get(f"{VAN}:{village}:{day}", "")))
    match value:
        case "pin":
            return Edit("pin", village, day, van=van)
        case "release" | "ban":
            return Edit("release" if value == "release" else "ban", village, day)
        case "ban_all":
            return Edit("ban", village)
        case "move":
            to_day = str(data.get(f"{TO_DAY}:{village}:{day}", ""))
            if not to_day:
                raise Refused(_("Pilih harinya."))
            return Edit("move", village, day, to_day, van)
    raise unknown_action()
