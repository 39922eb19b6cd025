"""Sparse answers: ?fields= names what a program wants of each row."""

from collections.abc import Sequence

from dukcapil.errors import N_, Refused


def asked_fields(text: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Those that are named, with commas between them, in the order of the contract; all of them without a text.
    Refused: one that nobody knows, an empty one included."""
    if text is None:
        return tuple(known)
    asked = text.split(",")
    if wrong := [name for name in asked if name not in known]:
        raise Refused(
            N_("Tidak ada isian %(wrong)s. Yang ada: %(known)s."),
            "fields",
            wrong=wrong[0][:40] or "“”",
            known=", ".join(known),
        )
    return tuple(name for name in known if name in asked)
