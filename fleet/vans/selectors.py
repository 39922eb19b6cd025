"""Reading the vans and their bases."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rights import Actor, require, within
from accounts.roles import Action
from dukcapil.errors import N_, NotFound
from fleet.models import BaseQuota, Van, VanPaper
from recording.public import Region


def visible_van(by: Actor, number: int) -> Van:
    """The van with its base; NotFound when `by` may not see it."""
    return visible_vans(by, [number])[number]


def visible_vans(by: Actor, numbers: Collection[int]) -> dict[int, Van]:
    """The vans with their bases, by number; NotFound when `by` may not see one."""
    vans = Van.objects.visible_to(by).select_related("base").numbered(numbers)
    if not vans.keys() >= set(numbers):
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    return vans


def own_van(by: Actor, number: int) -> Van:
    """The van, when `by` may change it; NotFound when `by` may not even see it."""
    van = visible_van(by, number)
    require(by=by, action=Action.VAN_WRITE, code=van.base_id)
    return van


@dataclass(frozen=True)
class Base:
    """One base with its vans and how many it should have; `drift` is more (+) or fewer (-) than that."""

    region: Region
    vans: list[Van]
    quota: int

    @property
    def drift(self) -> int:
        return len(self.vans) - self.quota


def bases(by: Actor, day: date) -> list[Base]:
    """Every base that has vans or a quota, by region code, in two queries. Vans retired by `day` are left out."""
    quotas = {
        quota.base_id: quota
        for quota in BaseQuota.objects.filter(within(by, Action.FLEET_READ, "base__code")).select_related("base")
    }
    vans = defaultdict(list)
    regions = {code: quota.base for code, quota in quotas.items()}
    for van in Van.objects.visible_to(by).in_use(day).select_related("base"):
        vans[van.base_id].append(van)
        regions.setdefault(van.base_id, van.base)
    return [Base(regions[code], vans[code], quotas[code].vans if code in quotas else 0) for code in sorted(regions)]


def papers_ending(by: Actor, day: date, within_days: timedelta) -> list[VanPaper]:
    """Papers that expire by `day` + `within_days`, of the vans in use on `day`; the first to expire first."""
    vans = Van.objects.visible_to(by).in_use(day)
    papers = VanPaper.objects.filter(van__in=vans, expires__lte=day + within_days).select_related("van__base")
    return list(papers.order_by("expires", "van__plate"))
