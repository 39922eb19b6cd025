"""The small world of recording, in which the vans have their bases."""

from recording.conftest import at_noon, committed_world, portal, small_world, unlucky

__all__ = ["at_noon", "committed_world", "portal", "small_world", "unlucky"]
