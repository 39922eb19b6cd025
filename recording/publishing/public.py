"""What everybody may read without an account, where the installation offers it: the last official figures."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from dukcapil.kept import Kept
from dukcapil.region_codes import is_strictly_within, is_within
from recording.coverage.figures import Below, Figure, period_for, run_figures, worst_first
from recording.models import CoverageRun, Level, Period

LEVELS = [Level.PROVINCE, Level.CITY, Level.DISTRICT]  # no kelurahan


@dataclass(frozen=True)
class City:
    """A city with its kecamatan, worst first; the figure knows how many of them are done."""

    figure: Figure
    districts: list[Figure]


@dataclass(frozen=True)
class Province:
    """A province with its cities, worst first; the figure knows how many kecamatan are done."""

    figure: Figure
    cities: list[City]

    @property
    def done(self) -> int:
        """How many cities have reached their target."""
        return sum(city.figure.reached for city in self.cities)


def require_public(by: Actor) -> None:
    """Answer as for an address that does not exist, to everybody, unless the installation offers its page (setting
    PUBLIC_DASHBOARD); then ask the table of rights."""
    if not settings.PUBLIC_DASHBOARD:
        raise NotFound(N_("Halaman ini tidak ada. Periksa lagi alamatnya."))
    require(by=by, action=Action.PUBLIC_READ)


def public_run(by: Actor, today: date) -> CoverageRun | None:
    """The official run of the newest day with `audit_now`, asked once a second; never a provisional one or one of a day
    that is not over; None before the first night."""
    require_public(by)
    return _newest_official(today)


@Kept
def _newest_official(today: date) -> CoverageRun | None:
    return CoverageRun.objects.official().credible(today).newest_first().with_audit_position().first()


def public_coverage(by: Actor, run: CoverageRun, document: str) -> tuple[Period, list[Province]] | None:
    """Every province with its cities and kecamatan in the period of the run's day, in two queries; None before a
    period is defined."""
    require_public(by)
    period = period_for(list(Period.objects.all()), None, run.as_of)
    if period is None:
        return None
    figures = run_figures(run, document, period, [level.value for level in LEVELS])
    provinces = [figure for figure in figures if figure.level == Level.PROVINCE]
    return period, [_province(figure, figures) for figure in provinces]


def _province(figure: Figure, figures: list[Figure]) -> Province:
    cities = _cities(figure, figures)
    figure.below = _below([district for city in cities for district in city.districts])
    return Province(figure, cities)


def _cities(province: Figure, figures: list[Figure]) -> list[City]:
    cities = []
    for figure in figures:
        if figure.level == Level.CITY and is_within(figure.code, province.code):
            districts = [district for district in figures if is_strictly_within(district.code, figure.code)]
            figure.below = _below(districts)
            cities.append(City(figure, sorted(districts, key=worst_first)))
    return sorted(cities, key=lambda city: worst_first(city.figure))


def _below(districts: list[Figure]) -> Below:
    return Below(sum(district.reached for district in districts), len(districts))
