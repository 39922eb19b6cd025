"""The small world of recording, for what accounts may do in it."""

from recording.conftest import at_noon, small_world

__all__ = ["at_noon", "small_world"]
