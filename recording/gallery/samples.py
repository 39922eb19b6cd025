"""Made-up values for the gallery of components (/gaya/): plain data, a line for each state. Nobody counted them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from dukcapil.clock import JAKARTA
from recording.coverage.forecast.night import State
from recording.coverage.forecasts import StoredForecast

DAY = date(2021, 11, 25)
NIGHT = datetime(2021, 11, 26, 0, 15, tzinfo=JAKARTA)
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2021, 12, 31)
NAME = "Provinsi Contoh"

# (what is special about it, recorded, entries, target, eligible, whether the run is official)
HEADLINES: list[tuple[str, int, int, int | None, int | None, bool]] = [
    ("tertinggal dari rencana", 31_000, 40, 60_000, None, True),
    ("sesuai rencana", 54_100, 40, 60_000, None, True),
    ("dengan wajib KTP", 31_000, 40, 60_000, 120_000, True),
    ("tercapai", 60_000, 40, 60_000, None, True),
    ("melebihi target", 61_250, 40, 60_000, None, True),
    ("belum ada target", 990, 4, None, None, True),
    ("belum ada laporan", 0, 0, 60_000, None, True),
    ("belum ada apa pun", 0, 0, None, None, True),
    ("nihil, sementara", 0, 3, 60_000, None, False),
]

# (name, recorded, entries, target, today, districts done, districts); nearly there is never shown as 100%
CHILDREN: list[tuple[str, int, int, int | None, int | None, int, int]] = [
    ("Kota Administrasi Contoh Nihil", 0, 2, 8_000, 0, 0, 8),
    ("Kota Administrasi Contoh Pusat", 1_589, 12, 6_359, 31, 0, 8),
    ("Kota Administrasi Contoh Timur", 4_981, 20, 11_320, None, 1, 10),
    ("Kota Administrasi Contoh Utara", 6_285, 20, 9_000, 87, 4, 10),
    ("Kota Administrasi Contoh Selatan", 12_999, 20, 13_000, 140, 9, 10),
    ("Kota Administrasi Contoh Barat", 13_770, 20, 13_770, 12, 8, 8),
    ("Kota dengan nama yang panjang sekali, supaya terlihat bagaimana ia berpindah baris", 9_100, 9, 9_000, 5, 6, 6),
    ("Kabupaten tanpa laporan", 0, 0, 1_500, None, 0, 2),
    ("Kabupaten tanpa target", 73, 2, None, 3, 0, 2),
]

# (what is special about it, people per working week, last day reported, versions of the target)
FORECAST = StoredForecast(325, DAY, State.RANGE, 0, 0, 2_480, 20, 23, 19)
COURSES: list[tuple[str, int, list[tuple[date, int]], StoredForecast | None]] = [
    (
        "belum cukup",
        620,
        [(FIRST_DAY, 60_000)],
        replace(FORECAST, low_on=date(2022, 2, 14), middle_on=date(2022, 3, 18), high_on=date(2022, 5, 3)),
    ),
    (
        "target diubah",
        620,
        [(FIRST_DAY, 25_000), (date(2021, 8, 2), 50_000)],
        replace(FORECAST, state=State.UNCALIBRATED, expected_on=date(2022, 4, 13)),
    ),
    (
        "cukup",
        620,
        [(FIRST_DAY, 30_000)],
        replace(FORECAST, low_on=date(2021, 12, 6), middle_on=date(2021, 12, 13), high_on=date(2021, 12, 23), known=0),
    ),
    ("daftar harus diperiksa", 620, [(FIRST_DAY, 40_000)], replace(FORECAST, state=State.CHECK_LIST)),
    ("tercapai", 1_350, [(FIRST_DAY, 60_000)], None),
    ("belum ada target", 620, [], None),
    ("belum ada laporan", 0, [(FIRST_DAY, 60_000)], None),
]

# Percentages of the tiles in turn; None: no target, -1: no report
TILES: list[int | None] = [0, 12, 25, 39, 47, 58, 66, 79, 84, 99, 100, 120, None, -1]

PARTS = [("rekaman baru", 1_250), ("laporan terlambat", 300), ("koreksi", -12), ("pengembalian", -4)]

# (last success, too long ago, failure)
NIGHTS: list[tuple[datetime | None, bool, str]] = [
    (NIGHT, False, ""),
    (NIGHT - timedelta(days=2), True, ""),
    (NIGHT - timedelta(days=1), True, "basis data tidak dapat dihubungi"),
    (None, False, ""),
]

BARS: list[tuple[str, str]] = [("0%", "0%"), ("51,67%", "51.67%"), ("99,99%", "99.99%"), ("100% atau lebih", "100%")]
WRONG = {"name": "", "people": "12,5", "day": "", "place": "", "reason": "salah ketik"}


def people_by_day(per_week: int) -> dict[date, int]:
    """So many people each Friday up to DAY; nobody at all for 0."""
    days = [FIRST_DAY + timedelta(days=number) for number in range((DAY - FIRST_DAY).days + 1)]
    return {day: per_week for day in days if day.weekday() == 4 and per_week}
