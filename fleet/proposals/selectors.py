"""Reading proposals: one with its question, its week as a grid with reasons, what moved, and what one more van would bring."""

from accounts.rights import Actor
from dukcapil.errors import N_, NotFound, Refused
from fleet.models import Proposal, Van
from fleet.proposals.question import Ban, Pin, Question, options_of

MAX_LISTED = 30


def visible_proposal(by: Actor, number: int) -> Proposal:
    """The proposal with its region; NotFound when `by` may not see it."""
    rows = Proposal.objects.visible_to(by).select_related("region", "by", "published_by", "replaces")
    proposal = rows.numbered([number]).get(number)
    if proposal is None:
        raise NotFound(N_("Usulan itu tidak ditemukan."))
    return proposal


def newest_proposals(by: Actor, code: str = "", most: int = MAX_LISTED) -> list[Proposal]:
    """The newest proposals, of one region or of all that `by` may see, the newest first."""
    rows = Proposal.objects.visible_to(by).defer("plan", "facts").select_related("region", "by")
    return list((rows.filter(region=code) if code else rows)[:most])


def question_of(proposal: Proposal) -> Question:
    """What was asked."""
    return Question(
        proposal.region_id,
        proposal.first_day,
        proposal.days,
        options_of(proposal.options),
        frozenset(Pin(*row) for row in proposal.pins),
        frozenset(Ban(*row) for row in proposal.bans),
        proposal.repairs,
    )


def province_with_vans() -> str:
    """The province whose vans are planned where nobody names a region; Refused when it is not the only one."""
    bases = set(Van.objects.filter(retired=None).values_list("base", flat=True))
    provinces = sorted({code[:2] for code in bases})
    if len(provinces) != 1:
        raise Refused(N_("Sebut kodenya: mobil terdaftar di %(number)s provinsi."), number=len(provinces))
    return provinces[0]
