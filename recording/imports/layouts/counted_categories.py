"""Which category of a table counts, where a region has a row for each: asked of a person, the recorded proposed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dukcapil.errors import N_, Refused
from recording.imports.findings import Findings
from recording.imports.layouts.categories import Category, category_of, of_both_sexes
from recording.imports.layouts.examples import first_example
from recording.imports.layouts.layout import Column, Layout
from recording.imports.layouts.long_format import Long
from recording.imports.layouts.roles import Role
from recording.imports.questions import answer, yes_or_no
from recording.imports.spreadsheets import SheetHead
from recording.models import ImportKind

# Whose numbers may count, the most telling ones first.
WANTED = {
    ImportKind.COUNTS: ({Role.DATED}, {Role.RECORDED, Role.PEOPLE}, {Role.OTHER}),
    ImportKind.TARGETS: ({Role.TARGET}, {Role.PEOPLE}, {Role.OTHER}),
}
ROLE = {ImportKind.COUNTS: Role.RECORDED, ImportKind.TARGETS: Role.TARGET}
_ONLY_LEFT = N_("Kolom %(column)s hanya memuat kategori yang tidak dihitung: %(words)s. Tidak ada yang dapat diimpor.")
_ASKED = N_("Satu wilayah punya beberapa baris, menurut %(column)s: %(words)s. Kategori mana yang dihitung?")
_ASKED_OF = N_(
    "Satu wilayah punya beberapa baris, menurut %(column)s: %(words)s. Kategori mana yang dihitung untuk %(document)s?"
)


def ask_categories(long: Long, kind: ImportKind, head: SheetHead, findings: Findings) -> Layout:
    """The wide layout in which the chosen categories of each document count, and no other does. Refused where none may."""
    offered = _offered(long, kind)
    named = {
        "column": ", ".join(f"“{column.label}”" for column in long.categories),
        "words": ", ".join(_quoted(list(long.names), long)),
    }
    if not offered:
        raise Refused(_ONLY_LEFT, "columns", **named)
    counted: set[int] = set()
    for document in dict.fromkeys(column.document for column in offered):
        parts = _parts([column for column in offered if column.document == document], long)
        names = {key: _quoted([column.index for column in columns], long) for key, columns in parts.items()}
        proposed = [key for key, columns in parts.items() if all(_is_counted(column, long, kind) for column in columns)]
        code = f"category:{document}" if document else "category"
        chosen = findings.ask(
            findings.kind_in(code, head.name),
            Refused(_ASKED_OF if document else _ASKED, document=document, **named),
            [*(answer(key, _label(names[key]), parts=" + ".join(names[key])) for key in parts), yes_or_no()[1]],
            proposed=proposed[0] if len(proposed) == 1 else "",
            example=first_example(long.wide, head, [column for columns in parts.values() for column in columns]),
            sheet=head.name,
        )
        counted.update(column.index for column in parts.get(chosen, next(iter(parts.values()))))
    return replace(long.wide, columns=tuple(_decided(column, counted, long, kind) for column in long.wide.columns))


def _quoted(indices: Sequence[int], long: Long) -> list[str]:
    return list(dict.fromkeys(f"“{long.names[index] or '-'}”" for index in indices))


def _decided(column: Column, counted: set[int], long: Long, kind: ImportKind) -> Column:
    if column.index in counted:
        return replace(column, role=Role.DATED if column.when else ROLE[kind])
    if column.index in long.numbers and column.role in (Role.OTHER, ROLE[kind]):
        return replace(column, role=Role.OTHER, when="")
    return column


def _offered(long: Long, kind: ImportKind) -> list[Column]:
    """The columns of categories that may count, of the numbers that say most: those of the days, or of people."""
    numbers = list(long.numbers.values())
    roles = next((roles for roles in WANTED[kind] if any(number.role in roles for number in numbers)), set())
    made = [column for column in long.wide.columns if column.index in long.numbers and long.numbers[column.index].role in roles]
    called_so = [column for column in made if kind == ImportKind.TARGETS and column.role == Role.TARGET]
    return called_so or [column for column in made if column.role == Role.OTHER]


def _parts(columns: Sequence[Column], long: Long) -> dict[str, list[Column]]:
    """The columns that differ by men and women alone, or by their day: they are added up."""
    parts: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        number = long.numbers[column.index]
        what = " ".join(map(of_both_sexes, filter(None, long.words[column.index]))) or "-"
        parts[what if number.when or len(set(long.numbers.values())) == 1 else f"{number.key} {what}"].append(column)
    return parts


def _is_counted(column: Column, long: Long, kind: ImportKind) -> bool:
    """Whether all words of a category are those of what was done, of men and women, or of a document."""
    done = Category.DONE if kind == ImportKind.COUNTS else Category.LEFT  # among which targets are
    meanings = {category_of(word) for word in long.words[column.index] if word}
    return bool(meanings) and meanings <= {done, Category.SEX, Category.DOCUMENT}


def _label(names: Sequence[str]) -> str:
    return N_("Hanya %(parts)s") if len(names) == 1 else N_("%(parts)s dijumlahkan")
