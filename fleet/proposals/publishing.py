"""Publishing a proposal: its stops enter the schedule by the services of stops made by hand, all of them or none."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict
from dukcapil.locks import one_writer
from fleet.models import Proposal, ProposalStatus, Trip, TripStatus
from fleet.proposals.publication import Publication, publication_of
from fleet.proposals.selectors import visible_proposal
from fleet.schedule.selectors import monday_of
from fleet.schedule.trips import cancel_trip, change_trip, plan_trips
from fleet.schedule.weeks import publish_stops
from recording.public import write_audit


@dataclass(frozen=True)
class Published:
    """Stops that are new, that stood already, and that were called off."""

    new: int
    kept: int
    called_off: int


def preview(proposal: Proposal) -> Publication:
    """What publishing would do, in the words in which it is stored: those of the portal, whoever looks."""
    with translation.override(settings.LANGUAGE_CODE):
        return publication_of(proposal)


def publish(*, act: Act, number: int, fingerprint: str) -> Published:
    """Do what the preview with this fingerprint showed, in one transaction: call off what the plan leaves out, plan what is
    new, and publish it all. Published again: the same answer, and nothing changes.

    Conflict, and nothing is written, when the schedule, a van or the plan is not what was shown any more: a sentence says
    which stop.
    """
    proposal = visible_proposal(act.by, number)
    require(by=act.by, action=Action.TRIP_WRITE, code=proposal.region_id)
    with one_writer():
        proposal.refresh_from_db()
        if proposal.status == ProposalStatus.PUBLISHED:
            return _as_before(proposal, fingerprint)
        _check_ready(proposal, business_date(act.now))
        shown = preview(proposal)
        if shown.problems:
            raise shown.problems[0]
        if shown.fingerprint != fingerprint:
            raise Conflict(N_("Jadwal berubah sesudah daftar ini ditampilkan. Periksa lagi daftar yang baru, lalu terbitkan."))
        done = _write(act, shown)
        proposal.status, proposal.published_at, proposal.published_by = ProposalStatus.PUBLISHED, act.now, act.author
        proposal.published = done | {"fingerprint": fingerprint}
        proposal.save(update_fields=["status", "published_at", "published_by", "published"])
        details: dict[str, object] = {"proposal": proposal.pk, **{name: len(rows) for name, rows in done.items()}}
        write_audit(act=act, action="proposal.publish", subject=proposal.region_id, details=details)
    return _result(proposal)


def _check_ready(proposal: Proposal, today: date) -> None:
    if proposal.status == ProposalStatus.REPLACED:
        raise Conflict(N_("Usulan ini sudah diganti usulan yang lebih baru. Buka yang terbaru."))
    if proposal.status != ProposalStatus.READY:
        raise Conflict(N_("Usulan ini belum siap diterbitkan."))
    if proposal.first_day < today:
        raise Conflict(N_("Hari pertama usulan ini sudah lewat. Minta usulan lagi."))


def _as_before(proposal: Proposal, fingerprint: str) -> Published:
    if proposal.published.get("fingerprint") != fingerprint:
        raise Conflict(N_("Usulan ini sudah diterbitkan. Untuk mengubahnya, perbaiki jadwal yang terbit."))
    return _result(proposal)


def _result(proposal: Proposal) -> Published:
    return Published(*(len(proposal.published[name]) for name in ("new", "kept", "called_off")))


def _write(act: Act, shown: Publication) -> dict[str, list[int]]:
    """First what makes room, then what takes it."""
    for row in shown.called_off:
        cancel_trip(act=act, number=row.trip.pk, reason=row.reason)
    for stop in shown.stops:
        if stop.trip and stop.was:
            change_trip(act=act, number=stop.trip.pk, trip=stop.wanted)
    new = plan_trips(act=act, trips=[stop.wanted for stop in shown.stops if stop.is_new])
    kept = [stop.trip.pk for stop in shown.stops if stop.trip]
    drafts = Trip.objects.filter(pk__in=[*kept, *(trip.pk for trip in new)], status=TripStatus.PLANNED)
    by_week: dict[tuple[str, date], list[Trip]] = defaultdict(list)
    for trip in drafts.select_related("van", "village").order_by("day", "opens", "pk"):
        by_week[trip.van.base_id, monday_of(trip.day)].append(trip)
    for (base, monday), trips in sorted(by_week.items(), key=lambda week: week[0]):
        publish_stops(act=act, base=base, monday=monday, stops=trips)
    return {"new": [trip.pk for trip in new], "kept": kept, "called_off": [row.trip.pk for row in shown.called_off]}
