"""Which regions a split of a total is about, on a day: who gets a part, who must not any more, and whose own target stands
between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.rights import Actor
from dukcapil.errors import N_, Refused
from dukcapil.region_codes import is_strictly_within, is_within
from recording.models import Level, Period, Region
from recording.targets.services import TargetInput
from recording.targets.split import proposal
from recording.targets.tree import TargetTree

MAX_PARTS = 900  # numbers in one form


@dataclass(frozen=True)
class SplitPlan:
    """`parts` are the regions that get a part of the total of `code`, by code. `closed` are those that are closed on the
    day and still have a target of their own: it is withdrawn. `between` have a target of their own and lie between `code`,
    itself included, and the parts: theirs becomes the sum of their parts, or it would hide them."""

    code: str
    parts: list[str]
    closed: list[str]
    between: list[str]

    def propose(self, total: int, way: str, targets: Mapping[str, int], recorded: Mapping[str, int]) -> dict[str, int]:
        """The part of each of the regions; Refused where nobody is open on the day."""
        if not self.parts:
            raise Refused(N_("Pada tanggal itu tidak ada wilayah yang buka di bawahnya."), "effective_from")
        return proposal(way, total, {code: targets.get(code, 0) for code in self.parts}, recorded)

    def targets(
        self, numbers: Mapping[str, int], *, document: str, period: Period, source: str, effective_from: date
    ) -> list[TargetInput]:
        """All that is written in one act, under one decree and from one day on."""
        people: dict[str, int | None] = dict.fromkeys(self.closed)
        for above in self.between:
            people[above] = sum(number for code, number in numbers.items() if is_within(code, above))
        people |= numbers
        return [TargetInput(code, document, period.name, people[code], source, effective_from) for code in sorted(people)]


def split_plan(by: Actor, code: str, day: date, tree: TargetTree, *, down_to_villages: bool) -> SplitPlan:
    """The plan for the regions just below a region, or for all its kelurahan."""
    below = Region.objects.visible_to(by).below(code).exclude(code=code)
    below = below.filter(level=Level.VILLAGE) if down_to_villages else below.filter(parent=code)
    regions = list(below.order_by("code"))
    own = tree.own_on(day)
    parts = [region.code for region in regions if region.is_open_on(day)]
    closed = [region.code for region in regions if not region.is_open_on(day) and region.code in own]
    depth = regions[0].code.count(".") if regions else 0
    inside = {above for above in own if is_within(above, code) and above.count(".") < depth}
    between = sorted(above for above in inside if any(is_strictly_within(part, above) for part in parts))
    return SplitPlan(code, parts, closed, between)
