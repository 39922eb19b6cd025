"""Vans, stops and reports for tests, in the small world of recording."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.acts import Act
from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from fleet.models import Trip, Van, VanReport
from fleet.proposals.question import Question
from fleet.proposals.services import ask
from fleet.proposals.working import work_due
from fleet.reports.approval import approve_report, return_report
from fleet.reports.body import IDLE, SERVED, ReportBody
from fleet.reports.services import ReportInput, Sent, send_report
from fleet.schedule.breakdowns import StopAnswer, record_breakdown
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.schedule.trips import TripInput, cancel_trip, plan_trip
from fleet.tests.plans import GROGOL, PALMERIAM
from fleet.tests.plans import published as make_known
from fleet.vans.absences import add_absence, checked_absence
from fleet.vans.services import register_van, retire_van, set_paper
from recording.tests.world import BARAT, DAY, KAPUK, NOON, value

_ids = count(1)


def van(plate: str = "B 1 PKD", base: str = BARAT, sets: int = 2) -> Van:
    return register_van(act=Act(SYSTEM, NOON, "page"), plate=plate, base=base, sets=sets)


def stop(
    of: Van, village: str = KAPUK, *, day: date = DAY, session: str = "morning", published: bool = True, **other: Any
) -> Trip:
    """A stop, published unless said otherwise. A day that is over is planned on that day."""
    wanted = TripInput(of.pk, day, session, village, other.pop("place", "Kantor RW 05"), **other)
    now = NOON if day >= DAY else NOON - (DAY - day)
    trip = plan_trip(act=Act(SYSTEM, now, "page"), trip=wanted)
    return make_known(trip) if published else trip


def body(record: int | None = 20, kia: int | None = None, **other: Any) -> ReportBody:
    lines = {"record": record, "kia": kia} | other.pop("lines", {})
    told = {service: people for service, people in lines.items() if people is not None}
    return ReportBody(other.pop("kind", SERVED), told, **other)


def send(
    trip: Trip,
    told: ReportBody | None = None,
    *,
    by: Actor = SYSTEM,
    expected: int = 0,
    now: datetime = NOON,
    device: str = "",
    **other: Any,
) -> Sent:
    report = ReportInput(told or body(), device or f"uji-{next(_ids)}", expected, **other)
    return send_report(act=Act(by, now, "page"), trip=trip.pk, report=report)


def approve(trip: Trip, version: int = 1, by: Actor = SYSTEM) -> VanReport:
    return approve_report(act=Act(by, NOON, "page"), trip=trip.pk, version=version)


def give_back(trip: Trip, version: int = 1, reason: str = "periksa lagi", by: Actor = SYSTEM) -> VanReport:
    return return_report(act=Act(by, NOON, "page"), trip=trip.pk, version=version, reason=reason)


def stands(trip: Trip, document: str = "KTP") -> int | None:
    """What stands of a trip in the counts."""
    return value(trip.village_id, day=trip.day, document=document, source=f"trip-{trip.pk}")


def day_of_stops() -> None:
    """Six vans: one held at two stops, two at one kelurahan, one absent, one retired, one published only."""
    one, two, three = van("B 1 PKD"), van("B 2 PKD"), van("B 3 PKD")
    send(stop(one), body(10))
    send(stop(one, GROGOL, session="afternoon"), body(11))
    send(stop(two), body(12))
    stop(three, GROGOL)
    stop(three, session="afternoon", published=False)
    absent, retired, other = van("B 4 PKD"), van("B 5 PKD"), van("B 6 PKD", "31.75")
    add_absence(act=Act(SYSTEM, NOON, "page"), van=absent.pk, first_day=DAY - timedelta(days=1), last_day=DAY, kind="damage")
    retire_van(act=Act(SYSTEM, NOON, "page"), van=retired.pk, day=DAY)
    send(stop(other, PALMERIAM), ReportBody(IDLE, idle_reason="crew"))
    cancelled = stop(van("B 7 PKD"), GROGOL)
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")


def fleet_pages() -> list[str]:
    """Vans with stops and reports of every kind around DAY, and the addresses of the pages that show them."""
    one, two, agency = van("B 1 PKD"), van("B 2 PKD"), van("B 9 PKD", "31")
    sent, waiting = stop(one), stop(two, GROGOL)
    send(sent, body(None, lines={"birth": 4}, obstacles="listrik padam"), by=cast.head_barat())
    returned = stop(one, session="evening")
    send(returned, body(None, lines={"birth": 2}), by=cast.head_barat())
    return_report(act=Act(cast.staff(), NOON, "page"), trip=returned.pk, version=1, reason="periksa lagi")
    cancelled = stop(two, day=DAY + timedelta(days=1))
    cancel_trip(act=Act(SYSTEM, NOON, "page"), number=cancelled.pk, reason="banjir")
    planned = stop(one, day=DAY + timedelta(days=1), published=False)
    stop(agency, PALMERIAM, session="full", day=DAY + timedelta(days=1))
    add_absence(
        act=Act(SYSTEM, NOON, "page"),
        van=two.pk,
        first_day=DAY + timedelta(days=2),
        last_day=DAY + timedelta(days=3),
        kind="maintenance",
    )
    set_paper(act=Act(SYSTEM, NOON, "page"), van=one.pk, kind="kir", expires=DAY + timedelta(days=9))
    broken = van("B 3 PKD")
    hit = stop(broken, GROGOL, day=DAY + timedelta(days=1), session="evening")
    wanted = checked_absence(by=SYSTEM, van=broken.pk, first_day=hit.day, last_day=None, kind="damage")
    answers = {hit.pk: StopAnswer(one.pk)}
    breakdown = record_breakdown(act=Act(SYSTEM, NOON, "page"), absence=wanted, answers=answers)
    asked = RequestInput(DAY + timedelta(days=2), "full", GROGOL, "SMAN 33", "perekaman pemula")
    ask_for_van(act=Act(SYSTEM, NOON, "page"), request=asked)
    question = Question(BARAT, DAY + timedelta(days=4), 12)
    proposal = ask(act=Act(SYSTEM, NOON, "page"), question=question)
    work_due(by=SYSTEM, now=NOON)
    waiting_proposal = ask(act=Act(SYSTEM, NOON, "page"), question=replace(question, days=5))
    return [
        "/jadwal/",
        "/jadwal/?pangkalan=31",
        "/jadwal/?pangkalan=31.73&hari=2021-11-26",
        "/jadwal/bulan/",
        "/jadwal/minggu/salin/?pangkalan=31.73&hari=2021-12-03",
        "/jadwal/minggu/terbitkan/?pangkalan=31.73&hari=2021-11-26",
        "/jadwal/tambah/",
        f"/jadwal/{planned.pk}/",
        f"/jadwal/{cancelled.pk}/",
        f"/jadwal/mobil/{one.pk}/tidak-beroperasi/?hari=2021-11-26",
        f"/jadwal/tidak-beroperasi/{breakdown.pk}/",
        "/jadwal/permintaan/",
        "/jadwal/usulan/",
        f"/jadwal/usulan/{proposal.pk}/",
        f"/jadwal/usulan/{waiting_proposal.pk}/",
        "/jadwal/sisa-kunjungan/",
        "/laporan/",
        f"/laporan/{sent.pk}/",
        f"/laporan/{waiting.pk}/",
        "/laporan/persetujuan/",
        "/pantauan/",
        "/kinerja/",
        f"/armada/{one.pk}/",
        f"/armada/{broken.pk}/",
        "/luring/",
    ]
