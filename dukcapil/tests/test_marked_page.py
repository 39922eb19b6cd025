"""A page with marks is what it would be with the values written into it, compressed or not."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from dukcapil.marked_page import MAX_STORED, MarkedPage

MARKS = ("mark-a", "mark-b")
TEXTS = st.lists(st.one_of(st.sampled_from(MARKS), st.text()), max_size=9)


@given(TEXTS, st.text(), st.text())
def test_values_stand_in_the_places_of_marks(texts: list[str], first: str, second: str) -> None:
    """Also where a value looks like a mark."""
    values = {"mark-a": first, "mark-b": f"{second}mark-a"}
    wanted = "".join(values.get(part, part) for part in texts if part in MARKS or "mark" not in part)
    page = MarkedPage("".join(part for part in texts if part in MARKS or "mark" not in part), MARKS)
    for _twice in range(2):
        assert page.filled(values) == wanted.encode()
        assert gzip.decompress(page.gzipped(values)) == wanted.encode()


def test_a_long_value_is_stored_in_parts() -> None:
    page = MarkedPage("<p>mark-a</p>", MARKS)
    for length in (0, MAX_STORED, MAX_STORED + 1, 3 * MAX_STORED):
        value = "é" * length
        assert gzip.decompress(page.gzipped({"mark-a": value})).decode() == f"<p>{value}</p>"


def test_what_is_filled_in_is_not_compressed() -> None:
    """Or the length of an answer would tell whether it repeats something else on the page."""
    page = MarkedPage("<p>rahasia</p>" * 9 + "mark-a", MARKS)
    repeated, other = "rahasia" * 9, "".join(map(chr, range(48, 48 + 63)))
    assert len(page.gzipped({"mark-a": repeated})) == len(page.gzipped({"mark-a": other}))
