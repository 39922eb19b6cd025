"""What the page of an import shows until it is decided, and what its form changes."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from dukcapil.errors import N_
from recording.imports.chosen import chosen_columns
from recording.imports.questions import SPELLING, TOGETHER, YES
from recording.models import Document, ImportBatch, ImportKind, Period, Source, TargetKind
from recording.parsing.region_names import city_of

PLACES = {"title": N_("judul"), "sheet": N_("nama lembar"), "file": N_("nama berkas"), "column": N_("kolom")}
ANSWER, TYPED = "jawab-", "isi-"  # the fields of the questions, before their codes
CHOSEN = ("sheet", "day", "source", "period", "decree", "effective_from", "kind", "running_since")
MANY_ANSWERS, MANY_COLUMNS = 6, 6  # more than these stand in a list that opens


def preview_context(batch: ImportBatch, typed: Mapping[str, str]) -> dict[str, Any]:
    """The context of the preview; `typed` are answers that were refused with something else."""
    summary, spans = batch.summary, batch.summary["spans"]
    rows, of_days = summary["rows"], batch.kind == ImportKind.COUNTS
    columns = [_column(batch, column) | {"place": place} for place, column in enumerate(summary["columns"])]
    used = [column for column in columns if column["use"]]
    in_order = sorted(summary["questions"], key=lambda question: not question["needed"])
    questions = [_question(question, typed) for question in in_order]
    return {
        "good": sum(each["new"] + each["changed"] for each in (rows, summary["targets"].get("rows")) if each),
        "has_targets": not of_days or any((each["code"], each["answer"]) == ("targets", YES) for each in questions),
        "target_people": _people(summary["targets"]) if summary["targets"] else [],
        "questions": [question for question in questions if not question["code"].startswith(SPELLING)],
        "spellings": [question for question in questions if question["code"].startswith(SPELLING)],
        "blocks": bool(summary["blocked"]) or any(question["blocks"] for question in questions),
        "changes": [_changes(each, each is not summary) for each in (summary, summary["targets"]) if each and each["folds"]],
        "columns": used,
        "is_running": any(column["use"] == "running" for column in used),
        "many_columns": len(used) > MANY_COLUMNS,
        "other_columns": [column for column in columns if not column["use"]],
        "periods": list(Period.objects.values_list("name", flat=True)),
        "kinds": TargetKind.choices,
        "day_from": [_mention(mention) for mention in summary["day_from"]],
        "day": _iso_day(summary["day"]),
        "says_days": any(column["role"] == "day" or (column["role"] == "dated" and column["use"]) for column in columns),
        "sources": Source.choices,
        "tables": [sheet for sheet in summary["sheets"] if sheet["table"]],
        "people": _people(summary),
        "period": "" if of_days else summary["period"] or ", ".join(spans),
        "spans": [_iso_day(day) for day in spans] if of_days else [],
    }


def answers_of(data: QueryDict) -> dict[str, str]:
    """The answers of the form, those of one question together; a day that was typed stands in a field of its own."""
    fields = [(name, text) for name, values in data.lists() if (text := TOGETHER.join(filter(None, map(str, values))))]
    chosen = {name.removeprefix(ANSWER): value for name, value in fields if name.startswith(ANSWER)}
    typed = {name.removeprefix(TYPED): value for name, value in fields if name.startswith(TYPED)}
    return chosen | typed


def changed_choices(data: QueryDict, batch: ImportBatch) -> dict[str, Any]:
    """What the form says otherwise than the page did, "" and None for what it takes back; a column that is left out is
    not imported. Nothing is decided by a field that nobody touched."""
    shown = batch.summary | {"running_since": batch.choices.get("running_since", "start")}
    changed: dict[str, Any] = {name: data[name] for name in CHOSEN if name in data and data[name] != (shown.get(name) or "")}
    if bool(data.get("remember_spellings")) != bool(batch.choices.get("remember_spellings")) and "reading" in data:
        changed["remember_spellings"] = bool(data.get("remember_spellings"))
    columns = {place: column for place, column in enumerate(shown.get("columns", [])) if f"kolom-{place}" in data}
    if any(data[f"kolom-{place}"] != _use(batch, column) for place, column in columns.items()):
        posted = {column["key"]: str(data[f"kolom-{place}"]) for place, column in columns.items()}
        used = {column["key"]: _use(batch, column) for column in columns.values()}
        changed["columns"] = chosen_columns(_uses(posted), _uses(used), batch.choices.get("columns"))
    if "sheet" in changed:
        changed["sheets"] = changed.pop("sheet")
    if "sheets" in changed or _answers_sheets_anew(data, shown):
        changed["columns"] = None  # another sheet has other columns
    return changed


def _answers_sheets_anew(data: QueryDict, shown: Mapping[str, Any]) -> bool:
    read = next((question["answer"] for question in shown.get("questions", []) if question["code"] == "sheets"), "")
    return answers_of(data).get("sheets", read) != read


def _uses(texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The columns that are used, each with its document and mode."""
    parts = {key: text.partition("|") for key, text in texts.items()}
    return {key: (document, mode) for key, (document, bar, mode) in parts.items() if bar}


def _changes(compared: Mapping[str, Any], of_targets: bool) -> dict[str, Any]:
    """What changes, a line for each city and document, with those of its changes that are shown when it opens."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for change in compared["changes"]:
        rows[city_of(change["region"]), change["document"]].append(change)
    return {
        "id": "target-berubah" if of_targets else "berubah",
        "of_targets": of_targets,
        "changed": compared["rows"]["changed"],
        "shown": len(compared["changes"]),
        "folds": [{**fold, "rows": rows[fold["code"], fold["document"]]} for fold in compared["folds"]],
    }


def _question(question: dict[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """A question with what was typed or answered; nothing is ticked for a person."""
    answered = "" if question["open"] and question["needed"] else question["answer"]
    given = typed.get(question["code"], answered)
    is_choice = any(answer["value"] == given for answer in question["answers"])
    takes_several = question.get("takes_several", False)  # a preview that was made before there were such questions
    return question | {
        "given": given.split(TOGETHER) if given else [],
        "typed": "" if is_choice else given,
        "is_list": len(question["answers"]) > MANY_ANSWERS and not takes_several,
        "input": "checkbox" if takes_several else "radio",
    }


def _people(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The people of the file and what its own row of totals says, for each document."""
    return [
        {"document": label, "people": summary["people"][document], "total": summary.get("file_total", {}).get(document)}
        for document, label in Document.choices
        if document in summary["people"]
    ]


def _column(batch: ImportBatch, column: dict[str, Any]) -> dict[str, Any]:
    """A column of the summary with the uses that it may have: (value, words, whether it is the present one)."""
    documented = _is_documented(batch)
    documents = [("", "")] if documented else [(value, f"{label} · ") for value, label in Document.choices]
    modes = [("daily", _("hitungan hari itu")), ("running", _("total berjalan"))]
    if batch.kind == ImportKind.TARGETS:
        modes = [("daily", _("target"))]
    current = _use(batch, column)
    uses = [
        (f"{document}|{mode}", f"{label}{words}", f"{document}|{mode}" == current)
        for document, label in documents
        for mode, words in modes
    ]
    return column | {"uses": uses if column["numeric"] else []}


def _use(batch: ImportBatch, column: Mapping[str, Any]) -> str:
    """What a column is used for, as the form says it: "KTP|daily"; "" for nothing."""
    return f"{'' if _is_documented(batch) else column['document']}|{column['use']}" if column["use"] else ""


def _is_documented(batch: ImportBatch) -> bool:
    """Whether each row says its own document."""
    return any(column["role"] == "document" for column in batch.summary["columns"])


def _mention(mention: dict[str, str]) -> dict[str, Any]:
    """A span of days that the file names, and where it does."""
    place = PLACES[mention["place"]]
    return mention | {"place": _(place), "day": _iso_day(mention["day"])}


def _iso_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
