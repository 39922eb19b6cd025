"""The preview of an import as JSON: what a batch stores, its page shows and a confirmation names."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from recording.imports.findings import ERROR, MAX_GROUP_ROWS, NOTE, WARNING, Findings
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.sheets import Sheet
from recording.imports.preview import Comparison, Preview
from recording.imports.questions import question_as_json

# A page and a JSON column stay readable; the commands list more, and the file of rejected rows holds every row.
MAX_SHOWN = 300
MAX_SHOWN_TITLES, MAX_SHOWN_SPANS, MAX_SHOWN_COLUMNS = 10, 400, 60
TIERS = (ERROR, WARNING, NOTE)


def summary_of(preview: Preview) -> dict[str, Any]:
    """The preview; its "seen" is a token for exactly what it shows."""
    summary: dict[str, Any] = _storable(_shown(preview))
    shown = json.dumps(summary | {"seen": ""}, sort_keys=True)
    return summary | {"seen": hashlib.sha256(shown.encode()).hexdigest()[:32]}


def _shown(preview: Preview) -> dict[str, Any]:
    findings, plan, reading, comparison = preview.findings, preview.plan, preview.reading, preview.comparison
    totals, terms = reading.totals, (preview.targets or preview).plan
    problems = sorted(findings.problems, key=lambda problem: problem.row)
    return {
        "sheets": [_sheet(sheet) for sheet in plan.sheets],
        "sheet": plan.sheet,
        "header_row": plan.layout.header_row,
        "titles": plan.titles[:MAX_SHOWN_TITLES],
        "columns": [_column(preview, column) for column in plan.layout.columns],
        "day": plan.day.isoformat() if plan.day else None,
        "day_from": [{"place": place, "text": span.text, "day": span.last.isoformat()} for place, span in plan.mentions],
        "period": terms.period.name if terms.period else "",
        "source": plan.source,
        "decree": terms.decree,
        "effective_from": terms.effective_from.isoformat() if terms.effective_from else "",
        "kind": terms.target_kind,
        "remembered": plan.mapping,
        "rows": preview.rows(),
        "people": people_by_document(totals.per_city),
        "file_total": totals.file_total,
        "per_city": totals.per_city,
        "cities": [vars(city) for city in comparison.cities],
        "totals": [vars(total) | {"agrees": total.agrees} for total in totals.totals[:MAX_SHOWN]],
        "unmapped": [vars(row) for row in totals.unmapped[:MAX_SHOWN]],
        "problems": [vars(problem) for problem in problems[:MAX_SHOWN]],
        "groups": _groups(findings),
        **_changes(comparison),
        "targets": _targets(preview.targets) if preview.targets else {},
        "questions": [question_as_json(question) for question in findings.questions.values()],
        "needs_reason": findings.needs_reason,
        "blocked": findings.blocked,
        "rest": preview.rejected_rows_kept,
        "spans": reading.spans[:MAX_SHOWN_SPANS],
    }


def _changes(comparison: Comparison) -> dict[str, Any]:
    return {
        "folds": [vars(fold) for fold in comparison.folds],
        "changes": [vars(change) for change in comparison.changes[:MAX_SHOWN]],
    }


def _targets(preview: Preview) -> dict[str, Any]:
    """The targets that come in together with counts."""
    people = people_by_document(preview.reading.totals.per_city)
    return {"rows": preview.rows(), "people": people, **_changes(preview.comparison)}


def people_by_document(per_city: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The people of all cities, for each document alone: they are never added together."""
    people: Counter[str] = Counter()
    for documents in per_city.values():
        people.update(documents)
    return dict(sorted(people.items()))


def _sheet(sheet: Sheet) -> dict[str, Any]:
    head = sheet.head
    return {"name": head.name, "rows": head.height, "hidden": head.hidden, "table": isinstance(sheet.table, Layout)}


def _column(preview: Preview, column: Column) -> dict[str, Any]:
    """A column: what it is used for ("" for nothing), and its sum against the file's own total."""
    plan = preview.plan
    value = next((value for value in plan.values if value.column.index == column.index), None)
    column_sum = preview.reading.totals.columns.get(column.index)
    return {
        "key": column.key,
        "label": column.label,
        "role": column.role.value,
        "document": (value.document or plan.document) if value else column.document,
        "use": "" if value is None else "running" if value.running else "daily",
        "numeric": value is not None or column in plan.layout.values,
        "sum": column_sum.people if column_sum else None,
        "total": column_sum.total if column_sum else None,
        "agrees": column_sum.agrees if column_sum else None,
    }


def _groups(findings: Findings) -> list[dict[str, Any]]:
    """Errors first, the most frequent first."""
    groups = sorted(findings.groups.values(), key=lambda group: (TIERS.index(group.tier), -group.count))
    return [
        {
            "tier": group.tier,
            "reason": group.reason,
            "alike": group.sentences,
            "count": group.count,
            "columns": group.columns[:MAX_SHOWN_COLUMNS],
            "rows": ", ".join(map(str, group.rows)) + (" …" if len(group.rows) == MAX_GROUP_ROWS else ""),
        }
        for group in groups[:MAX_SHOWN]
    ]


def _storable(value: Any) -> Any:
    """PostgreSQL's JSON takes no NUL; an old workbook may hold one in a label."""
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, Mapping):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
