"""The day of a table of counts, or the period of one of targets, where no column says it."""

from collections.abc import Sequence
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices
from recording.imports.findings import Findings
from recording.models import Period
from recording.parsing.days import Span, spans_in


def spans_told(titles: Sequence[str], sheet: str, name: str) -> list[tuple[str, Span]]:
    """Every span of days that the file names, with its place: "title", "sheet" or "file"."""
    places = [*(("title", title) for title in titles), ("sheet", sheet), ("file", name)]
    return [(place, span) for place, text in places for span in spans_in(text)]


def find_day(spans: Sequence[Span], choices: Choices, findings: Findings) -> date | None:
    """The day that was chosen; else the last day of the narrowest span, which every other span must hold.

    Spans that contradict each other stop the file until a person decides; so does a file that names none.
    """
    best = min(spans, key=lambda span: span.last - span.first, default=None)
    day = choices.day or (best.last if best else None)
    if choices.day:
        return day
    if best is None:
        findings.stop(Refused(N_("Berkas tidak menyebut harinya. Isi harinya: keadaan tanggal berapa?"), "day"))
    elif any(not span.first <= best.last <= span.last for span in spans):
        days = ", ".join(dict.fromkeys(f"“{span.text}”" for span in spans))
        findings.stop(Refused(N_("Berkas menyebut hari yang berbeda: %(days)s. Pilih harinya."), "day", days=days))
    elif best.first != best.last:
        findings.ask(
            "day",
            N_("Berkas hanya menyebut “%(text)s”; dihitung pada %(day)s."),
            text=best.text,
            day=figures.long_day(best.last),
        )
    return day


def find_period(spans: Sequence[Span], choices: Choices, periods: Sequence[Period], findings: Findings) -> Period | None:
    """The period that was chosen; else the only one in which a span of the file lies. Otherwise the file is stopped."""
    if choices.period:
        named = [period for period in periods if period.name == choices.period]
    else:
        named = [
            period
            for period in periods
            if any(period.first_day <= span.first and span.last <= period.last_day for span in spans)
        ]
    if len(named) == 1:
        return named[0]
    if choices.period:
        findings.stop(Refused(N_("Periode %(name)s belum ditetapkan."), "period", name=choices.period))
    else:
        findings.stop(Refused(N_("Berkas tidak menyebut periodenya. Pilih periode."), "period"))
    return None
