"""The page of words: every word of the tables, and each read as the page says."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests import cast
from recording.imports.layouts.categories import CATEGORY_WORDS, Category
from recording.imports.layouts.modes import TOTAL_WORDS, says_daily, total_words_in
from recording.imports.layouts.roles import LABELS, MEN, NOT_KEPT, SUM, WOMEN, WORDS, Role, normalise_label, role_of
from recording.imports.layouts.row_words import NOWHERE_WORDS, TOTALS_OF_ALL_WORDS, TOTALS_OF_ROW_WORDS
from recording.imports.layouts.vocabulary import CATEGORIES, COLUMNS, Entry, part_words, title_words
from recording.parsing.region_names import DIRECTIONS, EXPANDED, NICKNAMES, PREFIXES, normalise
from recording.tests.pages import logged_in, words

OF_LABELS = [(word, role) for role, all_words in LABELS.items() for word in all_words.split("|")]
OF_WORDS = [(word, rule.role) for rule in WORDS for word in rule.words.split("|")]


@pytest.mark.parametrize(("word", "role"), [*OF_LABELS, *OF_WORDS], ids=lambda value: str(value))
def test_each_word_is_read_as_the_table_says(word: str, role: Role) -> None:
    assert role_of(normalise_label(word)) == role


def test_each_part_of_a_document_is_recognised() -> None:
    for entry, pattern in zip(part_words(), (MEN, WOMEN, SUM, NOT_KEPT), strict=True):
        assert [word for word in entry.words if not re.search(pattern, normalise_label(f"SUDAH REKAM {word}"))] == []


def test_each_word_of_totals_is_found_in_titles() -> None:
    assert [word for word in TOTAL_WORDS if total_words_in(f"Rekap KTP {word.lower()} November 2021") == ""] == []
    assert [word for entry in title_words()[1:] for word in entry.words if not says_daily([f"{word} KTP"])] == []
    assert total_words_in("Rekap KTP 30 November 2021") == ""
    assert total_words_in("Hitungan harian, keadaan 30 November 2021") == ""  # the portal's own template


@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_prefix_of_a_name_is_ignored(prefix: str) -> None:
    assert normalise(f"{prefix} Jakarta Barat") == "JAKARTABARAT"


def test_every_role_that_has_words_is_explained_once() -> None:
    explained = [role for _, _, roles in COLUMNS for role in roles]
    assert sorted(explained) == sorted({role for _, role in [*OF_LABELS, *OF_WORDS]})


def test_every_known_category_is_explained_once() -> None:
    assert sorted(each for each, _, _ in CATEGORIES) == sorted(set(Category) - {Category.UNKNOWN})


@pytest.mark.usefixtures("at_noon")
def test_the_page_shows_every_word(client: Client) -> None:
    browser = logged_in(cast.staff())
    shown = words(browser.get(reverse("import_words")))
    parts: list[Entry] = [*part_words(), *title_words()]
    categories = [word for words in CATEGORY_WORDS.values() for word in words.split("|")]
    named = [
        *categories,
        *(word for entry in parts for word in entry.words),
        *PREFIXES,
        *NOWHERE_WORDS.split("|"),
        *TOTALS_OF_ALL_WORDS.split("|"),
        *TOTALS_OF_ROW_WORDS.split("|"),
        *NICKNAMES,
        *DIRECTIONS,
        *EXPANDED,
    ]
    assert [word for word in [*named, *(word for word, _ in [*OF_LABELS, *OF_WORDS])] if word not in shown] == []
    assert "DI LUAR DKI JAKARTA" in shown  # as people write it, and not as it is compared
    assert reverse("import_words") in browser.get(reverse("imports")).content.decode()
