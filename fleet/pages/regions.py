"""Which region a page of the fleet is about, and the others to choose from."""

from urllib.parse import urlencode

from accounts.rights import home_region, own_region
from dukcapil.requests import PortalRequest
from recording.public import Region, short_name, visible_region


def chosen_region(request: PortalRequest) -> Region:
    """The region in the address; without one, the reader's own city, or the widest region that the reader may see."""
    return visible_region(request.user, request.GET.get("wilayah") or own_region(request.user))


def region_choices(request: PortalRequest, region: Region, address: str, **others: str) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is `region`) of the province and its cities, as far as the reader may see them. `others`
    are the other choices in the address, which stay."""
    home = home_region(request.user)
    visible = Region.objects.visible_to(request.user).below(home).filter(level__in=("province", "city"))
    return [
        (short_name(row.name), f"{address}?{urlencode({'wilayah': row.code} | others)}", row.code == region.code)
        for row in visible
    ]
