"""The pictures of the page "Kinerja": what is measured, who can be compared, and the finding in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from dukcapil import figures
from fleet.performance.bars import BarChart, Value, bar_chart
from fleet.performance.selectors import Group
from recording.public import percent

MIN_COMPARED = 2  # of one visit nothing can be concluded
FEW_VISITS = 4  # up to here the picture says that they are few


@dataclass(frozen=True)
class Measure:
    """What groups are compared by: of how many it is taken, its value and text, the note beside it, the largest value
    that there can be (None: no bound), what is said of those with a single one, and the title of the whole."""

    name: str
    number: Callable[[Group], int]
    value: Callable[[Group], Decimal | None]
    text: Callable[[Group], str]
    note: Callable[[Group], str]
    most: Decimal | None
    single: str
    title: Callable[[Group, Sequence[Group]], str]


@dataclass(frozen=True)
class Picture:
    """One measure: its finding, the bars of those that can be compared, and the names of those with a single stop.
    `bounded`: a bar of full length is all that there can be."""

    name: str
    title: str
    bounded: bool
    chart: BarChart
    single: str
    singles: list[str]


def ranked(groups: Sequence[Group], measure: Measure) -> list[Group]:
    """Those that can be compared, the best first."""
    compared = [group for group in groups if measure.number(group) >= MIN_COMPARED]
    return sorted(compared, key=lambda group: (-(measure.value(group) or 0), group.label))


def picture(groups: Sequence[Group], measure: Measure, *, in_order: bool = False) -> Picture:
    """The best on top, of shares the lowest, which somebody has to look after; `in_order`: in the given order, which says
    something itself (days, sessions)."""
    best_first = ranked(groups, measure)
    shown = best_first
    if measure.most is not None:
        shown = sorted(best_first, key=lambda group: (measure.value(group) or 0, group.label))
    if in_order:
        shown = [group for group in groups if group in best_first]
    values = [
        Value(group.label, measure.value(group) or Decimal(0), measure.text(group), measure.note(group)) for group in shown
    ]
    whole = Group("", [stop for group in groups for stop in group.stops])
    singles = [group.label for group in groups if measure.number(group) == 1]
    title = measure.title(whole, best_first) if best_first else _("Belum ada yang dapat dibandingkan")
    chart = bar_chart(values, measure.most)
    return Picture(measure.name, title, measure.most is not None, chart, measure.single, singles)


def measures() -> list[Measure]:
    """The three of them, in the language of the page."""
    return [people_per_stop(), reports_on_time(), stops_held()]


def people_per_stop() -> Measure:
    return Measure(
        _("Perekaman per titik terlaksana"),
        lambda group: group.visits,
        lambda group: group.per_visit,
        lambda group: figures.per_day(group.per_visit),
        _visits,
        None,
        _("Satu kunjungan saja: belum dapat dibandingkan"),
        _most_people,
    )


def reports_on_time() -> Measure:
    return Measure(
        _("Laporan tepat waktu"),
        lambda group: group.expected,
        lambda group: percent(group.on_time, group.expected),
        lambda group: figures.percent(percent(group.on_time, group.expected)),
        lambda group: _of(group.on_time, group.expected),
        Decimal(100),
        _("Satu laporan saja: belum dapat dibandingkan"),
        _on_time,
    )


def stops_held() -> Measure:
    return Measure(
        _("Terlaksana dari yang terjadwal"),
        lambda group: group.scheduled,
        lambda group: percent(group.held, group.scheduled),
        lambda group: figures.percent(percent(group.held, group.scheduled)),
        lambda group: _of(group.held, group.scheduled),
        Decimal(100),
        _("Satu titik saja: belum dapat dibandingkan"),
        _held,
    )


def _of(part: int, whole: int) -> str:
    return _("%(part)s dari %(whole)s") % {"part": figures.people(part), "whole": figures.people(whole)}


def _visits(group: Group) -> str:
    few = _("hanya %(n)s kunjungan") if group.visits <= FEW_VISITS else _("%(n)s kunjungan")
    return few % {"n": figures.people(group.visits)}


def _most_people(whole: Group, best_first: Sequence[Group]) -> str:
    best, last = best_first[0], best_first[-1]
    if best.per_visit == last.per_visit:
        return _("Rata-rata %(people)s perekaman per titik") % {"people": figures.per_day(whole.per_visit)}
    return _("%(name)s terbanyak: %(people)s perekaman per titik") % {
        "name": best.label,
        "people": figures.per_day(best.per_visit),
    }


def _on_time(whole: Group, best_first: Sequence[Group]) -> str:
    if whole.on_time == whole.expected:
        return _("Semua %(n)s laporan tepat waktu") % {"n": figures.people(whole.expected)}
    share, last = _of(whole.on_time, whole.expected), best_first[-1]
    if percent(last.on_time, last.expected) == percent(best_first[0].on_time, best_first[0].expected):
        return _("%(share)s laporan tepat waktu") % {"share": share}
    return _("%(share)s laporan tepat waktu; paling jarang %(name)s") % {"share": share, "name": last.label}


def _held(whole: Group, best_first: Sequence[Group]) -> str:
    if whole.held == whole.scheduled:
        return _("Semua %(n)s titik terjadwal terlaksana") % {"n": figures.people(whole.scheduled)}
    share, last = _of(whole.held, whole.scheduled), best_first[-1]
    if percent(last.held, last.scheduled) == percent(best_first[0].held, best_first[0].scheduled):
        return _("%(share)s titik terjadwal terlaksana") % {"share": share}
    return _("%(share)s titik terjadwal terlaksana; paling jarang %(name)s") % {"share": share, "name": last.label}
