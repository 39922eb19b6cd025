"""Reading the vans and their bases."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rights import Actor, within
from accounts.roles import Action
from fleet.models import BaseQuota, Van, VanPaper
from recording.public import Region


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


def papers_ending(by: Actor, day: date, ahead: timedelta) -> list[VanPaper]:
    """Papers of the vans in use on a day that are valid no longer than `ahead` from then on, the most urgent first."""
    vans = Van.objects.visible_to(by).in_use(day)
    papers = VanPaper.objects.filter(van__in=vans, expires__lte=day + ahead).select_related("van__base")
    return list(papers.order_by("expires", "van__plate"))
