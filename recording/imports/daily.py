"""Running totals of a file against the stored counts of the same source."""

from collections.abc import Iterable
from datetime import date

from dukcapil import figures
from dukcapil.errors import N_, Refused
from recording.imports.places import Places
from recording.imports.plan import Plan
from recording.imports.report import WARNING, Report
from recording.imports.running import as_daily
from recording.imports.tables import CountSlot
from recording.ledger.stage import Stage
from recording.models import DailyCount, Period


def stage_daily(
    stage: Stage,
    totals: list[tuple[int, str, CountSlot, int]],
    plan: Plan,
    periods: list[Period],
    places: Places,
    report: Report,
) -> None:
    """Turn running totals into the counts of their days, and stage those; a fall is told and asks for a reason."""
    by_key: dict[tuple[str, str, str, date], list[tuple[date, int, int]]] = {}
    for number, code, slot, people in totals:
        since = _since(slot.day, plan, periods)
        by_key.setdefault((code, slot.document, slot.source, since), []).append((slot.day, people, number))
    known = _known(by_key)
    rows: list[tuple[object, ...]] = []
    for (code, document, source, since), said in by_key.items():
        stored = known.get((code, document, source), {})
        last = max(day for day, _, _ in said)
        until = _until(last, plan, periods)
        daily = as_daily(
            {day: people for day, people in stored.items() if since <= day <= until},
            [(day, people) for day, people, _ in said],
        )
        lines = {day: number for day, _, number in said}
        rows += [(lines.get(day, 0), code, document, day.isoformat(), source, n) for day, n in daily.counts.items()]
        for day, before, total in daily.falls:
            report.needs_reason = True
            report.add(
                lines[day],
                places.names[code],
                Refused(
                    N_("Total turun dari %(before)s menjadi %(total)s; selisihnya dikurangkan dari hari sebelumnya."),
                    before=figures.people(before),
                    total=figures.people(total),
                ),
                WARNING,
                plan.sheet,
            )
    if report.needs_reason:
        report.ask("fall", N_("Ada total yang turun: itu koreksi atas hitungan yang sudah tersimpan."))
    stage.load(rows)


def _since(day: date, plan: Plan, periods: Iterable[Period]) -> date:
    """The first day that a running total adds up."""
    if plan.running_since == "start":
        return date.min
    return next((period.first_day for period in periods if period.first_day <= day <= period.last_day), date.min)


def _until(day: date, plan: Plan, periods: Iterable[Period]) -> date:
    if plan.running_since == "start":
        return date.max
    return next((period.last_day for period in periods if period.first_day <= day <= period.last_day), date.max)


def _known(keys: Iterable[tuple[str, str, str, date]]) -> dict[tuple[str, str, str], dict[date, int]]:
    """The stored counts of these regions, documents and sources, by day."""
    wanted = {(code, document, source) for code, document, source, _ in keys}
    found: dict[tuple[str, str, str], dict[date, int]] = {}
    codes = sorted({code for code, _, _ in wanted})
    for start in range(0, len(codes), 1_000):
        rows = DailyCount.objects.filter(
            region_id__in=codes[start : start + 1_000],
            source__in={source for _, _, source in wanted},
            document__in={document for _, document, _ in wanted},
            people__isnull=False,
        ).values_list("region_id", "document", "source", "day", "people")
        for code, document, source, day, people in rows.iterator():
            if (code, document, source) in wanted:
                found.setdefault((code, document, source), {})[day] = people or 0
    return found
