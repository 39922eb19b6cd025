"""Which region a row of a file means: by code and by name, which must agree. `match_place` in `rows` is the way in."""

from recording.imports.matching.chronicle import Chronicle, Lifetime, OldName
from recording.imports.matching.names import Match, Place, RegionNames, index_names
from recording.imports.matching.rows import Nameless, match_place
from recording.imports.matching.spelling import UnknownSpelling

__all__ = [
    "Chronicle",
    "Lifetime",
    "Match",
    "Nameless",
    "OldName",
    "Place",
    "RegionNames",
    "UnknownSpelling",
    "index_names",
    "match_place",
]
