"""The small world of recording, in which the vans have their bases; and the example that the API reads."""

from fleet.tests.api import fleet, nobody_asked_before
from recording.conftest import at_noon, committed_world, portal, small_world, unlucky

__all__ = ["at_noon", "committed_world", "fleet", "nobody_asked_before", "portal", "small_world", "unlucky"]
