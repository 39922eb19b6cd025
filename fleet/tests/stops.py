"""Vans, stops and reports for tests, in the small world of recording."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.rights import SYSTEM, Actor
from accounts.tests import cast
from fleet.models import Trip, Van
from fleet.reports.body import SERVED, ReportBody
from fleet.reports.decisions import return_report
from fleet.reports.services import Sent, send_report
from fleet.schedule.requests import RequestInput, ask_for_van
from fleet.schedule.trips import TripInput, cancel_trip, plan_trip
from fleet.tests.plans import GROGOL, PALMERIAM
from fleet.tests.plans import published as make_known
from fleet.vans.absences import add_absence
from fleet.vans.services import register_van, set_paper
from recording.tests.world import BARAT, DAY, KAPUK, NOON, value

_ids = count(1)


def van(plate: str = "B 1 PKD", base: str = BARAT, sets: int = 2) -> Van:
    return register_van(by=SYSTEM, plate=plate, base=base, sets=sets, now=NOON, door="page")


def stop(
    of: Van, village: str = KAPUK, *, day: date = DAY, session: str = "morning", published: bool = True, **other: Any
) -> Trip:
    """A stop, published unless said otherwise. A day that is over is planned on that day."""
    wanted = TripInput(of.pk, day, session, village, other.pop("place", "Kantor RW 05"), **other)
    now = NOON if day >= DAY else NOON - (DAY - day)
    trip = plan_trip(by=SYSTEM, trip=wanted, now=now, door="page")
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
    return send_report(
        by=by,
        trip=trip.pk,
        body=told or body(),
        device=device or f"uji-{next(_ids)}",
        expected=expected,
        now=now,
        door="page",
        **other,
    )


def stands(trip: Trip, document: str = "KTP") -> int | None:
    """What stands of a trip in the counts."""
    return value(trip.village_id, day=trip.day, document=document, source=f"trip-{trip.pk}")


def fleet_pages() -> list[str]:
    """Vans with stops and reports of every kind around DAY, and the addresses of the pages that show them."""
    one, two, agency = van("B 1 PKD"), van("B 2 PKD"), van("B 9 PKD", "31")
    sent, waiting = stop(one), stop(two, GROGOL)
    send(sent, body(None, lines={"birth": 4}, obstacles="listrik padam"), by=cast.head_barat())
    returned = stop(one, session="evening")
    send(returned, body(None, lines={"birth": 2}), by=cast.head_barat())
    return_report(by=cast.staff(), trip=returned.pk, version=1, reason="periksa lagi", now=NOON, door="page")
    cancelled = stop(two, day=DAY + timedelta(days=1))
    cancel_trip(by=SYSTEM, number=cancelled.pk, reason="banjir", now=NOON, door="page")
    planned = stop(one, day=DAY + timedelta(days=1), published=False)
    stop(agency, PALMERIAM, session="full", day=DAY + timedelta(days=1))
    add_absence(
        by=SYSTEM,
        van=two.pk,
        first_day=DAY + timedelta(days=2),
        last_day=DAY + timedelta(days=3),
        kind="maintenance",
        now=NOON,
        door="page",
    )
    set_paper(by=SYSTEM, van=one.pk, kind="kir", expires=DAY + timedelta(days=9), now=NOON, door="page")
    asked = RequestInput(DAY + timedelta(days=2), "full", GROGOL, "SMAN 33", "perekaman pemula")
    ask_for_van(by=SYSTEM, request=asked, now=NOON, door="page")
    return [
        "/jadwal/",
        "/jadwal/?pangkalan=31",
        "/jadwal/?pangkalan=31.73&hari=2021-11-26",
        "/jadwal/tambah/",
        f"/jadwal/{planned.pk}/",
        f"/jadwal/{cancelled.pk}/",
        "/jadwal/permintaan/",
        "/laporan/",
        f"/laporan/{sent.pk}/",
        f"/laporan/{waiting.pk}/",
        "/pantauan/",
        "/kinerja/",
        f"/armada/{one.pk}/",
        "/luring/",
    ]
