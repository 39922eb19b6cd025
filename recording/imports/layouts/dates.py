"""The day of a table of counts, or the period of one of targets, where no column says it."""

import re
from calendar import monthrange
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.choices import Choices
from recording.imports.findings import Findings
from recording.imports.questions import Answer
from recording.models import Period
from recording.parsing.days import MONTHS, Span, parse_day, spans_in

_DAY_OF_MONTH = re.compile(r"\s*(?:TANGGAL|TGL)?[.\s]*(\d\d?)\s*", re.IGNORECASE)


def spans_told(titles: Sequence[str], sheet: str, name: str, sheets: Sequence[str] = ()) -> list[tuple[str, Span]]:
    """Every span of days that the file names, with its place: "title", "sheet" or "file". `sheets`: the names of all."""
    places = [*(("title", title) for title in titles), ("sheet", sheet), ("file", name)]
    told = [(place, span) for place, text in places for span in spans_in(text)]
    own = _span_of_sheet(sheet, sheets, [span for _, span in told])
    return [*told, ("sheet", own)] if own else told


def _span_of_sheet(sheet: str, sheets: Sequence[str], told: Sequence[Span]) -> Span | None:
    """What a sheet called JAN, or one of several called 22, 23 and so on, is of: in the year, or the month, that the file
    names elsewhere. None where it names none, or two."""
    years = {(span.first.year, span.last.year) for span in told}
    months = {(span.first.replace(day=1), span.last.replace(day=1)) for span in told}
    name = sheet.strip().rstrip(".").lower()
    if name in MONTHS and len(years) == 1:
        year, last_year = years.pop()
        last = date(year, MONTHS[name], monthrange(year, MONTHS[name])[1])
        return Span(last.replace(day=1), last, f"{sheet.strip()} {year}") if year == last_year else None
    number = _DAY_OF_MONTH.fullmatch(sheet)
    if number and len(months) == 1 and len(sheets) > 1 and all(map(_DAY_OF_MONTH.fullmatch, sheets)):
        month, last_month = months.pop()
        with suppress(ValueError):
            day = month.replace(day=int(number[1]))
            return Span(day, day, sheet.strip()) if month == last_month else None
    return None


def find_day(spans: Sequence[Span], choices: Choices, findings: Findings, sheet: str = "") -> date | None:
    """The day that was chosen; else the last day of the narrowest span, which every other span must hold.

    Spans that contradict each other are asked about, without a proposal; so is a file that names none.
    """
    if choices.day:
        return choices.day
    best = min(spans, key=lambda span: span.last - span.first, default=None)
    proposed = ""
    if best is None:
        asked = Refused(N_("Berkas tidak menyebut harinya. Keadaan tanggal berapa?"))
    elif any(not span.first <= best.last <= span.last for span in spans):
        texts = ", ".join(dict.fromkeys(f"“{span.text}”" for span in spans))
        asked = Refused(N_("Berkas menyebut hari yang berbeda: %(days)s. Mana yang benar?"), days=texts)
    elif best.first == best.last:
        return best.last
    else:
        asked = Refused(N_("Berkas hanya menyebut “%(text)s”. Keadaan tanggal berapa?"), text=best.text)
        proposed = best.last.isoformat()
    days = dict.fromkeys(span.last for span in spans)
    answers = [Answer(day.isoformat(), figures.long_day(day)) for day in days]
    given = findings.ask(findings.kind_in("day", sheet), asked, answers, proposed=proposed, entry="date", sheet=sheet)
    return parse_day(given, "day") if given else None


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
