"""Numbers and days as people read them, through templates, in both languages."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from dukcapil.tests.test_house import BASE

pytestmark = pytest.mark.once

DAY = date(2021, 11, 25)
JUST_AFTER_MIDNIGHT = datetime(2021, 11, 24, 17, 15, tzinfo=UTC)  # already the 25th in Jakarta
AS_READ = [
    ("people", 31_000, "31.000", "31,000"),
    ("people", 8_110_465, "8.110.465", "8,110,465"),
    ("people", 999, "999", "999"),
    ("people", 0, "0", "0"),
    ("people", None, "–", "–"),
    ("signed", 1_250, "+1.250", "+1,250"),
    ("signed", -3, "−3", "−3"),
    ("signed", -1_250, "−1.250", "−1,250"),
    ("signed", 0, "0", "0"),
    ("signed", None, "–", "–"),
    ("percent", Decimal("51.67"), "51,67%", "51.67%"),
    ("percent", Decimal("99.99"), "99,99%", "99.99%"),
    ("percent", Decimal("100.00"), "100%", "100%"),
    ("percent", Decimal("100.01"), "100,01%", "100.01%"),
    ("percent", Decimal("0.00"), "0%", "0%"),
    ("percent", Decimal("0.01"), "0,01%", "0.01%"),
    ("percent", Decimal("50.00"), "50,00%", "50.00%"),
    ("percent", Decimal("1234.50"), "1.234,50%", "1,234.50%"),
    ("percent", None, "–", "–"),
    ("long_day", DAY, "Kamis, 25 November 2021", "Thursday, 25 November 2021"),
    ("long_day", date(2021, 8, 6), "Jumat, 6 Agustus 2021", "Friday, 6 August 2021"),
    ("long_day", None, "–", "–"),
    ("short_day", DAY, "Kam, 25 Nov 2021", "Thu, 25 Nov 2021"),
    ("short_day", None, "–", "–"),
    ("moment", JUST_AFTER_MIDNIGHT, "Kamis, 25 November 2021 pukul 00.15 WIB", "Thursday, 25 November 2021 at 00:15 WIB"),
    ("moment", None, "–", "–"),
    ("short_moment", JUST_AFTER_MIDNIGHT, "Kam, 25 Nov 2021 pukul 00.15 WIB", "Thu, 25 Nov 2021 at 00:15 WIB"),
    ("short_moment", None, "–", "–"),
]


def shown(source: str, value: object) -> str:
    return Template("{% load figures %}" + source).render(Context({"value": value}))


@pytest.mark.parametrize(("name", "value", "indonesian", "english"), AS_READ)
def test_a_filter_writes_in_the_pages_language(name: str, value: object, indonesian: str, english: str) -> None:
    found = {}
    for language in ("id", "en"):
        with translation.override(language):
            found[language] = shown(f"{{{{ value|{name} }}}}", value)
    assert found == {"id": indonesian, "en": english}


def test_without_any_language_it_is_indonesian() -> None:
    with translation.override(None):
        assert shown("{{ value|people }}", 31_000) == "31.000"


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_unfiltered_number_stays_machine_readable(language: str) -> None:
    """An address or a coordinate with a thousand separator would be another one."""
    with translation.override(language):
        assert shown('<rect x="{{ value }}">', 31_000) == '<rect x="31000">'


def test_no_template_spells_the_name_of_the_portal() -> None:
    """The name is a setting: a province may be renamed."""
    spelt = [path.name for path in (BASE / "templates").rglob("*.html") if "Rekam Jakarta" in path.read_text()]
    assert spelt == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("400.html", "Tidak ada yang disimpan"),
        ("403_csrf.html", "Isian tidak disimpan"),
        ("500.html", "bukan pada Anda"),
        ("503.html", "Tidak ada yang disimpan dan tidak ada yang hilang"),
    ],
)
def test_the_error_page_needs_no_database_or_request(page: str, said: str) -> None:
    """Without the `db` fixture a query would fail; without a request no context processor runs."""
    html = render_to_string(page)
    assert said in html
    assert html.count("<h1>") == 1
    assert re.search(r"portal\.\w+\.css", html)
    assert "<form" not in html
