"""What people write in the fleet: places and reasons."""

from dukcapil.errors import Refused
from recording.public import free_text

LONGEST_REASON, LONGEST_PLACE = 200, 120


def needed_text(text: str, field: str, sentence: str, longest: int = LONGEST_REASON) -> str:
    """Stripped free text that must not be blank; `sentence` says so. No NIK, see `free_text`."""
    text = free_text(text, field, longest=longest)
    if not text:
        raise Refused(sentence, field)
    return text
