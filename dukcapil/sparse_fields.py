"""?fields=: a program may ask for only some fields of each row."""

from collections.abc import Sequence

from dukcapil.errors import N_, Refused


def selected_fields(text: str | None, fields: Sequence[str]) -> tuple[str, ...]:
    """The fields that the comma-separated text names, in the order of the contract; all of them without a text.
    Refused: an unknown or an empty name."""
    if text is None:
        return tuple(fields)
    names = text.split(",")
    if unknown := [name for name in names if name not in fields]:
        raise Refused(
            N_("Tidak ada isian %(wrong)s. Yang ada: %(known)s."),
            "fields",
            wrong=unknown[0][:40] or "“”",
            known=", ".join(fields),
        )
    return tuple(name for name in fields if name in names)
