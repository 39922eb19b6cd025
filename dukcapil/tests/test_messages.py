"""The catalogue tool: what it finds must be exactly what Django will look up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.core.management import call_command
from django.core.management.base import CommandError
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real
from pytest_django import Settings

from dukcapil.management.commands import messages

pytestmark = pytest.mark.once

PAGE = """
<section>
    {% load i18n %}
  {% blocktranslate with done=n trimmed %}
      Sudah {{ done }}
      dari 100%
  {% endblocktranslate %}
    {% blocktranslate count total=n %}{{ total }} mobil{% plural %}{{ total }} mobil-mobil{% endblocktranslate %}
  {% translate "Naik 5% hari ini" %} {{ _("Keluar") }} {% translate "Bulan" context "kalender" %}
</section>
"""
ENGLISH: dict[str | tuple[str, ...], str | tuple[str, ...]] = {
    "Sudah %(done)s dari 100%%": "%(done)s of 100%% done",
    ("%(total)s mobil", "%(total)s mobil-mobil"): ("one van", "%(total)s vans"),
    "Naik 5%% hari ini": "Up 5%% today",
    "Keluar": "Log out",
    "Bulan": "Month",
}


def catalogue(entries: Mapping[Any, str | tuple[str, ...]]) -> Catalog:
    """A stored catalogue with these translations."""
    stored = Catalog(locale="en", fuzzy=False)
    for sentence, english in entries.items():
        stored.add(sentence, english, context="kalender" if sentence == "Bulan" else None)
    return stored


def test_sentences_of_templates_are_those_django_looks_up(tmp_path: Path, settings: Settings) -> None:
    found = {sentence for _line, sentence, _context in messages.sentences(PAGE, "templates/a.html")}
    assert found == set(ENGLISH)
    settings.LOCALE_PATHS = [tmp_path]
    messages.write_catalogue(catalogue(ENGLISH))
    messages.compile_catalogues()
    trans_real._translations.clear()  # type: ignore[attr-defined]
    with translation.override("en"):
        shown = " ".join(Template(PAGE).render(Context({"n": 7})).split())
    trans_real._translations.clear()  # type: ignore[attr-defined]
    assert shown == "<section> 7 of 100% done 7 vans Up 5% today Log out Month </section>"


def test_sentences_of_python_are_found_with_context() -> None:
    code = 'raise Refused(N_("Pilih " "%(a)s."), "x")\npgettext("kalender", "Bulan")\nngettext("orang", "warga", n)\n'
    assert list(messages.sentences(code, "recording/views.py")) == [
        (1, "Pilih %(a)s.", None),
        (2, "Bulan", "kalender"),
        (3, ("orang", "warga"), None),
    ]


@pytest.mark.parametrize(
    ("english", "problem"),
    [
        ({"Ada %(n)s orang": "There are %(n)s people"}, ""),
        ({}, "missing"),
        ({"Ada %(n)s orang": ""}, "untranslated"),
        ({"Ada %(n)s orang": "There are people"}, "other placeholders"),
        ({"Ada %(n)s orang": "There are %(m)s people"}, "other placeholders"),
    ],
)
def test_a_sentence_without_good_english_is_a_problem(english: dict[str, str], problem: str) -> None:
    found = Catalog(locale="en")
    found.add("Ada %(n)s orang", locations=[("recording/views.py", 1)])
    problems = messages.catalogue_problems(found, catalogue(english))
    assert problems == [] if not problem else problems[0].startswith(problem)


def test_updating_keeps_translations_and_drops_unused_sentences() -> None:
    found = catalogue({"Keluar": "", "Masuk": ""})
    kept = messages.updated(catalogue({"Keluar": "Log out", "Lama": "Old"}), found)
    assert {message.id: message.string for message in kept if message.id} == {"Keluar": "Log out", "Masuk": ""}


def test_writing_a_catalogue_twice_gives_equal_bytes(tmp_path: Path, settings: Settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    call_command("messages")
    first = messages.catalogue_path().read_bytes()
    call_command("messages")
    assert messages.catalogue_path().read_bytes() == first
    with pytest.raises(CommandError, match="untranslated"):
        call_command("messages", check=True)
