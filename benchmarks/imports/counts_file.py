"""A file of counts, one row in a hundred wrong, of which the good rows are known exactly."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, product
from pathlib import Path

from recording.models import Document, Level, Region

DAYS = [(date(2017, 1, 1) + timedelta(days=day)).isoformat() for day in range(1_826)]  # the periods of `data.load`
SOURCES = ("loket", "mobil", "jemput-bola")
HEADER = ("kode", "dokumen", "tanggal", "sumber", "jumlah")
BAD_ONE_IN = 100
# Column and text of what is wrong with a bad row, one after the other.
WRONG = ((0, "31.71.01.9999"), (4, "1,5"), (2, "2099-12-31"), (4, "-3"), (1, "SIM"))

Count = tuple[str, str, str, str, int]  # region, document, ISO day, source, people


@dataclass(frozen=True)
class CountsFile:
    """`path` holds all rows, `good_path` the good ones alone: for a tool that cannot leave bad rows out."""

    path: Path
    good_path: Path
    villages: tuple[str, ...]
    size: int

    @property
    def bad(self) -> int:
        """How many of the rows are wrong."""
        return self.size // BAD_ONE_IN

    def good(self) -> Iterator[Count]:
        """What the good rows say, in the order of the file."""
        return (row for number, row in self._rows() if number % BAD_ONE_IN)

    def write(self) -> None:
        """Write both files."""
        with self.path.open("w", newline="") as file, self.good_path.open("w", newline="") as good_file:
            lines, good_lines = csv.writer(file), csv.writer(good_file)
            lines.writerow(HEADER)
            good_lines.writerow(HEADER)
            for number, row in self._rows():
                if number % BAD_ONE_IN:
                    good_lines.writerow(row)
                    lines.writerow(row)
                else:
                    lines.writerow(_spoilt(row, number // BAD_ONE_IN))

    def _rows(self) -> Iterator[tuple[int, Count]]:
        """As an office adds them: day by day. Numbers count from 1."""
        keys_of_a_day = len(Document.values) * len(self.villages)
        sources = SOURCES[: -(-self.size // (keys_of_a_day * len(DAYS)))]
        numbers = count(1)
        keys = product(DAYS, sources, Document.values, self.villages)
        for (day, source, document, village), number in islice(zip(keys, numbers, strict=False), self.size):
            yield number, (village, document, day, source, number * 7 % 60)


def make(folder: Path, size: int) -> CountsFile:
    """Both files of this many rows, over every village."""
    villages = Region.objects.filter(level=Level.VILLAGE).order_by("code").values_list("code", flat=True)
    file = CountsFile(folder / f"{size}.csv", folder / f"{size}-good.csv", tuple(villages), size)
    file.write()
    return file


def _spoilt(row: Count, turn: int) -> list[object]:
    column, text = WRONG[turn % len(WRONG)]
    return [text if index == column else cell for index, cell in enumerate(row)]
