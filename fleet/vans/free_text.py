"""What people write in the fleet: places and reasons."""

from dukcapil.errors import Refused
from recording.public import free_text

MAX_REASON_LENGTH, MAX_PLACE_LENGTH = 200, 120


def required_text(text: str, field: str, sentence: str, max_length: int = MAX_REASON_LENGTH) -> str:
    """Stripped free text; a blank one is Refused with `sentence` at `field`. No NIK, see `free_text`."""
    text = free_text(text, field, longest=max_length)
    if not text:
        raise Refused(sentence, field)
    return text
