"""When a target will be reached, in words: page, API, e-mail, text and paper all say the same by this one function."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dukcapil import figures
from recording.coverage.forecast.night import State
from recording.coverage.forecasts import StoredForecast

FAR = timedelta(days=3_652)  # a day that is farther off than ten years is not told


@dataclass(frozen=True)
class ForecastWords:
    """`headline` says when, `condition` on what it stands, `record` how often such ranges were right ("": none is given)."""

    headline: str
    condition: str
    record: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.headline}, {self.condition}."

    @property
    def text(self) -> str:
        """All of it, for where it stands alone."""
        return f"{self.sentence} {self.record}." if self.record else self.sentence


def forecast_words(forecast: StoredForecast, as_of: date) -> ForecastWords:
    """Of a forecast beside figures as of a day; where it is of an earlier night, its condition says so."""
    words = _words(forecast)
    if forecast.as_of == as_of:
        return words
    night = _("%(condition)s, dihitung malam %(day)s") % {
        "condition": words.condition,
        "day": figures.plain_day(forecast.as_of),
    }
    return replace(words, condition=night)


def _words(forecast: StoredForecast) -> ForecastWords:
    days = {"n": forecast.pace_days}
    if forecast.state == State.RANGE:
        holds = ngettext(
            "jika laju %(n)s hari kerja terakhir bertahan", "jika laju %(n)s hari kerja terakhir bertahan", days["n"]
        )
        return ForecastWords(_range(forecast), holds % days, _record(forecast))
    if forecast.state == State.CHECK_LIST:
        return ForecastWords(
            _("Target tidak tercapai tanpa memeriksa daftar"),
            _("sebab hitungan mingguan menurun selama delapan minggu dan menuju berhenti di bawah target"),
        )
    if forecast.state == State.STANDSTILL:
        nobody = ngettext(
            "sebab tidak ada hitungan dalam %(n)s hari kerja terakhir",
            "sebab tidak ada hitungan dalam %(n)s hari kerja terakhir",
            days["n"],
        )
        return ForecastWords(_("Tanggal tercapainya target tidak dapat diperkirakan"), nobody % days)
    alone = ngettext(
        "menurut laju %(n)s hari kerja terakhir saja %(day)s", "menurut laju %(n)s hari kerja terakhir saja %(day)s", days["n"]
    )
    return ForecastWords(_("Rentang tanggal belum terkalibrasi"), alone % (days | {"day": _around(forecast)}))


def _range(forecast: StoredForecast) -> str:
    low, high = forecast.low_on, forecast.high_on
    assert low
    assert high
    if _is_far(forecast, low):
        return _("Target tercapai lebih dari sepuluh tahun lagi")
    if _is_far(forecast, high):
        return _("Target tercapai paling cepat %(day)s, mungkin lebih dari sepuluh tahun lagi") % {
            "day": figures.plain_day(low)
        }
    if low == high:
        return _("Target tercapai sekitar %(day)s") % {"day": figures.plain_day(high)}
    return _("Target tercapai antara %(first)s dan %(last)s") % {"first": _first(low, high), "last": figures.plain_day(high)}


def _first(low: date, high: date) -> str:
    """Without what the last day says as well."""
    if low.year != high.year:
        return figures.plain_day(low)
    return str(low.day) if low.month == high.month else figures.day_and_month(low)


def _around(forecast: StoredForecast) -> str:
    day = forecast.expected_on
    assert day
    if _is_far(forecast, day):
        return _("lebih dari sepuluh tahun lagi")
    return _("sekitar %(day)s") % {"day": figures.plain_day(day)}


def _is_far(forecast: StoredForecast, day: date) -> bool:
    return day - forecast.as_of > FAR


def _record(forecast: StoredForecast) -> str:
    if not forecast.known:
        return _("Belum ada perkiraan seperti ini yang hasilnya sudah diketahui")
    numbers = {"known": figures.people(forecast.known), "inside": figures.people(forecast.inside)}
    return (
        ngettext(
            "Dari %(known)s perkiraan seperti ini di semua wilayah, %(inside)s tercapai di dalam rentangnya",
            "Dari %(known)s perkiraan seperti ini di semua wilayah, %(inside)s tercapai di dalam rentangnya",
            forecast.known,
        )
        % numbers
    )
