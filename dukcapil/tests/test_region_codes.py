"""Which region lies in which."""

import pytest

from dukcapil.region_codes import is_strictly_within, is_within


@pytest.mark.parametrize(
    ("code", "above", "inside"),
    [
        ("31.73", "31.73", True),
        ("31.73.01.1004", "31.73", True),
        ("31.73", "31", True),
        ("31", "31.73", False),
        ("31.73", "31.7", False),
        ("31.74", "31.73", False),
        ("31.731", "31.73", False),
        ("31.73", "", False),
        ("", "", False),
    ],
)
def test_what_lies_in_what(code: str, above: str, inside: bool) -> None:
    assert is_within(code, above) is inside
    assert is_strictly_within(code, above) is (inside and code != above)
