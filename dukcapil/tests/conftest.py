"""Tests of the frame run on the small world of recording."""

from recording.conftest import at_noon, committed_world, portal, small_world

__all__ = ["at_noon", "committed_world", "portal", "small_world"]
