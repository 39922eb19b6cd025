"""Vans: registering, retiring and moving them, their papers, and how many a base should have."""

import re
from datetime import date

from accounts.acts import Act
from accounts.rights import require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import one_writer
from dukcapil.region_codes import within_region
from fleet.models import BaseQuota, PaperKind, Trip, TripStatus, Van, VanPaper
from fleet.vans.free_text import required_text
from fleet.vans.selectors import own_van
from recording.public import Region, check_open, write_audit

PLATE = re.compile(r"[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}")
BASE_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")  # a province or a city
MAX_SETS, MAX_QUOTA = 6, 99


def register_van(*, act: Act, plate: str, base: str, sets: int) -> Van:
    """A van with its plate ("B 1234 PKD"), base (province: agency van; city: the Sudin's) and recording sets on board.

    Registering the same van again changes nothing; the same plate at another base, or of a retired van, is refused.
    """
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    plate = " ".join(plate.upper().split())
    if not PLATE.fullmatch(plate):
        raise Refused(N_("Nomor polisi %(plate)s tidak sah; tulis seperti B 1234 PKD."), "plate", plate=plate)
    if not 1 <= sets <= MAX_SETS:
        raise Refused(N_("Alat rekam di mobil antara 1 dan 6."), "sets")
    with one_writer():
        _check_base(act, base)
        van = Van.objects.filter(plate=plate).first()
        if van is None:
            write_audit(act=act, action="van.register", subject=plate, details={"base": base, "sets": sets})
            return Van.objects.create(plate=plate, base_id=base, sets=sets)
        if (van.base_id, van.sets, van.retired) != (base, sets, None):
            raise Conflict(N_("Mobil %(plate)s sudah terdaftar dengan data lain."), "plate", plate=plate)
        return van


def set_quota(*, act: Act, base: str, vans: int) -> BaseQuota:
    """How many vans a base should have. Setting the same again changes nothing."""
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    if not 0 <= vans <= MAX_QUOTA:
        raise Refused(N_("Kuota mobil antara 0 dan 99."), "vans")
    with one_writer():
        _check_base(act, base)
        quota = BaseQuota.objects.filter(base_id=base).first()
        if quota and quota.vans == vans:
            return quota
        old = quota.vans if quota else None
        write_audit(act=act, action="van.quota", subject=base, details={"old": old, "new": vans})
        return BaseQuota.objects.update_or_create(base_id=base, defaults={"vans": vans})[0]


def retire_van(*, act: Act, van: int, day: date) -> Van:
    """From `day` on the van is no longer used; its history stays. Trips on or after it must be cancelled first.

    Retiring it again for the same day changes nothing.
    """
    row = own_van(act.by, van)
    with one_writer():
        row.refresh_from_db()
        if row.retired == day:
            return row
        trips = Trip.objects.standing().filter(van=row, day__gte=day).count()
        if trips:
            sentence = N_("Mobil ini masih punya %(trips)s jadwal mulai tanggal itu. Batalkan atau pindahkan dulu.")
            raise Conflict(sentence, "day", trips=trips)
        write_audit(act=act, action="van.retire", subject=row.plate, details={"from": day.isoformat()})
        row.retired = day
        row.save(update_fields=["retired"])
    return row


def move_van(*, act: Act, van: int, base: str, reason: str) -> tuple[Van, int]:
    """The van belongs to another base from now on; answers it and how many trips that had to be cancelled.

    Trips that are still to come and lie outside the new base are cancelled with the reason. Former trips stay with the
    city in which they stopped, and with them their reports, written or still to be written: nothing is lost.
    """
    row = own_van(act.by, van)
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    reason = required_text(reason, "reason", N_("Tulis alasannya; alasan tersimpan dalam riwayat."))
    with one_writer():
        _check_base(act, base)
        row.refresh_from_db()
        if row.base_id == base:
            return row, 0
        open_trips = Trip.objects.filter(
            van=row, day__gt=business_date(act.now), status__in=(TripStatus.PLANNED, TripStatus.PUBLISHED)
        ).exclude(within_region("village__code", base))
        cancelled = open_trips.update(status=TripStatus.CANCELLED, reason=reason)
        details: dict[str, object] = {"from": row.base_id, "to": base, "cancelled": cancelled, "reason": reason}
        write_audit(act=act, action="van.move", subject=row.plate, details=details)
        row.base_id = base
        row.save(update_fields=["base"])
    return row, cancelled


def set_paper(*, act: Act, van: int, kind: str, expires: date) -> VanPaper:
    """The last day on which a paper of the van is valid. Writing the same again changes nothing."""
    row = own_van(act.by, van)
    if kind not in PaperKind.values:
        raise Refused(N_("Pilih suratnya."), "kind")
    with one_writer():
        paper = VanPaper.objects.filter(van=row, kind=kind).first()
        if paper and paper.expires == expires:
            return paper
        old = paper.expires.isoformat() if paper else None
        details: dict[str, object] = {"kind": kind, "old": old, "new": expires.isoformat()}
        write_audit(act=act, action="van.paper", subject=row.plate, details=details)
        return VanPaper.objects.update_or_create(van=row, kind=kind, defaults={"expires": expires})[0]


def _check_base(act: Act, code: str) -> None:
    base = Region.objects.filter(code=code).first() if BASE_CODE.fullmatch(code) else None
    if base is None:
        raise Refused(N_("Pangkalan mobil ialah provinsi atau kota; %(code)s bukan."), "base", code=code)
    check_open(base, business_date(act.now), "base")
