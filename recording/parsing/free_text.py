"""Free text: reasons, notes, names."""

from dukcapil.errors import N_, Refused
from dukcapil.words import check_words


def free_text(text: str, field: str, *, longest: int) -> str:
    """Stripped free text. Refused when too long, or for what no text may hold (`check_words`)."""
    text = text.strip()
    check_words(text, field)
    if len(text) > longest:
        raise Refused(N_("Paling panjang %(longest)s huruf."), field, longest=longest)
    return text
