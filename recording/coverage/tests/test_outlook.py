"""What becomes of a target if the pace stays, in words."""

from datetime import date

import pytest

from recording.coverage.figures import Figure
from recording.coverage.outlook import outlook
from recording.coverage.pace import Pace, pace
from recording.models import Level

FIRST, LAST, AS_OF = date(2021, 1, 1), date(2021, 12, 31), date(2021, 11, 25)


def pace_of(recorded: int, target: int | None, as_of: date) -> Pace:
    remaining = None if target is None else max(0, target - recorded)
    return pace({as_of: recorded}, total=recorded, remaining=remaining, first_day=FIRST, last_day=LAST, as_of=as_of)


@pytest.mark.parametrize(
    ("recorded", "entries", "target", "as_of", "sentence"),
    [
        (200, 1, None, AS_OF, "Belum ada target untuk dikejar"),
        (200, 1, 200, AS_OF, "Target 200 sudah tercapai"),
        (201, 1, 200, AS_OF, "Target 200 sudah tercapai"),
        (0, 0, 200, AS_OF, "Belum ada yang direkam dari 200"),
        (0, 1, 200, AS_OF, "Kurang 200 bila laju tetap"),
        (200, 1, 26_000, AS_OF, "Kurang 25.540 bila laju tetap"),
        (200, 1, 460, AS_OF, "Tercapai sekitar 31 Desember bila laju tetap"),
        (200, 1, 210, AS_OF, "Tercapai sekitar 26 November bila laju tetap"),
        (200, 1, 461, AS_OF, "Kurang 1 bila laju tetap"),
        (200, 1, 500, LAST, "Periode berakhir dengan sisa 300"),
        (200, 1, 500, date(2022, 3, 1), "Periode berakhir dengan sisa 300"),
        (5, 1, 500, FIRST, "Laju baru tampak sesudah hari kerja pertama"),  # a holiday
    ],
)
def test_the_outlook_in_words(recorded: int, entries: int, target: int | None, as_of: date, sentence: str) -> None:
    figure = Figure("31", "DKI", Level.PROVINCE, recorded, entries, target)
    assert outlook(figure, pace_of(recorded, target, as_of)) == sentence
