"""When a target will be reached, in the words of both languages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from recording.coverage.figures import Figure
from recording.coverage.forecast.night import State
from recording.coverage.forecast_words import forecast_words
from recording.coverage.forecasts import StoredForecast, forecast_for
from recording.models import CoverageRun, Level, RunStatus

DAY = date(2021, 11, 25)
RANGE = StoredForecast(
    7,
    DAY,
    State.RANGE,
    recorded=31_000,
    target=60_000,
    pace_people=1_113,
    pace_days=20,
    known=23,
    inside=19,
    expected_on=date(2022, 1, 10),
    low_on=date(2022, 2, 14),
    middle_on=date(2022, 3, 18),
    high_on=date(2022, 5, 3),
)
NO_RANGE = replace(RANGE, low_on=None, middle_on=None, high_on=None)
HOLDS = "jika laju 20 hari kerja terakhir bertahan"
RECORD = "Dari 23 perkiraan seperti ini di semua wilayah, 19 tercapai di dalam rentangnya."


@pytest.mark.parametrize(
    ("forecast", "text"),
    [
        (RANGE, f"Target tercapai antara 14 Februari dan 3 Mei 2022, {HOLDS}. {RECORD}"),
        (
            replace(RANGE, low_on=date(2021, 12, 20)),
            f"Target tercapai antara 20 Desember 2021 dan 3 Mei 2022, {HOLDS}. {RECORD}",
        ),
        (replace(RANGE, high_on=date(2022, 2, 25)), f"Target tercapai antara 14 dan 25 Februari 2022, {HOLDS}. {RECORD}"),
        (replace(RANGE, low_on=RANGE.high_on), f"Target tercapai sekitar 3 Mei 2022, {HOLDS}. {RECORD}"),
        (
            replace(RANGE, high_on=date(2032, 1, 5)),
            f"Target tercapai paling cepat 14 Februari 2022, mungkin lebih dari sepuluh tahun lagi, {HOLDS}. {RECORD}",
        ),
        (
            replace(RANGE, low_on=date(2032, 1, 5), high_on=date(2036, 1, 7)),
            f"Target tercapai lebih dari sepuluh tahun lagi, {HOLDS}. {RECORD}",
        ),
        (
            replace(RANGE, known=0, inside=0),
            f"Target tercapai antara 14 Februari dan 3 Mei 2022, {HOLDS}. "
            "Belum ada perkiraan seperti ini yang hasilnya sudah diketahui.",
        ),
        (
            replace(NO_RANGE, state=State.UNCALIBRATED, pace_days=7),
            "Rentang tanggal belum terkalibrasi, menurut laju 7 hari kerja terakhir saja sekitar 10 Januari 2022.",
        ),
        (
            replace(NO_RANGE, state=State.UNCALIBRATED, expected_on=date(2033, 1, 10)),
            "Rentang tanggal belum terkalibrasi, menurut laju 20 hari kerja terakhir saja lebih dari sepuluh tahun lagi.",
        ),
        (
            replace(NO_RANGE, state=State.CHECK_LIST),
            "Target tidak tercapai tanpa memeriksa daftar, sebab hitungan mingguan menurun selama delapan minggu dan menuju "
            "berhenti di bawah target.",
        ),
        (
            replace(NO_RANGE, state=State.STANDSTILL, expected_on=None, pace_people=0),
            "Tanggal tercapainya target tidak dapat diperkirakan, sebab tidak ada hitungan dalam 20 hari kerja terakhir.",
        ),
    ],
)
def test_what_is_said_of_a_forecast(forecast: StoredForecast, text: str) -> None:
    assert forecast_words(forecast, DAY).text == text


def test_the_same_is_said_in_english() -> None:
    with translation.override("en"):
        assert forecast_words(RANGE, DAY).text == (
            "Target reached between 14 February and 3 May 2022, if the pace of the last 20 working days lasts. "
            "Of 23 such forecasts in all regions, 19 came true within their range."
        )


def test_an_earlier_night_is_named() -> None:
    words = forecast_words(RANGE, DAY + timedelta(days=1))
    assert words.condition == f"{HOLDS}, dihitung malam 25 November 2021"


@pytest.mark.parametrize(
    ("recorded", "target", "as_of", "stands"),
    [
        (31_000, 60_000, DAY, True),
        (31_500, 60_000, DAY + timedelta(days=6), True),
        (31_500, 60_000, DAY + timedelta(days=7), False),
        (31_000, 60_000, DAY - timedelta(days=1), False),
        (31_000, 61_000, DAY, False),
        (31_000, None, DAY, False),
        (60_000, 60_000, DAY + timedelta(days=1), False),
    ],
)
def test_a_forecast_stands_beside_its_own_target(recorded: int, target: int | None, as_of: date, stands: bool) -> None:
    run = CoverageRun(number=8, as_of=as_of, status=RunStatus.OFFICIAL)
    figure = Figure("31", "DKI", Level.PROVINCE, recorded, 1, target)
    assert forecast_for(RANGE, figure, run) == (RANGE if stands else None)
