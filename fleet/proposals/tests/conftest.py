"""The small city below the tests of a module that asks for it."""

import pytest

from dukcapil.testing import shared_worlds


@pytest.fixture
def city(at_noon: None) -> None:
    shared_worlds.given("city")
