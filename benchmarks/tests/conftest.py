"""The small world of recording, in which vans have stops and reports."""

from recording.conftest import at_noon, small_world

__all__ = ["at_noon", "small_world"]
