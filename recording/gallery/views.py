"""The gallery: every component in all its states, by the fragments of the pages, for those who change the look."""

from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dukcapil.errors import N_, NotFound
from dukcapil.figures import people
from dukcapil.requests import PortalRequest
from recording.coverage.charts.burn_up import burn_up
from recording.coverage.charts.tiles import PLACES, TileMap, tile_map
from recording.coverage.definitions import definitions
from recording.coverage.figures import Below, Figure
from recording.coverage.forecast_words import forecast_words
from recording.coverage.forecasts import StoredForecast
from recording.coverage.freshness import Freshness
from recording.coverage.outlook import outlook
from recording.coverage.pace import pace
from recording.coverage.plan import Plan
from recording.coverage.tables.columns import CHILDREN, table_columns
from recording.gallery import samples
from recording.ledger.forms import DayField, PeopleField
from recording.models import CoverageRun, Document, Level, RunStatus

PLAN = Plan(samples.FIRST_DAY, samples.LAST_DAY, samples.DAY)


class SampleForm(forms.Form):
    """A field of every kind; it is never sent anywhere."""

    name = forms.CharField(label=gettext_lazy("Wilayah"), help_text=gettext_lazy("Kode atau nama."))
    people = PeopleField(label=gettext_lazy("Jumlah orang"))
    day = DayField(label=gettext_lazy("Tanggal pelayanan"))
    place = forms.ChoiceField(
        label=gettext_lazy("Tempat pelayanan"), choices=[("", "–"), ("loket", "Loket"), ("mobil", "Mobil keliling")]
    )
    reason = forms.CharField(label=gettext_lazy("Alasan"), widget=forms.Textarea(attrs={"rows": 2}))


@login_not_required  # to a visitor without a log-in it does not exist, like the address of nothing
@require_safe
def gallery(request: PortalRequest) -> HttpResponse:
    """Only in an installation with example data, and only for people who have logged in; made-up values throughout."""
    if not (request.demo and request.user.is_authenticated):
        raise NotFound(N_("Halaman ini tidak ada. Periksa lagi alamatnya."))
    here = reverse("gallery")
    context = {
        "runs": [_run(True), _run(False)],
        "headlines": [_headline(*sample) for sample in samples.HEADLINES],
        "courses": [_course(*sample) for sample in samples.COURSES],
        "map": _map(),
        "children": _children(),
        "change": _change(),
        "recent": _recent(),
        "figures": _figures(),
        "nights": [Freshness(*sample) for sample in samples.NIGHTS],
        "bars": [(label, width) for label, width in samples.BARS],
        "kinds": ["tall", ""],
        "form": SampleForm(auto_id="biasa_%s"),
        "wrong": SampleForm(samples.WRONG, auto_id="salah_%s"),
        "conflict": {"old": 30_100, "current": 30_200, "by": "Budi Contoh", "at": samples.NIGHT},
        "documents": [(value, str(label), here, value == Document.KTP) for value, label in Document.choices],
        "periods": [("2020", here, False), ("2021", here, True)],
        "tabs": [(here, _("Cakupan"), True), (here, _("Mengapa berubah?"), False), (here, _("Unduh dan cetak"), False)],
        "ancestors": [_figure(samples.NAME, url=here), _figure("Kota Contoh", url=here)],
        "page": {"definitions": definitions(Document.KTP)},
    }
    return render(request, "recording/gallery/gallery.html", context)


def _run(official: bool) -> CoverageRun:
    """A run that nobody stored."""
    status = RunStatus.OFFICIAL if official else RunStatus.PROVISIONAL
    return CoverageRun(number=326, as_of=samples.DAY, finished_at=samples.NIGHT, status=status)


def _figure(
    name: str, recorded: int = 0, entries: int = 0, target: int | None = None, eligible: int | None = None, **known: str
) -> Figure:
    return Figure("99", name, Level.CITY, recorded, entries, target, eligible, plan=PLAN, **known)  # type: ignore[arg-type]


def _figures() -> list[Figure]:
    return [_figure(name, recorded, entries, target) for name, recorded, entries, target, *_rest in samples.HEADLINES]


def _head() -> dict[str, object]:
    return {"document": "KTP", "document_label": str(Document.KTP.label), "region": _figure(samples.NAME)}


def _headline(
    state: str, recorded: int, entries: int, target: int | None, eligible: int | None, official: bool
) -> SimpleNamespace:
    figure = _figure(samples.NAME, recorded, entries, target, eligible)
    return SimpleNamespace(
        figure=figure, run=_run(official), document="KTP", document_label=str(Document.KTP.label), period=f"2021 – {state}"
    )


def _course(
    state: str, per_week: int, targets: list[tuple[samples.date, int]], forecast: StoredForecast | None
) -> SimpleNamespace:
    days = samples.people_by_day(per_week)
    figure = _figure(state, sum(days.values()), len(days), targets[-1][1] if targets else None)
    first, last, until = samples.FIRST_DAY, samples.LAST_DAY, samples.DAY
    going = pace(days, total=figure.recorded, remaining=figure.remaining, first_day=first, last_day=last, as_of=until)
    expected = going.expected if days else None
    reach = (forecast.low_on, forecast.high_on) if forecast and forecast.low_on and forecast.high_on else None
    chart = burn_up(first_day=first, last_day=last, as_of=until, recorded=days, targets=targets, expected=expected, reach=reach)
    return SimpleNamespace(
        head=_head(),
        row=figure,
        period=SimpleNamespace(first_day=first, last_day=last),
        state=state,
        chart=chart,
        pace=going,
        outlook=outlook(figure, going),
        forecast=forecast_words(forecast, until) if forecast else None,
    )


def _map() -> TileMap[Figure] | None:
    figures = []
    for number, code in enumerate(sorted(PLACES)):
        share = samples.TILES[number % len(samples.TILES)]
        entries, recorded = (0, 0) if share == -1 else (1, (share or 0) * 10)
        name = f"Kecamatan {PLACES[code].short}"
        target = None if share is None else 1_000
        figures.append(Figure(code, name, Level.DISTRICT, recorded, entries, target, url=reverse("gallery")))
    return tile_map(figures)


def _children() -> SimpleNamespace:
    rows = []
    for name, recorded, entries, target, today, done, total in samples.CHILDREN:
        row = _figure(name, recorded, entries, target, url=reverse("gallery"))
        row.today, row.below = today, Below(done, total)
        rows.append(row)
    whole = _figure(samples.NAME, sum(row.recorded for row in rows), 1, sum(row.target or 0 for row in rows))
    whole.today = sum(row.today or 0 for row in rows)
    return SimpleNamespace(
        head=_head(),
        period={"name": "2021"},
        children=rows,
        columns=table_columns(
            CHILDREN,
            document=Document.KTP,
            level=str(Level.CITY.label),
            day=samples.DAY,
            below=str(Level.DISTRICT.label),
            order="-sisa",
            address=lambda order: f"?urut={order}#tabel",
        ),
        children_label=str(Level.CITY.label),
        below_label=str(Level.DISTRICT.label),
        children_done=sum(row.reached for row in rows),
        without_target=sum(row.target is None for row in rows),
        children_remaining=sum(row.remaining or 0 for row in rows),
        row=whole,
        recent=_recent(),
        target_note=_("Target wilayah ini ditetapkan %(own)s, sedangkan jumlah target wilayah di bawahnya %(below)s.")
        % {"own": "60.000", "below": "60.001"},
    )


def _change() -> SimpleNamespace:
    here = reverse("gallery")
    total = sum(number for _name, number in samples.PARTS)
    return SimpleNamespace(
        sentence=_("Bertambah %(people)s orang dari %(before)s") % {"people": people(total), "before": _("hari sebelumnya")},
        since_run=325,
        since_as_of=samples.DAY,
        since_url=here,
        url=here,
        total=total,
        parts=[(name, number, "") for name, number in samples.PARTS],
        target_change=500,
    )


def _recent() -> SimpleNamespace:
    return SimpleNamespace(
        day=samples.DAY,
        works=True,
        today=278,
        week=1_534,
        today_url=reverse("gallery"),
        more_silent=2,
        silent=["Kabupaten tanpa laporan", "Contoh Timur"],
    )
