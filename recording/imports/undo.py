"""Taking back an import of targets: one more version with what held without it, for nothing is ever overwritten."""

from collections.abc import Sequence

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from recording.models import Target
from recording.targets.services import TargetInput, set_targets
from recording.targets.versions import in_force_on


def undo_targets(*, act: Act, written: Sequence[tuple[str, str, str, str, int]], reason: str) -> int:
    """Give the targets that an import wrote their former values; answers how many were revised since and stay.

    `written`: (region, document, period name, kind, version) of each. On the effective date of each holds again what was in
    force then without it; where nothing was, the target is withdrawn.
    """
    back, kept = [], 0
    for code, document, period, kind, version in written:
        require(by=act.by, action=Action.TARGET_WRITE, code=code)
        versions = Target.objects.filter(region=code, document=document, period__name=period, kind=kind)
        *earlier, newest = versions.order_by("version")
        if newest.version != version:
            kept += 1
            continue
        former = in_force_on(earlier, newest.effective_from)
        people, opening = (former.people, former.opening) if former else (None, 0)
        back.append(TargetInput(code, document, period, people, reason[:200], newest.effective_from, kind, opening))
    set_targets(act=act, targets=back)
    return kept
