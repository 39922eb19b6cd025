"""The rows of the fleet lie in the region of their base, stop or city."""

import pytest

from dukcapil.region_codes import is_within, within_region
from fleet.models import ReportLine, Trip, Van, VanReport
from fleet.schedule.selectors import published_stops
from fleet.tests.stops import send, stop, van
from recording.tests.world import BARAT, DAY, DKI, KAPUK


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("above", [DKI, BARAT, KAPUK, "31.75", "31.7", ""])
def test_all_spellings_agree(above: str) -> None:
    trip = stop(van())
    send(trip)
    assert Trip.objects.below(above).exists() is is_within(KAPUK, above)
    assert Trip.objects.filter(within_region("village__code", above)).exists() is is_within(KAPUK, above)
    assert VanReport.objects.below(above).exists() is is_within(KAPUK, above)
    assert ReportLine.objects.below(above).exists() is is_within(KAPUK, above)
    assert Van.objects.below(above).exists() is is_within(BARAT, above)
    assert bool(published_stops(above, DAY, DAY)) is is_within(KAPUK, above)
    assert published_stops(None, DAY, DAY) == [trip]
