"""Vans: registering, retiring and moving them, their papers, and how many a base should have."""

import re
from datetime import date

from accounts.acts import Act
from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.clock import business_date
from dukcapil.errors import N_, Conflict, NotFound, Refused
from dukcapil.locks import one_writer
from dukcapil.region_codes import within_region
from fleet.models import BaseQuota, PaperKind, Trip, TripStatus, Van, VanPaper
from fleet.vans.free_text import needed_text
from recording.public import Region, write_audit

PLATE = re.compile(r"[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}")
BASE_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")  # a province or a city


def register_van(*, act: Act, plate: str, base: str, sets: int) -> Van:
    """A van with its plate ("B 1234 PKD"), base (province: agency van; city: the Sudin's) and recording sets on board.

    Registering the same van again changes nothing; the same plate at another base, or of a retired van, is refused.
    """
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    plate = " ".join(plate.upper().split())
    if not PLATE.fullmatch(plate):
        raise Refused(N_("Nomor polisi %(plate)s tidak sah; tulis seperti B 1234 PKD."), "plate", plate=plate)
    if not 1 <= sets <= 6:
        raise Refused(N_("Alat rekam di mobil antara 1 dan 6."), "sets")
    with one_writer():
        _base(base)
        known = Van.objects.filter(plate=plate).first()
        if known is None:
            details: dict[str, object] = {"base": base, "sets": sets}
            write_audit(act=act, action="van.register", subject=plate, details=details)
            return Van.objects.create(plate=plate, base_id=base, sets=sets)
        if (known.base_id, known.sets, known.retired) != (base, sets, None):
            raise Conflict(N_("Mobil %(plate)s sudah terdaftar dengan data lain."), "plate", plate=plate)
        return known


def set_quota(*, act: Act, base: str, vans: int) -> BaseQuota:
    """How many vans a base should have. Setting the same again changes nothing."""
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    if not 0 <= vans <= 99:
        raise Refused(N_("Kuota mobil antara 0 dan 99."), "vans")
    with one_writer():
        _base(base)
        known = BaseQuota.objects.filter(base_id=base).first()
        if known and known.vans == vans:
            return known
        details: dict[str, object] = {"old": known.vans if known else None, "new": vans}
        write_audit(act=act, action="van.quota", subject=base, details=details)
        return BaseQuota.objects.update_or_create(base_id=base, defaults={"vans": vans})[0]


def retire_van(*, act: Act, van: int, day: date) -> Van:
    """From `day` on the van is no longer used; its history stays. Trips on or after it must be cancelled first.

    Retiring it again for the same day changes nothing.
    """
    found = own_van(act.by, van)
    with one_writer():
        found.refresh_from_db()
        if found.retired == day:
            return found
        later = Trip.objects.standing().filter(van=found, day__gte=day).count()
        if later:
            raise Conflict(
                N_("Mobil ini masih punya %(trips)s jadwal mulai tanggal itu. Batalkan atau pindahkan dulu."),
                "day",
                trips=later,
            )
        details: dict[str, object] = {"from": day.isoformat()}
        write_audit(act=act, action="van.retire", subject=found.plate, details=details)
        found.retired = day
        found.save(update_fields=["retired"])
    return found


def move_van(*, act: Act, van: int, base: str, reason: str) -> tuple[Van, int]:
    """The van belongs to another base from now on; answers it and how many trips that had to be cancelled.

    Trips that are still to come and lie outside the new base are cancelled with the reason. Former trips stay with the
    city in which they stopped, and with them their reports, written or still to be written: nothing is lost.
    """
    found = own_van(act.by, van)
    require(by=act.by, action=Action.VAN_WRITE, code=base)
    reason = needed_text(reason, "reason", N_("Tulis alasannya; alasan tersimpan dalam riwayat."))
    with one_writer():
        _base(base)
        found.refresh_from_db()
        if found.base_id == base:
            return found, 0
        open_trips = Trip.objects.filter(
            van=found, day__gt=business_date(act.now), status__in=(TripStatus.PLANNED, TripStatus.PUBLISHED)
        ).exclude(within_region("village__code", base))
        cancelled = open_trips.update(status=TripStatus.CANCELLED, reason=reason)
        details: dict[str, object] = {"from": found.base_id, "to": base, "cancelled": cancelled, "reason": reason}
        write_audit(act=act, action="van.move", subject=found.plate, details=details)
        found.base_id = base
        found.save(update_fields=["base"])
    return found, cancelled


def set_paper(*, act: Act, van: int, kind: str, expires: date) -> VanPaper:
    """Until when a paper of the van is valid. Writing the same again changes nothing."""
    found = own_van(act.by, van)
    if kind not in PaperKind.values:
        raise Refused(N_("Pilih suratnya."), "kind")
    with one_writer():
        known = VanPaper.objects.filter(van=found, kind=kind).first()
        if known and known.expires == expires:
            return known
        old = known.expires.isoformat() if known else None
        details: dict[str, object] = {"kind": kind, "old": old, "new": expires.isoformat()}
        write_audit(act=act, action="van.paper", subject=found.plate, details=details)
        return VanPaper.objects.update_or_create(van=found, kind=kind, defaults={"expires": expires})[0]


def own_van(by: Actor, number: int) -> Van:
    """The van, when `by` may change it: NotFound for one that may not even be seen."""
    found = Van.objects.visible_to(by).filter(pk=number).first()
    if found is None:
        raise NotFound(N_("Mobil itu tidak ditemukan."))
    require(by=by, action=Action.VAN_WRITE, code=found.base_id)
    return found


def _base(code: str) -> Region:
    region = Region.objects.filter(code=code).first() if BASE_CODE.fullmatch(code) else None
    if region is None:
        raise Refused(N_("Pangkalan mobil ialah provinsi atau kota; %(code)s bukan."), "base", code=code)
    return region
