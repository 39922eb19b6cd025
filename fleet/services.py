"""Vans: every write of them."""

import re
from datetime import datetime

from accounts.rights import Actor, require
from accounts.roles import Action
from dukcapil.errors import N_, Conflict, Refused
from dukcapil.locks import one_writer
from fleet.models import BaseQuota, Van
from recording.public import Door, Region, write_audit

PLATE = re.compile(r"[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}")
BASE_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2})?")  # a province or a city


def register_van(*, by: Actor, plate: str, base: str, sets: int, now: datetime, door: str) -> Van:
    """A van with its plate ("B 1234 PKD"), base (province: agency van; city: the Sudin's) and recording sets on board.

    Registering the same van again changes nothing; the same plate at another base, or of a retired van, is refused.
    """
    require(by=by, action=Action.VAN_WRITE, code=base)
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
            write_audit(by=by, door=door, now=now, action="van.register", subject=plate, details=details)
            return Van.objects.create(plate=plate, base_id=base, sets=sets)
        if (known.base_id, known.sets, known.retired) != (base, sets, None):
            raise Conflict(N_("Mobil %(plate)s sudah terdaftar dengan data lain."), "plate", plate=plate)
        return known


def set_quota(*, by: Actor, base: str, vans: int, now: datetime, door: str) -> BaseQuota:
    """How many vans a base should have. Setting the same again changes nothing."""
    require(by=by, action=Action.VAN_WRITE, code=base)
    if not 0 <= vans <= 99:
        raise Refused(N_("Kuota mobil antara 0 dan 99."), "vans")
    with one_writer():
        _base(base)
        known = BaseQuota.objects.filter(base_id=base).first()
        if known and known.vans == vans:
            return known
        details: dict[str, object] = {"old": known.vans if known else None, "new": vans}
        write_audit(by=by, door=door, now=now, action="van.quota", subject=base, details=details)
        return BaseQuota.objects.update_or_create(base_id=base, defaults={"vans": vans})[0]


def _base(code: str) -> Region:
    region = Region.objects.filter(code=code).first() if BASE_CODE.fullmatch(code) else None
    if region is None:
        raise Refused(N_("Pangkalan mobil ialah provinsi atau kota; %(code)s bukan."), "base", code=code)
    return region


# The vans of the example: 2 of the agency, 3 of each city's Sudin; Kepulauan Seribu is reached by boat.
DEMO_QUOTAS = {"31": 2, "31.01": 0, "31.71": 3, "31.72": 3, "31.73": 3, "31.74": 3, "31.75": 3}


def seed_demo_vans(*, by: Actor, now: datetime) -> int:
    """The example's fleet; returns how many vans it has. Repeated, it adds nothing."""
    number = 0
    for base, vans in DEMO_QUOTAS.items():
        set_quota(by=by, base=base, vans=vans, now=now, door=Door.DEMO)
        for _ in range(vans):
            number += 1
            register_van(by=by, plate=f"B {9000 + number} PKD", base=base, sets=2, now=now, door=Door.DEMO)
    return number
