"""`messages`: the catalogue of translations, by Babel alone, so that no gettext tools need be installed.

Without an option it takes the sentences of the code into `locale/en` and keeps the translations; `--compile` writes the
files that Django reads; `--check` fails with a list when a sentence has no English. The source language is Indonesian.
"""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

LANGUAGE = "en"
# Which arguments are sentences: by position, "c" is a context. N_ only marks (dukcapil/errors.py).
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NAMED = re.compile(r"(?<!%)(?:%%)*%\(([^)]+)\)")
FOLDERS_WITHOUT_SENTENCES = {"tests", "migrations", "testing"}


class Command(BaseCommand):
    help = "Perbarui katalog terjemahan dari kode dan templat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--compile", action="store_true", help="Tulis berkas .mo yang dibaca Django.")
        choice.add_argument("--check", action="store_true", help="Gagal bila ada kalimat tanpa terjemahan.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            compile_catalogues()
        elif options["check"]:
            problems = catalogue_problems(extracted(), read_catalogue())
            if problems:
                raise CommandError("\n".join([*problems, HINT % len(problems)]))
        else:
            catalogue = updated(read_catalogue(), extracted())
            write_catalogue(catalogue)
            missing = len(catalogue_problems(catalogue, catalogue))
            self.stdout.write(f"{len(catalogue)} sentences, {missing} to translate.")


HINT = "%d problems. Run `make messages`, then translate in locale/en/LC_MESSAGES/django.po."


def catalogue_path() -> Path:
    """The text that translators edit."""
    return Path(settings.LOCALE_PATHS[0]) / LANGUAGE / "LC_MESSAGES" / "django.po"


def read_catalogue() -> Catalog:
    """The catalogue as it is stored; an empty one before the first extraction."""
    path = catalogue_path()
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=LANGUAGE)
    return Catalog(locale=LANGUAGE, fuzzy=False)


def write_catalogue(catalogue: Catalog) -> None:
    """Sorted, without line numbers and header: a difference shows new and changed sentences only."""
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True, omit_header=True)


def compile_catalogues() -> None:
    """Every .po of ours becomes the .mo beside it; .mo files are not kept in git."""
    for source in sorted(Path(settings.LOCALE_PATHS[0]).rglob("*.po")):
        compiled = io.BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file, locale=source.parts[-3]))
        # In one step: a server that starts meanwhile must not read half a file.
        fresh = source.with_suffix(".mo.new")
        fresh.write_bytes(compiled.getvalue())
        fresh.replace(source.with_suffix(".mo"))


def extracted() -> Catalog:
    """Every sentence that our code and templates show."""
    catalogue = Catalog(locale=LANGUAGE)
    base = Path(settings.BASE_DIR)
    for path in source_files(base):
        place = path.relative_to(base).as_posix()
        text = path.read_text(encoding="utf-8")
        for line, sentence, context in sentences(text, place):
            catalogue.add(sentence, locations=[(place, line)], context=context)
    return catalogue


def source_files(base: Path) -> Iterator[Path]:
    """Our Python files without tests and migrations, and the templates."""
    ours = (Path(app.path) for app in apps.get_app_configs())
    for folder in sorted(path for path in ours if path.parent == base):
        for path in sorted(folder.rglob("*.py")):
            if FOLDERS_WITHOUT_SENTENCES.isdisjoint(path.relative_to(folder).parts):
                yield path
    for suffix in ("html", "txt"):
        yield from sorted((base / "templates").rglob(f"*.{suffix}"))


def sentences(text: str, place: str) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """(line, sentence or its singular and plural, context) of one file."""
    if not place.endswith(".py"):
        # Django rewrites a template as calls between words of X. Without the indentation Python can read it, and
        # the placeholders are those that the template engine asks for: %(name)s, and %% for a percent sign.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=place).splitlines())
    source = io.BytesIO(text.encode())
    for line, sentence, _comments, context in extract("python", source, keywords=KEYWORDS):
        yield line, sentence, context


def updated(stored: Catalog, current: Catalog) -> Catalog:
    """The stored catalogue with the new sentences and without those that the code no longer shows."""
    stored.update(current, no_fuzzy_matching=True, update_creation_date=False)
    return stored


def catalogue_problems(current: Catalog, stored: Catalog) -> list[str]:
    """One line per sentence of `current` that has no good English in `stored`."""
    problems = []
    for message in current:
        if not message.id:
            continue  # the header
        if reason := _reason(stored.get(message.id, message.context)):
            places = ", ".join(sorted({place for place, _line in message.locations}))
            problems.append(f"{reason}: {message.id!r} ({places})")
    return problems


def _reason(message: Message | None) -> str:
    if message is None:
        return "missing"
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    if message.fuzzy or not all(strings):
        return "untranslated"
    expected = placeholders(message.id)
    for string in strings:
        names = placeholders(string or "")
        # One form of a plural may leave the number out ("one person"), so there a placeholder may be missing.
        if names - expected or (len(strings) == 1 and expected - names):
            return f"other placeholders in {string!r}"
    return ""


def placeholders(sentence: str | Sequence[str]) -> set[str]:
    """The names in %(name)s of a sentence, or of all its forms. Plain percent signs are not placeholders."""
    parts = [sentence] if isinstance(sentence, str) else sentence
    return {name for part in parts for name in NAMED.findall(part)}
