"""Which region a page of the fleet is about, and the others to choose from."""

from urllib.parse import urlencode

from accounts.rights import home_region, own_region
from dukcapil.requests import PortalRequest
from recording.public import Region, short_name, visible_region


def chosen_region(request: PortalRequest) -> Region:
    """The region that the address names; else the own city of one who reports there, or the widest that one reads."""
    return visible_region(request.user, request.GET.get("wilayah") or own_region(request.user))


def region_choices(request: PortalRequest, region: Region, address: str) -> list[tuple[str, str, bool]]:
    """The province and its cities, as choices; only the own city for one who reads no more."""
    home = home_region(request.user)
    own = Region.objects.visible_to(request.user).below(home).filter(level__in=("province", "city"))
    return [
        (f"{address}?{urlencode({'wilayah': each.code})}", short_name(each.name), each.code == region.code)
        for each in own
    ]
