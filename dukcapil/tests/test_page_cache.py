"""What was built once is served again; a cache that is away only costs the building."""

import pytest
from django.core.cache import cache
from django.test import override_settings

from dukcapil.errors import NotFound
from dukcapil.page_cache import built_once


def test_equal_parts_are_built_once_others_anew() -> None:
    built: list[str] = []

    def build(name: str) -> str:
        built.append(name)
        return name

    assert [built_once(("a", 1), lambda: build("first")) for _ in range(3)] == ["first"] * 3
    assert built_once(("a", 2), lambda: build("second")) == "second"
    assert built_once(("a", "1"), lambda: build("third")) == "third"
    assert built == ["first", "second", "third"]
    cache.clear()
    assert built_once(("a", 1), lambda: build("fourth")) == "fourth"


def test_an_error_while_building_is_not_kept() -> None:
    def refuse() -> str:
        raise NotFound("tidak ada")

    for _ in range(2):
        with pytest.raises(NotFound):
            built_once(("b",), refuse)
    assert built_once(("b",), lambda: "found") == "found"


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
)
def test_without_its_cache_each_page_is_built() -> None:
    assert [built_once(("c",), lambda: "built") for _ in range(2)] == ["built", "built"]
