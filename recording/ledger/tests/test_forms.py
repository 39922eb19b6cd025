"""Fields that read what people type, and the token that says which stored value a writer saw."""

from datetime import date

import pytest
from django.forms import ValidationError
from django.utils import translation

from accounts.tests import cast
from dukcapil.errors import Conflict, Refused
from recording.ledger.forms import DayField, DayInput, PeopleField, RecordForm, seen_posting, seen_token
from recording.tests.world import DAY, KAPUK

GOOD = {"region": "Kapuk", "document": "KTP", "day": "2021-11-25", "source": "loket", "people": "31"}


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("31.000", 31_000),
        ("31,000", 31_000),
        (" 31 000 ", 31_000),
        ("31000", 31_000),
        ("0", 0),
        ("nihil", 0),
        ("", None),
        ("-", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_number_means_the_same_in_every_language(typed: str | None, people: int | None, language: str) -> None:
    with translation.override(language):
        assert PeopleField(required=False).clean(typed) == people


@pytest.mark.parametrize("typed", ["-1", "1,5", "31.00", "51%", "1e3", "tiga", "٣١", "1\x00", "9" * 40])
def test_what_is_no_number_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PeopleField().clean(typed)
    assert len(refused.value.messages[0]) > 20


@pytest.mark.parametrize("typed", ["2021-11-25", "25/11/2021", "25-11-2021", "25.11.2021", " 2021-11-25 "])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_day_is_never_read_month_first(typed: str, language: str) -> None:
    with translation.override(language):
        assert DayField().clean(typed) == DAY
        assert DayField().clean("03/04/2021") == date(2021, 4, 3)


@pytest.mark.parametrize("typed", ["11/25/2021", "2021-02-30", "kemarin", "2021", "2021-11-25 08:00", "0000-00-00", "\x00"])
def test_what_is_no_day_is_refused_with_help(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)
    assert refused.value.messages == ["Tanggal tidak sah. Tulis seperti 25/11/2021."]


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("id", DAY, "Kamis, 25 November 2021"),
        ("id", "2021-11-25", "Kamis, 25 November 2021"),  # as it was sent
        ("en", DAY, "Thursday, 25 November 2021"),
        ("id", "25/11/2021", ""),  # the browser's control shows nothing either
        ("id", "", ""),
        ("id", None, ""),
    ],
)
def test_a_day_stands_in_words_beside_it(language: str, value: object, words: str) -> None:
    with translation.override(language):
        html = DayInput().render("day", value, {"id": "id_day"})
    assert f'<output class="day-words" for="id_day" data-day-of="id_day">{words}</output>' in html


def test_a_token_holds_only_for_its_own_count() -> None:
    token = seen_token(KAPUK, "KTP", DAY, "loket", 42)
    assert seen_posting(token, KAPUK, "KTP", DAY, "loket") == 42
    others = [
        ("31.73", "KTP", DAY, "loket"),
        (KAPUK, "KIA", DAY, "loket"),
        (KAPUK, "KTP", date(2021, 11, 24), "loket"),
        (KAPUK, "KTP", DAY, "mobil"),
    ]
    assert [seen_posting(token, *other) for other in others] == [0, 0, 0, 0]


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "٤٢", "9" * 19, "42|7"])
def test_a_forged_token_means_that_nothing_was_seen(number: str) -> None:
    token = seen_token(KAPUK, "KTP", DAY, "loket", 0).removesuffix("0") + number
    assert seen_posting(token, KAPUK, "KTP", DAY, "loket") == 0
    assert seen_posting(number, KAPUK, "KTP", DAY, "loket") == 0


@pytest.mark.usefixtures("small_world")
def test_a_form_becomes_one_count() -> None:
    form = RecordForm(GOOD | {"people": "1.250", "day": "25/11/2021"}, by=cast.head_barat(), today=DAY)
    assert form.is_valid(), form.errors
    assert form.count().key == (KAPUK, "KTP", DAY, "loket")
    assert (form.count().people, form.count().expected) == (1_250, 0)
    seen = RecordForm(GOOD | {"seen": seen_token(KAPUK, "KTP", DAY, "loket", 7)}, by=cast.head_barat(), today=DAY)
    assert seen.is_valid()
    assert seen.count().expected == 7


@pytest.mark.usefixtures("small_world")
def test_a_refusal_stands_at_its_field_or_above() -> None:
    form = RecordForm(GOOD, by=cast.head_barat(), today=DAY)
    assert form.is_valid()
    form.refuse(Refused("di luar", "day"))
    form.refuse(Conflict("orang lain", "people"))
    form.refuse(Refused("sibuk", "bukan-bidang"))
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "day": ["di luar"],
        "people": ["orang lain"],
        "__all__": ["sibuk"],
    }
